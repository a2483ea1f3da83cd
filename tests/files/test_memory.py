"""Nasty files take little memory, and end in faults."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.files.folder import Folder
from tests.files.raw_workbook import MAIN, packed_in_pieces, parts, sheet_of

ROOT = Path(__file__).parents[2]
MOST_GROWTH_MIB = 512
MEASURE = """
import resource, sys
from pathlib import Path
from scheduler.errors import InputError
from scheduler.files import read_problem

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024

before = peak()
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
try:
    read_problem(Path(sys.argv[1]))
    print("read")
except InputError as error:
    print(*error.messages, sep=" | ")
print(peak() - before)
"""


def measured(path: Path) -> tuple[str, int]:
    """What is said of the file, and by how many MiB memory grew."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=300,
    )
    said, growth = done.stdout.splitlines()
    return said, int(growth)


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


@pytest.mark.parametrize(
    ("content", "said"), [case[1:] for case in QUICK], ids=[c[0] for c in QUICK]
)
def test_a_nasty_workbook(content: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content())
    told, growth = measured(path)
    assert said in told.split(" | ")
    assert growth <= MOST_GROWTH_MIB


@pytest.mark.slow
@pytest.mark.parametrize(("content", "said"), [case[1:] for case in SLOW], ids=[c[0] for c in SLOW])
def test_a_nasty_workbook_that_takes_long(
    content: Callable[[], bytes], said: str, tmp_path: Path
) -> None:
    test_a_nasty_workbook(content, said, tmp_path)


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


@pytest.mark.slow
@pytest.mark.parametrize(("content", "said"), [case[1:] for case in CSV], ids=[c[0] for c in CSV])
def test_a_nasty_csv_file(content: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    folder = Folder()
    folder.files["people.csv"] = content()
    told, growth = measured(folder.write(tmp_path))
    assert said in told.split(" | ")
    assert growth <= MOST_GROWTH_MIB
