"""What a goal gives to the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.goal import GoalName

if TYPE_CHECKING:
    from scheduler.instance import Instance

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal's part in the model: whole numbers, so that every value is exact.

    The goal's value is ``constant + coefficients·options + shortfalls·shortfalls``.
    """

    name: GoalName
    coefficients: Callable[[Instance], Ints]
    """``coefficient[option]``."""
    constant: Callable[[Instance], int]
    """The value of a plan that places nobody and has no shortfall."""
    shortfalls: Callable[[Instance], Ints] | None = None
    """``coefficient[shortfall]``; none: zeros."""


def no_constant(_: Instance) -> int:
    """Zero: placing nobody is worth nothing."""
    return 0
