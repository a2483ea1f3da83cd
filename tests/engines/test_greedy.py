"""Planning by hand: legal where nothing must be reached, and never called proven."""

from __future__ import annotations

import numpy as np
import pytest
from enumeration import best_by_stage
from random_problems import random_problem
from small import person, small_problem
from stage_by_stage import solve_here

from providers import Capacity
from scheduler.check import check
from scheduler.engines import Task, make_engine
from scheduler.engines.greedy import place_by_hand
from scheduler.formulation import Floor, Formulation
from scheduler.instance import compile_problem

NOT_FOR_HANDS = {"contract", "pins", "budget"}
"""Rules with a least, which a planner may miss: a budget pays for what a contract is short of."""


@pytest.mark.parametrize("seed", range(60))
def test_a_plan_by_hand_breaks_at_most_a_least(seed: int) -> None:
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem))
    plan = formulation.instance.plan(place_by_hand(formulation))
    assert {found.rule for found in check(problem, plan).broken} <= NOT_FOR_HANDS
    solved = solve_here(formulation, problem.stages, "greedy")
    best = best_by_stage(problem)
    if solved.chosen is None:
        assert solved.answers[-1].status == "unknown"
        return
    assert best is not None
    assert set(solved.bounds) == {None}
    assert {answer.status for answer in solved.answers} == {"feasible"}
    worse = solved.values[0] - best[0]
    assert worse <= 0 if problem.stages[0].sense == "most" else worse >= 0


def test_the_urgent_come_first() -> None:
    one_place = Capacity(site_id="cafe", resource="places", amount=1)
    people = (person("ada", priority=3), person("bo", priority=1))
    problem = small_problem(people=people, capacity=(one_place,))
    formulation = Formulation(compile_problem(problem))
    plan = formulation.instance.plan(place_by_hand(formulation))
    assert [one.person_id for one in plan.placements] == ["bo"]


def test_a_better_start_is_kept_and_a_floor_too() -> None:
    problem = small_problem()
    formulation = Formulation(compile_problem(problem))
    cost = formulation.objective(problem.stages[-1])
    placed = formulation.objective(problem.stages[0])
    nobody = np.zeros(0, dtype=np.int64)
    engine = make_engine("greedy")
    told: list[object] = []
    answer = engine.solve(formulation, Task(cost, start=nobody), lambda c, _: told.append(c))
    assert answer.chosen is nobody
    assert told == [nobody]
    floor = Floor(placed, 4)
    answer = engine.solve(formulation, Task(cost, (floor,), nobody), lambda _c, _b: None)
    assert answer.chosen is not None
    assert len(answer.chosen) == 2
    impossible = Floor(placed, 5)
    assert engine.solve(formulation, Task(cost, (impossible,)), lambda _c, _b: None).chosen is None
