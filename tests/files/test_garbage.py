"""Whatever stands in a file, reading it ends in a problem or in faults."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.errors import InputError
from scheduler.files import read_problem, write_problem
from scheduler.files.cells import ErrorCell, parse_cell
from scheduler.files.columns import TABLES, Column
from scheduler.files.places import Refused
from scheduler.language import Message
from tests.files.folder import PLAN, Folder
from tests.files.raw_workbook import packed, parts, sheet_of
from tests.files.test_forms import full_problem
from tests.small import small_problem

FAST = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = sorted({name for table in TABLES for name in (table.name, *table.aliases)})
HEADERS = sorted({column.name for table in TABLES for column in table.columns})
WORDS = st.one_of(
    st.sampled_from([*HEADERS, "ada", "cafe", "2016-W26", "1.234", "110299-1234", "=1", "ja", ""]),
    st.text(max_size=8),
    st.integers().map(str),
)
LINES = st.lists(st.lists(WORDS, max_size=6).map(";".join), max_size=6).map("\n".join)
SETTINGS = settings(FAST, max_examples=150)
pytestmark = pytest.mark.no_cover
"""Other tests run the same lines; measured for coverage, these take twice as long."""


def ends_well(path: Path) -> None:
    """No traceback; every fault can be said in both languages."""
    messages: tuple[Message, ...] = ()
    try:
        problem = read_problem(path)
    except InputError as error:
        messages = error.messages
    else:
        assert problem.title
    assert all(message.render("da") and message.render("en") for message in messages)


def folder_ends_well(files: dict[str, bytes]) -> None:
    folder = Folder()
    folder.files |= files
    with tempfile.TemporaryDirectory() as path:
        ends_well(folder.write(Path(path)))


def workbook_ends_well(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        path.write_bytes(content)
        ends_well(path)


@SETTINGS
@given(st.sampled_from(["people.csv", "offers.csv", "plan.toml", "unge.csv"]), st.binary())
def test_bytes(name: str, content: bytes) -> None:
    folder_ends_well({name: content})


@SETTINGS
@given(st.sampled_from(NAMES), LINES, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_csv(name: str, text: str, encoding: str) -> None:
    folder_ends_well({f"{name}.csv": text.encode(encoding, "replace")})


@SETTINGS
@given(
    st.sampled_from([table for table in TABLES if not table.in_plan]),
    st.lists(st.lists(WORDS, min_size=19, max_size=19), max_size=3),
)
def test_csv_under_the_right_header(table: object, rows: list[list[str]]) -> None:
    columns = table.columns  # type: ignore[attr-defined]  # a table
    lines = [column.name for column in columns]
    text = "\n".join(";".join(row[: len(lines)]) for row in [lines, *rows])
    folder_ends_well({f"{table.name}.csv": text.encode()})  # type: ignore[attr-defined]  # a table


TOML_VALUES = st.recursive(
    st.sampled_from(['"2016-W26"', '"placed"', "1", "1.5", "nan", "true", "2016-06-27", "08:00"])
    | st.integers().map(str),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.dictionaries(st.sampled_from(["id", "placed", "a"]), inner, max_size=3).map(
            lambda table: f"{{{', '.join(f'{key} = {value}' for key, value in table.items())}}}"
        )
    ),
    max_leaves=6,
)
TOML_LINES = st.one_of(
    st.sampled_from([*PLAN.splitlines(), "[weights]", "[weights.match]", "[plan]", "[[people]]"]),
    st.tuples(st.sampled_from([*HEADERS, *NAMES]), TOML_VALUES).map(" = ".join),
    st.text(max_size=10),
)


@SETTINGS
@given(st.lists(TOML_LINES, max_size=15).map("\n".join))
def test_toml(text: str) -> None:
    folder_ends_well({"plan.toml": text.encode("utf-8", "replace")})


@SETTINGS
@given(st.sampled_from(PLAN.splitlines()), TOML_VALUES)
def test_toml_with_one_value_changed(line: str, value: str) -> None:
    changed = f"{line.partition('=')[0]}= {value}" if "=" in line else f"{line}\nx = {value}"
    folder_ends_well({"plan.toml": PLAN.replace(line, changed, 1).encode()})


@SETTINGS
@given(st.binary())
def test_workbook_of_bytes(content: bytes) -> None:
    workbook_ends_well(b"PK\x03\x04" + content)


CELLS = st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(-1e9, 1e9) | WORDS


@settings(FAST, max_examples=60)
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(st.lists(CELLS, max_size=6), max_size=4)))
def test_workbook_of_cells(sheets: dict[str, list[list[object]]]) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
    workbook_ends_well(content.getvalue())


XML_PIECES = st.sampled_from(
    [
        '<row r="1">',
        "<row>",
        "</row>",
        '<c r="A1">',
        '<c t="s">',
        '<c t="inlineStr"><is><t>',
        "</t></is></c>",
        "<v>",
        "</v>",
        "</c>",
        "1",
        "9" * 50,
        "<f/>",
        "&amp;",
        "&a;",
        "<!--",
        "]]>",
        "\0",
        "æ",
    ]
)


@SETTINGS
@given(st.lists(XML_PIECES, max_size=12).map("".join), st.booleans())
def test_workbook_of_xml(pieces: str, is_sheet: bool) -> None:  # noqa: FBT001 - Hypothesis gives it by position
    contents = parts(sheet_of(pieces if is_sheet else ""))
    if not is_sheet:
        contents["xl/sharedStrings.xml"] = pieces
    workbook_ends_well(packed(contents))


@SETTINGS
@given(st.data())
def test_workbook_with_a_byte_changed(data: st.DataObject) -> None:
    content = bytearray(good_workbook())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255))
    workbook_ends_well(bytes(content))


@SETTINGS
@given(st.data())
def test_workbook_with_a_part_changed(data: st.DataObject) -> None:
    """A part that a byte is changed in, and packed with a check sum that is right."""
    with zipfile.ZipFile(io.BytesIO(good_workbook())) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(contents)))
    part = bytearray(contents[name])
    at = data.draw(st.integers(0, len(part) - 1))
    part[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for each, content in contents.items():
            archive.writestr(each, bytes(part) if each == name else content)
    workbook_ends_well(file.getvalue())


def good_workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        write_problem(small_problem(), path)
        return path.read_bytes()


RAW = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.times(),
    WORDS,
    st.lists(WORDS, max_size=3),
    st.dictionaries(WORDS, st.integers() | WORDS, max_size=3),
    st.just(ErrorCell("#REF!")),
    st.sampled_from([Decimal("1e999999999"), Decimal("-0"), 10**400, dt.date.max, dt.date.min]),
)


@settings(FAST, max_examples=2000)
@given(st.sampled_from([column for table in TABLES for column in table.columns]), RAW)
def test_cells(column: Column, raw: object) -> None:
    expected = Message("anything")
    try:
        parse_cell(raw, column)
    except Refused as refused:
        expected = refused.what
    assert expected.render("da")


@settings(FAST, max_examples=30)
@given(st.data())
def test_a_good_folder_with_a_piece_cut_out(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p"
        write_problem(full_problem(), path)
        spoiled = data.draw(st.sampled_from(sorted(path.iterdir())))
        content = spoiled.read_bytes()
        start = data.draw(st.integers(0, len(content)))
        spoiled.write_bytes(content[:start] + content[start + data.draw(st.integers(1, 40)) :])
        ends_well(path)
