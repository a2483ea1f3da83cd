"""Entries that stand twice in one cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check, rows_of
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("programmes", ("target_groups", "statuses")),
    (
        "people",
        (
            "target_groups",
            "needs",
            "wishes",
            "known_sites",
            "excluded_sites",
            "excluded_providers",
        ),
    ),
    ("sites", ("target_groups", "task_types", "equipment")),
    ("offers", ("start_weeks",)),
)


def _lists(problem: Problem, _: Known) -> Iterator[Fault]:
    expected = Message("each entry once")
    for table, names in _LISTS:
        for row, record in rows_of(problem, table):
            for name in names:
                entries = getattr(record, name)
                if len(set(entries)) < len(entries):
                    twice = [entry for entry, count in Counter(entries).items() if count > 1]
                    yield Fault(table, row, name, str(twice[0]), expected)


CHECKS: tuple[Check, ...] = (_lists,)
