"""Placed and waiting, by what people are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scheduler.explain.names import Names
from scheduler.language import Message
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.disclosure import Counts
from scheduler.report.label import Label

BAND_WEEKS = 4
"""Weeks of waiting that are counted together."""
LAST_BAND_STARTS = 52
"""From here on, weeks of waiting are one band."""


def by_target_group(problem: Problem, document: PlanDocument) -> tuple[Counts[Label], ...]:
    """Placed and waiting by target group, the largest first.

    A person of several groups counts in each.
    """
    names = Names(problem)
    groups = {person.id: person.target_groups for person in problem.people}
    placed = Counter(code for row in document.placements for code in groups[row.person_id])
    waiting = Counter(code for row in document.waiting for code in groups[row.person_id])
    codes = sorted(placed | waiting, key=lambda code: (-placed[code] - waiting[code], code))
    return tuple(
        Counts((names.code(code, "target-group"),), (placed[code], waiting[code])) for code in codes
    )


def by_priority(problem: Problem, document: PlanDocument) -> tuple[Counts[Label], ...]:
    """Placed and waiting by priority, the most urgent first."""
    priorities = {person.id: person.priority for person in problem.people}
    placed = Counter(priorities[row.person_id] for row in document.placements)
    waiting = Counter(priorities[row.person_id] for row in document.waiting)
    return tuple(
        Counts(
            (Message("Priority {priority}", priority=priority),),
            (placed[priority], waiting[priority]),
        )
        for priority in sorted(placed | waiting)
    )


def by_weeks_waited(problem: Problem, document: PlanDocument) -> tuple[Counts[int], ...]:
    """Placed and waiting by weeks from referral, in bands numbered from 0 of `BAND_WEEKS` each.

    Weeks run to the start; for those who wait to the week after the last start week.
    """
    referrals = {person.id: person.referral for person in problem.people}
    placed = Counter(_band(row.wait_weeks) for row in document.placements)
    waiting = Counter(
        _band(problem.last_start + 1 - referrals[row.person_id]) for row in document.waiting
    )
    last = max((*placed, *waiting), default=-1)
    return tuple(Counts((band,), (placed[band], waiting[band])) for band in range(last + 1))


def name_bands(rows: Iterable[Counts[int]]) -> tuple[Counts[Label], ...]:
    """The bands called by their weeks: ``4–7``, or ``52 or more``."""
    return tuple(Counts((_band_label(row.groups),), row.counts) for row in rows)


def _band(weeks: int) -> int:
    return min(weeks, LAST_BAND_STARTS) // BAND_WEEKS


def _band_label(bands: tuple[int, ...]) -> Label:
    first, after = bands[0] * BAND_WEEKS, (bands[-1] + 1) * BAND_WEEKS
    if after > LAST_BAND_STARTS:
        return Message("{weeks} or more", weeks=first)
    return f"{first}–{after - 1}"
