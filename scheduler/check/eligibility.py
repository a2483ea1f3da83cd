"""The person and the place fit each other.

Rule: the person has one of the programme's target groups and one of the site's, where they name
any; the status is one of the programme's, where it names any; the age is known and within the
programme's limits, where it has any; the start is not after the person's last eligible week; every
need is in the site's equipment; neither the site nor its provider is ruled out; and where the
person has a most travel time, travel from the person's area to the site's is known and not longer.

Why: a course that a person may not have, cannot reach or cannot use is no course.

Checked by: one comparison a fact. `codes` holds the person's target groups, the status or the unmet
needs; `limit` and `value` are ages, minutes, or weeks after the last eligible week. A `value` that
is missing is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from providers import Site
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.rule import Rule
from scheduler.person import Person
from scheduler.programme import Programme
from scheduler.violation import Fact, Violation


def by_itself(facts: Facts, course: Course) -> Iterator[Violation]:
    """Every fact that does not fit."""
    person = facts.people[course.person_id]
    site = facts.sites[course.site_id]
    programme = facts.programmes[course.programme_id]
    for fact, details in (
        *_groups(person, programme, site),
        *_status_and_age(person, programme),
        *_last_week(person, course),
        *_place(person, site),
        *_way(facts, person, site),
    ):
        yield Violation(
            rule="eligibility",
            fact=fact,
            person_ids=(person.id,),
            offer_id=course.offer_id,
            site_id=course.site_id,
            provider_id=course.provider_id,
            programme_id=course.programme_id,
            first_week=course.start,
            last_week=course.end,
            **details,
        )


Misfit = tuple[Fact, dict[str, Any]]


def _groups(person: Person, programme: Programme, site: Site) -> Iterator[Misfit]:
    groups = person.target_groups
    if programme.target_groups and not set(groups) & set(programme.target_groups):
        yield "target-group-programme", {"codes": groups}
    if site.target_groups and not set(groups) & set(site.target_groups):
        yield "target-group-site", {"codes": groups}


def _status_and_age(person: Person, programme: Programme) -> Iterator[Misfit]:
    if programme.statuses and person.status not in programme.statuses:
        yield "status", {"codes": (person.status,)}
    least, most = programme.least_age, programme.most_age
    if least is not None and (person.age is None or person.age < least):
        yield "age", {"limit": least, "value": person.age}
    elif most is not None and (person.age is None or person.age > most):
        yield "age", {"limit": most, "value": person.age}


def _last_week(person: Person, course: Course) -> Iterator[Misfit]:
    last = person.last_eligible_week
    if last is not None and course.start > last:
        yield "last-eligible-week", {"limit": 0, "value": course.start - last}


def _place(person: Person, site: Site) -> Iterator[Misfit]:
    unmet = tuple(need for need in person.needs if need not in site.equipment)
    if unmet:
        yield "needs", {"codes": unmet}
    if site.id in person.excluded_sites:
        yield "excluded-site", {}
    if site.provider_id in person.excluded_providers:
        yield "excluded-provider", {}


def _way(facts: Facts, person: Person, site: Site) -> Iterator[Misfit]:
    most = person.most_travel_minutes
    if most is None:
        return
    minutes = facts.minutes(person.id, site.id)
    if minutes is None or minutes > most:
        yield "travel", {"limit": most, "value": minutes}


RULE = Rule(name="eligibility", by_itself=by_itself)
