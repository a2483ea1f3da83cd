"""What comes after what, and what is left out where little is left to find."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from stage_by_stage import first_tasks, search_of, second_tasks, standing_of

from scheduler.engines import simplex_search
from scheduler.engines.decomposition import Decomposition
from scheduler.engines.engine import Answer, Task
from scheduler.engines.exchange import Exchange
from scheduler.engines.simplex_search import SimplexSearch
from scheduler.engines.standing import Standing
from scheduler.formulation import Formulation

Ints = NDArray[np.int64]
SEEDS = range(10)
NEAR, FAR = 10_002, 10_003
"""Bounds of a plan that is worth 10 000."""


def _dives(monkeypatch: pytest.MonkeyPatch, formulation: Formulation, task: Task) -> int:
    """How often a search for the best plan dives; it is the best one all the same."""
    dives = []
    with monkeypatch.context() as patch:
        patch.setattr(SimplexSearch, "dive", lambda *_: dives.append(1))
        answer = search_of(formulation, task).run()
    best = Decomposition().solve(formulation, task, lambda *_: None)
    assert answer.status == best.status == "optimal"
    assert answer.bound == best.bound
    return len(dives)


@pytest.mark.parametrize("dives", [0, 1])
def test_a_plan_that_is_near_is_left_to_small_problems(
    monkeypatch: pytest.MonkeyPatch, dives: int
) -> None:
    monkeypatch.setattr(Standing, "is_near", not dives)
    stages = list(first_tasks(SEEDS))
    assert [_dives(monkeypatch, *stage) for stage in stages] == [dives] * len(stages)


def test_beside_floors_a_plan_that_is_near_is_searched_like_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Standing, "is_near", True)
    stages = list(second_tasks(SEEDS))
    assert [_dives(monkeypatch, *stage) for stage in stages] == [1] * len(stages)


def test_near_is_within_two_hundredths_of_a_per_cent() -> None:
    standing = standing_of(*next(first_tasks(SEEDS)))
    standing.value = 10_000
    for bound in (NEAR, FAR):
        standing.found = replace(standing.found, value=bound)
        assert standing.is_near == (bound == NEAR)


@pytest.mark.parametrize(("gap", "places"), [(0, 1), (10, 1), (11, 0), (100, 0), (101, 1)])
def test_all_change_places_first_where_the_gap_is_narrow_or_wide(
    monkeypatch: pytest.MonkeyPatch, gap: int, places: int
) -> None:
    changed = []
    monkeypatch.setattr(Exchange, "run", lambda *_: changed.append(1))
    monkeypatch.setattr(SimplexSearch, "_hardly_less", 10_000)
    monkeypatch.setattr(Standing, "goes_on", True)
    monkeypatch.setattr(Standing, "wants_dives", False)
    formulation, task = next(second_tasks(SEEDS))
    search_of(formulation, replace(task, gap_basis_points=gap)).plunge()
    assert len(changed) == places


@pytest.mark.parametrize("is_close", [True, False])
def test_a_plan_of_the_nearest_options_hardly_below_the_bound_spares_other_beginnings(
    monkeypatch: pytest.MonkeyPatch,
    is_close: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    formulation, task = next(second_tasks(SEEDS))
    search = search_of(formulation, replace(task, gap_basis_points=0))
    least: list[int | None] = []
    began = []

    def find(_: object, standing: Standing, options: Ints, *given: object) -> Answer:
        least.append(given[-1])  # type: ignore[arg-type]
        standing.value = 9_991 if is_close else 9_990
        return Answer("feasible", options[:0])

    monkeypatch.setattr(simplex_search, "best_among", find)
    monkeypatch.setattr(Exchange, "run", lambda *_: began.append(1))
    monkeypatch.setattr(
        SimplexSearch, "_trade_briefly", lambda search, _: (search.standing.best, Answer("unknown"))
    )
    monkeypatch.setattr(Standing, "goes_on", True)
    monkeypatch.setattr(Standing, "wants_dives", False)
    relaxation = search.relax()
    search.standing.found = replace(search.standing.found, value=10_000)
    search.dive(relaxation)
    assert least == ([9_991] if is_close else [9_991, None])
    assert len(began) == (not is_close)
