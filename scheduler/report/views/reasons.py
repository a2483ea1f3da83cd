"""Why people wait, in groups: counts only, nobody named."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from scheduler.explain.names import Names
from scheduler.explain.wording import find_wording, word_clause
from scheduler.language import Message
from scheduler.outcome import Blocker, PlanDocument, ReasonCode
from scheduler.problem import Problem
from scheduler.report.disclosure import Counts
from scheduler.report.label import Label
from scheduler.violation import RuleName, Violation

REASON_LABELS: dict[ReasonCode, Message] = {
    "no-option": Message("No offer fits"),
    "crowded-out": Message("What fits is taken by others"),
    "could-be-added": Message("There is still room"),
    "pinned-out": Message("Held back by a planner's decision"),
}
REASON_MEANINGS: dict[ReasonCode, Message] = {
    "no-option": Message("Every offer is ruled out by at least one fact about it or the person."),
    "crowded-out": Message(
        "At least one offer fits, but with the others' placements each start breaks a limit."
    ),
    "could-be-added": Message(
        "At least one start breaks nothing. The plan left it out because it is not proven best, "
        "or because a tolerance was spent."
    ),
    "pinned-out": Message("Only a planner's decision stands in the way."),
}

_Subject = tuple[RuleName, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class RuledOutBy:
    """A fact that rules offers out for people whom no offer fits."""

    rule: RuleName
    text: Label
    people: int
    """People for whom it rules out at least one offer."""
    offers: int
    """Pairs of person and offer that it rules out."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """Something that stands in the way of people for whom offers would fit."""

    rule: RuleName
    text: Label
    """Where it comes closest, in the first to the last week it concerns."""
    people: int
    options: int
    """Their possible placements that would break it."""


def reason_counts(document: PlanDocument) -> tuple[Counts[Label], ...]:
    """People who wait by reason, the most frequent first; reasons of nobody left out."""
    found = Counter(row.reason for row in document.waiting)
    order = sorted(found, key=lambda code: (-found[code], code))
    return tuple(Counts((REASON_LABELS[code],), (found[code],)) for code in order)


def ruled_out_by(document: PlanDocument) -> tuple[RuledOutBy, ...]:
    """Facts that rule offers out for people whom none fits, the most frequent first."""
    people: defaultdict[tuple[RuleName, str], set[str]] = defaultdict(set)
    offers: Counter[tuple[RuleName, str]] = Counter()
    for row in document.waiting:
        for offer in row.ruled_out:
            for key in {(each.rule, find_wording(each).brief) for each in offer.violations}:
                people[key].add(row.person_id)
                offers[key] += 1
    rows = (
        RuledOutBy(rule, Message(brief), len(people[rule, brief]), offers[rule, brief])
        for rule, brief in people
    )
    return tuple(sorted(rows, key=lambda row: (-row.people, -row.offers, str(row.text))))


def blocked_by(problem: Problem, document: PlanDocument) -> tuple[Blocked, ...]:
    """What stands in the way of people who are crowded out, the most frequent first."""
    names = Names(problem)
    blockers: defaultdict[_Subject, list[Blocker]] = defaultdict(list)
    people: defaultdict[_Subject, set[str]] = defaultdict(set)
    for row in document.waiting:
        for blocker in row.blockers:
            subject = _subject(blocker.example)
            blockers[subject].append(blocker)
            people[subject].add(row.person_id)
    rows = (
        Blocked(
            rule=subject[0],
            text=word_clause(_closest(blocker.example for blocker in found), names),
            people=len(people[subject]),
            options=sum(blocker.options for blocker in found),
        )
        for subject, found in blockers.items()
    )
    return tuple(sorted(rows, key=lambda row: (-row.people, -row.options, str(row.text))))


def _subject(violation: Violation) -> _Subject:
    """What a violation is about, apart from people, weeks and amounts."""
    where = (
        violation.site_id,
        violation.programme_id,
        violation.contract_id,
        violation.budget_line_id,
        violation.resource,
        violation.year,
    )
    first, second, third, fourth, fifth, sixth = (
        "" if each is None else str(each) for each in where
    )
    return violation.rule, violation.fact, first, second, third, fourth, fifth, sixth


def _closest(violations: Iterable[Violation]) -> Violation:
    """The violation that is broken by least, naming nobody, in all weeks concerned."""
    found = tuple(violations)
    closest = min(found, key=_excess)
    first_weeks = [each.first_week for each in found if each.first_week is not None]
    last_weeks = [each.last_week for each in found if each.last_week is not None]
    return closest.model_copy(
        update={
            "person_ids": (),
            "first_week": min(first_weeks, default=None),
            "last_week": max(last_weeks, default=None),
        }
    )


def _excess(violation: Violation) -> int:
    if violation.value is None or violation.limit is None:
        return 0
    return abs(violation.value - violation.limit)
