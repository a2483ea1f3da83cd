"""The relaxation of large stages: it ends when time is up, whatever it is at."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.registry import INSTANCES
from scheduler.engines import Task, prices
from scheduler.engines.forms import Form
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.large import LargeRelaxation
from scheduler.engines.relaxation import best_of_each_person
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem


@pytest.fixture
def relaxation(monkeypatch: pytest.MonkeyPatch) -> LargeRelaxation:
    """That of an office, from poor prices."""
    monkeypatch.setattr(prices, "_MOST_PASSES", 20)
    problem = INSTANCES["plain-office-blend"].make(1)
    formulation = Formulation(compile_problem(problem)).tightened()
    every = np.ones(formulation.option_count, dtype=np.bool_)
    task = Task(formulation.objective(problem.stages[0]), start=place_by_hand(formulation))
    return LargeRelaxation(Form(formulation, "changes"), task, every, ~every)


def test_a_master_is_left_when_time_is_up(relaxation: LargeRelaxation) -> None:
    asked = 0

    def is_up() -> bool:
        """Once the first master is being solved."""
        nonlocal asked
        asked += 1
        return asked > 1

    relaxation.run(lambda _: None, lambda: False)
    relaxation.refine(lambda _: None, is_up)
    assert relaxation.value == -np.inf, "no master came to its end"
    assert relaxation.bound is not None, "prices prove one"
    assert asked == 2


def test_without_a_limit_the_master_comes_to_its_end(relaxation: LargeRelaxation) -> None:
    relaxation.run(lambda _: None, lambda: False)
    assert relaxation.bound is not None
    by_prices = relaxation.bound.value
    relaxation.refine(lambda _: None, lambda: False)
    assert relaxation.bound.value < by_prices
    assert 0 <= relaxation.bound.value - relaxation.value <= 1e-3 * relaxation.value


@pytest.mark.parametrize("seed", range(20))
def test_the_best_options_of_each_person_are_those_that_gain_most(seed: int) -> None:
    rng = np.random.default_rng(seed)
    person = np.sort(rng.integers(0, 8, size=40)).astype(np.int32)
    gain = rng.integers(-3, 4, size=40).astype(np.float64)
    gain[rng.random(40) < 0.1] = -np.inf
    for least in (-np.inf, 0.0):
        expected = []
        for one in range(8):
            own = np.flatnonzero((person == one) & (gain > least))
            expected += own[np.argsort(-gain[own], kind="stable")][:3].tolist()
        assert best_of_each_person(person, gain, least, 3).tolist() == sorted(expected)
    assert not len(best_of_each_person(person[:0], gain[:0], -np.inf, 3))
