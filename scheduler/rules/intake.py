"""``intake``: starts at a site in a week never exceed its most.

Rule: for each site with a most of starts a week, and each week, the options that start there then
number at most the most less the enrolments that did (0 where they are more).

Why: a place being free does not mean that there is somebody to receive whoever takes it.

Checked by: `scheduler.check.intake`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.rules.rows import UNLIMITED, Demand, RowGroup, entries, of_limits
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Supply

Ints = NDArray[np.int64]


def _starts_left(supply: Supply) -> Ints:
    """``left[site, week]``: starts that the plan may add; `UNLIMITED` at a site without a most."""
    most = [site.most_starts_a_week for site in supply.sites]
    left = np.full((len(supply.sites), supply.week_count), UNLIMITED, dtype=np.int64)
    for site, limit in enumerate(most):
        if limit is not None:
            left[site] = limit
    for (offer, start), enrolled in supply.enrolled_starts.items():
        site = int(supply.site_of_offer[offer])
        if most[site] is not None:
            left[site, start] -= enrolled
    return np.maximum(left, 0)


def _allows(supply: Supply, courses: Courses) -> Bools:
    left = _starts_left(supply)[supply.site_of_offer[courses.offer], courses.start]
    return np.asarray(left > 0, dtype=np.bool_)


def _rows(instance: Instance) -> Iterable[RowGroup]:
    supply, courses = instance.supply, instance.courses
    left = _starts_left(supply)
    site_of_course = supply.site_of_offer[courses.offer]
    # As many starts as there are people are never too many.
    is_tight = left[site_of_course, courses.start] < len(supply.people)
    own = np.flatnonzero(is_tight)
    if not len(own):
        return
    pairs = np.stack([site_of_course[own], courses.start[own]])
    (sites, weeks), rows = np.unique(pairs, axis=1, return_inverse=True)
    lower, upper = of_limits(left[sites, weeks])
    yield RowGroup(
        rule="intake",
        lower=lower,
        upper=upper,
        demands=tuple(
            Demand(
                rule="intake",
                unit="courses",
                site_id=supply.sites[int(site)].id,
                week=supply.week(int(week)).ordinal,
            )
            for site, week in zip(sites, weeks, strict=True)
        ),
        by_course=entries(
            rows.ravel(), own, np.ones(len(own), np.int64), (len(upper), courses.count)
        ),
    )


RULE = Rule("intake", allows_courses=_allows, rows=_rows)
