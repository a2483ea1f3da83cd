"""The relaxation of large stages: it ends when time is up, whatever it is at."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.registry import INSTANCES
from scheduler.engines import Task, prices
from scheduler.engines.forms import Form
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.large import LargeRelaxation
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
