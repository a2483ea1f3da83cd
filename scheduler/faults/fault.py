"""What a fault is."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.cpr import mask
from scheduler.language import Message


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in one record.

    `table` is a field of `Problem` (or ``plan`` for the fields that are not tables), `row` the
    index in that tuple (none for ``plan``), `field` the field's name; `value` stands there instead
    of what was `expected`.
    """

    table: str
    row: int | None
    field: str
    value: str
    expected: Message

    def __str__(self) -> str:
        place = self.table if self.row is None else f"{self.table}[{self.row}]"
        return f"{place}.{self.field}: “{mask(self.value)}” – expected {self.expected}"

    @property
    def message(self) -> Message:
        """The fault by table, row (from 1) and field, where nothing is known of files."""
        at: dict[str, object] = {"file": self.table, "column": self.field}
        said: dict[str, object] = {"value": mask(self.value), "expected": self.expected}
        if self.row is None:
            return Message("{file}, {column}: “{value}” – expected {expected}", **at, **said)
        at["row"] = str(self.row + 1)
        return Message("{file} no. {row}, {column}: “{value}” – expected {expected}", **at, **said)


def as_shown(value: object, name: str) -> str:
    """A value as it stands in a file: money in kr."""
    if not name.endswith("_ore"):
        return str(value)
    kr, ore = divmod(int(str(value)), 100)
    return f"{kr},{ore:02d}" if ore else str(kr)
