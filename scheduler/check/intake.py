"""No site starts more people in a week than it can take in.

Rule: where a site has a most of starts a week, the courses that start there in a week, at any of
its offers and enrolments included, are at most that many. Where enrolments alone are more, that is
inherited, and no placement may start there in that week.

Why: whoever starts needs somebody's time in the first days, however many places are free.

Checked by: counting courses by site and start week.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from providers import Week
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.limits import Excess, Limit, exceeded, newly_exceeded
from scheduler.check.rule import Counts, Rule
from scheduler.violation import Violation


def counts(facts: Facts, course: Course) -> Counts:
    """By site and start week: one start, where the site has a most."""
    if facts.sites[course.site_id].most_starts_a_week is None:
        return ()
    return (((course.site_id, course.start.ordinal), 1),)


def limit_of(facts: Facts) -> Limit:
    """The most starts a week by site and start week, if set."""
    return lambda key: facts.sites[key[0]].most_starts_a_week


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """One start more than the site can take."""
    facts = ledger.facts
    for excess in newly_exceeded(ledger, "intake", counts(facts, course), limit_of(facts)):
        yield _violation(excess, course.about)


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every site and week with too many starts."""
    for excess in exceeded(ledger, "intake", ledger.keys("intake"), limit_of(ledger.facts)):
        people = () if excess.inherited else ledger.people(counts, [excess.key])
        yield _violation(excess, {"person_ids": people, "inherited": excess.inherited})


def _violation(excess: Excess, about: dict[str, Any]) -> Violation:
    site_id, ordinal = excess.key
    details = {
        **about,
        "site_id": site_id,
        "first_week": Week(ordinal),
        "last_week": Week(ordinal),
        "limit": excess.limit,
        "value": excess.value,
    }
    return Violation(rule="intake", fact="too-many-starts", **details)


RULE = Rule(name="intake", counts=counts, alone=adding, adding=adding, whole=whole)
