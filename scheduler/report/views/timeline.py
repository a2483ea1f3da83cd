"""How starts, placed and waiting people go week by week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from providers import Week
from scheduler.report.views.books import Books


@dataclass(frozen=True, slots=True)
class TimelineWeek:
    """One week."""

    week: Week
    starts: tuple[int, ...]
    """Placements that start, for each programme of the problem."""
    placed: int
    """People placed who have started by now."""
    waiting: int
    """People referred by now who have not started."""


def timeline(books: Books) -> tuple[TimelineWeek, ...]:
    """Every week from the first to the last start week."""
    problem = books.problem
    starts = Counter((row.programme_id, row.start) for row in books.document.placements)
    referrals = {person.id: person.referral for person in problem.people}
    everybody = [row.person_id for row in books.document.placements]
    everybody += [row.person_id for row in books.document.waiting]
    due = Counter(max(referrals[person_id], problem.first_start) for person_id in everybody)
    rows: list[TimelineWeek] = []
    known = placed = 0
    for later in range(problem.last_start - problem.first_start + 1):
        week = problem.first_start + later
        each = tuple(starts[programme.id, week] for programme in problem.programmes)
        known += due[week]
        placed += sum(each)
        rows.append(TimelineWeek(week, each, placed, known - placed))
    return tuple(rows)
