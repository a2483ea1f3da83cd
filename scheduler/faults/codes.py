"""Codes that no code list has, or not any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from providers import Week
from scheduler.faults.check import Check, rows_of, values_of
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known, or_nearest
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

BUILT_IN_RESOURCE = "places"
_CODED: tuple[tuple[str, str, str], ...] = (
    ("programmes", "target_groups", "target-group"),
    ("programmes", "statuses", "status"),
    ("budget_movements", "kind", "movement-kind"),
    ("people", "target_groups", "target-group"),
    ("people", "status", "status"),
    ("people", "priority_basis", "priority-basis"),
    ("people", "needs", "need"),
    ("people", "wishes", "task-type"),
    ("people", "area", "area"),
    ("sites", "area", "area"),
    ("sites", "target_groups", "target-group"),
    ("sites", "task_types", "task-type"),
    ("sites", "equipment", "need"),
    ("capacity", "resource", "resource"),
    ("uses", "resource", "resource"),
    ("travel", "from_area", "area"),
    ("travel", "to_area", "area"),
)
"""Table, field, and the kind of code it holds."""
_KINDS: Mapping[str, Message] = {
    "target-group": Message("target-group"),
    "status": Message("status"),
    "movement-kind": Message("movement-kind"),
    "priority-basis": Message("priority-basis"),
    "need": Message("need"),
    "task-type": Message("task-type"),
    "area": Message("area"),
    "resource": Message("resource"),
}
"""What the kinds are called in a code list, in each language."""


def _codes(problem: Problem, known: Known) -> Iterator[Fault]:
    declared: dict[str, dict[str, list[tuple[Week | None, Week | None]]]] = defaultdict(dict)
    for entry in problem.codes:
        periods = declared[entry.kind].setdefault(entry.code, [])
        periods.append((entry.valid_from, entry.valid_to))
    as_of = None if "as_of" in known.also.get("plan", ()) else problem.as_of
    for table, name, kind in _CODED:
        if kind not in declared:
            continue
        for row, record in rows_of(problem, table):
            for code in values_of(record, name):
                expected = _expected_code(kind, code, declared[kind], as_of, known)
                if expected is not None:
                    yield Fault(table, row, name, code, expected)


def _expected_code(
    kind: str,
    code: str,
    declared: Mapping[str, Sequence[tuple[Week | None, Week | None]]],
    as_of: Week | None,
    known: Known,
) -> Message | None:
    if kind == "resource" and code == BUILT_IN_RESOURCE:
        return None
    if code not in declared:
        if known.is_unread("codes", code):
            return None
        nearest = known.nearest(kind, code, declared)
        return or_nearest(Message("a code of the kind {kind}", kind=_KINDS[kind]), nearest)
    if as_of is None or any(_holds(period, as_of) for period in declared[code]):
        return None
    return Message(
        "a code of the kind {kind} that is valid in {week}", kind=_KINDS[kind], week=as_of
    )


def _holds(period: tuple[Week | None, Week | None], week: Week) -> bool:
    first, last = period
    return (first is None or first <= week) and (last is None or week <= last)


CHECKS: tuple[Check, ...] = (_codes,)
