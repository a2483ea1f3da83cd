"""Prices of rows near the best ones, by many cheap passes over all options.

With every row priced, the best plan is each person's best option: one pass says what the prices
prove, and which rows that plan overfills. Prices follow the rows that are too full, in a direction
smoothed over passes, by a step that aims between the best bound and the best plan known. What
comes out is within some tenths of a per cent of the relaxation, and says which few options matter:
a good place to begin column generation. Sources: B. T. Polyak, "Minimization of unsmooth
functionals", USSR Computational Mathematics 9 (1969); P. M. Camerini, L. Fratta and F. Maffioli,
"On improving relaxation methods by modified gradient techniques", Mathematical Programming Study 3
(1975).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.lagrangian import Duals
from scheduler.engines.relaxation import by_group
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MOST_PASSES = 800
_FIRST_AIM, _LEAST_AIM = 0.5, 2e-4
"""How far below the best bound a step aims, as a share of the way to the plan known."""
_PATIENCE, _LOWERED = 8, 0.7
"""After so many passes without a better bound the aim is lowered, from the best prices."""
_MEMORY = 0.75
"""How much of the direction before is kept."""


class PriceSearch:
    """The search for good prices of a stage's rows and floors.

    Parameters
    ----------
    formulation, task
        The stage; `task.start` is the plan known.
    alive
        ``alive[option]``: options that may be chosen.
    """

    def __init__(self, formulation: Formulation, task: Task, alive: Bools) -> None:
        assert task.start is not None
        self.formulation = formulation
        self.task = task
        self.instance = formulation.instance
        self.count = formulation.option_count
        self._dead = np.flatnonzero(~alive)
        self._person = self.instance.options.person
        self._first = np.flatnonzero(np.diff(self._person, prepend=-1))
        self._lower, self._upper = _limits(formulation, task)
        self._scale = _row_sizes(formulation, task)
        self._worth = task.objective.coefficients[: self.count].astype(np.float64)
        self._known = task.value(formulation, task.start)
        self._floors = [floor.objective.coefficients for floor in task.floors]

    def run(self, out_of_time: Callable[[], bool]) -> Duals:
        """The best prices found."""
        prices = np.zeros(len(self._scale))
        best = self._at(prices)
        here, aim, stalled = best, _FIRST_AIM, 0
        direction = here.slope
        for _ in range(_MOST_PASSES):
            step = self._step(here, best.bound, aim, direction)
            prices = self._within_signs(here.prices - step)
            here = self._at(prices)
            direction = _MEMORY * direction + (1 - _MEMORY) * here.slope
            stalled += 1
            if here.bound < best.bound:
                best, stalled = here, 0
            if stalled >= _PATIENCE:
                here, aim, stalled = best, aim * _LOWERED, 0
                direction = here.slope
            if aim < _LEAST_AIM or best.bound <= self._known or out_of_time():
                break
        plain = best.prices / self._scale
        return by_group(self.formulation, plain, plain)

    def _step(self, here: _Point, best: float, aim: float, direction: Floats) -> Floats:
        """Polyak's step along the direction, without what the signs of prices rule out."""
        useful = direction.copy()
        useful[(here.prices <= 0) & (useful > 0) & (self._lower <= -UNLIMITED)] = 0.0
        useful[(here.prices >= 0) & (useful < 0) & (self._upper >= UNLIMITED)] = 0.0
        target = best - aim * (best - self._known)
        return useful * ((here.bound - target) / max(float(np.sum(useful * useful)), 1e-12))

    def _at(self, prices: Floats) -> _Point:
        """The bound that the prices prove, and its slope."""
        formulation, task = self.formulation, self.task
        plain = prices / self._scale
        rows, floors = plain[: formulation.row_count], plain[formulation.row_count :]
        gain = self._worth - formulation.coefficients.price(self.instance, rows)
        rest = task.objective.coefficients[self.count :] - formulation.auxiliary.T @ rows
        for price, floor in zip(floors.tolist(), self._floors, strict=True):
            if price:
                gain -= price * floor[: self.count]
                rest = rest - price * floor[self.count :]
        gain[self._dead] = -np.inf
        chosen, value = self._best_options(gain)
        most = self.formulation.most[self.count :]
        others = np.where(rest > 0, most, 0)
        activity = self._activity(chosen, others)
        limit = np.where(prices > 0, self._upper, self._lower)
        bound = task.objective.constant + value + float(np.maximum(rest, 0.0) @ most)
        priced = prices != 0
        bound += float(plain[priced] @ limit[priced])
        slope = np.where(
            prices > 0,
            self._upper - activity,
            np.where(
                prices < 0,
                self._lower - activity,
                np.minimum(0, self._upper - activity) + np.maximum(0, self._lower - activity),
            ),
        )
        return _Point(prices, bound, slope / self._scale)

    def _best_options(self, gain: Floats) -> tuple[Ints, float]:
        """Each person's best option where it gains, and what they gain together."""
        if not len(gain):
            return np.zeros(0, dtype=np.int64), 0.0
        largest = np.maximum.reduceat(gain, self._first)
        of_person = np.full(int(self._person[-1]) + 1, np.inf)
        gaining = largest > 0
        of_person[self._person[self._first[gaining]]] = largest[gaining]
        equal = np.flatnonzero(gain == of_person[self._person])
        owner = self._person[equal]
        return equal[np.diff(owner, prepend=-1) != 0], float(largest[gaining].sum())

    def _activity(self, chosen: Ints, others: Ints) -> Floats:
        rows = self.formulation.coefficients.activity(self.instance, chosen)
        rows = rows + self.formulation.auxiliary @ others
        floors = [
            int(floor[chosen].sum()) + int(floor[self.count :] @ others) for floor in self._floors
        ]
        return np.concatenate([rows, floors]).astype(np.float64)

    def _within_signs(self, prices: Floats) -> Floats:
        prices = np.where(self._upper >= UNLIMITED, np.minimum(prices, 0.0), prices)
        return np.where(self._lower <= -UNLIMITED, np.maximum(prices, 0.0), prices)


@dataclass(frozen=True, slots=True)
class _Point:
    prices: Floats
    """``prices[row]``, of rows divided by their size; floors last."""
    bound: float
    slope: Floats
    """How the bound changes with each price."""


def _limits(formulation: Formulation, task: Task) -> tuple[Floats, Floats]:
    """Of rows and floors; ``one-course`` asks nothing, as each person gets one option anyway."""
    lower = formulation.lower.astype(np.float64)
    upper = formulation.upper.astype(np.float64)
    first = 0
    for group in formulation.groups:
        if group.rule == "one-course":
            lower[first : first + group.size] = -UNLIMITED
        first += group.size
    least = [float(floor.least - floor.objective.constant) for floor in task.floors]
    return (
        np.concatenate([lower, least]),
        np.concatenate([upper, np.full(len(least), float(UNLIMITED))]),
    )


def _row_sizes(formulation: Formulation, task: Task) -> Floats:
    """The largest entry of each row and floor: rows of øre and of places become alike."""
    sizes = np.ones(formulation.row_count)
    rows = formulation.coefficients
    for matrix in (rows.by_course, rows.by_person, rows.by_option, formulation.auxiliary):
        if matrix is not None and matrix.nnz:
            entries = matrix.tocoo()
            np.maximum.at(sizes, entries.coords[0], np.abs(entries.data).astype(np.float64))
    floors = [float(np.abs(f.objective.coefficients).max(initial=1)) for f in task.floors]
    return np.concatenate([sizes, np.maximum(floors, 1.0)])
