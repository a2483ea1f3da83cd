"""What is expected where a name is not known."""

from __future__ import annotations

from scheduler.cpr import looks_like_cpr
from scheduler.faults import did_you_mean
from scheduler.files.columns import Table
from scheduler.files.places import NO_CPR
from scheduler.language import Message


def unknown_name(name: str, table: Table, expected: Message) -> Message:
    """What was expected instead of `name`: a column of the table, perhaps one alike."""
    if looks_like_cpr(name):
        return NO_CPR
    known = [each for column in table.columns for each in (column.name, *column.aliases)]
    nearest = did_you_mean(name, known)
    if nearest is None:
        return expected
    return Message("{expected}; did you mean “{nearest}”?", expected=expected, nearest=nearest)
