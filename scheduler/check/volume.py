"""No more courses than were decided.

Rule: where a programme has a volume for a year, its courses that start in that year, enrolments
included, are at most that many. Where enrolments alone are more, that is inherited, and no
placement may be added.

Why: a council decides on a number of courses as well as on money.

Checked by: counting courses by programme and ISO year of the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.limits import Excess, Limit, exceeded, newly_exceeded
from scheduler.check.rule import Counts, Rule
from scheduler.violation import Violation


def counts(facts: Facts, course: Course) -> Counts:
    """By programme and year of start: one course."""
    return (((course.programme_id, facts.year(course.start)), 1),)


def limit_of(facts: Facts) -> Limit:
    """The volume by programme and year, if set."""
    volumes = facts.once("volumes", lambda: _volumes(facts))
    return volumes.get


def _volumes(facts: Facts) -> dict[tuple[str, int], int]:
    return {
        (programme.id, volume.year): volume.most
        for programme in facts.problem.programmes
        for volume in programme.volumes
    }


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """One course more than the volume."""
    facts = ledger.facts
    for excess in newly_exceeded(ledger, "volume", counts(facts, course), limit_of(facts)):
        yield _violation(excess, course.about)


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every volume that is exceeded."""
    for excess in exceeded(ledger, "volume", ledger.keys("volume"), limit_of(ledger.facts)):
        people = () if excess.inherited else ledger.people(counts, [excess.key])
        yield _violation(excess, {"person_ids": people, "inherited": excess.inherited})


def _violation(excess: Excess, about: dict[str, Any]) -> Violation:
    programme_id, year = excess.key
    details = {
        **about,
        "programme_id": programme_id,
        "year": year,
        "limit": excess.limit,
        "value": excess.value,
    }
    return Violation(rule="volume", fact="too-many-courses", **details)


RULE = Rule(name="volume", counts=counts, alone=adding, adding=adding, whole=whole)
