"""Where floors are worth more than their price and not asked for, plans that keep them count."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from stage_by_stage import search_of, second_tasks

from scheduler.engines import simplex_search
from scheduler.engines import standing as standing_module
from scheduler.engines.decomposition import Decomposition
from scheduler.engines.engine import Answer
from scheduler.engines.highs import other_seed
from scheduler.engines.simplex_search import SimplexSearch
from scheduler.formulation import Objective

BETTER = 2
SEEDS = range(30)


@pytest.fixture(autouse=True)
def _always_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few options are left."""
    monkeypatch.setattr(standing_module, "_SMALL", -1)


def test_plans_found_keep_every_floor_and_are_better() -> None:
    better = 0
    for formulation, task in second_tasks(SEEDS):
        best = Decomposition().solve(formulation, task, lambda *_: None)
        assert best.bound is not None
        search = search_of(formulation, task)
        standing = search.standing
        found = search._find_traded(np.full(1, 1_000.0), 0, SimplexSearch.plunge)
        if found is not None:
            assert task.allows(formulation, found)
            assert standing.value < standing.value_of(found) <= best.bound
            better += 1
    assert better > BETTER


def test_plans_that_miss_a_floor_count_for_nothing() -> None:
    """A stage that would place nobody, beside a floor that is worth half as much as that."""
    missed = 0
    for formulation, task in second_tasks(SEEDS):
        (floor,) = task.floors
        against = Objective(-2 * floor.objective.coefficients, 0)
        search = search_of(formulation, replace(task, objective=against))
        found = search._find_traded(np.zeros(1), 0, SimplexSearch.plunge)
        assert found is None or task.allows(formulation, found)
        missed += floor.least > floor.objective.constant
    assert missed > BETTER


def test_it_is_tried_again_with_another_seed_as_long_as_it_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulation, task = next(second_tasks(SEEDS))
    search = search_of(formulation, replace(task, gap_basis_points=0))
    standing = search.standing
    gains, turns, moved = [10, 5, 0, 7], [], []

    def trade(_: object, turn: int, __: object) -> None:
        turns.append(turn)
        standing.value += gains.pop(0)

    class Moving:
        def move(self) -> None:
            moved.append(standing.value)

    monkeypatch.setattr(search, "_find_traded", trade)
    search._trade(np.zeros(1), Moving())  # type: ignore[arg-type]
    assert turns == [1, 2, 3]
    assert len(moved) == 3
    assert other_seed(2**31 - 2, 3) == 2


@pytest.mark.parametrize("is_traded", [True, False])
def test_people_move_at_once_where_a_brief_trade_has_the_better_plan(
    is_traded: bool,  # noqa: FBT001 - a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order = []
    for name in ("move", "run"):
        monkeypatch.setattr(simplex_search.Mixing, name, lambda _, name=name: order.append(name))
    monkeypatch.setattr(simplex_search, "settle_sites", lambda *_: order.append("settle"))
    monkeypatch.setattr(SimplexSearch, "_trade", lambda *_: order.append("trade"))
    for look in ("_look_nearest", "_look_near"):
        monkeypatch.setattr(
            SimplexSearch, look, lambda search, _: (search.standing.best, Answer("unknown"))
        )
    for formulation, task in second_tasks(SEEDS):
        better = Decomposition().solve(formulation, task, lambda *_: None).chosen
        search = search_of(formulation, task)
        standing = search.standing
        if not standing.is_better(better):
            continue
        monkeypatch.setattr(
            search, "_find_traded", lambda *_, found=better: found if is_traded else None
        )
        relaxation = search.relax()
        # As if more were left to look for.
        standing.task = replace(task, gap_basis_points=0)
        standing.found = replace(standing.found, value=standing.found.value + 10)
        search.dive(relaxation)
        assert order == (
            ["move", "trade", "settle", "run"] if is_traded else ["settle", "trade", "run"]
        )
        return
    pytest.fail("no problem has a better plan")
