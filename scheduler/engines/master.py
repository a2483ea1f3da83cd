"""The linear relaxation by column generation: few columns in a master, all others priced.

An option enters the master only when the duals say that it would help. Adding columns keeps a basis
primal feasible, so the primal simplex goes on from where it was. Source: P. C. Gilmore and R. E.
Gomory, "A linear programming approach to the cutting-stock problem", Operations Research 9 (1961).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.highs import load, new_highs
from scheduler.engines.lagrangian import Bound, Duals, bound_from, without_one_course
from scheduler.engines.relaxation import (
    LEAST_PRICE,
    Relaxation,
    by_group,
    reduced_costs,
    rows_of_one_course,
)
from scheduler.errors import EngineFailed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MOST_ROUNDS = 200
_DUAL_SIMPLEX, _PRIMAL_SIMPLEX = 1, 4
"""The first master has no basis: the dual simplex is several times faster there."""
_MOST_ITERATIONS, _ANY = 10_000, 2**31 - 1
"""A master takes some hundreds or thousands; the primal simplex now and then stalls in one."""
_SUBSTITUTE, _OF_FLOOR = 4, 100
"""What a whole least volume costs that is made up for, or such a part of a floor, in bounds of the
stage."""
_ROUNDS_SETTLED = 3
"""How often columns are priced once switches are settled."""
_HAIR = 1e-4
"""Of what an option is worth on average: options that differ by less are drawn by chance."""
_USED = 1e-9
"""How much of an option a master uses at least that counts as used."""
_NONE: Ints = np.zeros(0, dtype=np.int64)
_LOST = (highspy.HighsModelStatus.kNotset, highspy.HighsModelStatus.kUnknown)
"""How a simplex ends that cannot tell whether its basis is feasible, by some millionths."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A solved master before its limits are changed."""

    basis: Any
    """HiGHS's, of the columns that there were."""
    floor_prices: Floats
    value: float


def _new_simplex() -> Any:
    return new_highs(threads=1, simplex_strategy=_DUAL_SIMPLEX, presolve="off", solver="simplex")


class SimplexRelaxation(Relaxation):
    """A master that grows from one plan, by the primal simplex; `form` is weekly."""

    def __init__(self, form: Form, task: Task, alive: Bools, pool: Bools) -> None:
        super().__init__(form, task, alive, pool)
        self._highs = _new_simplex()
        self._one_course = rows_of_one_course(self.formulation)
        first = np.flatnonzero(self.pool)
        self._first_auxiliary = len(first)
        self._column_of: Ints = np.full(len(self.pool), -1, dtype=np.int64)
        """``column[option]`` in the master; -1: not in it."""
        self._column_of[first] = np.arange(len(first))
        self.most = 1.0 if self._one_course is None else highspy.kHighsInf
        """Of an option: ``one-course`` keeps it below 1 where there is such a rule."""
        self._row_of: Ints = np.arange(self.formulation.row_count + len(task.floors))
        """``row[k]`` in the master of the k-th row of `form`: rows may be added after floors."""
        self.settled: Mapping[int, int] = {}
        """By switch: the value that it has until it is settled otherwise."""
        self._substitutes: slice | None = None
        """Their columns, once there are any."""
        self._load(first)
        self._first_miss = self._highs.getNumCol()
        self._add_misses()

    def twin(self) -> SimplexRelaxation:
        """Another one, solved as this one is, that goes its own way from here."""
        other = copy.copy(self)
        other.part()
        return other

    def part(self) -> None:
        """Nothing that changes is shared with what this is a copy of."""
        shared = self._highs
        self.pool, self._column_of = self.pool.copy(), self._column_of.copy()
        self._highs = _new_simplex()
        self._highs.passModel(shared.getLp())
        self._highs.setBasis(shared.getBasis())
        self._run_simplex()

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

    def settle(self, switches: Mapping[int, int]) -> None:
        """These have these values from now on, the others are free, and nothing is made up for.

        All are free where no plan is left of the columns known.
        """
        self._let_make_up(0.0)
        for settled in (switches, {}):
            self.settled = settled
            self.limit_switches(settled)
            if self.solve_again(_ROUNDS_SETTLED, lambda entering: entering):
                break

    @property
    def switches(self) -> Floats:
        """``switches[switch]`` in the last master's solution."""
        first = self._first_auxiliary + self.formulation.shortfall_count
        values = self._highs.getSolution().col_value[first : first + self.formulation.switch_count]
        return np.asarray(values, dtype=np.float64)

    @property
    def solution(self) -> tuple[Ints, Floats]:
        """The options that the last master uses, and how much of each."""
        values = np.asarray(self._highs.getSolution().col_value, dtype=np.float64)
        options = np.flatnonzero(self.pool)
        own = values[self._column_of[options]]
        used = own > _USED
        return options[used], own[used]

    def gains(self) -> tuple[Floats, Floats]:
        """What each option is worth beyond the last master's prices of all it uses.

        Returns
        -------
        tuple[Floats, Floats]
            ``gain[option]``: with every price, and with capacity for free.
        """
        duals, people = self._read_duals(self._run_simplex())
        instance = self.formulation.instance
        gain = reduced_costs(self.formulation, self.task, duals) - people[instance.options.person]
        prices = without_one_course(self.formulation, duals)
        of_capacity = np.where(self.formulation.is_of("capacity"), prices, 0.0)
        return gain, gain + self.formulation.coefficients.price(instance, of_capacity)

    def tighten(self, form: Form) -> None:
        """The master has the rows that `form` has on top, and is not solved yet."""
        old, first = self.formulation.row_count, self._highs.getNumRow()
        options = np.flatnonzero(self.pool)
        rows = sparse.csr_array(form.rows_of(options))[old:]
        count = rows.shape[0]
        self._highs.addRows(
            count,
            form.lower[old:],
            form.upper[old:],
            rows.nnz,
            rows.indptr[:-1].astype(np.int32),
            self._column_of[options][rows.indices].astype(np.int32),
            rows.data.astype(np.float64),
        )
        own, of_floors = np.split(self._row_of, [old])
        self._row_of = np.concatenate([own, first + np.arange(count), of_floors])
        self.form, self.formulation = form, form.formulation
        # Rows that are broken leave the basis dual feasible.
        self._highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)

    def solve_again(self, rounds: int, keep: Callable[[Ints], Ints]) -> bool:
        """Whether the last master is feasible under its new limits.

        Columns enter it for so many rounds, of those priced the ones that `keep` gives back.
        """
        self._highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)
        for left in range(rounds, -1, -1):
            found = self._try_master()
            if found is None:
                return False
            entering = keep(self._price(*found)) if left else _NONE
            if not len(entering):
                break
            self._add(entering)
        return True

    def limit(self, options: Ints, least: float, most: float) -> None:
        """These options lie between `least` and `most`; those that the master lacks enter it."""
        lacking = options[~self.pool[options]]
        if len(lacking):
            self._add(lacking)
        columns = self._column_of[options].astype(np.int32)
        count = len(columns)
        self._highs.changeColsBounds(count, columns, np.full(count, least), np.full(count, most))

    def limit_switches(self, fixed: Mapping[int, int]) -> None:
        """Switches have the values in `fixed`, and are free where it says nothing."""
        limits = zip(*self.formulation.auxiliary_limits(fixed), strict=True)
        for column, (least, most) in enumerate(limits, self._first_auxiliary):
            self._highs.changeColBounds(column, float(least), float(most))

    def let_miss(self, dearer: float, aims: Ints) -> None:
        """Floors may be missed at their prices made so many times dearer; at none, never.

        Parameters
        ----------
        aims
            ``aims[floor]``: by how much more than the floor is asked for.
        """
        for index, price in enumerate(self._kept.floor_prices.tolist()):
            column = self._first_miss + index
            self._highs.changeColCost(column, price * dearer)
            self._highs.changeColBounds(column, 0.0, highspy.kHighsInf if dearer else 0.0)
            floor, least = self._floors[index]
            row = int(self._row_of[self.formulation.row_count + index])
            aim = float(least - floor.constant + int(aims[index]))
            self._highs.changeRowBounds(row, aim, highspy.kHighsInf)

    @property
    def kept(self) -> Kept:
        """The last master as it is."""
        prices = np.maximum(self.floor_prices, LEAST_PRICE)
        return Kept(self._highs.getBasis(), prices, self.value)

    def go_back(self, kept: Kept) -> None:
        """The solution is as it was, if the limits are; what entered since is not in use."""
        basis = kept.basis
        new = self._highs.getNumCol() - len(basis.col_status)
        basis.col_status = [*basis.col_status, *[highspy.HighsBasisStatus.kLower] * new]
        self._highs.setBasis(basis)
        self._run_simplex()
        self.floor_prices, self.value = kept.floor_prices, kept.value

    def draw_corner(self, random: np.random.Generator) -> None:
        """The solution is another one that is worth as much but for a hair, until `release`.

        Options are worth a little more, each by chance, so which corner of the best solutions the
        simplex ends at is drawn as well.
        """
        options = np.flatnonzero(self.pool)
        self._set_worths(options, _HAIR * self._mean_worth * random.random(len(options)))
        self._run_simplex()

    def _set_worths(self, options: Ints, more: Floats) -> None:
        """What these options of the pool are worth, and so much more."""
        cost = -self.task.objective.coefficients[options] - more
        self._highs.changeColsCost(len(options), self._column_of[options].astype(np.int32), cost)

    @property
    def _mean_worth(self) -> float:
        worths = self.task.objective.coefficients[: self.formulation.option_count]
        return float(np.abs(worths).sum()) / max(1, len(worths))

    def keep_basis(self) -> None:
        """What `release` goes back to."""
        self._kept = self.kept

    def release(self) -> None:
        """All options of the pool, and switches that are not settled, are free again.

        The solution is as it was.
        """
        options = np.flatnonzero(self.pool)
        self.limit(options, 0.0, self.most)
        self._set_worths(options, np.zeros(len(options)))
        self.limit_switches(self.settled)
        self.let_miss(0.0, np.zeros(len(self._floors), dtype=np.int64))
        self.go_back(self._kept)

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
            if not len(entering) or best.value <= self.rounded_value:
                break
            self._add(entering)
        assert best is not None
        return best

    def _fix(self, fixed: Mapping[int, int]) -> None:
        if self._substitutes is None:
            self._add_substitutes()
        self._let_make_up(highspy.kHighsInf)
        self.limit_switches(fixed)
        # The basis stays dual feasible.
        self._highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)

    def _add_substitutes(self) -> None:
        """A column for each row and floor that asks for a least: not in use, for now."""
        switches = self.formulation.auxiliary[:, self.formulation.shortfall_count :]
        of_switches = -np.asarray(switches.min(axis=1).todense()).ravel()
        of_rows = np.where(
            self.formulation.lower == 0, of_switches, np.maximum(0, self.formulation.lower)
        )
        of_rows //= self.form.unit
        of_floors = [1 + abs(least - floor.constant) // _OF_FLOOR for floor, least in self._floors]
        least = np.concatenate([of_rows, np.array(of_floors, dtype=np.int64)])
        rows = np.flatnonzero(least > 0)
        bound = 0 if self.bound is None else self.bound.value
        price = _SUBSTITUTE * (abs(bound) + 1.0)
        count, first = len(rows), self._highs.getNumCol()
        self._substitutes = slice(first, first + count)
        self._highs.addCols(
            count,
            np.full(count, price),
            np.zeros(count),
            np.zeros(count),
            count,
            np.arange(count, dtype=np.int32),
            self._row_of[rows].astype(np.int32),
            least[rows].astype(np.float64),
        )

    def _let_make_up(self, most: float) -> None:
        """So much of each substitute may be used at most."""
        if self._substitutes is not None:
            columns = np.arange(self._substitutes.start, self._substitutes.stop, dtype=np.int32)
            count = len(columns)
            self._highs.changeColsBounds(count, columns, np.zeros(count), np.full(count, most))

    def _add_misses(self) -> None:
        """A column for each floor that says by how much it is missed: not at all, for now."""
        count = len(self._floors)
        rows = self.formulation.row_count + np.arange(count, dtype=np.int32)
        nothing = np.zeros(count)
        starts = np.arange(count, dtype=np.int32)
        self._highs.addCols(count, *([nothing] * 3), count, starts, rows, np.ones(count))

    def _load(self, options: Ints) -> None:
        stage = self.form.over(self.task, options)
        stage.most[: len(options)] = self.most
        load(self._highs, stage, integer=False)

    def _solve_master(self) -> tuple[Duals, Floats]:
        """The master's duals by group and floor, and those of the people's rows."""
        found = self._try_master()
        if found is None:
            raise EngineFailed("HiGHS calls a relaxation infeasible for which a plan is known")
        return found

    def _try_master(self) -> tuple[Duals, Floats] | None:
        """The same; none where the master is infeasible."""
        status = self._run_simplex()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        return self._read_duals(status)

    def _read_duals(self, status: Any) -> tuple[Duals, Floats]:
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
        row_duals = row_duals[self._row_of]
        plain = self.form.row_duals(row_duals)
        return by_group(self.formulation, plain, row_duals), self._of_people(plain)

    def _run_simplex(self) -> Any:
        """HiGHS's model status."""
        highs = self._highs
        highs.run()
        highs.setOptionValue("simplex_iteration_limit", _ANY)
        if highs.getModelStatus() == highspy.HighsModelStatus.kIterationLimit:
            highs.setOptionValue("simplex_strategy", _DUAL_SIMPLEX)
            highs.run()
        for solver in ("simplex", "ipm"):
            if highs.getModelStatus() in _LOST:
                # From the beginning, without a basis.
                highs.clearSolver()
                highs.setOptionValue("solver", solver)
                highs.run()
        highs.setOptionValue("solver", "simplex")
        highs.setOptionValue("simplex_strategy", _PRIMAL_SIMPLEX)
        highs.setOptionValue("simplex_iteration_limit", _MOST_ITERATIONS)
        return highs.getModelStatus()

    def _of_people(self, plain: Floats) -> Floats:
        count = len(self.formulation.instance.supply.people)
        return np.zeros(count) if self._one_course is None else plain[self._one_course]

    def _add(self, options: Ints) -> None:
        matrix = self.form.columns(self.task, options)
        cost = -self.task.objective.coefficients[options].astype(np.float64)
        first = self._highs.getNumCol()
        self._highs.addCols(
            len(options),
            cost,
            np.zeros(len(options)),
            np.full(len(options), self.most),
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            self._row_of[matrix.indices].astype(np.int32),
            matrix.data.astype(np.float64),
        )
        self.pool[options] = True
        self._column_of[options] = first + np.arange(len(options))
