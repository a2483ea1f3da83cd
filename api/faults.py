"""What is wrong with something sent, and where: in a file's cell, or in a form's field."""

from __future__ import annotations

from typing import Any

from providers import Record
from scheduler.language import LocalText, Message, show


class Fault(Record):
    """One thing that is wrong."""

    text: LocalText
    """All of it in words."""
    field: str = ""
    """The form's field, where it is one."""
    file: LocalText | None = None
    """The file, perhaps with its sheet."""
    row: str = ""
    """As Excel counts."""
    column: str = ""
    """By its header."""
    value: str = ""
    """What stands there; never a CPR number whole."""
    expected: LocalText | None = None
    """What was expected instead, or what is wrong."""


def fault_of(message: Message, field: str = "") -> Fault:
    """A message as a fault, with the place that its values name."""
    values = message.values
    expected = values.get("expected", values.get("what"))
    return Fault(
        text=message.local(),
        field=field,
        file=_local(values["file"]) if "file" in values else None,
        row=str(values.get("row", "")),
        column=str(values.get("column", "")),
        value=str(values.get("value", "")),
        expected=None if expected is None else _local(expected),
    )


def _local(value: Any) -> LocalText:
    return LocalText(da=show(value, "da"), en=show(value, "en"))
