"""Files that try to make a reader run out of memory or time, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tests.files.raw_workbook import MAIN, packed_in_pieces, parts, sheet_of


def repeated(start: str, piece: str, times: int, end: str) -> Iterator[bytes]:
    yield start.encode()
    block = (piece * 1000).encode()
    for _ in range(times // 1000):
        yield block
    yield end.encode()


SHEET_START = f"<worksheet {MAIN}><sheetData>"
SHEET_END = "</sheetData></worksheet>"


def workbook(pieces: Iterator[bytes], name: str = "xl/worksheets/sheet1.xml") -> bytes:
    contents = {each: iter([text.encode()]) for each, text in parts(sheet_of("")).items()}
    return packed_in_pieces({**contents, name: pieces})


def laughs() -> Iterator[bytes]:
    lines = "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10))
    yield f'<!DOCTYPE x [<!ENTITY a0 "ha">{lines}]><x>&a9;</x>'.encode()


def rows(count: int, text: str) -> Iterator[bytes]:
    yield SHEET_START.encode()
    for number in range(1, count + 1):
        yield f'<row r="{number}">{text.replace("#", str(number))}</row>'.encode()
    yield SHEET_END.encode()


def names(count: int) -> Iterator[bytes]:
    yield b"<a>"
    for number in range(count):
        yield f"<b{number}/>".encode()
    yield b"</a>"


TOO_MUCH = "book.xlsx: unpacks to more than a workbook may hold"
SHEET_TOO_MUCH = "book.xlsx, sheet people: unpacks to more than a workbook may hold"
BEYOND = "row 1 has a value beyond column 200, the last that is read"
DTD = "holds a document type definition, which no workbook needs"
NO_HEADER = "book.xlsx, sheet people: there is no header row"
STRINGS = "xl/sharedStrings.xml"
NOT_READABLE = (
    "book.xlsx: is no workbook that can be read: it is damaged or made by an unusual program"
)

QUICK: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("billion laughs", lambda: workbook(laughs()), f"book.xlsx, sheet people: {DTD}"),
    ("billion laughs in texts", lambda: workbook(laughs(), STRINGS), f"book.xlsx: {DTD}"),
    (
        "a cell far away",
        lambda: workbook(rows(1, '<c r="XFD#"><v>1</v></c>')),
        f"book.xlsx, sheet people: {BEYOND}",
    ),
    (
        "ever new names",
        lambda: workbook(names(1_000_000)),
        SHEET_TOO_MUCH,
    ),
    ("endless nesting", lambda: workbook(repeated("", "<a>", 10**7, "")), SHEET_TOO_MUCH),
    (
        "an attribute without end",
        lambda: workbook(repeated('<a b="', "x" * 100, 10**6, '"/>')),
        SHEET_TOO_MUCH,
    ),
    (
        "a zip bomb",
        lambda: workbook(repeated("<a>", " " * 1000, 300_000, "</a>")),
        TOO_MUCH,
    ),
)
SLOW: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    (
        "a row of ten million cells",
        lambda: workbook(
            repeated(f'{SHEET_START}<row r="1">', "<c/>", 10**7, "</row>" + SHEET_END)
        ),
        SHEET_TOO_MUCH,
    ),
    (
        "more elements than any workbook has",
        lambda: workbook(repeated("<a>", "<c/>", 15_000_000, "</a>")),
        SHEET_TOO_MUCH,
    ),
    (
        "a million rows with a cell far down",
        lambda: workbook(rows(1_000_000, "<c/>")),
        NO_HEADER,
    ),
    (
        "a text of two hundred million letters",
        lambda: workbook(
            repeated(f"<sst {MAIN}><si><t>", "x" * 1000, 200_000, "</t></si></sst>"), STRINGS
        ),
        "book.xlsx: holds more text than is read",
    ),
    (
        "millions of texts",
        lambda: workbook(
            repeated(f"<sst {MAIN}>", "<si><t>a</t></si>", 3_000_000, "</sst>"), STRINGS
        ),
        NOT_READABLE,
    ),
    (
        "half a million rows of text",
        lambda: workbook(rows(500_000, '<c r="A#" t="str"><v>id</v></c>')),
        "book.xlsx, sheet people: there are more than 250,000 rows",
    ),
)


PERSON = b"p%d;autism;activity-ready;2016-W20;30\r\n"
HEADER = b"id;target_groups;status;referral;age\r\n"


def many_people(count: int) -> bytes:
    return HEADER + b"".join(PERSON % number for number in range(count))


CSV: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    (
        "a line of separators",
        lambda: b";" * 2**25,
        "people.csv: row 1 has a cell that is too long",
    ),
    (
        "a row of short texts over many lines",
        lambda: HEADER + b'ab;"\n";' * 4_000_000,
        "people.csv: row 2 has a cell that is too long",
    ),
    (
        "wide letters",
        lambda: b"\xff\xfe" + "😀;".encode("utf-16-le") * 5_000_000,
        "people.csv: row 1 has a cell that is too long",
    ),
    (
        "a million people",
        lambda: many_people(900_000),
        "people.csv: is larger than 33,554,432 bytes",
    ),
    (
        "wrong cells in a million rows",
        lambda: HEADER + b"1.2;;;x;y\r\n" * 1_000_000,
        "people.csv, row 2, column target_groups: a value is missing",
    ),
    (
        "a quarter of a million good people",
        lambda: many_people(250_000),
        "read",
    ),
)
