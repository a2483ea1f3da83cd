"""Ids and keys that stand twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_WITH_ID = (
    "programmes",
    "budget_lines",
    "people",
    "providers",
    "sites",
    "offers",
    "contracts",
    "enrolments",
)


def _ids_once(problem: Problem, _: Known) -> Iterator[Fault]:
    for table in _WITH_ID:
        ids = [record.id for record in getattr(problem, table)]
        yield from repeated(table, "id", ids, Message("an id that no other row has"))


def repeated(table: str, name: str, keys: Iterable[object], expected: Message) -> Iterator[Fault]:
    """A fault for each row whose key an earlier row has."""
    seen: set[object] = set()
    for row, key in enumerate(keys):
        if key in seen:
            value = ", ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
            yield Fault(table, row, name, value, expected)
        seen.add(key)


CHECKS: tuple[Check, ...] = (_ids_once,)
