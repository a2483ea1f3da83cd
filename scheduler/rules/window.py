"""``window``: start and end within the weeks of person, plan, programme, offer, site and contract.

Rule: an option starts not before the referral, within the person's, the plan's, the programme's and
the offer's weeks and start pattern, and not in a closed week; it runs while the site is open and
the contract lasts.

Why: a course that cannot start or cannot be finished helps nobody.

Checked by: `scheduler.check.window`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from providers import Offer, Week
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Supply

Ints = NDArray[np.int64]


def person_weeks(supply: Supply, *, bound: bool) -> tuple[Ints, Ints]:
    """``(earliest[person], latest[person])`` start positions; everything unless `bound`."""
    count = len(supply.people)
    earliest = np.full(count, -1, dtype=np.int64)
    latest = np.full(count, supply.week_count, dtype=np.int64)
    if bound:
        for p, person in enumerate(supply.people):
            first = max(person.referral, person.earliest_start or person.referral)
            earliest[p] = supply.position(first)
            if person.latest_start is not None:
                latest[p] = supply.position(person.latest_start)
    return earliest, latest


def _allows(supply: Supply, courses: Courses) -> Bools:
    allowed = np.ones(courses.count, dtype=np.bool_)
    for index, offer in enumerate(supply.offers):
        own = np.flatnonzero(courses.offer == index)
        start, end = courses.start[own], courses.end[own]
        site = supply.sites[int(supply.site_of_offer[index])]
        allowed[own] = (
            _fits_pattern(supply, offer, start)
            & ~supply.closed[int(supply.site_of_offer[index]), start]
            & _within(supply, site.opens, site.closes, start, end)
        )
        programme = supply.programmes[offer.programme_id]
        allowed[own] &= _within(supply, programme.first_start, programme.last_start, start, start)
        allowed[own] &= _within(supply, offer.first_start, offer.last_start, start, start)
        if offer.contract_id is not None:
            contract = supply.contracts[offer.contract_id]
            allowed[own] &= _within(supply, contract.first_week, contract.last_week, start, end)
    return allowed


def _within(supply: Supply, first: Week | None, last: Week | None, start: Ints, end: Ints) -> Bools:
    allowed = np.ones(len(start), dtype=np.bool_)
    if first is not None:
        allowed &= start >= supply.position(first)
    if last is not None:
        allowed &= end <= supply.position(last)
    return allowed


def _fits_pattern(supply: Supply, offer: Offer, start: Ints) -> Bools:
    allowed = np.ones(len(start), dtype=np.bool_)
    if offer.start_weeks:
        allowed &= np.isin(start, [supply.position(week) for week in offer.start_weeks])
    if offer.start_every_weeks is not None and offer.first_start is not None:
        allowed &= (start - supply.position(offer.first_start)) % offer.start_every_weeks == 0
    return allowed


RULE = Rule("window", allows_courses=_allows)
