from collections import Counter

import pytest

from scheduler.files.columns import TABLES, Column, Table, columns_by_name, plain
from scheduler.problem import Problem

COLUMNS = [(table, column) for table in TABLES for column in table.columns]


def test_every_field_of_a_problem_has_its_table() -> None:
    fields = {table.field for table in TABLES[1:]} | {column.field for column in TABLES[0].columns}
    assert set(Problem.model_fields) - {"weights"} <= fields


@pytest.mark.parametrize("table", TABLES[2:], ids=lambda table: table.name)
def test_every_field_of_a_record_has_its_column(table: Table) -> None:
    assert {column.field for column in table.columns} == set(table.record.model_fields)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_two_columns_have_a_name_in_common(table: Table) -> None:
    names = Counter(
        plain(name) for column in table.columns for name in {column.name, *column.aliases}
    )
    assert names.most_common(1)[0][1] == 1
    assert set(names) <= set(columns_by_name(table))


def test_no_two_tables_have_a_name_in_common() -> None:
    names = Counter(plain(name) for table in TABLES for name in (table.name, *table.aliases))
    assert names.most_common(1)[0][1] == 1


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda each: each.name)
def test_a_column_is_described(table: Table, column: Column) -> None:
    assert table.description.endswith((".", ";"))
    assert column.description.endswith(".")
    assert (column.kind == "choice") == bool(column.choices)
    assert (column.least is not None) == (column.kind in {"whole", "kr", "percent", "tolerance"})
    assert column.kind != "kr" or "øre" not in column.description.casefold()


def test_money_is_in_kr_and_lengths_in_weeks() -> None:
    units = {(table.name, column.name): column.unit for table, column in COLUMNS}
    assert units["offers", "price"] == "kr"
    assert units["offers", "weeks"] == "weeks"
    assert units["travel", "minutes"] == "minutes"
    assert units["people", "priority"] == ""


def test_columns_and_tables_have_danish_names() -> None:
    sites = next(table for table in TABLES if table.name == "sites")
    column = sites.column_of("places")
    assert column is not None
    assert (column.header("en"), column.header("da")) == ("places", "pladser")
    assert (sites.title("en"), sites.title("da")) == ("sites", "forløbssteder")
    assert sites.column_of("nothing") is None


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("Price_per", "price per"),
        (" PRICE-PER: ", "price_per"),
        ("A\u030absted", "åbsted"),
        ("pris pr.", "Pris Pr"),
    ],
)
def test_how_a_header_is_written_does_not_matter(name: str, same: str) -> None:
    assert plain(name) == plain(same)
