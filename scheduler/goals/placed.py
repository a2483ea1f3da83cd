"""``placed``: people placed, weighted by priority."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scheduler.goals.goal import Goal, Ints, no_constant

if TYPE_CHECKING:
    from scheduler.instance import Instance


def person_weights(instance: Instance) -> Ints:
    """``weight[person]`` of the person's priority."""
    supply = instance.supply
    weights = supply.problem.weights.priority
    return np.array([weights.of(person.priority) for person in supply.people], dtype=np.int64)


def _coefficients(instance: Instance) -> Ints:
    return person_weights(instance)[instance.options.person]


GOAL = Goal("placed", _coefficients, no_constant)
