"""HiGHS: linear programs that grow by columns, integer programs, and models written to a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from providers import Week
from scheduler.engines.engine import Answer, Task, Tell
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation, Objective
from scheduler.rules.rows import UNLIMITED, Demand

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_ROUND = 1e-9
"""Relative slack when a bound in floating point is rounded to a whole number."""
_ROUND_LEAST = 1e-6
"""The least such slack."""


@dataclass(frozen=True, slots=True)
class Search:
    """How HiGHS searches."""

    effort: float
    """The share of its work that goes into looking for plans."""
    nodes: int | None
    """How many nodes it looks at; none: as many as it takes."""
    work: int | None = None
    """How often it may ask whether to go on; none: as often as it likes.

    It asks after every so much work, whatever the clock says: the same search always ends alike.
    """


THOROUGH = Search(effort=0.05, nodes=None)
BRIEF = Search(effort=0.3, nodes=30)
"""For problems whose bound is close from the start, so that only a plan is missing."""


@dataclass(frozen=True)
class Written:
    """A stage over some options, as HiGHS takes it.

    Columns stand in the order options, shortfalls, switches, uses.
    """

    matrix: sparse.csc_array
    """``matrix[row, column]``."""
    lower: Floats
    upper: Floats
    cost: Floats
    """``cost[column]``, more is better."""
    least: Floats
    """``least[column]``."""
    most: Floats
    """``most[column]``."""
    whole: NDArray[np.bool_]
    """``whole[column]``: whether it must be a whole number."""
    constant: int
    """What the objective has on top, so that relative gaps are those of the whole value."""

    def with_one_of(self, columns: Ints) -> Written:
        """At least one of these columns is in use."""
        count = len(columns)
        row = sparse.csc_array(
            (np.ones(count), (np.zeros(count, dtype=np.int64), columns)),
            shape=(1, len(self.cost)),
        )
        return replace(
            self,
            matrix=sparse.csc_array(sparse.vstack([self.matrix, row], format="csc")),
            lower=np.append(self.lower, 1.0),
            upper=np.append(self.upper, highspy.kHighsInf),
        )

    def with_misses(self, prices: Floats) -> Written:
        """The last rows may be missed, at these prices."""
        count, size = len(prices), len(self.lower)
        nothing = np.zeros(count)
        own = sparse.csc_array(
            (np.ones(count), (size - count + np.arange(count), np.arange(count))),
            shape=(size, count),
        )
        return replace(
            self,
            matrix=sparse.csc_array(sparse.hstack([self.matrix, own], format="csc")),
            cost=np.concatenate([self.cost, -prices]),
            least=np.concatenate([self.least, nothing]),
            most=np.concatenate([self.most, np.full(count, highspy.kHighsInf)]),
            whole=np.concatenate([self.whole, nothing > 0]),
        )


class Form:
    """How a formulation is written for HiGHS; made once, used for any options.

    A course of 16 weeks stands in 16 capacity rows, one a week: *weekly*. By *changes*, the use
    of a resource becomes a bounded column u for each week, and rows say how it changes from week to
    week: a course then stands in two of them, its first and the one after its last. With D the
    differences of successive rows, ``A·x <= room`` becomes ``D·A·x - D·u = 0``, ``0 <= u <= room``.
    The primal simplex is fast on weekly rows and stalls on changes; branch and cut is several times
    faster on changes.
    """

    def __init__(self, formulation: Formulation, rows: Literal["weekly", "changes"]) -> None:
        self.formulation = formulation
        self._rewritten = {"capacity"} if rows == "changes" else set()
        blocks = []
        uses: list[Ints] = []
        for group in formulation.groups:
            if group.rule in self._rewritten:
                size = group.size
                blocks.append(sparse.eye_array(size) - sparse.eye_array(size, k=-1))
                uses.append(group.upper)
            else:
                blocks.append(sparse.eye_array(group.size))
        none = np.zeros(0, dtype=np.int64)
        self.use_limits: Floats = limits(np.concatenate([none, *uses]))
        """``use_limits[use]``."""
        self.differences = sparse.csr_array(sparse.block_diag([*blocks], format="csr"))
        """``differences[row, row]``."""
        in_use = np.concatenate(
            [np.full(group.size, group.rule in self._rewritten) for group in formulation.groups]
        )
        lower, upper = limits(formulation.lower), limits(formulation.upper)
        lower[in_use] = upper[in_use] = 0.0
        self._lower, self._upper = lower, upper
        self._use_columns = -self.differences[:, np.flatnonzero(in_use)]

    def over(self, task: Task, options: Ints, misses: Floats | None = None) -> Written:
        """The stage over `options` and all other columns; floors stand in the last rows.

        Parameters
        ----------
        misses
            ``misses[floor]``: what each unit costs by which a floor is missed; none: it is kept.
        """
        formulation = self.formulation
        columns = np.concatenate(
            [options, np.arange(formulation.option_count, formulation.column_count)]
        )
        uses = len(self.use_limits)
        rows = sparse.hstack([self._differenced(options, len(columns)), self._use_columns])
        floors = [
            sparse.csr_array(
                np.concatenate([floor.objective.coefficients[columns], np.zeros(uses)])[None, :]
            )
            for floor in task.floors
        ]
        of_floors = [floor.least - floor.objective.constant for floor in task.floors]
        least, most = formulation.auxiliary_limits({})
        written = Written(
            matrix=sparse.csc_array(sparse.vstack([rows, *floors], format="csc")),
            lower=np.concatenate([self._lower, np.array(of_floors, dtype=np.float64)]),
            upper=np.concatenate([self._upper, np.full(len(of_floors), highspy.kHighsInf)]),
            cost=np.concatenate([task.objective.coefficients[columns], np.zeros(uses)]),
            least=np.concatenate([np.zeros(len(options)), least, np.zeros(uses)]),
            most=np.concatenate([formulation.most[options], most, self.use_limits]),
            whole=np.concatenate([np.ones(len(columns), bool), np.zeros(uses, bool)]),
            constant=task.objective.constant,
        )
        return written if misses is None else written.with_misses(misses)

    def columns(self, task: Task, options: Ints) -> sparse.csc_array:
        """The columns of `options` alone, floors included."""
        matrix = self._differenced(options, None)
        floors = [
            sparse.csr_array(floor.objective.coefficients[options][None, :])
            for floor in task.floors
        ]
        return sparse.csc_array(sparse.vstack([matrix, *floors], format="csc"))

    def row_duals(self, duals: Floats) -> Floats:
        """The duals of the rows as the formulation has them."""
        return np.asarray(self.differences.T @ duals[: self.differences.shape[0]])

    def _differenced(self, options: Ints, width: int | None) -> sparse.csc_array:
        rows = self.formulation.rows_over(options)
        if width is None:
            rows = rows[:, : len(options)]
        matrix = sparse.csc_array(self.differences @ rows.astype(np.float64))
        matrix.eliminate_zeros()
        return matrix


def limits(values: Ints) -> Floats:
    """Whole-number limits for HiGHS, which has its own infinity."""
    floats = values.astype(np.float64)
    floats[values >= UNLIMITED] = highspy.kHighsInf
    floats[values <= -UNLIMITED] = -highspy.kHighsInf
    return floats


def new_highs(**options: Any) -> Any:
    """A silent HiGHS with these options."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    return highs


def load(highs: Any, stage: Written, *, integer: bool) -> None:
    """The stage is in `highs`, as a minimisation of its negative."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = stage.matrix.shape
    model.col_cost_ = -stage.cost
    model.offset_ = -float(stage.constant)
    model.col_lower_, model.col_upper_ = stage.least, stage.most
    model.row_lower_, model.row_upper_ = stage.lower, stage.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = stage.matrix.indptr
    model.a_matrix_.index_ = stage.matrix.indices
    model.a_matrix_.value_ = stage.matrix.data
    if integer:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(whole)] for whole in stage.whole]
    if highs.passModel(model) == highspy.HighsStatus.kError:
        raise EngineFailed("HiGHS refused the model")


class WholeMip:
    """HiGHS's branch and cut on the whole model."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan by HiGHS over all columns."""
        every = np.arange(formulation.option_count)
        return solve_mip(Form(formulation, "changes"), task, tell, every)


def solve_mip(
    form: Form,
    task: Task,
    tell: Tell,
    options: Ints,
    search: Search = THOROUGH,
    misses: Floats | None = None,
    one_of: Ints | None = None,
) -> Answer:
    """The best plan that uses only `options`, by HiGHS's branch and cut.

    Under floors that leave no room, a search in whole numbers hardly finds a plan at all. With
    `misses` it may pass through solutions that miss a floor by little, at a price; those are no
    plans and are not told of. With `one_of` only plans that use at least one of these are looked
    at; where there is none the answer is infeasible, whatever plan is known.

    HiGHS is not given the plan known: it would spend its time around it, and was many times slower.
    It is stopped once its bound comes close enough to that plan.
    """
    if one_of is not None and not len(one_of):
        return Answer("infeasible")
    answer, is_refused = _branch_and_cut(form, task, tell, options, search, misses, one_of)
    if misses is None and is_refused and answer.status == "feasible" and not answer.clock:
        # A plan of HiGHS's broke a row by less than HiGHS sees: it has to look closer.
        tight = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9}
        answer, _ = _branch_and_cut(form, task, tell, options, search, None, one_of, **tight)
    return answer


def _branch_and_cut(
    form: Form,
    task: Task,
    tell: Tell,
    options: Ints,
    search: Search,
    misses: Floats | None,
    one_of: Ints | None,
    **settings: float,
) -> tuple[Answer, bool]:
    """The answer, and whether a plan of HiGHS's turned out to break a row."""
    highs = new_highs(
        threads=1,
        random_seed=task.seed,
        mip_rel_gap=task.gap_basis_points / 10_000,
        mip_abs_gap=task.objective.step * 0.99,
        mip_heuristic_effort=search.effort,
        **settings,
    )
    if search.nodes is not None:
        highs.setOptionValue("mip_max_nodes", search.nodes)
    if task.seconds is not None:
        highs.setOptionValue("time_limit", max(0.01, task.seconds))
    written = form.over(task, options, misses)
    if one_of is not None:
        written = written.with_one_of(np.searchsorted(options, one_of))
    load(highs, written, integer=True)
    reader = _Reader(form.formulation, task, tell, options, search.work)
    highs.setCallback(reader.hear, None)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipInterrupt)
    highs.run()
    return reader.answer(highs), reader.is_refused


class _Reader:
    """Reads what HiGHS finds: rounds it, checks it in whole numbers, passes it on."""

    def __init__(
        self,
        formulation: Formulation,
        task: Task,
        tell: Tell,
        options: Ints,
        work: int | None,
    ) -> None:
        self.formulation = formulation
        self.task = task
        self.tell = tell
        self.options = options
        self.work = work
        self.best = task.start
        self.best_value = None if task.start is None else task.value(formulation, task.start)
        self.is_refused = False
        """Whether a solution of HiGHS's was none in whole numbers."""

    def hear(self, kind: Any, __: str, out: Any, into: Any, ____: object) -> None:
        """Called by HiGHS with each better solution, and to ask whether to stop."""
        bound = self._whole(out.mip_dual_bound)
        if kind == highspy.cb.HighsCallbackType.kCallbackMipInterrupt:
            into.user_interrupt = self._is_enough(bound) or self._is_tired()
        elif self.take(np.asarray(out.mip_solution)):
            self.tell(self.best, bound)

    def _is_enough(self, bound: int | None) -> bool:
        if self.best_value is None:
            return False
        if self.task.enough is not None and self.best_value >= self.task.enough:
            return True
        return bound is not None and (
            bound <= self.best_value or self.task.is_close(self.best_value, bound)
        )

    def _is_tired(self) -> bool:
        if self.work is not None:
            self.work -= 1
        return self.work is not None and self.work < 0

    def take(self, solution: Floats) -> bool:
        """Whether the rounded solution is allowed and better than what is known."""
        chosen = self.options[np.rint(solution[: len(self.options)]) == 1]
        if not self.task.allows(self.formulation, chosen):
            self.is_refused = True
            return False
        value = self.task.value(self.formulation, chosen)
        if self.best_value is not None and value <= self.best_value:
            return False
        self.best, self.best_value = chosen, value
        return True

    def _whole(self, dual_bound: float) -> int | None:
        """The bound of the minimisation as a whole-number bound of the objective."""
        if not np.isfinite(dual_bound):
            return None
        bound = -dual_bound
        return self.task.objective.rounded_down(bound + max(_ROUND_LEAST, _ROUND * abs(bound)))

    def answer(self, highs: Any) -> Answer:
        """What the run comes to."""
        status = highs.getModelStatus()
        info = highs.getInfo()
        clock = status == highspy.HighsModelStatus.kTimeLimit
        if not len(self.options) and self.formulation.column_count == self.formulation.option_count:
            return self._without_choice()
        if status == highspy.HighsModelStatus.kInfeasible:
            return Answer("infeasible")
        if np.isfinite(info.objective_function_value) and info.primal_solution_status == 2:  # noqa: PLR2004 - feasible
            self.take(np.asarray(highs.getSolution().col_value))
        bound = self._whole(info.mip_dual_bound)
        if self.best is None or self.best_value is None:
            return Answer("unknown", bound=bound, clock=clock)
        if bound is not None and bound <= self.best_value:
            return Answer("optimal", self.best, self.best_value)
        if bound is not None and self.task.is_close(self.best_value, bound):
            return Answer("within-gap", self.best, bound)
        return Answer("feasible", self.best, bound, clock=clock)

    def _without_choice(self) -> Answer:
        """Placing nobody is the only plan: HiGHS has no bound where no column is whole."""
        self.take(np.zeros(0))
        if self.best is None:
            return Answer("infeasible")
        return Answer("optimal", self.best, self.best_value)


def write_mps(formulation: Formulation, objective: Objective, path: Path) -> None:
    """The whole model is in `path` as named MPS, less of the objective being better.

    Names say person, offer, start and weeks of an option, and what each row demands.
    """
    model = formulation.whole
    highs = new_highs()
    stage = Written(
        matrix=sparse.csc_array(model.matrix.astype(np.float64)),
        lower=limits(model.lower),
        upper=limits(model.upper),
        cost=objective.coefficients.astype(np.float64),
        least=np.zeros(formulation.column_count),
        most=model.most.astype(np.float64),
        whole=np.ones(formulation.column_count, dtype=np.bool_),
        constant=objective.constant,
    )
    load(highs, stage, integer=True)
    for column, name in enumerate(_column_names(formulation)):
        highs.passColName(column, name)
    for row, name in enumerate(_unique(_row_name(demand) for demand in model.demands)):
        highs.passRowName(row, name)
    part = path.with_name(f".{path.name}.part.mps")
    if highs.writeModel(str(part)) == highspy.HighsStatus.kError:
        raise EngineFailed(f"the model could not be written to {path}")
    part.replace(path)


def _column_names(formulation: Formulation) -> list[str]:
    instance = formulation.instance
    names = []
    for option in range(formulation.option_count):
        one = instance.placement(option)
        names.append(f"x:{one.person_id}:{one.offer_id}:{one.start}:{one.weeks}")
    names += [f"short:{s.contract_id}:{s.unit}" for s in instance.supply.shortfalls]
    return [*names, *(f"switch:{index}" for index in range(formulation.switch_count))]


def _row_name(demand: Demand) -> str:
    parts = [
        demand.person_id,
        demand.offer_id,
        demand.site_id if demand.offer_id is None else None,
        demand.programme_id,
        demand.contract_id,
        demand.budget_line_id,
        demand.resource,
        None if demand.week is None else str(Week(demand.week)),
        None if demand.year is None else str(demand.year),
        None if demand.unit in {"people", "places"} else demand.unit,
        None if demand.side == "most" else demand.side,
    ]
    return ":".join([demand.rule, *(part for part in parts if part is not None)])


def _unique(names: Iterable[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        unique.append(name if seen[name] == 1 else f"{name}:{seen[name]}")
    return unique
