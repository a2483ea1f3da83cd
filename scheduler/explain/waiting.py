"""Why each waiting person is not placed, by what the checker says of each possible placement."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from providers import Week
from scheduler.check import Checker, Facts, Verified
from scheduler.explain.citizen import tell_causes, tell_could_be_added, tell_pinned_out
from scheduler.explain.crowding import Crowding, Obstacle
from scheduler.explain.names import Names, join_clauses
from scheduler.explain.starts import (
    OfferStarts,
    count_facts,
    is_pinned,
    placement_at,
    start_weeks,
    try_starts,
)
from scheduler.explain.wording import find_wording, word_clause
from scheduler.language import Message
from scheduler.outcome import Blocker, RuledOut, WaitingPerson
from scheduler.plan import Placement, Plan, Start, start_of
from scheduler.problem import Problem
from scheduler.violation import Fact, Violation

_MOST_EXAMPLES = 5
"""How many placements that could be added are listed."""
_MOST_CLAUSES = 4
"""How many causes a sentence names before it counts the rest."""


RuledOutStarts = Mapping[str, OfferStarts]
"""By offer id: when a person can start there, or what rules that out."""


@dataclass(frozen=True, slots=True)
class WhyNot:
    """What one placement would break beside a plan."""

    placement: Placement
    violations: tuple[Violation, ...]
    """None: it could be added."""
    text: Message
    """The same in words."""


@dataclass(frozen=True, slots=True)
class _Scene:
    problem: Problem
    checker: Checker
    crowding: Crowding
    names: Names
    reservation: Message
    """Why a placement that breaks nothing was not made."""


def explain_waiting(
    problem: Problem,
    verified: Verified,
    starts_of: Callable[[str], Sequence[Start]],
    *,
    proven: bool,
    tolerance_spent: bool,
    facts: Facts | None = None,
    ruled_out: Mapping[str, RuledOutStarts] | None = None,
) -> tuple[WaitingPerson, ...]:
    """Everybody who seeks a place and has none, with the reason, in order of person id.

    Parameters
    ----------
    problem
        What the plan answers.
    verified
        The plan.
    starts_of
        By person id: every possible start; of a person without any, each offer and start week is
        looked at.
    proven
        Whether every stage of the plan is proven.
    tolerance_spent
        Whether a later goal was allowed to cost an earlier one something, and did.
    facts
        Those of the problem, to share.
    ruled_out
        What `rule_out_starts` says of those who have no possible start; none: it is asked now.
    """
    placed = {placement.person_id for placement in verified.plan.placements}
    checker = Checker(problem, verified.plan, facts=facts)
    scene = _Scene(
        problem=problem,
        checker=checker,
        crowding=Crowding(checker),
        names=Names(problem),
        reservation=say_reservation(proven=proven, tolerance_spent=tolerance_spent),
    )
    waiting = sorted(one.id for one in problem.people if one.seeks_place and one.id not in placed)
    if ruled_out is None:
        ruled_out = rule_out_starts(problem, starts_of, checker.facts)
    return tuple(
        _explain(scene, person_id, starts_of(person_id), ruled_out.get(person_id, {}))
        for person_id in waiting
    )


def rule_out_starts(
    problem: Problem, starts_of: Callable[[str], Sequence[Start]], facts: Facts
) -> dict[str, RuledOutStarts]:
    """By person id, of everybody who seeks a place and has no possible start: what rules each out.

    It is the same beside every plan.
    """
    checker = Checker(problem, facts=facts)
    offers = sorted(offer.id for offer in problem.offers)
    return {
        one.id: {offer_id: try_starts(checker, one.id, offer_id) for offer_id in offers}
        for one in problem.people
        if one.seeks_place and not starts_of(one.id)
    }


def why_not(
    problem: Problem,
    plan: Plan,
    person_id: str,
    offer_id: str,
    start: Week | None = None,
    *,
    facts: Facts | None = None,
) -> WhyNot:
    """What it would break to give the person that offer instead of what the plan gives them.

    Without a `start` it is the week that would break the fewest facts, the earliest of these.
    """
    others = tuple(one for one in plan.placements if one.person_id != person_id)
    checker = Checker(problem, Plan(placements=others), facts=facts)
    weeks = start_weeks(problem) if start is None else [start]
    placements = [placement_at(checker, person_id, offer_id, week) for week in weeks]
    broken = [(checker.breaks(placement), placement) for placement in placements]
    violations, placement = min(broken, key=lambda found: len(found[0]))
    names = Names(problem)
    where = Message(
        "{person} at {offer} in {start}",
        person=person_id,
        offer=names.offer(offer_id),
        start=placement.start,
    )
    if not violations:
        text = Message("{where} would break nothing.", where=where)
    else:
        clauses = join_clauses(word_clause(violation, names) for violation in violations)
        text = Message("{where} is not possible: {clauses}.", where=where, clauses=clauses)
    return WhyNot(placement, violations, text)


def _explain(
    scene: _Scene, person_id: str, given: Sequence[Start], ruled_out: RuledOutStarts
) -> WaitingPerson:
    starts = given or [start_of(one) for tried in ruled_out.values() for one in tried.possible]
    if not starts:
        return _explain_no_option(scene, person_id, ruled_out)
    tried = scene.crowding.try_starts(person_id, starts)
    if tried.fitting:
        return _explain_could_be_added(scene, person_id, len(starts), tried.fitting)
    return _explain_crowded_out(scene, person_id, len(starts), tried.obstacles.values())


def _explain_crowded_out(
    scene: _Scene, person_id: str, starts: int, obstacles: Iterable[Obstacle]
) -> WaitingPerson:
    ordered = sorted(obstacles, key=lambda one: (-one.starts, one.subject))
    blockers = tuple(_blocker(scene, person_id, obstacle) for obstacle in ordered)
    told = Message(
        "1 possible start, which does not fit beside the other placements. {blockers}."
        if starts == 1
        else "{count} possible starts, and none fits beside the other placements. {blockers}.",
        count=starts,
        blockers=_join_first([Message("{text}", text=blocker.text) for blocker in blockers]),
    )
    facts = [blocker.example.fact for blocker in blockers for _ in range(blocker.options)]
    return WaitingPerson(
        person_id=person_id,
        reason="crowded-out",
        options=starts,
        blockers=blockers,
        planner=told.local(),
        citizen=tell_causes(facts).local(),
    )


def _blocker(scene: _Scene, person_id: str, obstacle: Obstacle) -> Blocker:
    example = scene.crowding.example_of(person_id, obstacle)
    clause = word_clause(example, scene.names)
    text = Message(
        "1 start: {clause}" if obstacle.starts == 1 else "{count} starts: {clause}",
        count=obstacle.starts,
        clause=clause if obstacle.alike else Message("{clause} at best", clause=clause),
    )
    return Blocker(rule=example.rule, options=obstacle.starts, example=example, text=text.local())


def _explain_could_be_added(
    scene: _Scene, person_id: str, starts: int, fitting: Sequence[Start]
) -> WaitingPerson:
    first = heapq.nsmallest(
        _MOST_EXAMPLES, fitting, key=lambda one: (one.start.ordinal, one.offer_id)
    )
    could_be = tuple(one.of(person_id) for one in first)
    told = Message(
        "1 possible start would break nothing: {offer} in {start}. {reservation}"
        if len(fitting) == 1
        else "{count} possible starts would break nothing, such as {offer} in {start}. "
        "{reservation}",
        count=len(fitting),
        offer=scene.names.offer(could_be[0].offer_id),
        start=could_be[0].start,
        reservation=scene.reservation,
    )
    return WaitingPerson(
        person_id=person_id,
        reason="could-be-added",
        options=starts,
        could_be=could_be,
        planner=told.local(),
        citizen=tell_could_be_added().local(),
    )


def say_reservation(*, proven: bool, tolerance_spent: bool) -> Message:
    """Why a placement that breaks nothing was not made."""
    if not proven:
        return Message("The plan is not proven to be the best: a longer run may add the person.")
    if tolerance_spent:
        return Message("A later goal spent the tolerance of an earlier one.")
    return Message("The goals, in the planner's order, put something else first.")


def _explain_no_option(scene: _Scene, person_id: str, starts: RuledOutStarts) -> WaitingPerson:
    ruled_out = tuple(
        RuledOut(offer_id=offer_id, violations=tried.ruled_out)
        for offer_id, tried in starts.items()
    )
    pinned = [one.offer_id for one in ruled_out if is_pinned(one.violations)]
    if pinned:
        offers = tuple(scene.names.offer(offer_id) for offer_id in pinned[:_MOST_EXAMPLES])
        told = Message("Only forbidden pins stand in the way of {offers}.", offers=offers)
        citizen = tell_pinned_out()
    else:
        told = _say_no_option(scene.names, ruled_out)
        citizen = tell_causes(_facts_of_closest(ruled_out))
    return WaitingPerson(
        person_id=person_id,
        reason="pinned-out" if pinned else "no-option",
        options=0,
        ruled_out=ruled_out,
        planner=told.local(),
        citizen=citizen.local(),
    )


def _say_no_option(names: Names, ruled_out: Sequence[RuledOut]) -> Message:
    if not ruled_out:
        return Message("There are no offers.")
    offers: defaultdict[str, int] = defaultdict(int)
    for one in ruled_out:
        for brief in {find_wording(violation).brief for violation in one.violations}:
            offers[brief] += 1
    counted = sorted(offers.items(), key=lambda found: (-found[1], found[0]))
    closest = min(ruled_out, key=lambda one: count_facts(one.violations))
    return Message(
        "No offer is possible. {facts}. Closest is {offer}: {clauses}.",
        facts=_join_first([_say_count(count, brief) for brief, count in counted]),
        offer=names.offer(closest.offer_id),
        clauses=join_clauses(word_clause(violation, names) for violation in closest.violations),
    )


def _say_count(count: int, brief: str) -> Message:
    template = "1 offer: {fact}" if count == 1 else "{count} offers: {fact}"
    return Message(template, count=count, fact=Message(brief))


def _facts_of_closest(ruled_out: Sequence[RuledOut]) -> Iterator[Fact]:
    """The facts of the offers that the fewest facts rule out: what could most easily change."""
    fewest = min((count_facts(one.violations) for one in ruled_out), default=0)
    for one in ruled_out:
        if count_facts(one.violations) == fewest:
            yield from (violation.fact for violation in one.violations)


def _join_first(clauses: list[Message]) -> Message:
    joined = join_clauses(clauses[:_MOST_CLAUSES])
    rest = len(clauses) - _MOST_CLAUSES
    if rest <= 0:
        return joined
    return Message("{clauses}; and {count} more", clauses=joined, count=rest)
