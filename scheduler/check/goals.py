"""The exact value of each goal."""

from __future__ import annotations

from scheduler.check.contract import shortfalls
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.outcome import GoalValues, MatchPoints
from scheduler.person import Person


def goal_values(ledger: Ledger) -> GoalValues:
    """The goals' values for the placements of a ledger."""
    facts = ledger.facts
    courses = list(ledger.courses())
    return GoalValues(
        placed=sum(weight(facts, facts.people[person_id]) for person_id in ledger.placed),
        match=sum(
            match_points(facts, course.person_id, course.site_id).total for course in courses
        ),
        wait=sum(
            weight(facts, person) * wait_weeks(facts, person, ledger.placed.get(person.id, ()))
            for person in facts.problem.people
            if person.seeks_place
        ),
        cost=sum(course.cost_ore for course in courses)
        + sum(short.ore for short in shortfalls(ledger)),
    )


def weight(facts: Facts, person: Person) -> int:
    """How much a person counts by priority."""
    return facts.problem.weights.priority.of(person.priority)


def wait_weeks(
    facts: Facts, person: Person, courses: tuple[Course, ...] | list[Course] = ()
) -> int:
    """Weeks from the referral to the start, or to the week after the last start week."""
    not_placed = facts.problem.last_start + 1
    start = min((course.start for course in courses), default=not_placed)
    return start - person.referral


def match_points(facts: Facts, person_id: str, site_id: str) -> MatchPoints:
    """What the declared facts say about how well the site suits the person."""
    return facts.once(
        ("match", person_id, site_id), lambda: _match_points(facts, person_id, site_id)
    )


def _match_points(facts: Facts, person_id: str, site_id: str) -> MatchPoints:
    most = facts.problem.weights.match
    person, site = facts.people[person_id], facts.sites[site_id]
    wishes = most.wishes
    if person.wishes:
        hits = sum(wish in site.task_types for wish in person.wishes)
        wishes = most.wishes * hits // len(person.wishes)
    known_staff = most.known_staff if site_id in person.known_sites else 0
    travel = _travel_points(
        most.travel,
        facts.minutes(person_id, site_id),
        most.travel_scale_minutes
        if person.most_travel_minutes is None
        else person.most_travel_minutes,
    )
    rating = most.rating * (facts.rating(person_id, site_id) or 0) // 100
    return MatchPoints(
        wishes=wishes,
        known_staff=known_staff,
        travel=travel,
        rating=rating,
        total=wishes + known_staff + travel + rating,
    )


def _travel_points(most: int, minutes: int | None, scale: int) -> int:
    if minutes is None:
        return 0
    if scale == 0:
        return most if minutes == 0 else 0
    return most * max(0, scale - minutes) // scale
