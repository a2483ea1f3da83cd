"""A course starts when it can, and ends in time.

Rule: the start is not before the referral, nor outside the first and last start of the person, the
plan, the programme and the offer; it fits the offer's start pattern; it is not a closed week; and
the course runs neither outside the site's opening weeks nor outside the contract's weeks.

Why: people, programmes, offers, sites and contracts each have their weeks.

Checked by: one comparison a fact. `first_week` and `last_week` are the course's; `value` is by how
many weeks it is too late, negative where it is too early, and `limit` is then 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from providers import Offer, Week
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.rule import Rule
from scheduler.violation import Fact, Violation

Outside = tuple[Fact, int | None]
"""A fact that does not hold, and by how many weeks."""


def by_itself(facts: Facts, course: Course) -> Iterator[Violation]:
    """Every window that the course does not fit."""
    for fact, weeks in (*_starts(facts, course), *_pattern(facts, course), *_runs(facts, course)):
        yield Violation(
            rule="window",
            fact=fact,
            person_ids=(course.person_id,),
            offer_id=course.offer_id,
            site_id=course.site_id,
            programme_id=course.programme_id,
            contract_id=course.contract_id,
            first_week=course.start,
            last_week=course.end,
            limit=None if weeks is None else 0,
            value=weeks,
        )


def may_start(facts: Facts, person_id: str, offer_id: str) -> Iterator[Week]:
    """The plan's weeks in which nothing about the start alone stands in the way, in order."""
    bounds = [*_bounds(facts, person_id, offer_id)]
    first = max(earliest for _, earliest, _ in bounds if earliest is not None)
    last = min(latest for _, _, latest in bounds if latest is not None)
    offer = facts.offers[offer_id]
    closed = facts.closed[offer.site_id]
    for ordinal in range(first.ordinal, last.ordinal + 1):
        week = Week(ordinal)
        if _fits_pattern(offer, week) and week not in closed:
            yield week


def _starts(facts: Facts, course: Course) -> Iterator[Outside]:
    start = course.start
    for fact, earliest, latest in _bounds(facts, course.person_id, course.offer_id):
        yield from _outside(fact, start, start, earliest, latest)


def _bounds(
    facts: Facts, person_id: str, offer_id: str
) -> Iterator[tuple[Fact, Week | None, Week | None]]:
    """Each first and last start, and what is said of a start outside."""
    problem, person, offer = facts.problem, facts.people[person_id], facts.offers[offer_id]
    programme = facts.programmes[offer.programme_id]
    yield "before-referral", person.referral, None
    yield "person-window", person.earliest_start, person.latest_start
    yield "plan-window", problem.first_start, problem.last_start
    yield "programme-window", programme.first_start, programme.last_start
    yield "offer-window", offer.first_start, offer.last_start


def _pattern(facts: Facts, course: Course) -> Iterator[Outside]:
    if not _fits_pattern(facts.offers[course.offer_id], course.start):
        yield "start-pattern", None
    if course.start in facts.closed[course.site_id]:
        yield "closed-start", None


def _fits_pattern(offer: Offer, start: Week) -> bool:
    if offer.start_weeks and start not in offer.start_weeks:
        return False
    if offer.start_every_weeks is None or offer.first_start is None:
        return True
    return (start - offer.first_start) % offer.start_every_weeks == 0


def _runs(facts: Facts, course: Course) -> Iterator[Outside]:
    site = facts.sites[course.site_id]
    yield from _outside("site-not-open", course.start, course.end, site.opens, site.closes)
    if course.contract_id is not None:
        contract = facts.contracts[course.contract_id]
        yield from _outside(
            "contract-period", course.start, course.end, contract.first_week, contract.last_week
        )


def _outside(
    fact: Fact, first: Week, last: Week, earliest: Week | None, latest: Week | None
) -> Iterator[Outside]:
    if earliest is not None and first < earliest:
        yield fact, first - earliest
    if latest is not None and last > latest:
        yield fact, last - latest


RULE = Rule(name="window", by_itself=by_itself)
