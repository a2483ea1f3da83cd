from decimal import Decimal

import pytest

from scheduler.files.numbers import parse_hundredths, parse_whole
from scheduler.files.places import Refused


@pytest.mark.parametrize(
    ("raw", "ore"),
    [
        ("20000", 20_000_00),
        ("20000,5", 20_000_50),
        ("20000.50", 20_000_50),
        ("20.000,00", 20_000_00),
        ("20,000.00", 20_000_00),
        ("20 000", 20_000_00),
        ("20\u00a0000,50", 20_000_50),
        ("1.234.567", 1_234_567_00),
        ("1,234,567", 1_234_567_00),
        ("1.234.567,8", 1_234_567_80),
        ("0,5", 50),
        ("0", 0),
        ("-3,25", -3_25),
        ("−3", -3_00),
        ("+3", 3_00),
        (" 7 ", 7_00),
        (7, 7_00),
        (7.25, 7_25),
        (0.1 + 0.2, 30),
        (Decimal("1.5"), 1_50),
    ],
)
def test_an_amount(raw: object, ore: int) -> None:
    assert parse_hundredths(raw) == ore


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x",
        "1.234",
        "1,234",
        "-1.234",
        "12.345",
        "0,234",
        "0.001",
        "1,2,3",
        "1.23.456",
        "1.234,567",
        "1 23",
        "1e5",
        "01",
        "00,5",
        "1,",
        ",5",
        "1.234.567.8",
        "٣",
        "nan",
        "9" * 16,
        True,
        None,
        1.234,
        float("nan"),
        float("inf"),
        Decimal("1e999999999"),
        Decimal("sNaN"),
        [1],
    ],
)
def test_what_is_no_amount(raw: object) -> None:
    with pytest.raises(Refused):
        parse_hundredths(raw)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("7", 7),
        (" 7 ", 7),
        ("1 234", 1234),
        ("−7", -7),
        (7, 7),
        (7.0, 7),
        (Decimal(7), 7),
        ("7,0", None),
        ("1.234", None),
        ("7x", None),
        (7.5, None),
        (float("inf"), None),
        (True, None),
        (None, None),
    ],
)
def test_a_whole_number(raw: object, number: int | None) -> None:
    assert parse_whole(raw) == number
