"""Pins that no plan can keep."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from providers import Offer
from scheduler.check import eligibility, length, one_course, pins, window
from scheduler.check.courses import course_of, length_of
from scheduler.check.facts import Facts
from scheduler.explain.names import Names
from scheduler.explain.wording import word_clause
from scheduler.faults import Fault
from scheduler.language import Message
from scheduler.person import Pin
from scheduler.plan import Placement
from scheduler.problem import Problem
from scheduler.violation import Violation

_BY_ITSELF = (one_course.RULE, eligibility.RULE, window.RULE, length.RULE)


def pin_faults(problem: Problem) -> tuple[Fault, ...]:
    """Fixed pins that cannot be met; every id that the problem's records name must exist.

    They are second fixed pins of one person, pins that no placement can meet without breaking
    one-course, eligibility, window or length by itself, and pins that forbidden ones rule out.
    """
    if not any(pin.kind == "fixed" for pin in problem.pins):
        return ()
    facts = Facts(problem)
    fixed = [(row, pin) for row, pin in enumerate(problem.pins) if pin.kind == "fixed"]
    times = Counter(pin.person_id for _, pin in fixed)
    return tuple(
        fault
        for row, pin in fixed
        for fault in (*_twice(row, pin, times[pin.person_id]), *_not_met(facts, row, pin))
    )


def _twice(row: int, pin: Pin, times: int) -> Iterator[Fault]:
    if times > 1:
        expected = Message("one fixed placement a person, not {times}", times=times)
        yield Fault("pins", row, "person_id", pin.person_id, expected)


def _not_met(facts: Facts, row: int, pin: Pin) -> Iterator[Fault]:
    tries = [_tried(facts, placement) for placement in _candidates(facts, pin)]
    if any(not broken and not forbidden for broken, forbidden in tries):
        return
    if any(not broken for broken, _ in tries):
        expected = Message("a fixed placement that no forbidden pin of the same person rules out")
        yield Fault("pins", row, "kind", pin.kind, expected)
        return
    nearest = min((broken for broken, _ in tries), key=len)
    names = Names(facts.problem)
    expected = Message(
        "a fixed placement that is possible; what stands in the way: {why}",
        why=tuple(word_clause(found, names) for found in nearest),
    )
    field = "offer_id" if pin.start is None else "start"
    yield Fault("pins", row, field, str(pin.start or pin.offer_id), expected)


def _tried(facts: Facts, placement: Placement) -> tuple[list[Violation], bool]:
    course = course_of(facts, placement)
    broken = [found for rule in _BY_ITSELF for found in rule.by_itself(facts, course)]
    return broken, any(True for _ in pins.RULE.by_itself(facts, course))


def _candidates(facts: Facts, pin: Pin) -> Iterator[Placement]:
    """The placements that fit the pin and are as long as they must be."""
    first, last = facts.problem.first_start, facts.problem.last_start
    starts = [first + later for later in range(last - first + 1)]
    offers: list[Offer] = [facts.offers[pin.offer_id]] if pin.offer_id else [*facts.offers.values()]
    for offer in offers:
        for start in starts if pin.start is None else [pin.start]:
            yield Placement(
                person_id=pin.person_id,
                offer_id=offer.id,
                start=start,
                weeks=length_of(facts, pin.person_id, offer.id),
            )
