"""Every engine against every plan there is, on problems small enough to try them all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import highspy
import pytest
from enumeration import best_by_stage
from random_problems import random_problem
from stage_by_stage import solve_here

from scheduler.check import verify
from scheduler.engines import (
    EngineName,
    highs,
    large,
    large_search,
    master,
    mixing,
    narrowing,
    neighbourhoods,
    prices,
    simplex_search,
    stage,
    standing,
)
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem

ENGINES: tuple[EngineName, ...] = ("cpsat", "mip", "decomposition")
BATCH = 25


def in_batches(problems: int) -> pytest.MarkDecorator:
    """The first is measured for coverage: the others run the same lines, and slowly if measured."""
    others = [pytest.param(at, marks=pytest.mark.no_cover) for at in range(BATCH, problems, BATCH)]
    return pytest.mark.parametrize("first", [0, *others])


@in_batches(300)
def test_every_engine_finds_and_proves_what_enumeration_finds(first: int) -> None:
    wrong = [
        (seed, engine, fault)
        for seed in range(first, first + BATCH)
        for engine, fault in _faults(seed)
    ]
    assert wrong == []


@in_batches(100)
def test_problems_that_begin_with_one_option_widen_until_they_prove(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stage, "_FIRST_SUBSET", 1)
    monkeypatch.setattr(stage, "_NEAR", -1)
    seeds = range(first, first + BATCH)
    wrong = [(seed, fault) for seed in seeds for fault in _faults(seed, ("decomposition",))]
    assert wrong == []


@in_batches(100)
def test_switches_that_are_decided_in_branches_end_as_enumeration_says(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simplex_search, "_FEW_SWITCHES", 0)
    seeds = range(first, first + BATCH)
    wrong = [(seed, fault) for seed in seeds for fault in _faults(seed, ("decomposition",))]
    assert wrong == []


@in_batches(100)
def test_plans_out_of_dives_and_their_mixtures_end_as_enumeration_says(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simplex_search, "_STRICT", -1)
    monkeypatch.setattr(standing, "_SMALL", -1)
    for name in ("FREELY", "UNDER_FLOORS"):
        few = replace(getattr(mixing, name), dives=3)
        monkeypatch.setattr(mixing, name, few)
    seeds = range(first, first + BATCH)
    wrong = [(seed, fault) for seed in seeds for fault in _faults(seed, ("decomposition",))]
    assert wrong == []


@in_batches(50)
def test_a_simplex_that_stalls_is_followed_by_another(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(master, "_MOST_ITERATIONS", 0)
    seeds = range(first, first + BATCH)
    wrong = [(seed, fault) for seed in seeds for fault in _faults(seed, ("decomposition",))]
    assert wrong == []


def test_a_simplex_that_cannot_tell_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each master is said to have ended as unknown the first time that anybody asks."""

    class Unsure:
        def __init__(self, highs: Any) -> None:
            self._highs, self._is_sure = highs, False

        def __getattr__(self, name: str) -> Any:
            return getattr(self._highs, name)

        def clearSolver(self) -> None:  # noqa: N802 - as HiGHS has it
            self._is_sure = True
            self._highs.clearSolver()

        def getModelStatus(self) -> Any:  # noqa: N802 - as HiGHS has it
            status = self._highs.getModelStatus()
            return status if self._is_sure else highspy.HighsModelStatus.kUnknown

    def new_highs(**options: Any) -> Unsure:
        return Unsure(highs.new_highs(**options))

    monkeypatch.setattr(master, "new_highs", new_highs)
    wrong = [(seed, fault) for seed in range(BATCH) for fault in _faults(seed, ("decomposition",))]
    assert wrong == []


@in_batches(100)
def test_what_is_done_for_large_problems_is_right_for_small_ones(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prices, what they leave open, interior point, brief searches, neighbourhoods, all ties."""
    monkeypatch.setattr(large_search, "_MANY", -1)
    monkeypatch.setattr(large_search, "_MANY_PEOPLE", -1)
    monkeypatch.setattr(stage, "_FIRST_SUBSET", 2)
    monkeypatch.setattr(stage, "_OPTIONS_A_PERSON", 0)
    monkeypatch.setattr(stage, "_NEAR", -1)
    monkeypatch.setattr(stage, "_MOST_NEAR_A_PERSON", -1)
    monkeypatch.setattr(large, "_COLUMNS_A_PERSON", 1)
    monkeypatch.setattr(narrowing, "_FEW", 0)
    monkeypatch.setattr(prices, "_MOST_PASSES", 20)
    monkeypatch.setattr(neighbourhoods, "_PEOPLE", 2)
    monkeypatch.setattr(neighbourhoods, "_PEOPLE_UNDER_FLOORS", 2)
    monkeypatch.setattr(large_search, "PARTS", 2)
    seeds = range(first, first + BATCH)
    wrong = [(seed, fault) for seed in seeds for fault in _faults(seed, ("decomposition",))]
    assert wrong == []


def _faults(seed: int, engines: tuple[EngineName, ...] = ENGINES) -> list[tuple[EngineName, str]]:
    problem = random_problem(seed)
    expected = best_by_stage(problem)
    formulation = Formulation(compile_problem(problem))
    faults: list[tuple[EngineName, str]] = []
    for engine in engines:
        solved = solve_here(formulation, problem.stages, engine)
        last = solved.answers[-1]
        if expected is None:
            if last.status != "infeasible":
                faults.append((engine, f"{last.status} instead of infeasible"))
            continue
        if list(solved.values) != expected:
            faults.append((engine, f"{solved.values} instead of {expected}"))
        if solved.bounds != solved.values or {a.status for a in solved.answers} != {"optimal"}:
            faults.append((engine, f"bounds {solved.bounds} of {solved.values}"))
        if solved.chosen is not None:
            verified = verify(problem, formulation.instance.plan(solved.chosen))
            solution = formulation.complete(solved.chosen)
            claimed = {name: goal.value(solution) for name, goal in formulation.goals.items()}
            if claimed != verified.goals.as_dict():
                faults.append((engine, f"claims {claimed}"))
    return faults
