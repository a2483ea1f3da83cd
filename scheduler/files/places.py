"""Where a fault is, how it is told, and the list that all of them end up in."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from scheduler.cpr import mask
from scheduler.language import Message

_LONGEST_SHOWN = 60
_DEEPEST_SHOWN = 3
MOST_FAULTS = 1000
"""Messages that are kept; what is beyond them is counted."""
MOST_COUNTED = 10_000
"""Faults that are counted before reading stops."""

Style = Literal["table", "settings", "record", "keys"]
"""A table with rows and columns; a sheet of settings, one a row; a ``[[table]]`` of TOML; or the
keys of TOML outside any."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table was read: a file, or a sheet of one, or a part of ``plan.toml``."""

    file: str
    style: Style = "table"
    part: str = ""
    """The sheet, or the name of the ``[[table]]``."""

    def at(self, row: int | None, column: str | None, what: Message) -> Message:
        """`what` is wrong in that row (as Excel counts) and column (by its header)."""
        return Message("{file}{where}: {what}", **self._place(row, column), what=what)

    def at_value(
        self, row: int | None, column: str | None, value: object, expected: Message
    ) -> Message:
        """That row and column hold the value, where something else was expected."""
        return Message(
            "{file}{where}: “{value}” – expected {expected}",
            **self._place(row, column),
            value=printable(as_text(value)),
            expected=expected,
        )

    def _place(self, row: int | None, column: str | None) -> dict[str, object]:
        place: dict[str, object] = {"file": self._name(), "where": ""}
        if row is not None:
            place["row"] = str(row)
        if column is not None:
            place["column"] = printable(column)
        if row is not None or column is not None:
            template = _WHERE[self.style in {"record", "keys"}, row is not None, column is not None]
            place["where"] = Message(template, **place, table=self.part)
        return place

    def _name(self) -> str | Message:
        file = printable(self.file)
        if self.part and self.style in {"table", "settings"}:
            return Message("{file}, sheet {sheet}", file=file, sheet=printable(self.part))
        return file


_WHERE = {
    # in TOML, with a row, with a column
    (False, True, False): ", row {row}",
    (False, False, True): ", column {column}",
    (False, True, True): ", row {row}, column {column}",
    (True, True, False): ", [[{table}]] no. {row}",
    (True, False, True): ", key {column}",
    (True, True, True): ", [[{table}]] no. {row}, key {column}",
}


def as_text(value: object, depth: int = 0) -> str:  # noqa: PLR0911 - one case a line
    """A cell's value as people see it."""
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:.15g}"
        case dt.datetime() if value.time() == dt.time():
            return str(value.date())
        case list() | dict() if value and depth > _DEEPEST_SHOWN:
            return "…"
        case list():
            return f"[{', '.join(as_text(part, depth + 1) for part in value)}]"
        case dict() if value:
            pairs = (f"{key} = {as_text(part, depth + 1)}" for key, part in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case _:
            return str(value)


def printable(text: str) -> str:
    """`text` on one line, not too long, and without any CPR number whole."""
    shown = mask(text)
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[: _LONGEST_SHOWN - 1] + "…"
    return "".join(
        char if char == " " or unicodedata.category(char)[0] not in "CZ" else "·" for char in shown
    )


Order = tuple[int, int, int]
"""Number of the table, row, number of the column."""


@dataclass(slots=True)
class Faults:
    """Every fault found so far; those beyond the first thousand are only counted."""

    found: list[tuple[Order, Message]] = field(default_factory=list)
    uncounted: int = 0

    def add(self, message: Message, order: Order = (-1, 0, 0)) -> None:
        """One more fault; `order` says where it is told."""
        if len(self.found) < MOST_FAULTS:
            self.found.append((order, message))
        else:
            self.uncounted += 1

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.found) + self.uncounted

    def __bool__(self) -> bool:
        return bool(self.found)

    def messages(self) -> tuple[Message, ...]:
        """All of them, in the order of the tables, rows and columns."""
        in_order = sorted(self.found, key=lambda entry: entry[0])
        messages = [message for _, message in in_order]
        if self.count > MOST_COUNTED:
            messages.append(Message("and more than {count} more faults", count=MOST_COUNTED))
        elif self.uncounted:
            messages.append(Message("and {count} more faults", count=self.uncounted))
        return tuple(messages)


class Refused(Exception):  # noqa: N818 - it says what happened
    """A cell or file is refused; the reader adds the place.

    Parameters
    ----------
    what
        For a cell: what was expected. For a file: what is wrong.
    """

    def __init__(self, what: Message) -> None:
        self.what = what
        super().__init__(str(what))


NO_CPR = Message("nothing that looks like a CPR number; use an id that says nothing of the person")
