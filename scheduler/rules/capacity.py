"""``capacity``: use of each resource never exceeds its amount in any week.

Rule: for each site, resource and week, the uses of the options that run then sum to at most the
amount less what enrolments hold (0 where they hold more). In closed weeks only the place is kept.

Why: a place, an hour of support or a coordinator can be in one use at a time.

Checked by: `scheduler.check.capacity`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.rules.rows import Demand, RowGroup, entries, few_entries, of_limits
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Options, Supply

Ints = NDArray[np.int64]


def _fits(supply: Supply, resource: int, site: int, use: int, start: Ints, end: Ints) -> Bools:
    """``fits[k]``: whether one more use fits in every week from start to end."""
    short = supply.room[resource, site] < use
    if not supply.uses_when_paused(resource):
        short = short & ~supply.closed[site]
    before = np.concatenate([[0], np.cumsum(short)])
    return np.asarray(before[end + 1] == before[start], dtype=np.bool_)


def _allows_courses(supply: Supply, courses: Courses) -> Bools:
    allowed = np.ones(courses.count, dtype=np.bool_)
    for offer, resource in np.argwhere(supply.offer_use.T > 0):
        own = np.flatnonzero(courses.offer == offer)
        use = int(supply.offer_use[resource, offer])
        site = int(supply.site_of_offer[offer])
        allowed[own] &= _fits(supply, resource, site, use, courses.start[own], courses.end[own])
    return allowed


def _allows_options(supply: Supply, courses: Courses, options: Options) -> Bools:
    allowed = np.ones(options.count, dtype=np.bool_)
    for resource in range(len(supply.resources)):
        own = _options_with_own_use(supply, options, resource)
        course, extra = options.course[own], supply.person_use[resource, options.person[own]]
        for key, at in _alike(courses.offer[course], extra):
            offer, more = key
            use = int(supply.offer_use[resource, offer]) + more
            site = int(supply.site_of_offer[offer])
            start, end = courses.start[course[at]], courses.end[course[at]]
            allowed[own[at]] &= _fits(supply, resource, site, use, start, end)
    return allowed


def _options_with_own_use(supply: Supply, options: Options, resource: int) -> Ints:
    """The options of people who use more of the resource than everybody."""
    return np.flatnonzero((supply.person_use[resource] > 0)[options.person])


def _alike(left: Ints, right: Ints) -> Iterator[tuple[tuple[int, int], Ints]]:
    """Each pair of values that occurs, and where it does."""
    order = np.lexsort((right, left))
    pairs = np.stack([left[order], right[order]])
    ends = np.flatnonzero((np.diff(pairs) != 0).any(axis=0)) + 1
    for at in np.split(order, ends):
        if len(at):
            yield (int(left[at[0]]), int(right[at[0]])), at


def _rows(instance: Instance) -> Iterable[RowGroup]:
    supply, options = instance.supply, instance.options
    site_of_course = supply.site_of_offer[instance.courses.offer]
    none = np.zeros(0, dtype=np.int64)
    for resource in range(len(supply.resources)):
        own = _options_with_own_use(supply, options, resource)
        site_of_own = site_of_course[options.course[own]]
        extra = {site: own[at] for (site, _), at in _alike(site_of_own, np.zeros_like(own))}
        for site in np.unique(site_of_course):
            group = _rows_of_site(instance, resource, int(site), extra.get(int(site), none))
            if group is not None:
                yield group


def _rows_of_site(instance: Instance, resource: int, site: int, extra: Ints) -> RowGroup | None:
    """The site's rows; `extra` are the options there of people who use more than everybody."""
    supply, courses, options = instance.supply, instance.courses, instance.options
    here = np.flatnonzero(supply.site_of_offer[courses.offer] == site)
    use = supply.offer_use[resource, courses.offer[here]]
    here, use = here[use > 0], use[use > 0]
    if not len(here) and not len(extra):
        return None
    course_at, course_week = _weeks_used(instance, resource, site, here)
    option_at, option_week = _weeks_used(instance, resource, site, options.course[extra])
    weeks = np.unique(np.concatenate([course_week, option_week]))
    room = supply.room[resource, site, weeks]
    most_use = int(use.max(initial=0)) + int(supply.person_use[resource].max(initial=0))
    weeks = weeks[room < most_use * len(supply.people)]
    if not len(weeks):
        return None
    row_of_week = np.full(supply.week_count, -1, dtype=np.int64)
    row_of_week[weeks] = np.arange(len(weeks))

    kept = row_of_week[course_week] >= 0
    by_course = entries(
        row_of_week[course_week[kept]],
        here[course_at[kept]],
        use[course_at[kept]],
        (len(weeks), courses.count),
    )
    kept = row_of_week[option_week] >= 0
    by_option = few_entries(
        row_of_week[option_week[kept]],
        extra[option_at[kept]],
        supply.person_use[resource, options.person[extra[option_at[kept]]]],
        (len(weeks), options.count),
    )
    lower, upper = of_limits(supply.room[resource, site, weeks])
    return RowGroup(
        rule="capacity",
        lower=lower,
        upper=upper,
        demands=demands_of_weeks(supply, site, weeks, supply.resources[resource]),
        by_course=by_course,
        by_option=by_option if by_option.nnz else None,
    )


def demands_of_weeks(
    supply: Supply, site: int, weeks: Iterable[int], resource: str | None = None
) -> tuple[Demand, ...]:
    """What a row for each of the site's `weeks` demands, of one resource or of all together."""
    return tuple(
        Demand(
            rule="capacity",
            unit="places",
            site_id=supply.sites[site].id,
            resource=resource,
            week=supply.week(int(week)).ordinal,
        )
        for week in weeks
    )


def _weeks_used(
    instance: Instance, resource: int, site: int, courses: NDArray[np.integer]
) -> tuple[Ints, Ints]:
    """``(k, week)`` for every week in which the k-th of `courses` uses the resource."""
    supply = instance.supply
    start, end = instance.courses.start[courses], instance.courses.end[courses]
    counts = end - start + 1
    at = np.repeat(np.arange(len(courses), dtype=np.int64), counts)
    within = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(
        np.cumsum(counts) - counts, counts
    )
    week = start[at] + within
    if supply.uses_when_paused(resource):
        return at, week
    active = ~supply.closed[site, week]
    return at[active], week[active]


RULE = Rule("capacity", allows_courses=_allows_courses, allows_options=_allows_options, rows=_rows)
