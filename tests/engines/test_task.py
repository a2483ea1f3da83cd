from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

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
