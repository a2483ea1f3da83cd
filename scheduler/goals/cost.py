"""``cost``: øre paid for placements, in all years, and for shortfalls of contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.goals.goal import Goal, Ints, no_constant

if TYPE_CHECKING:
    from scheduler.instance import Instance


def _coefficients(instance: Instance) -> Ints:
    return instance.courses.total[instance.options.course]


def _shortfalls(instance: Instance) -> Ints:
    return np.array([s.ore_each for s in instance.supply.shortfalls], dtype=np.int64)


GOAL = Goal("cost", _coefficients, no_constant, _shortfalls)
