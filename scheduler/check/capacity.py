"""Nobody sits where there is no place.

Rule: in every week, what enrolments and placements together use of a resource at a site is at most
its amount: in active weeks the offer's uses plus the person's own, in paused weeks only ``places``.
Where enrolments alone use more, that is inherited, and placements may use nothing of it.

Why: places, support hours and case loads are there only once.

Checked by: adding up every week. Consecutive weeks are one violation; `limit` and `value` are those
of the week that is exceeded by most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from providers import Week
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.limits import Excess, Limit, exceeded, newly_exceeded
from scheduler.check.rule import Counts, Rule
from scheduler.violation import Violation


def counts(facts: Facts, course: Course) -> Counts:
    """By site, resource and week: what the course uses."""
    key = ("capacity", course.offer_id, course.start.ordinal, course.end.ordinal, course.uses)
    return facts.once(key, lambda: _counts(course))


def _counts(course: Course) -> Counts:
    weekly = [(week, course.uses) for week in course.active]
    weekly += [(week, course.keeps) for week in course.paused]
    return sorted(
        ((course.site_id, resource, week.ordinal), amount)
        for week, uses in weekly
        for resource, amount in uses
    )


def limit_of(facts: Facts) -> Limit:
    """The amount by site, resource and week."""
    return facts.amounts.__getitem__


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """What would be exceeded, with the newcomer's name on it."""
    new = newly_exceeded(ledger, "capacity", counts(ledger.facts, course), limit_of(ledger.facts))
    for excesses in _runs(new):
        yield _violation(excesses, course.about)


def whole(ledger: Ledger) -> Iterator[Violation]:
    """What is exceeded, with the people placed there in those weeks."""
    keys = ledger.keys("capacity")
    for excesses in _runs(exceeded(ledger, "capacity", keys, limit_of(ledger.facts))):
        people = ledger.people(counts, [excess.key for excess in excesses])
        yield _violation(excesses, {} if excesses[0].inherited else {"person_ids": people})


def _runs(excesses: Iterable[Excess]) -> Iterator[list[Excess]]:
    """Excesses of one resource in consecutive weeks, together."""
    run: list[Excess] = []
    for excess in excesses:
        if run and not _follows(run[-1], excess):
            yield run
            run = []
        run.append(excess)
    if run:
        yield run


def _follows(earlier: Excess, later: Excess) -> bool:
    site_id, resource, ordinal = earlier.key
    same = earlier.inherited == later.inherited
    return same and later.key == (site_id, resource, ordinal + 1)


def _violation(excesses: list[Excess], about: dict[str, Any]) -> Violation:
    worst = max(excesses, key=lambda excess: excess.value - excess.limit)
    site_id, resource, first = excesses[0].key
    details = {
        **about,
        "site_id": site_id,
        "resource": resource,
        "inherited": worst.inherited,
        "first_week": Week(first),
        "last_week": Week(excesses[-1].key[2]),
        "limit": worst.limit,
        "value": worst.value,
    }
    return Violation(rule="capacity", fact="resource-exceeded", **details)


RULE = Rule(name="capacity", counts=counts, alone=adding, adding=adding, whole=whole)
