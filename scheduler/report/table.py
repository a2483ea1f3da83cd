"""Tables for people: rows of a view under headers, before any file format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from babel.dates import format_date

from scheduler.files.csv_text import Cell, csv_bytes
from scheduler.language import Kr, Language, Message, show, show_kr, show_number

Kind = Literal["text", "clause", "prose", "count", "decimal", "kr", "share", "week", "date"]
"""What a column holds: `clause` gets a capital letter, `prose` is a sentence or more, `kr` is øre,
`share` is 0–1; None in any column is no value."""
NUMBER_KINDS: frozenset[Kind] = frozenset({"count", "decimal", "kr", "share"})

Row = TypeVar("Row")

_FINE_SHARE = 0.1
"""Shares below it are shown to the hundredth of a per cent."""


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column of a table of `Row`."""

    header: Message
    kind: Kind
    value: Callable[[Row], Any]
    width: int = 12
    """In characters."""
    is_detail: bool = False
    """Left out where a table must fit a page."""


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """Rows and their columns."""

    columns: tuple[Column[Row], ...]
    rows: tuple[Row, ...]

    def headers(self, language: Language) -> tuple[str, ...]:
        """The headers in a language."""
        return tuple(column.header.render(language) for column in self.columns)

    def without_details(self) -> Table[Row]:
        """The table as it fits a page."""
        return Table(tuple(row for row in self.columns if not row.is_detail), self.rows)

    def csv(self, language: Language) -> bytes:
        """The table as a CSV file."""
        return csv_bytes(
            self.headers(language),
            (
                [csv_cell(column.kind, column.value(row), language) for column in self.columns]
                for row in self.rows
            ),
        )


def csv_cell(kind: Kind, value: Any, language: Language) -> Cell:
    """A value as the CSV writer takes it."""
    match kind:
        case "text" | "clause" | "prose" if value is not None:
            return show(value, language)
        case "kr":
            return Kr(value)
        case "decimal" | "share" if value is not None:
            return Decimal(f"{float(value):.4f}")
        case _:
            cell: Cell = value
            return cell


def page_cell(  # noqa: PLR0911 - one case a line
    kind: Kind, value: Any, language: Language
) -> str:
    """A value as text on a page; no value is a dash."""
    match kind:
        case _ if value is None:
            return "–"
        case "clause":
            return capital(show(value, language))
        case "kr":
            return show_kr(value, language)
        case "decimal":
            return show_number(float(value), language, decimals=1)
        case "share":
            return show_share(value, language, decimals=2 if 0 < value < _FINE_SHARE else 0)
        case "date":
            return show_day(value, language)
        case _:
            return show(value, language)


def capital(text: str) -> str:
    """The text with a capital letter first; the rest as it is."""
    return text[:1].upper() + text[1:]


def show_share(share: float, language: Language, decimals: int = 0) -> str:
    """``12 %``, or ``12%`` in English."""
    number = show_number(share * 100, language, decimals=decimals)
    return f"{number} %" if language == "da" else f"{number}%"


def show_day(day: date, language: Language) -> str:
    """``4. jul. 2016`` or ``4 Jul 2016``."""
    return format_date(day, format="medium", locale="da_DK" if language == "da" else "en_GB")


def show_month(month: date, language: Language) -> str:
    """``jul. 2016`` or ``Jul 2016``."""
    return format_date(month, format="MMM y", locale="da_DK" if language == "da" else "en_GB")
