"""Placed and waiting, by what people are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from scheduler.explain.names import Names
from scheduler.language import Message
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.disclosure import Counts

BAND_WEEKS = 4
"""Weeks of waiting that are counted together."""
LAST_BAND_STARTS = 52
"""From here on, weeks of waiting are one band."""


def by_target_group(problem: Problem, document: PlanDocument) -> tuple[Counts, ...]:
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


def by_priority(problem: Problem, document: PlanDocument) -> tuple[Counts, ...]:
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


def by_weeks_waited(problem: Problem, document: PlanDocument) -> tuple[Counts, ...]:
    """Placed and waiting by weeks from referral, in bands of `BAND_WEEKS`.

    Weeks run to the start; for those who wait to the week after the last start week.
    """
    referrals = {person.id: person.referral for person in problem.people}
    placed = _bands(row.wait_weeks for row in document.placements)
    waiting = _bands(problem.last_start + 1 - referrals[row.person_id] for row in document.waiting)
    last = max((*placed, *waiting), default=-1)
    return tuple(
        Counts((_band_label(band),), (placed.get(band, 0), waiting.get(band, 0)))
        for band in range(last + 1)
    )


def _bands(weeks: Iterable[int]) -> Mapping[int, int]:
    return Counter(min(each, LAST_BAND_STARTS) // BAND_WEEKS for each in weeks)


def _band_label(band: int) -> Message | str:
    first = band * BAND_WEEKS
    if first >= LAST_BAND_STARTS:
        return Message("{weeks} or more", weeks=first)
    return f"{first}–{first + BAND_WEEKS - 1}"
