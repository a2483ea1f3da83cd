"""HiGHS: linear programs that grow by columns, integer programs, and models written to a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
_ROUND = 1e-6
"""Relative slack when a bound in floating point is rounded to a whole number."""


@dataclass(frozen=True)
class Rows:
    """``lower <= matrix @ x <= upper`` over some columns."""

    matrix: sparse.csc_array
    """``matrix[row, column]``."""
    lower: Floats
    upper: Floats


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


def load(highs: Any, rows: Rows, cost: Floats, most: Floats, *, integer: bool) -> None:
    """The model ``maximise cost·x`` is in `highs`, as a minimisation of ``-cost·x``."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = rows.matrix.shape
    model.col_cost_ = -cost
    model.col_lower_ = np.zeros(len(cost))
    model.col_upper_ = most
    model.row_lower_, model.row_upper_ = rows.lower, rows.upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = rows.matrix.indptr
    model.a_matrix_.index_ = rows.matrix.indices
    model.a_matrix_.value_ = rows.matrix.data.astype(np.float64)
    if integer:
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    if highs.passModel(model) == highspy.HighsStatus.kError:
        raise EngineFailed("HiGHS refused the model")


def rows_over(formulation: Formulation, task: Task, options: Ints) -> tuple[Rows, Ints]:
    """All rows and floors over `options` and the other columns, and the columns' indices."""
    columns = np.concatenate(
        [options, np.arange(formulation.option_count, formulation.column_count)]
    )
    blocks = [formulation.rows_over(options)]
    lower = [formulation.lower]
    upper = [formulation.upper]
    for floor in task.floors:
        blocks.append(sparse.csc_array(floor.objective.coefficients[columns][None, :]))
        lower.append(np.array([floor.least - floor.objective.constant]))
        upper.append(np.array([UNLIMITED]))
    matrix = sparse.csc_array(sparse.vstack(blocks, format="csc"))
    return Rows(matrix, limits(np.concatenate(lower)), limits(np.concatenate(upper))), columns


class WholeMip:
    """HiGHS's branch and cut on the whole model."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan by HiGHS over all columns."""
        return solve_mip(formulation, task, tell, np.arange(formulation.option_count))


def solve_mip(
    formulation: Formulation, task: Task, tell: Tell, options: Ints, *, most_nodes: int | None = None
) -> Answer:
    """The best plan that uses only `options`, by HiGHS's branch and cut.

    Parameters
    ----------
    most_nodes
        Stop after so many nodes: unlike a clock, this ends every run at the same point.
    """
    rows, columns = rows_over(formulation, task, options)
    cost = task.objective.coefficients[columns].astype(np.float64)
    most = formulation.most[columns].astype(np.float64)
    step = _step(task.objective.coefficients[columns])
    highs = new_highs(
        threads=1,
        random_seed=task.seed,
        mip_rel_gap=task.gap_basis_points / 10_000,
        mip_abs_gap=step * 0.99,
        mip_feasibility_tolerance=1e-9,
        primal_feasibility_tolerance=1e-9,
    )
    if task.seconds is not None:
        highs.setOptionValue("time_limit", max(0.01, task.seconds))
    if most_nodes is not None:
        highs.setOptionValue("mip_max_nodes", most_nodes)
    load(highs, rows, cost, most, integer=True)
    if task.start is not None:
        _set_start(highs, formulation.complete(task.start)[columns])
    reader = _Reader(formulation, task, tell, options, step)
    highs.setCallback(reader.hear, None)
    highs.startCallback(highspy.cb.HighsCallbackType.kCallbackMipImprovingSolution)
    highs.run()
    return reader.answer(highs)


def _set_start(highs: Any, values: Ints) -> None:
    solution = highspy.HighsSolution()
    solution.col_value = values.astype(np.float64).tolist()
    highs.setSolution(solution)


def _step(coefficients: Ints) -> int:
    """The greatest common divisor: objectives differ by a multiple of it, if at all."""
    return max(1, int(np.gcd.reduce(np.abs(coefficients), initial=0)))


class _Reader:
    """Reads what HiGHS finds: rounds it, checks it in whole numbers, passes it on."""

    def __init__(
        self, formulation: Formulation, task: Task, tell: Tell, options: Ints, step: int
    ) -> None:
        self.formulation = formulation
        self.task = task
        self.tell = tell
        self.options = options
        self.step = step
        self.best = task.start
        self.best_value = None if task.start is None else self._value(task.start)

    def _value(self, chosen: Ints) -> int:
        return self.task.objective.value(self.formulation.complete(chosen))

    def hear(self, _: object, __: str, data: Any, ___: object, ____: object) -> None:
        """Called by HiGHS with each better solution."""
        if self.take(np.asarray(data.mip_solution)):
            self.tell(self.best, self._whole(data.mip_dual_bound))

    def take(self, solution: Floats) -> bool:
        """Whether the rounded solution is allowed and better than what is known."""
        chosen = self.options[np.rint(solution[: len(self.options)]) == 1]
        columns = self.formulation.complete(chosen)
        kept = self.formulation.allows(columns) and all(
            floor.objective.value(columns) >= floor.least for floor in self.task.floors
        )
        value = self.task.objective.value(columns)
        if not kept or (self.best_value is not None and value <= self.best_value):
            return False
        self.best, self.best_value = chosen, value
        return True

    def _whole(self, dual_bound: float) -> int | None:
        """The bound of the minimisation as a whole-number bound of the objective."""
        if not np.isfinite(dual_bound):
            return None
        bound = -dual_bound
        bound += _ROUND * max(1.0, abs(bound))
        steps = int(np.floor(bound / self.step))
        return steps * self.step + self.task.objective.constant

    def answer(self, highs: Any) -> Answer:
        """What the run comes to."""
        status = highs.getModelStatus()
        info = highs.getInfo()
        clock = status == highspy.HighsModelStatus.kTimeLimit
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


def write_mps(formulation: Formulation, objective: Objective, path: Path) -> None:
    """The whole model is in `path` as named MPS, less of the objective being better.

    Names say person, offer, start and weeks of an option, and what each row demands.
    """
    every = np.arange(formulation.option_count)
    rows, columns = rows_over(formulation, Task(objective), every)
    highs = new_highs()
    cost = objective.coefficients[columns].astype(np.float64)
    load(highs, rows, cost, formulation.most[columns].astype(np.float64), integer=True)
    for column, name in enumerate(_column_names(formulation)):
        highs.passColName(column, name)
    demands = [demand for group in formulation.groups for demand in group.demands]
    for row, name in enumerate(_unique(_row_name(demand) for demand in demands)):
        highs.passRowName(row, name)
    part = path.with_name(f".{path.name}.part.mps")
    if highs.writeModel(str(part)) == highspy.HighsStatus.kError:
        raise EngineFailed(f"the model could not be written to {path}")
    os.replace(part, path)


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

