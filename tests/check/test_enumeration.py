"""The enumeration that solvers are held against, and the problems it is done on."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
from enumeration import (
    Found,
    best_by_stage,
    best_of,
    binding,
    enumerate_plans,
    improves,
    optimal_plans,
)
from random_problems import count_plans, options_of, random_problem
from small import small_problem
from spec.case import place

from providers import Capacity
from scheduler.check import Facts, check, score
from scheduler.goal import GoalName, Stage
from scheduler.outcome import GoalValues
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.violation import RULE_NAMES

PROBLEMS = 300
AT_LEAST = {
    **dict.fromkeys(RULE_NAMES, 20),
    **dict.fromkeys(("enrolments", "closures", "tolerances", "new-year"), 50),
}


@pytest.mark.no_cover
def test_pruning_loses_no_plan_and_lets_none_through() -> None:
    tried = 0
    for seed in range(60):
        problem = random_problem(seed)
        if count_plans(problem) <= 400:
            tried += 1
            pruned = {plan.placements: goals for plan, goals in enumerate_plans(problem)}
            assert pruned == _without_pruning(problem), seed
    assert tried > 30


def _without_pruning(problem: Problem) -> dict[tuple, GoalValues]:
    facts = Facts(problem)
    found = {}
    choices = [[None, *options] for options in options_of(facts).values()]
    for chosen in itertools.product(*choices):
        plan = Plan(placements=tuple(one for one in chosen if one is not None))
        report = check(problem, plan, facts=facts)
        if not report.broken:
            found[plan.placements] = report.goals
    return found


def test_a_seed_always_gives_the_same_problem() -> None:
    assert random_problem(17) == random_problem(17)
    assert random_problem(17) != random_problem(18)


@pytest.mark.no_cover
@pytest.mark.parametrize("problems", [75, pytest.param(PROBLEMS, marks=pytest.mark.slow)])
def test_each_rule_and_feature_matters_often_enough(problems: int) -> None:
    counts: Counter[str] = Counter()
    for seed in range(problems):
        counts.update(binding(random_problem(seed)))
    share = problems / PROBLEMS
    rare = {name: counts[name] for name, least in AT_LEAST.items() if counts[name] < least * share}
    assert rare == {}
    assert 20 * share <= counts["infeasible"] <= 60 * share


@pytest.mark.no_cover
def test_every_kind_of_record_is_drawn() -> None:
    problems = [random_problem(seed) for seed in range(100)]
    contracts = [contract for problem in problems for contract in problem.contracts]
    assert {contract.least_applies for contract in contracts} == {"if-used", "always"}
    assert {contract.take_or_pay for contract in contracts} == {True, False}
    programmes = [programme for problem in problems for programme in problem.programmes]
    assert {programme.charged for programme in programmes} == {"by-week", "at-start"}
    offers = [offer for problem in problems for offer in problem.offers]
    assert {offer.price_per for offer in offers} == {"course", "week"}
    assert any(offer.start_every_weeks for offer in offers)
    assert any(offer.start_weeks for offer in offers)
    statuses = {one.status for problem in problems for one in problem.enrolments}
    assert statuses == {"offered", "accepted", "started", "ended", "dropped-out", "no-show"}
    assert any(line.parent_id for problem in problems for line in problem.budget_lines)
    assert any(line.reserve_ore for problem in problems for line in problem.budget_lines)
    stages = [stage for problem in problems for stage in problem.stages]
    assert any(not stage.is_single for stage in stages)
    assert any(stage.tolerance for stage in stages)
    assert any(stage.tolerance_basis_points for stage in stages)
    assert {pin.kind for problem in problems for pin in problem.pins} == {"fixed", "forbidden"}
    inherited = [check(problem, Plan()).inherited for problem in problems]
    assert len({one.rule for found in inherited for one in found}) >= 3


def test_the_small_problem_has_its_known_best_values() -> None:
    """Both people start at once: 4 points a person, 40 for no wishes, no wait but 7 weeks."""
    assert best_by_stage(small_problem()) == [4, 80, 2 * 2 * 7, 2_500_000]


def test_a_later_stage_may_lose_the_tolerance_of_an_earlier_one() -> None:
    problem = small_problem(
        stages=(Stage.single("placed", tolerance=2), Stage.single("cost")),
    )
    assert best_by_stage(problem) == [4, 1_250_000]


def test_no_plan_has_no_best_values() -> None:
    shut = Capacity(site_id="cafe", resource="places", amount=0)
    problem = random_problem(0)
    assert best_of(problem.stages, []) is None
    assert best_by_stage(small_problem(capacity=(shut,))) == [0, 0, 2 * 2 * 11, 0]


def _found(placed: int, match: int = 0) -> Found:
    return Found(Plan(), GoalValues(placed=placed, match=match, wait=0, cost=0))


@pytest.mark.parametrize(
    ("placed", "match", "answer"),
    [(3, 0, True), (2, 9, True), (2, 8, False), (1, 9, True), (0, 99, False)],
)
def test_what_would_change_the_best_values(placed: int, match: int, *, answer: bool) -> None:
    stages = (Stage.single("placed", tolerance=1), Stage.single("match"))
    goals = _found(placed, match).goals
    assert improves(stages, [2, 8], goals) is answer
    assert improves(stages, None, goals)


def test_optimal_plans_reach_the_last_best_value_within_the_floors() -> None:
    stages = (Stage.single("placed", tolerance=1), Stage.single("match"))
    found = [_found(2, 5), _found(1, 8), _found(0, 9)]
    assert optimal_plans(stages, found) == [_found(1, 8)]


def test_a_plan_scores_the_same_however_it_is_reached() -> None:
    problem = small_problem()
    plan = Plan(placements=(place("ada"), place("bo", "2016-W29")))
    goals = {found.placements: values for found, values in enumerate_plans(problem)}
    values: dict[GoalName, int] = score(problem, plan).as_dict()
    assert goals[plan.placements].as_dict() == values
