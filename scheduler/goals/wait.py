"""``wait``: weeks from referral to start, weighted by priority.

A person not placed waits until the week after the last start week, so a start in week s saves
``weight * (last start + 1 - s)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scheduler.goals.goal import Goal, Ints
from scheduler.goals.placed import person_weights

if TYPE_CHECKING:
    from scheduler.instance import Instance


def _coefficients(instance: Instance) -> Ints:
    supply, options = instance.supply, instance.options
    given_up = supply.position(supply.problem.last_start) + 1
    saved = given_up - instance.courses.start[options.course]
    return -person_weights(instance)[options.person] * saved


def _constant(instance: Instance) -> int:
    supply = instance.supply
    given_up = supply.problem.last_start + 1
    weights = person_weights(instance)
    return sum(
        int(weight) * (given_up - person.referral)
        for weight, person in zip(weights, supply.people, strict=True)
    )


GOAL = Goal("wait", _coefficients, _constant)
