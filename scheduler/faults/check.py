"""What a check of a problem is, and what checks walk over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from providers import Record
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known

if TYPE_CHECKING:
    from scheduler.problem import Problem

TABLES = (
    "stages",
    "programmes",
    "budget_lines",
    "budget_movements",
    "people",
    "providers",
    "sites",
    "offers",
    "contracts",
    "capacity",
    "uses",
    "closures",
    "travel",
    "ratings",
    "enrolments",
    "pins",
    "codes",
)
"""The fields of `Problem` that are tables, in the order in which their faults are told."""
Check = Callable[["Problem", Known], Iterator[Fault]]
"""The faults of one kind in a problem, as far as it could be read."""


def rows_of(problem: Problem, table: str) -> Iterator[tuple[int, Record]]:
    """The records of a table with their numbers."""
    yield from enumerate(getattr(problem, table))


def values_of(record: Record, name: str) -> tuple[str, ...]:
    """The texts in a field: none, one or several."""
    value = getattr(record, name)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)
