"""CSV as Danish Excel reads it: BOM, ``;``, decimal comma, CRLF, and no cell that is a formula."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

from providers import Week
from scheduler.language import Kr

Cell: TypeAlias = str | int | Decimal | Kr | Week | dt.date | tuple[str, ...] | None
"""What a cell can hold; a tuple is a list in one cell."""

_STARTS_A_FORMULA = re.compile(r"[\s']*[=+\-@＝＋－＠]")
_MADE_HARMLESS = re.compile(r"'[\s']*[=+\-@＝＋－＠]")


def csv_bytes(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    encoding: str = "utf-8-sig",
    delimiter: str = ";",
) -> bytes:
    """A whole CSV file.

    Raises
    ------
    UnicodeEncodeError
        If `encoding` lacks a character.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([cell_text(name) for name in header])
    writer.writerows([cell_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode(encoding)


def cell_text(cell: Cell) -> str:  # noqa: PLR0911 - one case a line
    """A cell as it stands in a CSV file: numbers bare, money in kr, texts made harmless."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int():
            return str(cell)
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case Kr():
            return kr_text(cell.ore)
        case tuple():
            return harmless(", ".join(cell))
        case _:
            return harmless(str(cell))


def kr_text(ore: int) -> str:
    """Øre as kr: ``20000``, or ``20000,50`` where there are øre."""
    sign = "-" if ore < 0 else ""
    whole, rest = divmod(abs(ore), 100)
    return f"{sign}{whole},{rest:02d}" if rest else f"{sign}{whole}"


def harmless(text: str) -> str:
    """`text`, after an apostrophe where a spreadsheet would take it for a formula."""
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def as_it_was(text: str) -> str:
    """The text that `harmless` was given."""
    return text[1:] if _MADE_HARMLESS.match(text) else text
