from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.formulation import Objective

_NOTHING = Objective(np.zeros(0, dtype=np.int64), 0)
_numbers = st.integers(min_value=-(10**12), max_value=10**12)


@given(bound=_numbers, gap=st.integers(min_value=0, max_value=9_999))
def test_the_least_value_that_is_close_is_close_and_one_less_is_not(bound: int, gap: int):
    task = Task(_NOTHING, gap_basis_points=gap)
    least = task.least_close(bound)
    assert task.is_close(least, bound)
    far = bound - 2 * abs(bound) - 1
    assert least == far + 1 or not task.is_close(least - 1, bound)


@given(st.data())
def test_broken_ties_follow_the_stage_first_and_then_later_ones(data: st.DataObject):
    options = st.lists(st.integers(-9, 9), min_size=4, max_size=4)
    own, next_one = (np.array(data.draw(options), dtype=np.int64) for _ in range(2))
    task = Task(_of(own), later=(_of(next_one),))
    broken = task.with_ties_broken()
    ranked = sorted(range(4), key=lambda option: (own[option], next_one[option]))
    in_order = broken.objective.coefficients[ranked]
    assert (np.diff(in_order) >= 0).all()
    ties = (np.diff(own[ranked]) == 0) & (np.diff(next_one[ranked]) == 0)
    assert ((np.diff(in_order) == 0) == ties).all()


def test_later_stages_of_any_unit_count_alike():
    own = _of(np.array([5, 5, 5]))
    kroner, weeks = _of(np.array([0, 90_000, 0])), _of(np.array([-1, 0, 0]))
    broken = Task(own, later=(kroner, weeks)).with_ties_broken().objective
    apart = np.diff(broken.coefficients)
    assert apart[0] == -2 * apart[1] > 0


def _of(coefficients: NDArray[np.int64]) -> Objective:
    return Objective(coefficients, 0)
