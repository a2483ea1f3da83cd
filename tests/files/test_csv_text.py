import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import Week
from scheduler.files.csv_text import Cell, as_it_was, cell_text, csv_bytes, harmless
from scheduler.language import Kr


def test_a_file_is_what_danish_excel_opens() -> None:
    content = csv_bytes(["id", "price"], [["æ;b", Kr(2_000_050)], [None, Kr(-5)]])
    assert content == 'id;price\r\n"æ;b";20000,50\r\n;-0,05\r\n'.encode("utf-8-sig")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (-3, "-3"),
        (Decimal("0.5"), "0,5"),
        (Kr(2_000_000), "20000"),
        (Week.of(2016, 26), "2016-W26"),
        (dt.date(2016, 6, 27), "2016-06-27"),
        (("a", "b"), "a, b"),
        ((), ""),
        (("=a",), "'=a"),
        ("=1+1", "'=1+1"),
        ("+45", "'+45"),
        ("-2", "'-2"),
        ("@x", "'@x"),
        ("\t=x", "'\t=x"),
        ("＝x", "'＝x"),
        ("'=x", "''=x"),
        ("'s-Hertogenbosch", "'s-Hertogenbosch"),
        ("a=b", "a=b"),
    ],
)
def test_a_cell(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@given(st.text(st.sampled_from("'=+-@ a\t")))
def test_what_was_made_harmless_can_be_undone(text: str) -> None:
    shown = harmless(text)
    assert shown.lstrip(" \t")[:1] not in {"=", "+", "-", "@"} or shown == ""
    assert as_it_was(shown) == text


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r\n")), min_size=1))
def test_a_row_reads_back(row: list[str]) -> None:
    content = csv_bytes(row, []).decode("utf-8-sig")
    (read,) = csv.reader(io.StringIO(content, newline=""), delimiter=";")
    assert [as_it_was(cell) for cell in read] == row
