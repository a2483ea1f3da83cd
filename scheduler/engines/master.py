"""The linear relaxation by column generation: few columns in a master, all others priced.

An option enters the master only when the duals say that it would help. Adding columns keeps a basis
primal feasible, so the primal simplex goes on from where it was. Source: P. C. Gilmore and R. E.
Gomory, "A linear programming approach to the cutting-stock problem", Operations Research 9 (1961).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.highs import Form, load, new_highs
from scheduler.engines.lagrangian import Duals
from scheduler.engines.relaxation import Relaxation, by_group, rows_of_one_course
from scheduler.errors import EngineFailed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MOST_ROUNDS = 200
_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
"""The first master has no basis: the dual simplex is several times faster there."""
_MOST_ITERATIONS, _ANY = 10_000, 2**31 - 1
"""A master takes some hundreds or thousands; the primal simplex now and then stalls in one."""
_LOST = (highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kUnknown)
"""How a simplex ends that cannot tell whether its basis is feasible, by some millionths."""


class SimplexRelaxation(Relaxation):
    """A master that grows from one plan, by the primal simplex; `form` is weekly."""

    def __init__(self, form: Form, task: Task, alive: Bools, pool: Bools) -> None:
        super().__init__(form, task, alive, pool)
        self._highs = new_highs(
            threads=1, simplex_strategy=_DUAL_SIMPLEX, presolve="off", solver="simplex"
        )
        self._one_course = rows_of_one_course(self.formulation)
        self._load(np.flatnonzero(self.pool))

    def run(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Columns enter until none helps, or no further round can lower the rounded bound."""
        best = np.inf
        for _ in range(_MOST_ROUNDS):
            duals, people = self._solve_master()
            best = min(best, self._prove(duals, tell).value)
            entering = self._price(duals, people)
            done = best <= np.floor(self.value + 1e-6)
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
        status = self._run_simplex()
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

    def _run_simplex(self) -> Any:
        """HiGHS's model status."""
        highs = self._highs
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            highs.setOptionValue("simplex_iteration_limit", _ANY)
            highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)
            highs.run()
        if highs.getModelStatus() in _LOST:
            # From the beginning, without a basis.
            highs.clearSolver()
            highs.run()
        highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
        highs.setOptionValue("simplex_iteration_limit", _MOST_ITERATIONS)
        return highs.getModelStatus()

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
