from pathlib import Path

import openpyxl
import pytest

from scheduler.errors import InputError, WriteRefused
from scheduler.files import read_problem, write_problem, write_template
from scheduler.files.columns import TABLES
from scheduler.language import Language
from tests.small import small_problem


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("name", ["tables", "tables.xlsx"])
def test_only_values_are_missing_from_a_template(
    name: str, language: Language, tmp_path: Path
) -> None:
    write_template(tmp_path / name, language)
    with pytest.raises(InputError) as raised:
        read_problem(tmp_path / name)
    said = {str(message).partition(": ")[2] for message in raised.value.messages}
    settings = {f"the setting {name} is missing" for name in SETTINGS}
    assert said <= settings | {"a value is missing"}
    assert settings <= said


SETTINGS = ("title", "as_of", "first_start", "last_start")


def test_headers_are_in_the_language(tmp_path: Path) -> None:
    write_template(tmp_path / "da", "da")
    write_template(tmp_path / "en", "en")
    assert "søger plads" in (tmp_path / "da" / "people.csv").read_text("utf-8-sig")
    assert "seeks_place" in (tmp_path / "en" / "people.csv").read_text("utf-8-sig")


def test_every_table_and_column_has_its_place(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", "en")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    for table in TABLES[2:]:
        header = [cell.value for cell in book[table.name][1]]
        assert sorted(header) == sorted(column.name for column in table.columns)


@pytest.mark.parametrize("name", ["tables", "tables.xlsx"])
def test_tables_that_are_filled_in_are_never_lost(name: str, tmp_path: Path) -> None:
    write_problem(small_problem(), tmp_path / name)
    with pytest.raises(WriteRefused):
        write_template(tmp_path / name, "da")
    assert read_problem(tmp_path / name) == small_problem()
