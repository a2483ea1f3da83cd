"""What stands in the cells of workbooks, and workbooks that are refused."""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scheduler.errors import InputError
from scheduler.files import read_problem, write_problem
from scheduler.files.cells import ErrorCell
from scheduler.files.places import Refused
from scheduler.files.workbook_rows import open_workbook
from tests.files.raw_workbook import MAIN, OFFICE, packed, parts, relations, sheet_of
from tests.small import small_problem

ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
DAMAGED = "is no workbook that can be read: it is damaged or made by an unusual program"
TOO_MUCH = "unpacks to more than a workbook may hold"


def moment(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - cells know no time zone


def rows_of(content: bytes) -> list[tuple[int, list[object]]]:
    workbook = open_workbook(content)
    return [row for sheet in workbook.sheets for row in workbook.rows(sheet)]


def cells_of(cells: str, *, strings: str = "", styles: str = "") -> list[object]:
    sheet = sheet_of(f'<row r="1">{cells}</row>')
    ((_, values),) = rows_of(packed(parts(sheet, strings=strings, styles=styles)))
    return values


def refusal(content: bytes) -> str:
    with pytest.raises(Refused) as raised:
        rows_of(content)
    return str(raised.value.what)


STYLES = (
    f'<styleSheet {MAIN}><numFmts><numFmt numFmtId="170" formatCode="dd/mm\\-yyyy;@"/>'
    '<numFmt numFmtId="171" formatCode="0.0&quot; days&quot;"/>'
    '<numFmt numFmtId="172" formatCode="0.00\\ %"/>'
    '<numFmt numFmtId="173" formatCode="[Red]#,##0.00"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/>'
    '<xf numFmtId="172"/><xf numFmtId="173"/><xf numFmtId="10"/><xf/><xf numFmtId="x"/></cellXfs>'
    "</styleSheet>"
)
STRINGS = (
    f"<sst {MAIN}><si><t>a</t></si><si><r><t>rich </t></r><r><t>text</t></r>"
    "<rPh><t>aside</t></rPh></si><si><t>x_x000D_y</t></si></sst>"
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>12</v></c>', 12),
        ("<c><v>12</v></c>", 12),
        ('<c r="A1"><v>12.5</v></c>', 12.5),
        ('<c r="A1"><v>1E3</v></c>', 1000),
        ('<c r="A1"><v>1E300</v></c>', 1e300),
        ('<c r="A1" t="s"><v>0</v></c>', "a"),
        ('<c r="A1" t="s"><v>1</v></c>', "rich text"),
        ('<c r="A1" t="s"><v>2</v></c>', "x\ry"),
        ('<c r="A1" t="inlineStr"><is><t>in</t></is></c>', "in"),
        ('<c r="A1" t="str"><f>A2</f><v>made</v></c>', "made"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="b"><v>0</v></c>', False),
        ('<c r="A1" t="e"><v>#REF!</v></c>', ErrorCell("#REF!")),
        ('<c r="A1" t="e"><v></v></c>', ErrorCell("#")),
        ('<c r="A1"><f>A2</f></c>', ErrorCell("")),
        ('<c r="A1" t="d"><v>2016-06-27</v></c>', moment(2016, 6, 27)),
        ('<c r="A1" t="d"><v>in June</v></c>', "in June"),
        ('<c r="A1" s="1"><v>42548</v></c>', moment(2016, 6, 27)),
        ('<c r="A1" s="2"><v>42548.5</v></c>', moment(2016, 6, 27, 12)),
        ('<c r="A1" s="2"><v>1e9</v></c>', 1e9),
        ('<c r="A1" s="3"><v>3</v></c>', 3),
        ('<c r="A1" s="4"><v>0.005</v></c>', "0.5 %"),
        ('<c r="A1" s="5"><v>3</v></c>', 3),
        ('<c r="A1" s="6"><v>1</v></c>', "100 %"),
        ('<c r="A1" s="7"><v>3</v></c>', 3),
        ('<c r="A1" s="8"><v>3</v></c>', 3),
        ('<c r="A1" s="99"><v>3</v></c>', 3),
    ],
)
def test_a_cell(cell: str, value: object) -> None:
    (found,) = cells_of(cell, strings=STRINGS, styles=STYLES)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "cell",
    ['<c r="A1"/>', '<c r="A1"><v></v></c>', '<c r="A1" t="str"><f>A2</f><v></v></c>'],
)
def test_a_cell_without_anything_is_none(cell: str) -> None:
    assert rows_of(packed(parts(sheet_of(f'<row r="1">{cell}</row>')))) == []


def test_rows_and_cells_have_their_places() -> None:
    sheet = sheet_of(
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row><c><v>3</v></c></row>'
        '<row r="9"><c r="A9"/></row>'
    )
    assert rows_of(packed(parts(sheet))) == [(2, [None, 1, None, 2]), (3, [3])]


def test_dates_may_count_from_1904() -> None:
    workbook = (
        f'<workbook {MAIN} xmlns:r="{OFFICE}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="people" sheetId="1" r:id="r1"/><sheet name="gone" r:id="r9"/>'
        "</sheets></workbook>"
    )
    sheet = sheet_of('<row r="1"><c r="A1" s="1"><v>41086</v></c></row>')
    content = packed(parts(sheet, styles=STYLES, workbook=workbook))
    assert rows_of(content) == [(1, [moment(2016, 6, 27)])]


def test_links_to_the_outside_are_not_followed() -> None:
    contents = parts(sheet_of(ONE))
    contents["xl/_rels/workbook.xml.rels"] = contents["xl/_rels/workbook.xml.rels"].replace(
        'Target="styles.xml"', 'Target="http://x/styles.xml" TargetMode="External"'
    )
    assert rows_of(packed(contents)) == [(1, [1])]


def with_sheet(rows: str) -> bytes:
    return packed(parts(sheet_of(rows)))


def with_part(name: str, text: str) -> bytes:
    return packed(parts(sheet_of(ONE)) | {name: text})


def with_flags(content: bytes) -> bytes:
    """The first entry of the directory is said to be encrypted."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + struct.pack("<H", 1) + content[at + 2 :]


def with_bad_sum(content: bytes) -> bytes:
    """The check sum of the first entry is wrong."""
    at = content.index(b"PK\x01\x02") + 16
    return content[:at] + b"\0\0\0\0" + content[at + 4 :]


def stored_otherwise() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def many_entries() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for number in range(2001):
            archive.writestr(f"{number}", "")
    return file.getvalue()


MANY_SHEETS = "".join(f'<sheet name="s{number}" r:id="r1"/>' for number in range(101))
DTD = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (lambda: b"", "is no Excel workbook (.xlsx)"),
        (lambda: b"PK\x03\x04", "is only a part of a workbook: send it again"),
        (lambda: packed({"a": "b"}), "is no Excel workbook (.xlsx)"),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Workbook",
            "is a workbook of the old kind (.xls); save it as .xlsx",
        ),
        (
            lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "is protected by a password; save it without one",
        ),
        (
            lambda: with_flags(with_sheet(ONE)),
            "is protected by a password; save it without one",
        ),
        (
            lambda: with_part("xl/vbaProject.bin", ""),
            "holds macros; save it as a workbook without macros (.xlsx)",
        ),
        (many_entries, TOO_MUCH),
        (stored_otherwise, DAMAGED),
        (lambda: with_bad_sum(with_sheet(ONE)), DAMAGED),
        (lambda: with_sheet(ONE).replace(b"styles.xml", b"STRINGS.XM", 2), DAMAGED),
        (
            lambda: with_part("xl/worksheets/sheet1.xml", DTD + sheet_of(ONE)),
            "holds a document type definition, which no workbook needs",
        ),
        (lambda: with_part("xl/worksheets/sheet1.xml", "<a><b></a>"), DAMAGED),
        (lambda: with_part("xl/worksheets/sheet1.xml", "<a>"), DAMAGED),
        (lambda: with_part("xl/worksheets/sheet1.xml", "<a>" * 60), TOO_MUCH),
        (
            lambda: with_part(
                "xl/worksheets/sheet1.xml", f"<a>{''.join(f'<b{n}/>' for n in range(2100))}</a>"
            ),
            TOO_MUCH,
        ),
        (
            lambda: with_part(
                "xl/worksheets/sheet1.xml",
                "<a>" + "".join(f'<b xmlns:p{n}="u{n}"/>' for n in range(2100)) + "</a>",
            ),
            TOO_MUCH,
        ),
        (lambda: with_part("xl/styles.xml", f'<a b="{"x" * 2_000_000}"/>'), TOO_MUCH),
        (
            lambda: with_part("xl/workbook.xml", f'<w xmlns:r="{OFFICE}">{MANY_SHEETS}</w>'),
            "has more than 100 sheets",
        ),
        (lambda: with_sheet('<row r="x"/>'), DAMAGED),
        (lambda: with_sheet('<row r="2"/><row r="1"/>'), DAMAGED),
        (lambda: with_sheet('<row r="1048577"/>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="A2"/></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="?"/></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="B1"/><c r="A1"/></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="A1"><v>x</v></c></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="A1"><v>1.2.3</v></c></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), DAMAGED),
        (lambda: with_sheet('<row r="1"><c r="A1" s="x"><v>1</v></c></row>'), DAMAGED),
        (
            lambda: with_sheet('<row r="7"><c r="XFD7"><v>1</v></c></row>'),
            "row 7 has a value beyond column 200, the last that is read",
        ),
    ],
)
def test_a_workbook_that_is_refused(content: Callable[[], bytes], what: str) -> None:
    assert refusal(content()) == what


def test_a_part_that_is_named_but_not_there_is_a_fault() -> None:
    contents = parts(sheet_of(ONE))
    del contents["xl/worksheets/sheet1.xml"]
    assert refusal(packed(contents)) == DAMAGED


def test_two_parts_of_one_name_are_a_fault() -> None:
    file = io.BytesIO(with_sheet(ONE))
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/styles.xml", "")
    assert refusal(file.getvalue()) == DAMAGED


def test_a_text_that_is_too_long_is_cut_where_it_is_refused() -> None:
    (text,) = cells_of(f'<c r="A1" t="str"><v>{"x" * 100_000}</v></c>')
    assert isinstance(text, str)
    assert len(text) == 32_768


# Whole workbooks


def spoiled(path: Path, change: Callable[[openpyxl.Workbook], None]) -> list[str]:
    write_problem(small_problem(), path)
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    with pytest.raises(InputError) as raised:
        read_problem(path)
    return [str(message) for message in raised.value.messages]


def sheet(book: openpyxl.Workbook, name: str) -> Worksheet:
    found = book[name]
    assert isinstance(found, Worksheet)
    return found


def put(name: str, cell: str, value: object) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        sheet(book, name)[cell] = value

    return change


def error(name: str, cell: str, value: str) -> Callable[[openpyxl.Workbook], None]:
    def change(book: openpyxl.Workbook) -> None:
        found = sheet(book, name)[cell]
        found.value = value
        found.data_type = "e"

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            put("people", "D2", 42548),
            (
                "sheet people, row 2, column referral: “42548” – expected a week such as 2016-W26, "
                "or a date such as 27-06-2016 or 2016-06-27"
            ),
        ),
        (
            put("people", "D2", moment(2016, 6, 27, 8)),
            (
                "sheet people, row 2, column referral: “2016-06-27 08:00:00” – expected a date "
                "without a time of day"
            ),
        ),
        (
            put("people", "A2", dt.date(2016, 6, 27)),
            "sheet people, row 2, column id: “2016-06-27” – expected a text, not a date",
        ),
        (
            put("people", "A2", True),
            "sheet people, row 2, column id: “true” – expected a text, not a truth value",
        ),
        (
            put("people", "A2", 1102991234),
            (
                "sheet people, row 2, column id: “11••••••••” – expected nothing that looks like a "
                "CPR number; use an id that says nothing of the person"
            ),
        ),
        (
            put("people", "C2", "=A1"),
            (
                "sheet people, row 2, column status: “=…” – expected a value; this formula has "
                "none until Excel has saved the workbook"
            ),
        ),
        (
            error("people", "C2", "#REF!"),
            (
                "sheet people, row 2, column status: “#REF!” – expected a value; this is an error, "
                "to be corrected in the workbook"
            ),
        ),
        (
            put("offers", "D2", 1.234),
            (
                "sheet offers, row 2, column price: “1.234” – expected a number with at most two "
                "decimals"
            ),
        ),
        (
            put("offers", "D2", True),
            (
                "sheet offers, row 2, column price: “true” – expected a number such as 20000 or "
                "20000,50"
            ),
        ),
        (
            put("people", "Z2", "note"),
            "sheet people, row 2: “note” – expected nothing in a column without a header",
        ),
        (
            put("plan", "B3", "soon"),
            (
                "sheet plan, row 3, column value: “soon” – expected a week such as 2016-W26, or a "
                "date such as 27-06-2016 or 2016-06-27"
            ),
        ),
        (put("plan", "B2", None), "sheet plan, row 2, column value: the setting title is missing"),
        (
            put("plan", "A2", "titl"),
            (
                "sheet plan, row 2, column value: “titl” – expected the name of a setting; did you "
                "mean “title”?"
            ),
        ),
        (
            put("plan", "A2", None),
            "sheet plan, row 2: “Small” – expected the name of a setting before the value",
        ),
        (
            put("plan", "C2", "note"),
            "sheet plan, row 2: “note” – expected nothing beside a setting and its value",
        ),
        (put("plan", "A1", "name"), "sheet plan, row 1: the first row has to be: setting, value"),
        (
            put("stages", "A2", "places"),
            (
                "sheet stages, row 2, column goal: “places” – expected goals among placed, match, "
                "wait, cost, not places"
            ),
        ),
        (lambda book: book.remove(book["people"]), "the sheet people is missing"),
        (lambda book: book.remove(book["plan"]), "the sheet plan is missing"),
        (
            lambda book: book.create_sheet("poeple").append([1]),
            "sheet poeple: no table has this name; did you mean “people”?",
        ),
        (
            lambda book: book.create_sheet("unge").append([1]),
            "sheet unge: people is the same table",
        ),
    ],
)
def test_a_fault_in_a_workbook(
    change: Callable[[openpyxl.Workbook], None], message: str, tmp_path: Path
) -> None:
    told = spoiled(tmp_path / "book.xlsx", change)
    mark = ", " if message.startswith("sheet") else ": "
    assert f"book.xlsx{mark}{message}" in told


def test_an_empty_sheet_of_another_name_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_problem(small_problem(), path)
    book = openpyxl.load_workbook(path)
    book.create_sheet("Ark1")
    book.save(path)
    assert read_problem(path) == small_problem()


def test_an_empty_row_above_the_header_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_problem(small_problem(), path)
    book = openpyxl.load_workbook(path)
    sheet(book, "people").insert_rows(1)
    book.save(path)
    assert read_problem(path) == small_problem()


def test_dates_and_percentages_of_cells_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    write_problem(small_problem(), path)
    book = openpyxl.load_workbook(path)
    sheet(book, "people")["D2"] = dt.date(2016, 5, 18)
    gap = sheet(book, "stages")["B2"]
    sheet(book, "stages")["B1"] = "gap"
    gap.value = 0.015
    gap.number_format = "0.0 %"
    sheet(book, "people")["A2"] = 7
    book.save(path)
    problem = read_problem(path)
    assert str(problem.people[0].referral) == "2016-W20"
    assert problem.people[0].id == "7"
    assert problem.stages[0].gap_basis_points == 150


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("book.xlsm", b"", "book.xlsm: is a workbook of another kind; save it as .xlsx"),
        ("book.csv", b"", "book.csv: is neither a folder nor a workbook (.xlsx)"),
        ("book.xlsx", b"", "book.xlsx: is no Excel workbook (.xlsx)"),
        ("book.xlsx", bytes(2**25 + 1), "book.xlsx: is larger than 33,554,432 bytes"),
        ("book.xlsx", None, "book.xlsx: cannot be read: there is no such file or folder"),
        ("folder", None, "folder: cannot be read: there is no such file or folder"),
        (
            "110299-1234.xlsx",
            None,
            "11••••-••••.xlsx: cannot be read: there is no such file or folder",
        ),
    ],
)
def test_a_file_that_is_no_workbook(
    name: str, content: bytes | None, message: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as raised:
        read_problem(tmp_path / name)
    assert [str(each) for each in raised.value.messages] == [message]


def test_relations_name_parts_from_the_root_too() -> None:
    contents = parts(sheet_of(ONE))
    contents["xl/_rels/workbook.xml.rels"] = relations(
        ("r1", "worksheet", "/xl/worksheets/sheet1.xml")
    )
    assert rows_of(packed(contents)) == [(1, [1])]
