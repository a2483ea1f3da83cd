"""``eligibility``: target group, age, status, needs, exclusions and travel all fit.

Rule: an option is left out unless the person has one of the programme's and one of the site's
target groups, a status and an age the programme takes, needs that the site's equipment meets, no
exclusion of the site or its provider, known travel within the person's most minutes, and a start
not after the last eligible week.

Why: a place that does not fit is no place.

Checked by: `scheduler.check.eligibility`.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from providers import Offer, Site
from scheduler.person import Person
from scheduler.programme import Programme
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Options, Supply


def travel_minutes(supply: Supply) -> dict[tuple[str, str], int]:
    """Known minutes by area of the person and area of the site; 0 within an area."""
    areas = {site.area for site in supply.sites if site.area is not None}
    known = {(area, area): 0 for area in areas}
    known.update({(t.from_area, t.to_area): t.minutes for t in supply.problem.travel})
    return known


def _facts(person: Person) -> Hashable:
    """Everything about a person that the rule looks at apart from weeks."""
    return (
        person.target_groups,
        person.status,
        person.age,
        person.needs,
        person.excluded_sites,
        person.excluded_providers,
        person.area,
        person.most_travel_minutes,
    )


def _takes(programme: Programme, person: Person) -> bool:
    if programme.target_groups and not set(programme.target_groups) & set(person.target_groups):
        return False
    if programme.statuses and person.status not in programme.statuses:
        return False
    if programme.least_age is None and programme.most_age is None:
        return True
    if person.age is None:
        return False
    least = programme.least_age if programme.least_age is not None else person.age
    most = programme.most_age if programme.most_age is not None else person.age
    return least <= person.age <= most


def _suits(site: Site, person: Person, minutes: dict[tuple[str, str], int]) -> bool:
    if site.target_groups and not set(site.target_groups) & set(person.target_groups):
        return False
    if not set(person.needs) <= set(site.equipment):
        return False
    if site.id in person.excluded_sites or site.provider_id in person.excluded_providers:
        return False
    if person.most_travel_minutes is None:
        return True
    if person.area is None or site.area is None:
        return False
    travel = minutes.get((person.area, site.area))
    return travel is not None and travel <= person.most_travel_minutes


def _allows_pairs(supply: Supply) -> Bools:
    allowed = np.zeros((len(supply.people), len(supply.offers)), dtype=np.bool_)
    minutes = travel_minutes(supply)
    rows: dict[Hashable, Bools] = {}
    for p, person in enumerate(supply.people):
        facts = _facts(person)
        if facts not in rows:
            rows[facts] = _allows_offers(supply, person, minutes)
        allowed[p] = rows[facts]
    return allowed


def _allows_offers(supply: Supply, person: Person, minutes: dict[tuple[str, str], int]) -> Bools:
    programmes = {key: _takes(value, person) for key, value in supply.programmes.items()}
    sites = [_suits(site, person, minutes) for site in supply.sites]

    def fits(index: int, offer: Offer) -> bool:
        return programmes[offer.programme_id] and sites[int(supply.site_of_offer[index])]

    return np.array([fits(i, offer) for i, offer in enumerate(supply.offers)], dtype=np.bool_)


def _allows_options(supply: Supply, courses: Courses, options: Options) -> Bools:
    beyond = supply.week_count
    last = np.array(
        [
            supply.position(person.last_eligible_week) if person.last_eligible_week else beyond
            for person in supply.people
        ],
        dtype=np.int64,
    )
    return np.asarray(courses.start[options.course] <= last[options.person], dtype=np.bool_)


RULE = Rule("eligibility", allows_pairs=_allows_pairs, allows_options=_allows_options)
