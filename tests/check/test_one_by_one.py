"""What adding one placement breaks, against the difference of two whole plans."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from brute_force import all_breaches, as_breaches, grouped, new_breaches
from random_problems import options_of, random_problem

from scheduler.check import Checker, Facts, course_of, length_of
from scheduler.plan import Placement, Plan

pytestmark = pytest.mark.no_cover
"""Other tests run the same lines; measured for coverage, these take twice as long."""


def all_placements(facts: Facts) -> list[Placement]:
    """Everybody, everywhere, every week from one before the plan to one after, as long as right;
    and now and then a week longer."""
    problem = facts.problem
    starts = range(-1, problem.last_start - problem.first_start + 2)
    return [
        Placement(
            person_id=person.id,
            offer_id=offer.id,
            start=problem.first_start + later,
            weeks=length_of(facts, person.id, offer.id) + (later == 1),
        )
        for person in problem.people
        for offer in problem.offers
        for later in starts
    ]


def random_plan(rng: Random, facts: Facts) -> Plan:
    """Mostly possible placements, sometimes any; not always legal."""
    possible = [one for options in options_of(facts).values() for one in options]
    anything = all_placements(facts)
    wanted = rng.randint(0, 4)
    chosen = [
        rng.choice(possible if possible and rng.random() < 0.9 else anything) for _ in range(wanted)
    ]
    return Plan(placements=tuple(chosen))


def normal(rows: list) -> Counter:
    return Counter((breach, amount, frozenset(weeks)) for breach, amount, weeks in rows)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_breaks_is_the_difference_of_two_whole_plans(first: int) -> None:
    seen: Counter = Counter()
    for seed in range(first, first + 50):
        problem = random_problem(seed)
        facts = Facts(problem)
        plan = random_plan(Random(seed), facts)
        checker = Checker(problem, plan, facts=facts)
        held = [course_of(facts, placement) for placement in plan.placements]
        before = all_breaches(facts, held)
        assert normal(as_breaches(checker.violations())) == normal(grouped(before)), seed
        for placement in all_placements(facts):
            after = all_breaches(facts, [*held, course_of(facts, placement)])
            expected = grouped(new_breaches(before, after))
            broken = checker.breaks(placement)
            assert normal(as_breaches(broken)) == normal(expected), (seed, placement)
            assert all(found.person_ids == (placement.person_id,) for found in broken)
            seen.update(found.fact for found in broken)
    assert len(seen) > 20
