"""Every start of one person at one offer: those that are possible, or what rules the offer out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from providers import Week
from scheduler.check import Checker, length_of
from scheduler.check.window import may_start
from scheduler.plan import Placement
from scheduler.problem import Problem
from scheduler.violation import Fact, Violation

_WHENEVER: frozenset[Fact] = frozenset(
    {
        "seeks-no-place",
        "target-group-programme",
        "target-group-site",
        "status",
        "age",
        "needs",
        "excluded-site",
        "excluded-provider",
        "travel",
        "too-short",
        "too-long",
        "not-the-length",
    }
)
"""Facts about person and offer, which do not hang on the start."""


@dataclass(frozen=True, slots=True)
class OfferStarts:
    """When a person can start at an offer; exactly one of the two is empty."""

    possible: tuple[Placement, ...]
    """By start week; each breaks nothing by itself or alone with the enrolments."""
    ruled_out: tuple[Violation, ...]
    """What holds of every start week; if nothing does, what holds of the closest."""


def try_starts(checker: Checker, person_id: str, offer_id: str) -> OfferStarts:
    """The same as if each week were tried, which takes some ten times as long.

    A week in which the start alone is impossible is no choice. Where something stands in the way
    whenever the start is, the first week of which nothing else is said is the closest, and whatever
    is said of that week is said of all.
    """
    possible = []
    for week in may_start(checker.facts, person_id, offer_id):
        placement = placement_at(checker, person_id, offer_id, week)
        broken = checker.breaks_alone(placement)
        if not broken:
            possible.append(placement)
        elif all(found.fact in _WHENEVER for found in broken):
            return OfferStarts((), broken)
    if possible:
        return OfferStarts(tuple(possible), ())
    return OfferStarts((), _rule_out(_try_every_week(checker, person_id, offer_id)))


def start_weeks(problem: Problem) -> list[Week]:
    """Every start week of the plan."""
    return [problem.first_start + k for k in range(problem.last_start - problem.first_start + 1)]


def placement_at(checker: Checker, person_id: str, offer_id: str, start: Week) -> Placement:
    """The placement there and then, as long as it must be."""
    weeks = length_of(checker.facts, person_id, offer_id)
    return Placement(person_id=person_id, offer_id=offer_id, start=start, weeks=weeks)


def count_facts(violations: Iterable[Violation]) -> int:
    """How many different facts there are."""
    return len({violation.fact for violation in violations})


def is_pinned(violations: Iterable[Violation]) -> bool:
    """Whether only pins stand in the way."""
    return all(violation.rule == "pins" for violation in violations)


def _try_every_week(checker: Checker, person_id: str, offer_id: str) -> list[tuple[Violation, ...]]:
    return [
        checker.breaks_alone(placement_at(checker, person_id, offer_id, week))
        for week in start_weeks(checker.facts.problem)
    ]


def _rule_out(broken: Sequence[tuple[Violation, ...]]) -> tuple[Violation, ...]:
    always = frozenset[Fact].intersection(
        *(frozenset(found.fact for found in violations) for violations in broken)
    )
    closest = min(broken, key=lambda found: (count_facts(found), not is_pinned(found)))
    return tuple(found for found in closest if found.fact in always) or closest
