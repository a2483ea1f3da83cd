"""Where floors are worth more than their price and not asked for, plans that keep them count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from stage_by_stage import first_tasks, standing_of

from scheduler.engines import decomposition
from scheduler.engines import standing as standing_module
from scheduler.engines.decomposition import Decomposition, _Search
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.standing import Standing
from scheduler.formulation import Floor, Formulation, Objective

BETTER = 2


@pytest.fixture(autouse=True)
def _always_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few options are left."""
    monkeypatch.setattr(standing_module, "_SMALL", -1)


def _beside_floors() -> Iterator[tuple[Formulation, Task]]:
    """Second stages, from the plan that the first one ended with."""
    for formulation, task in first_tasks(range(30)):
        if task.later:
            answer = Decomposition().solve(formulation, task, lambda *_: None)
            assert answer.chosen is not None
            floor = Floor(task.objective, task.value(formulation, answer.chosen))
            yield formulation, Task(task.later[0], (floor,), answer.chosen)


def _search(formulation: Formulation, task: Task) -> tuple[Standing, _Search]:
    standing = standing_of(formulation, task)
    forms = Form(formulation, "weekly"), Form(formulation, "changes")
    nothing = np.zeros(formulation.option_count, dtype=np.bool_)
    return standing, _Search(*forms, standing, nothing)


def test_plans_found_keep_every_floor_and_are_as_good_as_the_best_one() -> None:
    better = 0
    for formulation, task in _beside_floors():
        best = Decomposition().solve(formulation, task, lambda *_: None)
        assert best.bound is not None
        standing, search = _search(formulation, task)
        before = standing.value
        search._trade_floors(np.full(1, 1_000.0), 0)
        assert task.allows(formulation, standing.best)
        assert before <= standing.value <= best.bound
        better += standing.value > before
    assert better > BETTER


def test_plans_that_miss_a_floor_count_for_nothing() -> None:
    """A stage that would place nobody, beside a floor that is worth half as much as that."""
    missed = 0
    for formulation, task in _beside_floors():
        (floor,) = task.floors
        against = Objective(-2 * floor.objective.coefficients, 0)
        standing, search = _search(formulation, replace(task, objective=against))
        search._trade_floors(np.zeros(1), 0)
        assert task.allows(formulation, standing.best)
        missed += floor.least > floor.objective.constant
    assert missed > BETTER


def test_it_is_tried_again_with_another_seed_as_long_as_it_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulation, task = next(_beside_floors())
    standing, search = _search(formulation, replace(task, gap_basis_points=0))
    gains, turns, moved = [10, 5, 0, 7], [], []

    def trade(_: object, turn: int) -> None:
        turns.append(turn)
        standing.value += gains.pop(0)

    class Moving:
        def move(self) -> None:
            moved.append(standing.value)

    monkeypatch.setattr(search, "_trade_floors", trade)
    search._trade(np.zeros(1), Moving())  # type: ignore[arg-type]
    assert turns == [0, 1, 2]
    assert len(moved) == 3
    assert decomposition.other_seed(2**31 - 2, 3) == 2
