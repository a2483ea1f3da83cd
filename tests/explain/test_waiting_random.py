"""The reasons of waiting people against a full check of every possible placement."""

import functools
from collections import Counter
from random import Random

import pytest

from scheduler.check import Checker, Facts, Verified, check, length_of, verify
from scheduler.errors import PlanBreaksRules
from scheduler.explain.waiting import explain_waiting, why_not
from scheduler.explain.wording import find_wording
from scheduler.person import Pin
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from tests.random_problems import options_of, random_problem, starts_of

WANTED = 300
pytestmark = [pytest.mark.xdist_group("waiting"), pytest.mark.no_cover]
"""One process has all of them, so that the situations are made once. Other tests run the same
lines; measured for coverage, these take twice as long."""


def _random_plan(facts: Facts, rng: Random) -> Plan:
    """Options in random order, each taken if it breaks nothing; sometimes only a few of them."""
    checker = Checker(facts.problem, facts=facts)
    options = [one for options in options_of(facts).values() for one in options]
    rng.shuffle(options)
    taken = []
    for option in options[: rng.choice((2, 5, len(options), len(options)))]:
        if not checker.breaks(option):
            checker.add(option)
            taken.append(option)
    return Plan(placements=tuple(taken))


def _verified(problem: Problem, plan: Plan) -> Verified | None:
    try:
        return verify(problem, plan)
    except PlanBreaksRules:
        return None


def _forbid_first(problem: Problem) -> Problem:
    """The problem with any placement forbidden for the first who could have one."""
    fixed = {pin.person_id for pin in problem.pins if pin.kind == "fixed"}
    for person_id, options in options_of(Facts(problem)).items():
        if options and person_id not in fixed:
            pin = Pin(kind="forbidden", person_id=person_id)
            return problem.model_copy(update={"pins": (*problem.pins, pin)})
    return problem


@functools.cache
def _situations() -> tuple[tuple[Problem, Verified], ...]:
    """Random problems, each with a legal plan that leaves somebody waiting."""
    found = []
    seed = 0
    while len(found) < WANTED:
        problem, seed = random_problem(seed), seed + 1
        if seed % 5 == 0:
            problem = _forbid_first(problem)
        plan = _random_plan(Facts(problem), Random(f"plan {seed}"))
        verified = _verified(problem, plan)
        seekers = sum(person.seeks_place for person in problem.people)
        if verified is not None and len(plan.placements) < seekers:
            found.append((problem, verified))
    return tuple(found)


def _broken_by_adding(problem: Problem, verified: Verified, option: Placement) -> set[tuple]:
    """What a full check finds in the plan with the option, and not in the plan without it."""
    larger = Plan(placements=(*verified.plan.placements, option))
    return {
        (violation.rule, violation.fact, *(str(getattr(violation, key)) for key in fields))
        for violation in check(problem, larger).broken
        for fields in [find_wording(violation).groups_by]
    }


def test_reasons_agree_with_a_full_check_of_every_option():
    reasons: Counter[str] = Counter()
    rules: Counter[str] = Counter()
    for problem, verified in _situations():
        facts = Facts(problem)
        options = options_of(facts)
        people = explain_waiting(
            problem, verified, starts_of(options), proven=True, tolerance_spent=False, facts=facts
        )
        placed = {one.person_id for one in verified.plan.placements}
        assert [one.person_id for one in people] == sorted(set(options) - placed)
        for person in people:
            reasons[person.reason] += 1
            broken = [
                _broken_by_adding(problem, verified, option) for option in options[person.person_id]
            ]
            assert person.options == len(broken)
            if not broken:
                assert person.reason in {"no-option", "pinned-out"}
                continue
            counts = Counter(key for keys in broken for key in keys)
            expected = "crowded-out" if all(broken) else "could-be-added"
            assert person.reason == expected, (problem, person)
            if expected == "crowded-out":
                told = Counter(blocker.rule for blocker in person.blockers)
                rules.update(told)
                assert Counter(
                    (blocker.rule, blocker.options) for blocker in person.blockers
                ) == Counter((key[0], count) for key, count in counts.items())
            else:
                free = [
                    option
                    for option, keys in zip(options[person.person_id], broken, strict=True)
                    if not keys
                ]
                assert set(person.could_be) <= set(free)
                assert len(person.could_be) == min(5, len(free))
    assert set(reasons) == {"no-option", "pinned-out", "crowded-out", "could-be-added"}
    assert min(reasons.values()) >= 20, reasons
    assert min(rules[rule] for rule in ("capacity", "budget", "volume", "contract", "cohort")) >= 10


def test_pinned_out_is_exactly_who_would_have_options_without_forbidden_pins():
    pinned = 0
    for problem, verified in _situations():
        fixed = tuple(pin for pin in problem.pins if pin.kind == "fixed")
        freed = options_of(Facts(problem.model_copy(update={"pins": fixed})))
        for person in explain_waiting(
            problem, verified, starts_of({}), proven=True, tolerance_spent=False
        ):
            if person.options == 0:
                would_have = bool(freed[person.person_id])
                assert (person.reason == "pinned-out") == would_have
                pinned += would_have
    assert pinned >= 20


def test_facts_that_rule_an_offer_out_hold_of_a_real_start_and_no_start_breaks_fewer():
    seen = 0
    for problem, verified in _situations():
        facts = Facts(problem)
        for person in explain_waiting(
            problem, verified, starts_of({}), proven=True, tolerance_spent=False
        ):
            for one in person.ruled_out:
                tried = _facts_of_starts(facts, person.person_id, one.offer_id)
                told = {violation.fact for violation in one.violations}
                always = frozenset.intersection(*tried)
                fewest = min(len(found) for found in tried)
                assert told == always if always else told in tried and len(told) == fewest
                seen += 1
    assert seen >= 100


def _facts_of_starts(facts: Facts, person_id: str, offer_id: str) -> list[frozenset[str]]:
    checker = Checker(facts.problem, facts=facts)
    weeks = length_of(facts, person_id, offer_id)
    starts = facts.problem.last_start - facts.problem.first_start + 1
    return [
        frozenset(
            violation.fact
            for violation in checker.breaks_alone(
                Placement(
                    person_id=person_id,
                    offer_id=offer_id,
                    start=facts.problem.first_start + later,
                    weeks=weeks,
                )
            )
        )
        for later in range(starts)
    ]


def test_why_not_says_what_a_full_check_says_of_another_placement():
    possible = impossible = 0
    for problem, verified in _situations():
        person_id, offer_id = problem.people[0].id, problem.offers[0].id
        answer = why_not(problem, verified.plan, person_id, offer_id)
        others = [one for one in verified.plan.placements if one.person_id != person_id]
        before = set(check(problem, Plan(placements=tuple(others))).broken)
        if before:
            continue
        after = check(problem, Plan(placements=(*others, answer.placement))).broken
        pinned = {found.fact for found in after} - {"fixed-missing"}
        assert bool(answer.violations) == bool(pinned)
        possible += not answer.violations
        impossible += bool(answer.violations)
    assert min(possible, impossible) >= 20
