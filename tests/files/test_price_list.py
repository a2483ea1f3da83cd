"""Prices and contracts as CSV files: read back as written, and every fault by its cell."""

from __future__ import annotations

import pytest

from scheduler.errors import InputError
from scheduler.files.csv_text import csv_bytes
from scheduler.files.price_list import (
    LISTS,
    ListName,
    demand_known,
    price_list_cells,
    read_price_list,
)
from scheduler.scenarios import apply_changes
from tests.test_scenarios import FIRST, with_contract


def faults(content: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        read_price_list("priser.csv", content.encode())
    return [str(message) for message in refused.value.messages]


@pytest.mark.parametrize("name", LISTS)
def test_what_is_written_reads_back_to_the_same(name: ListName) -> None:
    problem = with_contract()
    given = read_price_list("list.csv", csv_bytes(*price_list_cells(problem, name)))
    demand_known("list.csv", given, problem)
    assert len(given.changes) == len(getattr(problem, LISTS[name].field)) > 0
    assert apply_changes(problem, given.changes) == problem


def test_a_danish_excel_file_is_read() -> None:
    content = "tilbud;pris;pris pr;pris ekstra uge\r\nbought-course;20.001,50;forløb;1000\r\n"
    (change,) = read_price_list("priser.csv", content.encode("cp1252")).changes
    assert change.model_dump() == {
        "kind": "price",
        "offer_id": "bought-course",
        "price_ore": 20_001_50,
        "price_per": "course",
        "extra_week_price_ore": 1000_00,
    }


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id;price\nA;1.234\n", "row 2, column price: “1.234” – expected a number that is clear"),
        ("id;price\nA;1\nA;2\n", "row 3, column id: “A” – expected each id once"),
        ("id;price\nA;\n", "row 2, column price: a value is missing"),
        ("id;pris;farve\nA;1;rød\n", "“farve” – expected the name of a column of prices"),
        ("id;price\n", "there is no row"),
        ("", "there is no header row"),
        ("id;price\nA;1\0\n", "zero byte"),
        ("id;leverandør;første uge\nC1;x;y\n", "the column last_week is missing"),
    ],
)
def test_each_fault_names_its_cell(content: str, said: str) -> None:
    assert any(said in fault for fault in faults(content)), faults(content)


def test_ids_that_are_not_there_are_named_with_their_row() -> None:
    given = read_price_list("p.csv", f"id;price\n\n{FIRST.id};1\nbought-coarse;2\n".encode())
    with pytest.raises(InputError) as refused:
        demand_known("p.csv", given, with_contract())
    (said,) = (str(message) for message in refused.value.messages)
    assert said.startswith("p.csv, row 4, column id: “bought-coarse”")
    assert "did you mean “bought-course”" in said
