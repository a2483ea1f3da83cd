"""The linear relaxation of large instances: near prices, then few masters by interior point.

A simplex master that grows from one plan needs many rounds, each longer than the one before. Prices
from a search over all options say which few of each person matter; a master over those is solved
once by interior point, whose duals lie in the middle of all optimal ones, so that hardly a column
is missing. A dual need not be optimal to prove a bound.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.highs import Form, Written, load, new_highs
from scheduler.engines.lagrangian import Bound, Duals, bound_from
from scheduler.engines.master import (
    best_of_each_person,
    by_group,
    helpful_options,
    reduced_costs,
    rows_of_one_course,
)
from scheduler.engines.prices import PriceSearch
from scheduler.errors import EngineFailed

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_COLUMNS_A_PERSON = 10
_MOST_ROUNDS = 12
_NEAR_ENOUGH = 2e-5
"""Of the value: how far bound and master may lie apart at the end."""
_SHARE_OF_GAP = 5e-6
"""Of the value, for each hundredth of a per cent of the gap asked for: a twentieth of it."""
_TOLERANCE = 1e-4
"""Of the interior point; its duals prove what they prove."""


class LargeRelaxation:
    """The linear relaxation of a stage over the options that are alive.

    Parameters
    ----------
    form
        By changes, on which interior point is fast.
    task
        The stage; `task.start` is the plan known.
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

    def run(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Prices, then masters until none of the options left out helps."""
        duals = PriceSearch(self.formulation, self.task, self.alive).run(out_of_time)
        near = self._prove(duals, tell)
        person = self.formulation.instance.options.person
        gain = np.where(self.alive, -near.loss.astype(np.float64), -np.inf)
        self.pool[best_of_each_person(person, gain, -np.inf, _COLUMNS_A_PERSON)] = True
        for _ in range(_MOST_ROUNDS):
            if out_of_time():
                return
            duals, people = self._solve_master()
            self.gain = reduced_costs(self.formulation, self.task, duals)
            self.floor_prices = np.maximum(0.0, -duals.floors)
            found = self._prove(duals, tell)
            entering = helpful_options(
                self.formulation, self.task, duals, people, self.pool | ~self.alive
            )
            share = max(_NEAR_ENOUGH, self.task.gap_basis_points * _SHARE_OF_GAP)
            near_enough = found.value - self.value <= share * abs(self.value) + 1
            if near_enough or not len(entering):
                return
            self.pool[entering] = True

    def _prove(self, duals: Duals, tell: Callable[[int], None]) -> Bound:
        found = bound_from(self.formulation, self.task.objective, self._floors, duals, self.alive)
        if self.bound is None or found.value <= self.bound.value:
            self.bound = found
            tell(found.value)
        return found

    def _solve_master(self) -> tuple[Duals, Floats]:
        """The master's duals by group and floor, and those of the people's rows."""
        options = np.flatnonzero(self.pool)
        stage = self.form.over(self.task, options)
        row_duals = self._interior_point(stage)
        plain = self.form.row_duals(row_duals)
        rows = rows_of_one_course(self.formulation)
        people = np.zeros(len(self.formulation.instance.supply.people))
        if rows is not None:
            people = np.maximum(plain[rows], 0.0)
        return by_group(self.formulation, plain, row_duals), people

    def _interior_point(self, stage: Written) -> Floats:
        """The duals of a master's rows; by the dual simplex where interior point breaks down."""
        if not len(stage.cost):
            # No column yet: the plan known places nobody, and nothing has a price.
            self.value = float(stage.constant)
            return np.zeros(len(stage.lower))
        for options in (
            {"solver": "ipm", "run_crossover": "off", "ipm_optimality_tolerance": _TOLERANCE},
            {"solver": "simplex"},
        ):
            highs = new_highs(threads=1, **options)
            load(highs, stage, integer=False)
            highs.run()
            solution = highs.getSolution()
            duals = -np.asarray(solution.row_dual, dtype=np.float64)
            value = -highs.getInfo().objective_function_value
            if solution.dual_valid and np.isfinite(duals).all() and np.isfinite(value):
                self.value = value
                return duals
        raise EngineFailed("HiGHS found no duals of a relaxation")
