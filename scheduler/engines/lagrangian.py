"""Bounds from duals, computed in whole numbers: proof whatever the duals are.

For a stage that maximises ``c·x`` over rows ``lower <= A·x <= upper``, any duals ``y`` bound it by

    sum over rows of y·(upper if y > 0 else lower)
    + sum over people of max(0, largest c - Aᵀy among the person's options)
    + sum over other columns of most·max(0, c - Aᵀy)

where ``one-course`` needs no dual: it is what allows one option a person. Duals are scaled by a
power of two and rounded, and everything after that is exact. Values of plans are multiples of the
objective's greatest common divisor, so the bound is rounded down to one. The same numbers say by
how much it falls if an option is chosen (its *loss*), so options that cannot be part of a better
plan drop out with proof. Source: M. L. Fisher, "The Lagrangian relaxation method for solving
integer programming problems", Management Science 27 (1981).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.formulation import Formulation, Objective, greatest_step, parts_of
from scheduler.instance import first_of_each
from scheduler.rules.rows import UNLIMITED

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
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
    """A number for each row of each group but ``one-course``, and for each floor.

    One whose sign asks for a limit that its row does not have counts as 0.
    """

    groups: tuple[Floats, ...]
    """``groups[g][row]``; what stands for ``one-course`` is not read."""
    floors: Floats
    """``floors[floor]``."""


def bound_from(
    formulation: Formulation,
    objective: Objective,
    floors: Sequence[tuple[Objective, int]],
    duals: Duals,
    alive: Bools | None = None,
    fixed: Mapping[int, int] | None = None,
) -> Bound:
    """The bound that `duals` prove for `objective` under `floors` (objective, least).

    Parameters
    ----------
    alive
        ``alive[option]``: options that may be chosen at all; none: every one.
    fixed
        By switch: the value it has in every plan that the bound is of.
    """
    plain = without_one_course(formulation, duals)
    bits = _scale_bits(formulation, objective, floors, plain, duals.floors)
    scale = 1 << bits
    y = np.rint(plain * scale).astype(np.int64)
    options = formulation.option_count
    reduced = objective.coefficients * scale
    reduced[:options] -= formulation.coefficients.price(formulation.instance, y)
    reduced[options:] -= formulation.auxiliary.T @ y
    total = _limit_total(formulation, y)
    for (floor, least), own in zip(floors, duals.floors, strict=True):
        price = min(0, round(float(own) * scale))
        if price:
            reduced -= floor.coefficients * price
            total += price * (least - floor.constant)
    total += _of_auxiliary(formulation, reduced[options:], fixed or {})
    return _gather(formulation, objective, reduced[:options], total, scale, alive)


def sharpened(found: Bound, objective: Objective, alive: Bools, enough: int) -> Bound:
    """The bound of every plan that is worth more than `enough`, which some plan is worth.

    Such a plan has no option that loses too much, so what the others are worth adds up to its
    value: where all of these are even, its value is, and the bound falls to the next even number.

    Parameters
    ----------
    found
        The bound of all plans.
    alive
        ``alive[option]``: options that may be chosen.
    """
    while found.value > enough:
        step = greatest_step(_worths_of_better(found, objective, alive, enough))
        value = (found.value - objective.constant) // step * step + objective.constant
        if value == found.value:
            break
        is_useful = alive & (found.loss < found.value - enough)
        worth = np.maximum(found.value - found.loss, enough) - objective.constant
        lost = value - objective.constant - worth // step * step
        found = Bound(max(value, enough), np.where(is_useful, np.maximum(lost, 0), UNLIMITED))
    return found


def _worths_of_better(
    found: Bound, objective: Objective, alive: Bools, enough: int
) -> Iterator[Ints]:
    """What a plan worth more than `enough` may be made of, part by part."""
    yield objective.coefficients[len(alive) :]
    for part in parts_of(alive):
        is_useful = alive[part] & (found.loss[part] < found.value - enough)
        yield objective.coefficients[: len(alive)][part][is_useful]


def _of_auxiliary(formulation: Formulation, gain: Ints, fixed: Mapping[int, int]) -> int:
    """What shortfalls and switches gain at the most."""
    least, most = formulation.auxiliary_limits(fixed)
    limits = zip(gain.tolist(), least.tolist(), most.tolist(), strict=True)
    return sum(max(one * few, one * many) for one, few, many in limits)


def without_one_course(formulation: Formulation, duals: Duals) -> Floats:
    """``y[row]`` of all rows: 0 where its sign asks for no limit, and for ``one-course``."""
    plain: Floats = np.concatenate([np.zeros(0), *duals.groups])
    useless = (plain > 0) & (formulation.upper >= UNLIMITED)
    useless |= (plain < 0) & (formulation.lower <= -UNLIMITED)
    plain[useless | formulation.is_one_course] = 0.0
    return plain


def _gather(
    formulation: Formulation,
    objective: Objective,
    own: Ints,
    total: int,
    scale: int,
    alive: Bools | None,
) -> Bound:
    if alive is not None:
        own = np.where(alive, own, -UNLIMITED)
    person = formulation.instance.options.person
    if any(group.rule == "one-course" for group in formulation.groups):
        of_person = _largest_of_person(own, person, len(formulation.instance.supply.people))
        total += sum(of_person.tolist())
        best = of_person[person]
    else:
        best = np.maximum(own, 0)
        total += sum(best.tolist())
    unit = scale * objective.step
    value = total // unit * objective.step
    # What is left after rounding the bound down may be lost for free.
    spare = total - value * scale
    lost = -((spare - (best - own)) // unit) * objective.step
    loss = np.where(own > -UNLIMITED, lost, UNLIMITED)
    return Bound(value=value + objective.constant, loss=np.maximum(loss, 0))


def _largest_of_person(own: Ints, person: NDArray[np.int32], people: int) -> Ints:
    """``largest[person]`` of their options' numbers, at least 0; options stand by person."""
    largest = np.zeros(people, dtype=np.int64)
    if len(own):
        first = first_of_each(person)
        largest[person[first]] = np.maximum(np.maximum.reduceat(own, first), 0)
    return largest


def _limit_total(formulation: Formulation, y: Ints) -> int:
    at = np.flatnonzero(y)
    limits = np.where(y[at] > 0, formulation.upper[at], formulation.lower[at])
    return sum(a * b for a, b in zip(y[at].tolist(), limits.tolist(), strict=True))


def _scale_bits(
    formulation: Formulation,
    objective: Objective,
    floors: Sequence[tuple[Objective, int]],
    plain: Floats,
    floor_duals: Floats,
) -> int:
    """The largest power of two for which no dual and no sum over one column leaves 64 bits."""
    magnitude = np.abs(plain)
    size = float(np.abs(objective.coefficients).max(initial=1))
    size += float(magnitude.max(initial=0.0))
    for matrix in formulation.magnitudes:
        size += float((matrix @ magnitude).max())
    for (floor, _), own_dual in zip(floors, floor_duals, strict=True):
        size += abs(float(own_dual)) * float(np.abs(floor.coefficients).max(initial=1))
    bits = _MOST_BITS - int(np.ceil(np.log2(size + 1)))
    return max(0, min(_MOST_SCALE_BITS, bits))
