"""Dives end at plans, and leave the relaxation as it was."""

from __future__ import annotations

import numpy as np
import pytest
from random_problems import random_problem

from benchmarks.registry import INSTANCES
from scheduler.engines import diving
from scheduler.engines.cuts import Cuts
from scheduler.engines.diving import FAST, Dive, draw_pace
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.mixes import Point
from scheduler.formulation import Floor, Formulation
from scheduler.instance import compile_problem

SEEDS = range(40)
WITH_PLANS, FIXED, BACK, MISSED, MOVED, ELSEWHERE = 25, 5, 5, 1, 5, 10
"""Of these problems, at least so many dives end at a plan, end with a switch that was fixed, take a
step back, miss a floor, and so on: each test says what it counts."""


def _relaxation(
    seed: int, floors: tuple[Floor, ...] = (), stage: int = 0
) -> SimplexRelaxation | None:
    """The solved relaxation of a stage, if nobody being placed is a plan."""
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem)).tightened()
    nobody = np.zeros(0, dtype=np.int64)
    task = Task(formulation.objective(problem.stages[stage]), start=nobody)
    if not task.allows(formulation, nobody) or not formulation.option_count:
        return None
    task = Task(task.objective, floors, nobody)
    every = np.ones(formulation.option_count, dtype=np.bool_)
    # All are in the pool, so that a master with floors is feasible wherever anything is.
    relaxation = SimplexRelaxation(Form(formulation, "weekly"), task, every, every)
    relaxation.run(lambda _: None, lambda: False)
    return relaxation


def test_a_dive_ends_at_a_plan_and_leaves_the_relaxation_as_it_was() -> None:
    plans = 0
    for seed in SEEDS:
        relaxation = _relaxation(seed)
        if relaxation is None:
            continue
        assert relaxation.bound is not None
        formulation, task = relaxation.formulation, relaxation.task
        before = relaxation.solution, relaxation.switches, relaxation.alive.copy()
        value = relaxation.value
        for pace in (FAST, draw_pace(np.random.default_rng(seed), is_brief=False)):
            dive = Dive(relaxation, pace)
            plan = dive.run(task.objective.constant - 1, lambda: False)
            if plan is not None:
                plans += 1
                assert task.allows(formulation, plan)
                assert dive.seen[plan].all()
                assert task.value(formulation, plan) <= relaxation.bound.value
            assert relaxation.value == value
            after = relaxation.solution
            assert (after[0] == before[0][0]).all()
            assert np.allclose(after[1], before[0][1], atol=1e-6)
            assert np.allclose(relaxation.switches, before[1], atol=1e-6)
            assert (relaxation.alive == before[2]).all()
    assert plans > WITH_PLANS


def test_a_dive_may_begin_at_another_corner_that_is_worth_as_much() -> None:
    """Where options are worth the same, another one is drawn; afterwards all is as it was."""
    elsewhere = 0
    for seed in SEEDS:
        relaxation = _relaxation(seed)
        if relaxation is None:
            continue
        value, before = relaxation.value, relaxation.solution
        relaxation.keep_basis()
        relaxation.draw_corner(np.random.default_rng(seed))
        options, shares = relaxation.solution
        worths = relaxation.task.objective.coefficients
        if not relaxation.formulation.shortfall_count:
            worth = relaxation.task.objective.constant + worths[options] @ shares
            assert worth == pytest.approx(value, rel=1e-3)
        elsewhere += len(options) != len(before[0]) or bool((options != before[0]).any())
        relaxation.release()
        assert (relaxation.solution[0] == before[0]).all()
        assert np.allclose(relaxation.solution[1], before[1], atol=1e-6)
        assert relaxation.solve_again(0, lambda entering: entering)
        assert relaxation.value == pytest.approx(value)
        plan = Dive(relaxation, FAST, corner=np.random.default_rng(seed)).run(
            relaxation.task.objective.constant - 1, lambda: False
        )
        assert plan is None or relaxation.task.allows(relaxation.formulation, plan)
    assert elsewhere > ELSEWHERE


def test_a_twin_is_solved_alike_and_goes_its_own_way() -> None:
    moved = 0
    for seed in SEEDS:
        relaxation = _relaxation(seed)
        if relaxation is None:
            continue
        options, values = relaxation.solution
        pool, alive = relaxation.pool.copy(), relaxation.alive.copy()
        twin = relaxation.twin()
        assert twin.value == pytest.approx(relaxation.value)
        assert (twin.solution[0] == options).all()
        assert np.allclose(twin.solution[1], values, atol=1e-6)
        twin.keep_basis()
        twin.limit(options, 0.0, 0.0)
        twin.solve_again(1, lambda entering: entering[:0])
        moved += len(options) > 0 and twin.value < relaxation.value - 1e-6
        assert (relaxation.solution[0] == options).all()
        assert (relaxation.pool == pool).all()
        assert (relaxation.alive == alive).all()
        first, second = (
            Dive(one, FAST).run(-1, lambda: False) for one in (relaxation, relaxation.twin())
        )
        assert (first is None) == (second is None)
        assert first is None or (first == second).all()
    assert moved > MOVED


def test_a_dive_finds_nothing_that_is_not_better_than_enough() -> None:
    for seed in SEEDS:
        relaxation = _relaxation(seed)
        if relaxation is not None and relaxation.bound is not None:
            assert Dive(relaxation, FAST).run(relaxation.bound.value, lambda: False) is None


def test_a_dive_that_is_out_of_time_finds_nothing() -> None:
    relaxation = _relaxation(0)
    assert relaxation is not None
    assert Dive(relaxation, FAST).run(-1, lambda: True) is None


def test_a_switch_that_is_settled_stays_so() -> None:
    tried = 0
    for seed in SEEDS:
        relaxation = _relaxation(seed)
        if relaxation is None or not relaxation.formulation.switch_count:
            continue
        relaxation.settle({0: 0})
        plan = Dive(relaxation, FAST).run(-(2**62), lambda: False)
        if plan is not None and relaxation.settled:
            tried += 1
            solution = relaxation.formulation.complete(plan)
            assert solution.rest[relaxation.formulation.shortfall_count] == 0
    assert tried > FIXED


def test_beside_floors_a_dive_ends_at_what_keeps_every_row_and_may_miss_a_floor() -> None:
    ended = missed = 0
    for seed in SEEDS:
        first = _relaxation(seed)
        if first is None or first.bound is None or first.bound.value <= 0:
            continue
        stages = len(random_problem(seed).stages)
        floor = Floor(first.task.objective, int(np.floor(first.value + 1e-6)))
        relaxation = _relaxation(seed, (floor,), min(1, stages - 1))
        assert relaxation is not None
        for asked in (0, 1):
            dive = Dive(relaxation, FAST, aims=np.array([asked]))
            plan = dive.run(-(2**62), lambda: False)
            if plan is not None:
                ended += 1
                solution = relaxation.formulation.complete(plan)
                assert relaxation.formulation.allows(solution)
                missed += floor.objective.value(solution) < floor.least
    assert ended > WITH_PLANS
    assert missed >= MISSED


def test_steps_that_lead_nowhere_are_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every second step is called impossible, and dives end all the same."""
    solve_again = SimplexRelaxation.solve_again
    calls = 0

    def now_and_then(self: SimplexRelaxation, *given: object) -> bool:
        nonlocal calls
        calls += 1
        return calls % 2 == 0 and solve_again(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(SimplexRelaxation, "solve_again", now_and_then)
    back = 0
    for seed in SEEDS:
        relaxation = _relaxation(seed)
        if relaxation is None:
            continue
        dive = Dive(relaxation, FAST)
        plan = dive.run(relaxation.task.objective.constant - 1, lambda: False)
        back += dive._steps_back
        assert dive._steps_back <= diving._MOST_STEPS_BACK + 1
        assert plan is None or relaxation.task.allows(relaxation.formulation, plan)
    assert back > BACK


def test_rows_on_top_lower_the_bound_as_if_they_had_been_there() -> None:
    """Support minutes that do not divide: a week's mixes are what cuts are made of."""
    lowered = 0
    for seed in range(1, 6):
        problem = INSTANCES["tiny-odd-support"].make(seed)
        formulation = Formulation(compile_problem(problem)).tightened()
        task = Task(formulation.objective(problem.stages[1]), start=np.zeros(0, dtype=np.int64))
        every = np.ones(formulation.option_count, dtype=np.bool_)
        relaxation = SimplexRelaxation(Form(formulation, "weekly"), task, every, ~every)
        relaxation.run(lambda _: None, lambda: False)
        known = Cuts(formulation)
        before = relaxation.value
        while groups := known.beyond(Point(*relaxation.solution)):
            formulation = formulation.with_rows(groups)
            relaxation.tighten(Form(formulation, "weekly"))
            relaxation.run(lambda _: None, lambda: False)
        anew = SimplexRelaxation(Form(formulation, "weekly"), task, every, ~every)
        anew.run(lambda _: None, lambda: False)
        assert relaxation.value <= before + 1e-6
        assert relaxation.value == pytest.approx(anew.value, abs=1e-6)
        lowered += relaxation.value < before - 1e-3
    assert lowered > 1
