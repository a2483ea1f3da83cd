"""``match``: the sum of match points, from declared facts only.

Each part is rounded down by itself: wished task types found at the site, staff who know the person,
a short way, and the latest caseworker's rating. Nothing is predicted about a person.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from scheduler.goals.goal import Goal, Ints, no_constant
from scheduler.person import Person
from scheduler.rules.eligibility import travel_minutes

if TYPE_CHECKING:
    from scheduler.instance import Instance, Supply


def match_points(supply: Supply) -> Ints:
    """``points[person, site]``, 0–100."""
    points = np.zeros((len(supply.people), len(supply.sites)), dtype=np.int64)
    minutes = travel_minutes(supply)
    known: dict[Hashable, Ints] = {}
    for p, person in enumerate(supply.people):
        facts = (person.wishes, person.area, person.most_travel_minutes)
        if facts not in known:
            known[facts] = _from_wishes(supply, person) + _from_travel(supply, person, minutes)
        points[p] = known[facts]
        for site in person.known_sites:
            points[p, supply.site_index[site]] += supply.problem.weights.match.known_staff
    _add_ratings(supply, points)
    return points


def _from_wishes(supply: Supply, person: Person) -> Ints:
    most = supply.problem.weights.match.wishes
    wishes = set(person.wishes)
    if not wishes:
        return np.full(len(supply.sites), most, dtype=np.int64)
    hits = [len(wishes & set(site.task_types)) for site in supply.sites]
    return most * np.array(hits, dtype=np.int64) // len(wishes)


def _from_travel(supply: Supply, person: Person, minutes: dict[tuple[str, str], int]) -> Ints:
    weights = supply.problem.weights.match
    scale = person.most_travel_minutes
    if scale is None:
        scale = weights.travel_scale_minutes

    def points(area: str | None) -> int:
        if person.area is None or area is None or (person.area, area) not in minutes:
            return 0
        travel = minutes[person.area, area]
        if scale == 0:
            return weights.travel if travel == 0 else 0
        return weights.travel * max(0, scale - travel) // scale

    return np.array([points(site.area) for site in supply.sites], dtype=np.int64)


def _add_ratings(supply: Supply, points: Ints) -> None:
    problem = supply.problem
    latest = {
        (rating.person_id, rating.site_id): rating.points
        for rating in sorted(problem.ratings, key=lambda rating: rating.date)
        if rating.date <= problem.as_of
    }
    for (person_id, site_id), given in latest.items():
        person = supply.person_index.get(person_id)
        if person is not None:
            points[person, supply.site_index[site_id]] += (
                problem.weights.match.rating * given // 100
            )


def _coefficients(instance: Instance) -> Ints:
    supply, options = instance.supply, instance.options
    site = supply.site_of_offer[instance.courses.offer[options.course]]
    return match_points(supply)[options.person, site]


GOAL = Goal("match", _coefficients, no_constant)
