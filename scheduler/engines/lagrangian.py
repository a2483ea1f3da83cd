"""Bounds from duals, computed in whole numbers: proof whatever the duals are.

For a stage that maximises ``c·x`` over rows ``lower <= A·x <= upper``, any duals ``y`` bound it by

    sum over rows of y·(upper if y > 0 else lower)
    + sum over people of max(0, largest c - Aᵀy among the person's options)
    + sum over other columns of most·max(0, c - Aᵀy)

where ``one-course`` needs no dual: it is what allows one option a person. Duals are scaled by a
power of two and rounded, and everything after that is exact. The same numbers say by how much the
bound falls if an option is chosen (its *loss*), so options that cannot be part of a better plan
drop out with proof. Source: M. L. Fisher, "The Lagrangian relaxation method for solving integer
programming problems", Management Science 27 (1981).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.formulation import Formulation, Objective
from scheduler.rules.rows import UNLIMITED, RowGroup

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_MOST_BITS = 60
_MOST_SCALE_BITS = 44


@dataclass(frozen=True)
class Bound:
    """A proven bound of a stage, and what choosing each option would take off it."""

    value: int
    """No plan's objective is larger (constant included)."""
    loss: Ints
    """``loss[option]``, rounded down: a plan with the option is worth at most ``value - loss``."""


@dataclass(frozen=True)
class Duals:
    """A number for each row of each group but ``one-course``, and for each floor."""

    groups: tuple[Floats, ...]
    """``groups[g][row]``; what stands for ``one-course`` is not read."""
    floors: Floats
    """``floors[floor]``; at most 0."""


def sign_correct(group: RowGroup, duals: NDArray[np.number]) -> NDArray[np.number]:
    """The duals, with 0 where the sign asks for a limit that the row does not have."""
    useless = ((duals > 0) & (group.upper >= UNLIMITED)) | (
        (duals < 0) & (group.lower <= -UNLIMITED)
    )
    return np.where(useless, 0, duals)


def bound_from(
    formulation: Formulation,
    objective: Objective,
    floors: Sequence[tuple[Objective, int]],
    duals: Duals,
    alive: NDArray[np.bool_] | None = None,
) -> Bound:
    """The bound that `duals` prove for `objective` under `floors` (objective, least).

    Parameters
    ----------
    alive
        ``alive[option]``: options that may be chosen at all; none: every one.
    """
    bits = _scale_bits(formulation, objective, floors, duals)
    scale = 1 << bits
    options = formulation.option_count
    reduced = objective.coefficients * scale
    total = 0
    first_switch = options + formulation.shortfall_count
    person_has_one = False
    for group, own in zip(formulation.groups, duals.groups, strict=True):
        switches = 0 if group.switches is None else len(group.switches.used)
        if group.rule == "one-course":
            person_has_one = True
        else:
            y = sign_correct(group, np.rint(own * scale).astype(np.int64)).astype(np.int64)
            total += _limit_total(group, y)
            reduced[:options] -= group.price(formulation.instance, y)
            if group.by_shortfall is not None:
                reduced[options : options + formulation.shortfall_count] -= group.by_shortfall.T @ y
            if group.switches is not None:
                at = slice(first_switch, first_switch + switches)
                reduced[at] -= group.switches.matrix.T @ y
        first_switch += switches
    for (floor, least), own in zip(floors, duals.floors, strict=True):
        price = min(0, round(float(own) * scale))
        reduced -= floor.coefficients * price
        total += price * (least - floor.constant)
    return _gather(formulation, objective, reduced, total, scale, alive, person_has_one)


def _gather(
    formulation: Formulation,
    objective: Objective,
    reduced: Ints,
    total: int,
    scale: int,
    alive: NDArray[np.bool_] | None,
    person_has_one: bool,  # noqa: FBT001
) -> Bound:
    options = formulation.option_count
    own = reduced[:options]
    if alive is not None:
        own = np.where(alive, own, -UNLIMITED)
    person = formulation.instance.options.person
    best = np.maximum(own, 0)
    if person_has_one:
        of_person = np.zeros(len(formulation.instance.supply.people), dtype=np.int64)
        np.maximum.at(of_person, person, own)
        total += sum(of_person.tolist())
        best = of_person[person]
    else:
        total += sum(best.tolist())
    rest = np.maximum(reduced[options:], 0)
    total += sum(
        int(gain) * int(most)
        for gain, most in zip(rest.tolist(), formulation.most[options:].tolist(), strict=True)
    )
    value = total // scale
    # What is left after rounding the bound down may be lost for free.
    spare = total - value * scale
    loss = np.where(own > -UNLIMITED, -((spare - (best - own)) // scale), UNLIMITED)
    return Bound(value=value + objective.constant, loss=np.maximum(loss, 0))


def _limit_total(group: RowGroup, y: Ints) -> int:
    at = np.flatnonzero(y)
    limits = np.where(y[at] > 0, group.upper[at], group.lower[at])
    return sum(a * b for a, b in zip(y[at].tolist(), limits.tolist(), strict=True))


def _scale_bits(
    formulation: Formulation,
    objective: Objective,
    floors: Sequence[tuple[Objective, int]],
    duals: Duals,
) -> int:
    """The largest power of two for which no dual and no sum over one column leaves 64 bits."""
    size = float(np.abs(objective.coefficients).max(initial=1))
    for group, own in zip(formulation.groups, duals.groups, strict=True):
        if group.rule == "one-course" or not len(own):
            continue
        magnitude = np.abs(own)
        size += float(magnitude.max())
        for matrix in (group.by_course, group.by_person, group.by_option, group.by_shortfall):
            if matrix is not None and matrix.nnz:
                size += float((abs(matrix).T @ magnitude).max())
        if group.switches is not None:
            size += float((abs(group.switches.matrix).T @ magnitude).max(initial=0.0))
    for (floor, _), own in zip(floors, duals.floors, strict=True):
        size += abs(float(own)) * float(np.abs(floor.coefficients).max(initial=1))
    bits = _MOST_BITS - int(np.ceil(np.log2(size + 1)))
    return max(0, min(_MOST_SCALE_BITS, bits))
