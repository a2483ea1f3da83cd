"""A group starts together or not at all.

Rule: at an offer whose groups need f > 1 participants, and for each start week: if the plan starts
anybody there, then enrolments and placements that start there are together at least f. A group of
enrolments alone that is too small is inherited.

Why: a group course with too few participants does not go ahead.

Checked by: counting the starts of each offer and week.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from providers import Week
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.rule import Counts, Rule
from scheduler.violation import Violation


def counts(facts: Facts, course: Course) -> Counts:
    """By offer and start week: one start, where the offer has groups."""
    if facts.offers[course.offer_id].fewest_participants > 1:
        return (((course.offer_id, course.start.ordinal), 1),)
    return ()


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """The first placement of a group that stays too small with it."""
    for key, _ in counts(ledger.facts, course):
        is_first = key not in ledger.planned["cohort"]
        value = ledger.together("cohort", key) + 1
        if is_first and value < ledger.facts.offers[course.offer_id].fewest_participants:
            yield _violation(ledger.facts, key, value, course.about)


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every group that is too small."""
    facts = ledger.facts
    for key in ledger.keys("cohort"):
        value = ledger.together("cohort", key)
        if value < facts.offers[key[0]].fewest_participants:
            inherited = key not in ledger.planned["cohort"]
            people = ledger.people(counts, [key])
            about = {"person_ids": people, "inherited": inherited}
            yield _violation(facts, key, value, about)


def _violation(facts: Facts, key: tuple[str, int], value: int, about: dict[str, Any]) -> Violation:
    offer = facts.offers[key[0]]
    details = {
        **about,
        "offer_id": offer.id,
        "site_id": offer.site_id,
        "programme_id": offer.programme_id,
        "first_week": Week(key[1]),
        "last_week": Week(key[1]),
        "limit": offer.fewest_participants,
        "value": value,
    }
    return Violation(rule="cohort", fact="group-too-small", **details)


RULE = Rule(name="cohort", counts=counts, adding=adding, whole=whole)
