"""``eligibility``: target group, age, status, needs, exclusions and travel all fit.

Rule: an option is left out unless the person has one of the programme's and one of the site's
target groups, a status and an age the programme takes, needs that the site's equipment meets, no
exclusion of the site or its provider, known travel within the person's most minutes, and a start
not after the last eligible week.

Why: a place that does not fit is no place.

Checked by: `scheduler.check.eligibility`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from providers import Site
from scheduler.person import Person
from scheduler.programme import Programme
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Options, Supply

R = TypeVar("R")
V = TypeVar("V", bound=Hashable)


def travel_minutes(supply: Supply) -> dict[tuple[str, str], int]:
    """Known minutes by area of the person and area of the site; 0 within an area."""
    areas = {site.area for site in supply.sites if site.area is not None}
    known = {(area, area): 0 for area in areas}
    known.update({(t.from_area, t.to_area): t.minutes for t in supply.problem.travel})
    return known


def _allows_pairs(supply: Supply) -> Bools:
    fit = _Fit(supply)
    allowed = np.zeros((len(supply.people), len(supply.offers)), dtype=np.bool_)
    for index, person in enumerate(supply.people):
        allowed[index] = fit.offers(person)
    return allowed


class _Fit:
    """Which offers fit a person; each fact is looked at once for all people who share it."""

    def __init__(self, supply: Supply) -> None:
        self._sites = supply.sites
        self._programmes = list(supply.programmes.values())
        place = {programme.id: index for index, programme in enumerate(self._programmes)}
        self._programme_of_offer = np.array(
            [place[offer.programme_id] for offer in supply.offers], dtype=np.intp
        )
        self._site_of_offer = supply.site_of_offer
        self._minutes = travel_minutes(supply)
        self._known: dict[Hashable, Bools] = {}

    def offers(self, person: Person) -> Bools:
        """``fits[offer]``."""
        programmes = (
            self._rows(self._programmes, _takes_group, person.target_groups)
            & self._rows(self._programmes, _takes_status, person.status)
            & self._rows(self._programmes, _takes_age, person.age)
        )
        sites = (
            self._rows(self._sites, _has_group, person.target_groups)
            & self._rows(self._sites, _meets, person.needs)
            & self._rows(self._sites, self._is_near, (person.area, person.most_travel_minutes))
        )
        excluded = (person.excluded_sites, person.excluded_providers)
        if any(excluded):
            sites = sites & self._rows(self._sites, _is_open_to, excluded)
        return np.asarray(programmes[self._programme_of_offer] & sites[self._site_of_offer])

    def _rows(self, records: Sequence[R], test: Callable[[R, V], bool], value: V) -> Bools:
        """``test(record, value)`` of each record, asked once for each value."""
        key = (test, value)
        if key not in self._known:
            self._known[key] = np.array([test(each, value) for each in records], dtype=np.bool_)
        return self._known[key]

    def _is_near(self, site: Site, reach: tuple[str | None, int | None]) -> bool:
        area, most = reach
        if most is None:
            return True
        if area is None or site.area is None:
            return False
        travel = self._minutes.get((area, site.area))
        return travel is not None and travel <= most


def _takes_group(programme: Programme, groups: tuple[str, ...]) -> bool:
    return not programme.target_groups or bool(set(programme.target_groups) & set(groups))


def _takes_status(programme: Programme, status: str) -> bool:
    return not programme.statuses or status in programme.statuses


def _takes_age(programme: Programme, age: int | None) -> bool:
    if programme.least_age is None and programme.most_age is None:
        return True
    if age is None:
        return False
    least = programme.least_age if programme.least_age is not None else age
    most = programme.most_age if programme.most_age is not None else age
    return least <= age <= most


def _has_group(site: Site, groups: tuple[str, ...]) -> bool:
    return not site.target_groups or bool(set(site.target_groups) & set(groups))


def _meets(site: Site, needs: tuple[str, ...]) -> bool:
    return set(needs) <= set(site.equipment)


def _is_open_to(site: Site, excluded: tuple[tuple[str, ...], tuple[str, ...]]) -> bool:
    sites, providers = excluded
    return site.id not in sites and site.provider_id not in providers


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
