"""The linear relaxation of large instances: near prices, then few masters by interior point.

A simplex master that grows from one plan needs many rounds, each longer than the one before. Prices
from a search over all options prove nearly what the relaxation does, and say which few options of
each person matter. Where that is not near enough, a master over those is solved by interior point,
whose duals lie in the middle of all optimal ones, so that hardly a column is missing. A dual need
not be optimal to prove a bound.
"""

from __future__ import annotations

from collections.abc import Callable

import highspy
import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.forms import Form, Written
from scheduler.engines.highs import interrupt_lp, load, new_highs
from scheduler.engines.lagrangian import Duals
from scheduler.engines.narrowing import Narrowing, Rest
from scheduler.engines.prices import PriceSearch
from scheduler.engines.relaxation import (
    Relaxation,
    best_of_each_person,
    by_group,
    reduced_costs,
    rows_of_one_course,
)
from scheduler.errors import EngineFailed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_COLUMNS_A_PERSON = 10
_MOST_ROUNDS = 12
_NEAR_ENOUGH = 2e-5
"""Of the value: where bound and master lie no further apart, they are near enough for any gap."""
_SHARE_OF_GAP = 5e-6
"""Of the value, for each hundredth of a per cent of the gap asked for: a twentieth of it."""
_FEW = 0.001
"""Of the columns that a master has: fewer new ones change no more than its tolerance."""
_TOLERANCE = 1e-4
"""Of the interior point; its duals prove what they prove."""
_SOME = 0.005
"""What prices choose less of than that they do not choose."""
_HAIR = 1e-6
"""Options whose gains differ by less are drawn by chance."""


class LargeRelaxation(Relaxation):
    """Prices, then a few masters; `form` is by changes, and `task.start` the plan known."""

    def __init__(self, form: Form, task: Task, alive: Bools, pool: Bools) -> None:
        super().__init__(form, task, alive, pool)
        self.shares: Floats = np.zeros(self.formulation.option_count)
        """``shares[option]``: about how much of it the relaxation chooses."""
        self._search = PriceSearch(self.formulation, task, alive)

    def run(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Prices that prove nearly what the relaxation does."""
        duals = self._search.run(out_of_time)
        self._prove(duals, tell)
        self.gain = reduced_costs(self.formulation, self.task, duals)
        self.shares = self._search.shares
        person = self.formulation.instance.options.person
        # Where nothing has a price yet, all weeks are worth the same: the first are not the best.
        by_chance = _HAIR * np.random.default_rng(self.task.seed).random(len(self.gain))
        gain = np.where(self.alive, self.gain + by_chance, -np.inf)
        self.pool[best_of_each_person(person, gain, -np.inf, _COLUMNS_A_PERSON)] = True
        self.pool[self.chosen] = True

    def narrow(self, out_of_time: Callable[[], bool]) -> Rest:
        """A small part of the stage that has nearly the best plans; once at most."""
        return Narrowing(self.formulation, self._search, self.alive).run(out_of_time)

    @property
    def chosen(self) -> Ints:
        """Options that it chooses some of."""
        return np.flatnonzero(self.alive & (self.shares > _SOME))

    def refine(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Masters until none of the options left out helps, or the bound is near enough."""
        for _ in range(_MOST_ROUNDS):
            if out_of_time():
                return
            found = self._solve_master(out_of_time)
            if found is None:
                return
            duals, people = found
            self._prove(duals, tell)
            assert self.bound is not None
            entering = self._price(duals, people)
            near_enough = self.bound.value - self.value <= self._share * abs(self.value) + 1
            if near_enough or len(entering) <= _FEW * int(self.pool.sum()):
                return
            self.pool[entering] = True

    @property
    def _share(self) -> float:
        """Of the value: how far bound and master may lie apart at the end."""
        return max(_NEAR_ENOUGH, self.task.gap_basis_points * _SHARE_OF_GAP)

    def _solve_master(self, out_of_time: Callable[[], bool]) -> tuple[Duals, Floats] | None:
        """The master's duals by group and floor, and those of the people's rows, if in time."""
        options = np.flatnonzero(self.pool)
        stage = self.form.over(self.task, options)
        row_duals = self._interior_point(stage, out_of_time)
        if row_duals is None:
            return None
        plain = self.form.row_duals(row_duals)
        rows = rows_of_one_course(self.formulation)
        people = np.zeros(len(self.formulation.instance.supply.people))
        if rows is not None:
            people = np.maximum(plain[rows], 0.0)
        return by_group(self.formulation, plain, row_duals), people

    def _interior_point(self, stage: Written, out_of_time: Callable[[], bool]) -> Floats | None:
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
            interrupt_lp(highs, out_of_time)
            highs.run()
            if highs.getModelStatus() == highspy.HighsModelStatus.kInterrupt:
                return None
            solution = highs.getSolution()
            duals = -np.asarray(solution.row_dual, dtype=np.float64)
            value = -highs.getInfo().objective_function_value
            if solution.dual_valid and np.isfinite(duals).all() and np.isfinite(value):
                self.value = value
                return duals
        raise EngineFailed("HiGHS found no duals of a relaxation")
