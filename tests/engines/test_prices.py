"""Prices by many passes: what they prove is near the relaxation, and so is what they choose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stage_by_stage import lanes_of

from benchmarks.registry import INSTANCES
from scheduler.engines import Task
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.lagrangian import bound_from
from scheduler.engines.prices import PriceSearch
from scheduler.formulation import Floor, Formulation
from scheduler.goal import GoalName
from scheduler.instance import compile_problem

NEARER, NEAR, NEARLY = 1.5e-3, 5e-3, 2e-2
"""Of the relaxation's value."""


@pytest.fixture(scope="module")
def office() -> tuple[Formulation, Task, np.ndarray]:
    """The blend of a plain office, and all its options."""
    problem = INSTANCES["plain-office-blend"].make(1)
    formulation = Formulation(compile_problem(problem)).tightened()
    task = Task(formulation.objective(problem.stages[0]), start=place_by_hand(formulation))
    return formulation, task, np.ones(formulation.option_count, dtype=np.bool_)


def _relaxed(formulation: Formulation, task: Task) -> float:
    lanes, _, _ = lanes_of(formulation, task)
    return lanes[0].relaxation.value


def test_prices_prove_nearly_what_the_relaxation_does(
    office: tuple[Formulation, Task, np.ndarray],
) -> None:
    formulation, task, every = office
    duals = PriceSearch(formulation, task, every).run(lambda: False)
    bound = bound_from(formulation, task.objective, (), duals)
    assert bound.value == pytest.approx(_relaxed(formulation, task), rel=NEAR)


def test_beside_a_floor_too(office: tuple[Formulation, Task, np.ndarray]) -> None:
    """People placed less many waits, where as much match is asked for as a careful planner gets."""
    formulation, task, every = office
    match = formulation.goals["match"]
    assert task.start is not None
    floor = Floor(match, match.value(formulation.complete(task.start)))
    beside = replace(task, floors=(floor,))
    duals = PriceSearch(formulation, beside, every).run(lambda: False)
    bound = bound_from(formulation, task.objective, [(floor.objective, floor.least)], duals)
    assert bound.value == pytest.approx(_relaxed(formulation, beside), rel=NEAR)


@pytest.mark.parametrize("goal", ["match", "wait"])
def test_beside_a_floor_they_are_near_too_where_the_plan_known_is_far_away(
    office: tuple[Formulation, Task, np.ndarray], goal: GoalName
) -> None:
    """The floor keeps who is placed, and the plan known has no match or waits long."""
    formulation, task, every = office
    placed, objective = formulation.goals["placed"], formulation.goals[goal]
    assert task.start is not None
    floor = Floor(placed, placed.value(formulation.complete(task.start)))
    beside = Task(objective, (floor,), task.start)
    duals = PriceSearch(formulation, beside, every).run(lambda: False)
    bound = bound_from(formulation, objective, [(placed, floor.least)], duals)
    value = _relaxed(formulation, beside)
    assert bound.value == pytest.approx(value, rel=NEARER)


def test_shares_are_nearly_what_the_relaxation_chooses(
    office: tuple[Formulation, Task, np.ndarray],
) -> None:
    formulation, task, every = office
    search = PriceSearch(formulation, task, every)
    search.run(lambda: False)
    shares, instance = search.shares, formulation.instance
    assert shares.min() >= 0
    assert np.bincount(instance.options.person, shares).max() <= 1 + 1e-9
    value = task.objective.constant + float(task.objective.coefficients[: len(shares)] @ shares)
    assert value == pytest.approx(_relaxed(formulation, task), rel=NEARLY)
    columns = formulation.coefficients.columns(instance, np.flatnonzero(shares))
    room = formulation.upper[: formulation.row_count]
    assert (columns @ shares[shares > 0] <= 1.5 * room + 1).mean() > 0.99


def test_options_that_may_not_be_chosen_have_no_share(
    office: tuple[Formulation, Task, np.ndarray],
) -> None:
    formulation, task, every = office
    alive = every.copy()
    alive[::3] = False
    search = PriceSearch(formulation, task, alive)
    search.run(lambda: False)
    assert search.shares[alive].any()
    assert not search.shares[~alive].any()


def test_the_best_prices_so_far_are_what_is_left_when_time_is_up(
    office: tuple[Formulation, Task, np.ndarray],
) -> None:
    formulation, task, every = office
    bounds = []
    for passes in (0, 60, 120):
        left = iter(range(passes))
        duals = PriceSearch(formulation, task, every).run(lambda: next(left, None) is None)  # noqa: B023
        bounds.append(bound_from(formulation, task.objective, (), duals).value)
    assert bounds[0] > bounds[1] > bounds[2]
