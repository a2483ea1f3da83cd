"""Bounds hold whatever the duals are, also poor ones, and losses never exceed the truth."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from enumeration import Found, best_of, enumerate_plans, plans_as_options
from random_problems import random_problem

from scheduler.engines import branching
from scheduler.engines.branching import branch
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.lagrangian import Bound, Duals, bound_from, sharpened
from scheduler.engines.master import SimplexRelaxation
from scheduler.formulation import Floor, Formulation, Objective, Solution
from scheduler.instance import compile_problem
from scheduler.problem import Problem
from scheduler.rules.rows import UNLIMITED

SEEDS = range(0, 120, 2)
LOWERED = 3
"""Of these problems, at least so many have a bound that branching lowers."""
SIZES = (0.0, 0.01, 1.0, 1e3, 1e9)
"""How large the duals are, from none to far too large."""


@cache
def _plans(seed: int) -> tuple[Problem, Formulation, list[Solution]]:
    """The problem, and every plan of it as a solution."""
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem))
    plans = plans_as_options(problem, formulation)
    return problem, formulation, [formulation.complete(plan) for plan in plans]


def _duals(formulation: Formulation, rng: np.random.Generator, size: float, floors: int) -> Duals:
    drawn = [rng.normal(0, size, group.size) for group in formulation.groups]
    kept = [own * (rng.random(len(own)) < 0.7) for own in drawn]
    return Duals(tuple(kept), rng.normal(0, size, floors))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_is_better_than_its_bound_less_the_loss_of_its_options(seed: int) -> None:
    problem, formulation, plans = _plans(seed)
    rng = np.random.default_rng(seed)
    tightened = formulation.tightened()
    for stage in problem.stages:
        objective = formulation.objective(stage)
        for size in SIZES:
            for model in (formulation, tightened):
                bound = bound_from(model, objective, [], _duals(model, rng, size, 0))
                _holds(bound, objective, plans)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_under_floors(seed: int) -> None:
    problem, formulation, plans = _plans(seed)
    rng = np.random.default_rng(seed)
    floors: list[Floor] = []
    for stage in problem.stages:
        objective = formulation.objective(stage)
        for size in SIZES:
            duals = _duals(formulation, rng, size, len(floors))
            pairs = [(floor.objective, floor.least) for floor in floors]
            _holds(bound_from(formulation, objective, pairs, duals), objective, plans)
        if plans:
            sign = 1 if stage.sense == "most" else -1
            best = max(objective.value(plan) for plan in plans)
            floors.append(Floor(objective, sign * stage.floor(sign * best)))
            plans = [plan for plan in plans if objective.value(plan) >= floors[-1].least]


def _holds(bound: Bound, objective: Objective, plans: list[Solution]) -> None:
    assert abs(bound.value) < UNLIMITED
    assert (bound.loss >= 0).all()
    for plan in plans:
        value = objective.value(plan)
        assert value <= bound.value
        assert bound.loss[plan.chosen].max(initial=0) <= bound.value - value


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_not_alive_is_not_bounded(seed: int) -> None:
    problem, formulation, plans = _plans(seed)
    rng = np.random.default_rng(seed)
    options = formulation.option_count
    alive = rng.random(options) < 0.6
    left = [plan for plan in plans if alive[plan.chosen].all()]
    for stage in problem.stages:
        objective = formulation.objective(stage)
        duals = _duals(formulation, rng, 1.0, 0)
        bound = bound_from(formulation, objective, [], duals, alive)
        _holds(bound, objective, left)
        assert bound.value <= bound_from(formulation, objective, [], duals).value


@pytest.mark.parametrize("seed", SEEDS)
def test_where_switches_are_fixed_the_bound_is_of_the_plans_that_have_them_so(seed: int) -> None:
    problem, formulation, plans = _plans(seed)
    rng = np.random.default_rng(seed)
    first = formulation.shortfall_count
    fixed = {
        switch: int(rng.integers(2))
        for switch in range(formulation.switch_count)
        if rng.random() < 0.7
    }
    left = [
        plan
        for plan in plans
        if all(plan.rest[first + one] == value for one, value in fixed.items())
    ]
    for stage in problem.stages:
        objective = formulation.objective(stage)
        for size in SIZES:
            duals = _duals(formulation, rng, size, 0)
            _holds(bound_from(formulation, objective, [], duals, fixed=fixed), objective, left)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sharpened_bound_is_of_the_plans_that_are_worth_more(seed: int) -> None:
    problem, formulation, plans = _plans(seed)
    rng = np.random.default_rng(seed)
    every = np.ones(formulation.option_count, dtype=np.bool_)
    for stage in problem.stages if plans else ():
        objective = formulation.objective(stage)
        # Steps of more than 1 are what it is about.
        objective = Objective(objective.coefficients * 6 + 3 * rng.integers(2), objective.constant)
        values = [objective.value(plan) for plan in plans]
        for size in SIZES:
            found = bound_from(formulation, objective, [], _duals(formulation, rng, size, 0))
            for enough in (min(values), int(np.median(values)), max(values)):
                sharp = sharpened(found, objective, every, enough)
                assert sharp.value <= found.value
                _holds(sharp, objective, [p for p in plans if objective.value(p) > enough])


@pytest.mark.parametrize("at_once", [1, 2, 1000])
def test_where_only_even_options_are_left_a_better_plan_is_worth_an_even_number(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many options are looked at at a time."""
    monkeypatch.setattr("scheduler.formulation._AT_ONCE", at_once)
    found, objective = Bound(7, np.array([1, 1, 0])), Objective(np.array([1, 2, 2]), 0)
    every = np.ones(3, dtype=np.bool_)
    assert sharpened(found, objective, every, 4) is found
    assert sharpened(found, objective, every, 6).value == 6
    with_shortfall = Objective(np.array([1, 2, 2, 1]), 0)
    assert sharpened(found, with_shortfall, every, 6).value == 7
    sharp = sharpened(found, objective, np.array([False, True, True]), 4)
    # With the second option a plan is worth 6 at the most, as the bound says anyway.
    assert (sharp.value, sharp.loss.tolist()) == (6, [UNLIMITED, 0, 0])


@pytest.mark.parametrize("most", [2, 4, 1_000])
@pytest.mark.parametrize("seed", SEEDS)
def test_branches_together_bound_every_plan_that_is_worth_more(
    seed: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where some are left open."""
    monkeypatch.setattr(branching, "_MOST_BRANCHES", most)
    problem, formulation, plans = _plans(seed)
    for objective in map(formulation.objective, problem.stages if plans else ()):
        values = [objective.value(plan) for plan in plans]
        relaxation = _relaxed(formulation, objective, plans[int(np.argmin(values))])
        for enough in (min(values) - 1, int(np.median(values))):
            found, _ = branch(relaxation, enough, lambda _: None, lambda: False)
            better = [plan for plan in plans if objective.value(plan) > enough]
            _holds(found, objective, better)


def test_what_an_option_loses_in_the_branch_where_it_loses_least_it_loses_in_all() -> None:
    one = Bound(10, np.array([0, 5, 8]))
    other = Bound(7, np.array([4, 0, 9]))
    for bounds in ([one, other], [other, one]):
        together = branching.bound_of_all(bounds, one, 0)
        assert together.value == 10
        assert together.loss.tolist() == [0, 3, 8]


def test_branches_that_hold_nothing_better_bound_what_is_known() -> None:
    nothing = branching.bound_of_all([], Bound(10, np.array([0, 5])), 6)
    assert (nothing.value, nothing.loss.tolist()) == (6, [0, 0])


def test_branches_lower_the_bound_to_the_best_plan_where_a_least_keeps_it_up() -> None:
    lowered = exact = 0
    for seed in SEEDS:
        problem, formulation, plans = _plans(seed)
        if not plans or not formulation.switch_count:
            continue
        objective = formulation.objective(problem.stages[0])
        relaxation = _relaxed(formulation, objective, plans[0])
        assert relaxation.bound is not None
        before = relaxation.bound.value
        told: list[int] = []
        least = min(objective.value(plan) for plan in plans) - 1
        found, leading = branch(relaxation, least, told.append, lambda: False)
        assert leading.undecided() is None
        assert told == sorted(told, reverse=True)
        assert [before, *told][-1] == found.value
        if found.value < before:
            lowered += 1
            exact += found.value == max(objective.value(plan) for plan in plans)
    assert lowered >= LOWERED
    assert exact >= lowered // 2


def _relaxed(formulation: Formulation, objective: Objective, known: Solution) -> SimplexRelaxation:
    start = known.chosen
    pool = np.zeros(formulation.option_count, dtype=np.bool_)
    pool[start] = True
    relaxation = SimplexRelaxation(
        Form(formulation, "weekly"), Task(objective, start=start), np.ones_like(pool), pool
    )
    relaxation.run(lambda _: None, lambda: False)
    return relaxation


def test_without_duals_everybody_gets_what_is_best_for_them() -> None:
    """One option a person needs no dual, so the bound is a sum over people."""
    _, formulation, _ = _plans(0)
    objective = formulation.goals["placed"]
    duals = Duals(tuple(np.zeros(group.size) for group in formulation.groups), np.zeros(0))
    person = formulation.instance.options.person
    best = [
        int(objective.coefficients[: formulation.option_count][person == one].max())
        for one in np.unique(person)
    ]
    assert bound_from(formulation, objective, [], duals).value == sum(best)


def test_some_duals_of_each_sign_matter() -> None:
    """The draws above are no mere zeros: some row is limited below, some above."""
    signs: set[float] = set()
    for seed in SEEDS:
        _, formulation, _ = _plans(seed)
        duals = _duals(formulation, np.random.default_rng(seed), 1.0, 0)
        signs |= {float(sign) for own in duals.groups for sign in np.sign(own)}
    assert signs == {-1.0, 0.0, 1.0}


def test_the_formulation_has_the_plans_of_the_enumeration() -> None:
    for seed in SEEDS:
        problem, formulation, plans = _plans(seed)
        assert all(formulation.allows(plan) for plan in plans)
        if plans:
            stage = problem.stages[0]
            objective = formulation.objective(stage)
            found = [Found(plan, goals) for plan, goals in enumerate_plans(problem)]
            best = best_of((stage,), found)
            sign = 1 if stage.sense == "most" else -1
            assert best == [sign * max(objective.value(plan) for plan in plans)]
