"""The linear relaxation by column generation: few columns in a master, all others priced.

An option enters the master only when the duals say that it would help. Adding columns keeps a basis
primal feasible, so the primal simplex goes on from where it was. Source: P. C. Gilmore and R. E.
Gomory, "A linear programming approach to the cutting-stock problem", Operations Research 9 (1961).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.highs import Form, load, new_highs
from scheduler.engines.lagrangian import Bound, Duals, bound_from
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
_SUBSTITUTE = 4
"""What a whole least volume costs that is made up for, in bounds of the stage."""
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
        self._first_auxiliary = int(self.pool.sum())
        self._has_substitutes = False
        self._load(np.flatnonzero(self.pool))

    def run(self, tell: Callable[[int], None], out_of_time: Callable[[], bool]) -> None:
        """Columns enter until none helps, or no further round can lower the rounded bound."""
        self._generate(lambda duals: self._prove(duals, tell), lambda _: out_of_time())

    def run_under(
        self, fixed: Mapping[int, int], enough: int, out_of_time: Callable[[], bool]
    ) -> Bound:
        """What holds where some switches are fixed; a bound of `enough` need not be lower.

        A least volume that no column known can reach is made up for at a high price.
        """
        self._fix(fixed)

        def prove(duals: Duals) -> Bound:
            return bound_from(
                *(self.formulation, self.task.objective, self._floors),
                *(duals, self.alive, fixed),
            )

        return self._generate(prove, lambda best: best.value <= enough or out_of_time())

    @property
    def switches(self) -> Floats:
        """``switches[switch]`` in the last master's solution."""
        first = self._first_auxiliary + self.formulation.shortfall_count
        values = self._highs.getSolution().col_value[first : first + self.formulation.switch_count]
        return np.asarray(values, dtype=np.float64)

    def _generate(
        self, prove: Callable[[Duals], Bound], is_enough: Callable[[Bound], bool]
    ) -> Bound:
        """The best bound of all rounds, each of which solves a master and lets columns enter."""
        best: Bound | None = None
        for _ in range(_MOST_ROUNDS):
            duals, people = self._solve_master()
            found = prove(duals)
            if best is None or found.value < best.value:
                best = found
            if is_enough(best):
                break
            entering = self._price(duals, people)
            if not len(entering) or best.value <= np.floor(self.value + 1e-6):
                break
            self._add(entering)
        assert best is not None
        return best

    def _fix(self, fixed: Mapping[int, int]) -> None:
        if not self._has_substitutes:
            self._has_substitutes = True
            self._add_substitutes()
        limits = zip(*self.formulation.auxiliary_limits(fixed), strict=True)
        for column, (least, most) in enumerate(limits, self._first_auxiliary):
            self._highs.changeColBounds(column, float(least), float(most))
        # The basis stays dual feasible.
        self._highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)

    def _add_substitutes(self) -> None:
        """A column from 0 to 1 for each row and floor that asks for a least."""
        switches = self.formulation.auxiliary[:, self.formulation.shortfall_count :]
        of_switches = -np.asarray(switches.min(axis=1).todense()).ravel()
        of_rows = np.where(
            self.formulation.lower == 0, of_switches, np.maximum(0, self.formulation.lower)
        )
        of_floors = [abs(least - floor.constant) for floor, least in self._floors]
        least = np.concatenate([of_rows, np.array(of_floors, dtype=np.int64)])
        rows = np.flatnonzero(least > 0)
        bound = 0 if self.bound is None else self.bound.value
        price = _SUBSTITUTE * (abs(bound) + 1.0)
        count = len(rows)
        self._highs.addCols(
            count,
            np.full(count, price),
            np.zeros(count),
            np.ones(count),
            count,
            np.arange(count, dtype=np.int32),
            rows.astype(np.int32),
            least[rows].astype(np.float64),
        )

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
