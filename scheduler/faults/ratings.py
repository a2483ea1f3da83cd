"""Ratings of the same person, site and week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.ids import repeated
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _ratings_once(problem: Problem, _: Known) -> Iterator[Fault]:
    keys = [(entry.person_id, entry.site_id, entry.date) for entry in problem.ratings]
    expected = Message("one rating for each person, site and week")
    yield from repeated("ratings", "date", keys, expected)


CHECKS: tuple[Check, ...] = (_ratings_once,)
