"""A course is as long as it must be.

Rule: a placement has max(programme's least weeks, person's weeks, offer's weeks) active weeks. That
fits the offer if it is not more than the offer's weeks, or if it is not more than the offer's most
weeks and extra weeks have a price.

Why: a shorter course is not the one decided on; a longer one was never bought.

Checked by: computing the length anew. `limit` and `value` are active weeks.
"""

from __future__ import annotations

from collections.abc import Iterator

from providers import Offer
from scheduler.check.courses import Course, length_of
from scheduler.check.facts import Facts
from scheduler.check.rule import Rule
from scheduler.violation import Fact, Violation


def by_itself(facts: Facts, course: Course) -> Iterator[Violation]:
    """A length that is not right, or that the offer cannot give."""
    right = length_of(facts, course.person_id, course.offer_id)
    most = most_weeks(facts.offers[course.offer_id])
    if course.weeks < right:
        yield _violation(course, "too-short", right, course.weeks)
    if course.weeks > right:
        yield _violation(course, "not-the-length", right, course.weeks)
    if right > most:
        yield _violation(course, "too-long", most, right)


def most_weeks(offer: Offer) -> int:
    """The most active weeks that the offer can give at a known price."""
    extra_has_price = offer.price_per == "week" or offer.extra_week_price_ore is not None
    return max(offer.weeks, (offer.most_weeks or 0) if extra_has_price else 0)


def _violation(course: Course, fact: Fact, limit: int, value: int) -> Violation:
    return Violation(
        rule="length",
        fact=fact,
        person_ids=(course.person_id,),
        offer_id=course.offer_id,
        site_id=course.site_id,
        programme_id=course.programme_id,
        first_week=course.start,
        last_week=course.end,
        limit=limit,
        value=value,
    )


RULE = Rule(name="length", by_itself=by_itself)
