"""The linear relaxation by column generation: few columns in a master, all others priced.

An option enters the master only when the duals say that it would help. Adding columns keeps a basis
primal feasible, so the primal simplex goes on from where it was. Source: P. C. Gilmore and R. E.
Gomory, "A linear programming approach to the cutting-stock problem", Operations Research 9 (1961).
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.highs import Form, load, new_highs
from scheduler.engines.lagrangian import Bound, Duals, bound_from, without_one_course
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_COLUMNS_A_PERSON = 3
_MOST_ROUNDS = 200
_PRICE_TOLERANCE = 1e-7


class Relaxation:
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
        """The master's value, constant included."""
        self.floor_prices: Floats = np.zeros(len(task.floors))
        """``floor_prices[floor]``: what a unit more of a floor takes off the value; at least 0."""
        self.gain: Floats = np.zeros(self.formulation.option_count)
        """``gain[option]``: what it is worth beyond the last prices of what it uses."""
        self._floors = [(floor.objective, floor.least) for floor in task.floors]
        self._highs = new_highs(threads=1, simplex_strategy=4, presolve="off", solver="simplex")
        self._one_course = rows_of_one_course(self.formulation)
        self._load(np.flatnonzero(self.pool))

    def run(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Columns enter until none helps, or no further round can lower the rounded bound."""
        for _ in range(_MOST_ROUNDS):
            duals, people = self._solve_master()
            self.gain = reduced_costs(self.formulation, self.task, duals)
            self.floor_prices = np.maximum(0.0, -duals.floors)
            found = bound_from(
                self.formulation, self.task.objective, self._floors, duals, self.alive
            )
            if self.bound is None or found.value <= self.bound.value:
                self.bound = found
                tell(found.value)
            entering = helpful_options(
                self.formulation, self.task, duals, people, self.pool | ~self.alive
            )
            done = self.bound.value <= np.floor(self.value + 1e-6)
            if not len(entering) or done or out_of_time():
                return
            self._add(entering)

    def _load(self, options: Ints) -> None:
        stage = self.form.over(self.task, options)
        if self._one_course is not None:
            stage.most[: len(options)] = highspy.kHighsInf
        load(self._highs, stage, integer=False)

    def _solve_master(self) -> tuple[Duals, Floats]:
        """The master's duals by group and floor, and those of the people's rows."""
        self._highs.run()
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            # No column yet: the plan known places nobody, and nothing has a price.
            self.value = float(self.task.objective.constant)
            row_duals = np.zeros(self._highs.getNumRow())
        elif status == highspy.HighsModelStatus.kOptimal:
            self.value = -self._highs.getInfo().objective_function_value
            row_duals = -np.asarray(self._highs.getSolution().row_dual)
        else:
            name = self._highs.modelStatusToString(status)
            raise EngineFailed(f"HiGHS ended a relaxation as {name}")
        plain = self.form.row_duals(row_duals)
        return by_group(self.formulation, plain, row_duals), self._of_people(plain)

    def _of_people(self, plain: Floats) -> Floats:
        count = len(self.formulation.instance.supply.people)
        return np.zeros(count) if self._one_course is None else plain[self._one_course]

    def _add(self, options: Ints) -> None:
        matrix = self.form.columns(self.task, options)
        cost = -self.task.objective.coefficients[options].astype(np.float64)
        most = np.full(len(options), 1.0 if self._one_course is None else highspy.kHighsInf)
        self._highs.addCols(
            len(options),
            cost,
            np.zeros(len(options)),
            most,
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
        )
        self.pool[options] = True


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


def helpful_options(
    formulation: Formulation, task: Task, duals: Duals, people: Floats, excluded: Bools
) -> Ints:
    """The best few options of each person that would help a master with these duals."""
    gain = reduced_costs(formulation, task, duals)
    person = formulation.instance.options.person
    gain -= people[person]
    gain[excluded] = -np.inf
    scale = max(1.0, float(np.abs(task.objective.coefficients).max(initial=1)))
    return best_of_each_person(person, gain, _PRICE_TOLERANCE * scale, _COLUMNS_A_PERSON)


def best_of_each_person(person: NDArray[np.int32], gain: Floats, least: float, count: int) -> Ints:
    """The `count` options of each person that gain most, of those that gain more than `least`."""
    helpful = np.flatnonzero(gain > least)
    order = helpful[np.lexsort((-gain[helpful], person[helpful]))]
    owner = person[order]
    rank = np.arange(len(order)) - np.searchsorted(owner, owner, side="left")
    return np.sort(order[rank < count])
