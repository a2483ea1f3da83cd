from __future__ import annotations

import pytest

from scheduler.cli.values import parse_gap
from scheduler.errors import InputError


@pytest.mark.parametrize(
    ("text", "basis_points"),
    [("1", 100), ("1 %", 100), ("0,5 %", 50), ("0.05%", 5), (" 100 % ", 10_000), ("0", 0)],
)
def test_per_cent_is_read_as_people_write_it(text: str, basis_points: int) -> None:
    assert parse_gap(text) == basis_points


@pytest.mark.parametrize("text", ["", "one", "-1", "0.005", "100.01", "1 % %", "nan", "1e2"])
def test_anything_else_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_gap(text)
    assert str(refused.value) == (
        f"--gap: {text!r} is not a number of per cent from 0 to 100 with at most two decimals,"
        " such as 1 or 0.5 %"
    )
