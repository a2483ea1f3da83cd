"""The linear relaxation of a stage, however it is solved: what it proves and what it prices."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.lagrangian import Bound, Duals, bound_from, without_one_course
from scheduler.formulation import Formulation
from scheduler.instance import first_of_each

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_ENTERING_A_PERSON = 2
_PRICE_TOLERANCE = 1e-7
_ROUND = 1e-6
LEAST_PRICE = 1e-3
"""What a unit of a floor costs at least where it may be missed."""


class Relaxation(ABC):
    """The linear relaxation of a stage over the options that are alive.

    Parameters
    ----------
    form, task
        What to relax.
    alive
        ``alive[option]``: options that may be chosen.
    pool
        ``pool[option]``: options to begin with; a plan among them keeps the master feasible.
    """

    def __init__(self, form: Form, task: Task, alive: Bools, pool: Bools) -> None:
        self.form = form
        self.formulation = form.formulation
        self.task = task
        self.alive = alive
        self.pool = pool.copy()
        self.bound: Bound | None = None
        """The best bound so far."""
        self.value = -np.inf
        """The last master's value, constant included."""
        self.floor_prices: Floats = np.zeros(len(task.floors))
        """``floor_prices[floor]``: what a unit more of a floor takes off the value; at least 0."""
        self.gain: Floats = np.zeros(self.formulation.option_count)
        """``gain[option]``: what it is worth beyond the last prices of what it uses."""
        self._floors = [(floor.objective, floor.least) for floor in task.floors]

    @property
    def rounded_value(self) -> int:
        """The last master's value, rounded down to what a plan can be worth."""
        return self.task.objective.rounded_down(self.value + _ROUND)

    @abstractmethod
    def run(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Until no option left out helps, or the bound is near enough; `tell` hears of bounds."""

    def _prove(self, duals: Duals, tell: Callable[[int], None]) -> Bound:
        """What the duals prove; the best bound so far is kept, and told."""
        found = bound_from(self.formulation, self.task.objective, self._floors, duals, self.alive)
        if self.bound is None or found.value <= self.bound.value:
            self.bound = found
            tell(found.value)
        return found

    def _price(self, duals: Duals, people: Floats) -> Ints:
        """The best few options of each person that would help a master with these duals."""
        self.floor_prices = np.maximum(0.0, -duals.floors)
        self.gain = reduced_costs(self.formulation, self.task, duals)
        person = self.formulation.instance.options.person
        gain = self.gain - people[person]
        gain[self.pool | ~self.alive] = -np.inf
        scale = max(1.0, float(np.abs(self.task.objective.coefficients).max(initial=1)))
        return best_of_each_person(person, gain, _PRICE_TOLERANCE * scale, _ENTERING_A_PERSON)


def reduced_costs(formulation: Formulation, task: Task, duals: Duals) -> Floats:
    """``c - Aᵀy`` of every option, without the people's rows."""
    count = formulation.option_count
    gain = task.objective.coefficients[:count].astype(np.float64)
    gain -= formulation.coefficients.price(
        formulation.instance, without_one_course(formulation, duals)
    )
    for floor, own in zip(task.floors, duals.floors, strict=True):
        gain -= own * floor.objective.coefficients[:count]
    return gain


def rows_of_one_course(formulation: Formulation) -> slice | None:
    """The rows that give each person one course at most, if there are any."""
    first = 0
    for group in formulation.groups:
        if group.rule == "one-course":
            return slice(first, first + group.size)
        first += group.size
    return None


def by_group(formulation: Formulation, plain: Floats, row_duals: Floats) -> Duals:
    """Duals from those of the formulation's rows, and of a master's rows with the floors last."""
    parts = []
    first = 0
    for group in formulation.groups:
        parts.append(plain[first : first + group.size])
        first += group.size
    return Duals(tuple(parts), row_duals[first:])


def best_of_each_person(person: NDArray[np.int32], gain: Floats, least: float, count: int) -> Ints:
    """The `count` options of each person that gain most, of those that gain more than `least`.

    Parameters
    ----------
    person
        ``person[option]``, ascending.
    """
    if not len(gain):
        return np.zeros(0, dtype=np.int64)
    first = first_of_each(person)
    left, taken = gain.copy(), np.zeros(len(gain), dtype=np.bool_)
    for _ in range(count):
        best = best_of_each(left, first, least)
        left[best] = -np.inf
        taken[best] = True
    return np.flatnonzero(taken)


def best_of_each(gain: Floats, first: Ints, least: float) -> Ints:
    """One option of each person: the first of those that gain most, if more than `least`.

    Parameters
    ----------
    first
        ``first[person]``: their first option, from 0 on and ascending.
    """
    largest = np.repeat(np.maximum.reduceat(gain, first), np.diff(first, append=len(gain)))
    equal = np.flatnonzero((gain > least) & (gain == largest))
    owner = np.searchsorted(first, equal, side="right")
    best: Ints = equal[np.diff(owner, prepend=0) != 0]
    return best
