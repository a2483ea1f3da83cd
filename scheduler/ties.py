"""Ties: of two people who could be exchanged, the one referred earlier is not passed over.

People stand in the order referral, other facts, id. A waiting person takes the place of a later one
if that changes no stage's value and no use of anything: the same course, the same coefficients, the
same use on top.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduler.formulation import Formulation, Objective

Ints = NDArray[np.int64]


def settle_ties(formulation: Formulation, objectives: Sequence[Objective], chosen: Ints) -> Ints:
    """`chosen` (options) with each place given to the earliest of those who could swap for it."""
    instance = formulation.instance
    person, course = instance.options.person, instance.options.course
    fixed = {
        instance.supply.person_index.get(pin.person_id)
        for pin in instance.supply.problem.pins
        if pin.kind == "fixed"
    }
    placed = {int(person[option]) for option in chosen}
    kinds = _kinds(formulation, objectives, np.unique(course[chosen]))
    settled: list[int] = []
    for option in sorted((int(o) for o in chosen), key=lambda o: -int(person[o])):
        own = int(person[option])
        equal = kinds.get(_kind(formulation, objectives, option), ())
        swap = next((o for o in equal if int(person[o]) not in placed), None)
        if swap is None or own in fixed or int(person[swap]) > own:
            settled.append(option)
            continue
        placed.remove(own)
        placed.add(int(person[swap]))
        settled.append(swap)
    return np.sort(np.array(settled, dtype=np.int64))


Kind = tuple[int, ...]


def _kind(formulation: Formulation, objectives: Sequence[Objective], option: int) -> Kind:
    """What must be equal for two options to be exchanged without anybody noticing."""
    instance = formulation.instance
    person = int(instance.options.person[option])
    return (
        int(instance.options.course[option]),
        *(int(objective.coefficients[option]) for objective in objectives),
        *(int(use) for use in instance.supply.person_use[:, person]),
    )


def _kinds(
    formulation: Formulation, objectives: Sequence[Objective], courses: Ints
) -> dict[Kind, list[int]]:
    """The options on these courses by kind, the earliest person first."""
    wanted = np.zeros(formulation.instance.courses.count, dtype=np.bool_)
    wanted[courses] = True
    found: dict[Kind, list[int]] = {}
    for option in np.flatnonzero(wanted[formulation.instance.options.course]):
        found.setdefault(_kind(formulation, objectives, int(option)), []).append(int(option))
    return found
