"""``volume``: courses of a programme by year of start never exceed what is set.

Rule: for each programme and year with a volume, the options that start in the year number at most
the volume less the enrolments that did (0 where they are more).

Why: the number of courses is agreed with those who deliver them.

Checked by: `scheduler.check.volume`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from scheduler.rules.rows import Demand, RowGroup, entries, of_limits
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Supply


def _limits(supply: Supply) -> list[tuple[str, int, int]]:
    """``(programme, year, courses the plan may start)``."""
    return [
        (key, volume.year, max(0, volume.most - supply.enrolled_in_year.get((key, volume.year), 0)))
        for key in sorted(supply.programmes)
        for volume in supply.programmes[key].volumes
    ]


def _counted(supply: Supply, courses: Courses, programme: str, year: int) -> Bools:
    """``counted[course]``."""
    of_programme = np.array([offer.programme_id == programme for offer in supply.offers], np.bool_)
    return np.asarray(
        of_programme[courses.offer] & (supply.year_of_week[courses.start] == year), dtype=np.bool_
    )


def _allows(supply: Supply, courses: Courses) -> Bools:
    allowed = np.ones(courses.count, dtype=np.bool_)
    for programme, year, left in _limits(supply):
        if left == 0:
            allowed &= ~_counted(supply, courses, programme, year)
    return allowed


def _rows(instance: Instance) -> Iterable[RowGroup]:
    supply, courses = instance.supply, instance.courses
    limits = [
        (programme, year, left, np.flatnonzero(_counted(supply, courses, programme, year)))
        for programme, year, left in _limits(supply)
    ]
    limits = [entry for entry in limits if len(entry[3])]
    if not limits:
        return
    columns = np.concatenate([entry[3] for entry in limits])
    rows = np.repeat(np.arange(len(limits)), [len(entry[3]) for entry in limits])
    lower, upper = of_limits(np.array([entry[2] for entry in limits], dtype=np.int64))
    yield RowGroup(
        rule="volume",
        lower=lower,
        upper=upper,
        demands=tuple(
            Demand(rule="volume", unit="courses", programme_id=programme, year=year)
            for programme, year, _, _ in limits
        ),
        by_course=entries(
            rows, columns, np.ones(len(rows), np.int64), (len(limits), courses.count)
        ),
    )


RULE = Rule("volume", allows_courses=_allows, rows=_rows)
