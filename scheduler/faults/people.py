"""People without any target group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _people(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, person in enumerate(problem.people):
        if not person.target_groups:
            yield Fault("people", row, "target_groups", "", Message("at least one target group"))


CHECKS: tuple[Check, ...] = (_people,)
