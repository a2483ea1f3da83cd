"""A planner's word holds.

Rule: for each fixed pin the person has a placement that fits it; no placement fits a forbidden pin.
A placement fits a pin if the person is the same, and the offer and the start where the pin gives
them.

Why: what a planner has promised or ruled out is not up to a program.

Checked by: looking for a placement that fits each pin.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.rule import Rule
from scheduler.person import Pin
from scheduler.violation import Violation


def fits(pin: Pin, course: Course) -> bool:
    """Whether the course of the pin's person fits the pin."""
    return pin.offer_id in {None, course.offer_id} and pin.start in {None, course.start}


def by_itself(facts: Facts, course: Course) -> Iterator[Violation]:
    """A placement that is forbidden."""
    for pin in facts.pins.get(course.person_id, ()):
        if pin.kind == "forbidden" and fits(pin, course):
            yield Violation(
                rule="pins",
                fact="forbidden",
                person_ids=(course.person_id,),
                offer_id=course.offer_id,
                site_id=course.site_id,
                first_week=course.start,
                last_week=course.start,
            )


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every fixed pin that no placement fits."""
    for person_id in sorted(ledger.facts.pins):
        for pin in ledger.facts.pins[person_id]:
            held = ledger.placed.get(person_id, ())
            if pin.kind == "fixed" and not any(fits(pin, course) for course in held):
                yield _missing(ledger.facts, pin)


def _missing(facts: Facts, pin: Pin) -> Violation:
    site_id = None if pin.offer_id is None else facts.offers[pin.offer_id].site_id
    return Violation(
        rule="pins",
        fact="fixed-missing",
        person_ids=(pin.person_id,),
        offer_id=pin.offer_id,
        site_id=site_id,
        first_week=pin.start,
        last_week=pin.start,
    )


RULE = Rule(name="pins", by_itself=by_itself, whole=whole)
