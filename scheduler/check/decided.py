"""A placement with everything that follows from it."""

from __future__ import annotations

from scheduler.check.courses import course_of
from scheduler.check.facts import Facts
from scheduler.check.goals import match_points, wait_weeks
from scheduler.outcome import DecidedPlacement
from scheduler.plan import Placement


def decided_placement(facts: Facts, placement: Placement) -> DecidedPlacement:
    """`placement` with where it is, when it ends, what it costs and why it fits."""
    course = course_of(facts, placement)
    return DecidedPlacement(
        person_id=course.person_id,
        offer_id=course.offer_id,
        site_id=course.site_id,
        provider_id=course.provider_id,
        programme_id=course.programme_id,
        start=course.start,
        end=course.end,
        weeks=course.weeks,
        wait_weeks=wait_weeks(facts, facts.people[course.person_id], (course,)),
        match=match_points(facts, course.person_id, course.site_id),
        cost_ore=course.cost_ore,
        costs=course.costs,
    )
