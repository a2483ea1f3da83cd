"""CP-SAT on the whole model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from ortools.sat.python import cp_model
from scipy import sparse

from scheduler.engines.engine import Answer, Chosen, Task, Tell
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED


class CpSat:
    """Exact in whole numbers; proves by search."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan by CP-SAT over all columns."""
        model, columns = _build(formulation, task)
        solver = _solver(task)
        watcher = _Watcher(formulation, task, tell, columns)
        status = solver.solve(model, watcher)
        match status:
            case cp_model.OPTIMAL | cp_model.FEASIBLE:
                chosen = watcher.chosen_from(solver.boolean_value)
                value = task.value(formulation, chosen)
                bound = max(value, task.objective.constant + round(solver.best_objective_bound))
                if status == cp_model.OPTIMAL:
                    return Answer("optimal", chosen, value)
                if watcher.close_enough:
                    return Answer("within-gap", chosen, bound)
                return Answer("feasible", chosen, bound, clock=True)
            case cp_model.INFEASIBLE:
                return Answer("infeasible")
            case cp_model.UNKNOWN:
                return Answer("unknown", clock=True)
            case _:
                raise EngineFailed(f"CP-SAT refused the model: {model.validate()}")


def first_plan(formulation: Formulation, task: Task) -> Answer:
    """Any plan at all, or the proof that there is none."""
    model, columns = _build(formulation, task)
    solver = _solver(task)
    solver.parameters.stop_after_first_solution = True
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer("feasible", _chosen(formulation, columns, solver.boolean_value))
    return Answer("infeasible") if status == cp_model.INFEASIBLE else Answer("unknown", clock=True)


def _solver(task: Task) -> cp_model.CpSolver:
    """A solver for which the same input gives the same plan, at some cost in time."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = max(1, task.threads)
    solver.parameters.interleave_search = task.threads > 1
    solver.parameters.random_seed = task.seed
    solver.parameters.catch_sigint_signal = False
    if task.seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.01, task.seconds)
    return solver


def _chosen(
    formulation: Formulation,
    columns: list[cp_model.IntVar],
    is_true: Callable[[cp_model.IntVar], bool],
) -> Chosen:
    found = [i for i, own in enumerate(columns[: formulation.option_count]) if is_true(own)]
    return np.array(found, dtype=np.int64)


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Passes on each better plan, and stops once the gap is small enough."""

    def __init__(
        self, formulation: Formulation, task: Task, tell: Tell, columns: list[cp_model.IntVar]
    ) -> None:
        super().__init__()
        self.formulation = formulation
        self.task = task
        self.tell = tell
        self.columns = columns
        self.close_enough = False

    def chosen_from(self, is_true: Callable[[cp_model.IntVar], bool]) -> Chosen:
        return _chosen(self.formulation, self.columns, is_true)

    def on_solution_callback(self) -> None:
        chosen = self.chosen_from(self.boolean_value)
        value = self.task.value(self.formulation, chosen)
        bound = max(value, self.task.objective.constant + round(self.best_objective_bound))
        self.tell(chosen, bound)
        if bound > value and self.task.is_close(value, bound):
            self.close_enough = True
            self.stop_search()


def _build(formulation: Formulation, task: Task) -> tuple[cp_model.CpModel, list[cp_model.IntVar]]:
    whole = formulation.whole
    model = cp_model.CpModel()
    columns = [
        model.new_bool_var("") if most == 1 else model.new_int_var(0, most, "")
        for most in whole.most.tolist()
    ]
    rows = sparse.csr_array(whole.matrix)
    for row in range(rows.shape[0]):
        first, beyond = rows.indptr[row], rows.indptr[row + 1]
        terms = [columns[k] for k in rows.indices[first:beyond]]
        weights = rows.data[first:beyond].tolist()
        _add(model, terms, weights, int(whole.lower[row]), int(whole.upper[row]))
    for floor in task.floors:
        weights = floor.objective.coefficients.tolist()
        _add(model, columns, weights, floor.least - floor.objective.constant, UNLIMITED)
    weights = task.objective.coefficients.tolist()
    model.maximize(cp_model.LinearExpr.weighted_sum(columns, weights))
    return model, columns


def _add(
    model: cp_model.CpModel,
    terms: list[cp_model.IntVar],
    weights: list[int],
    low: int,
    high: int,
) -> None:
    expression = cp_model.LinearExpr.weighted_sum(terms, weights)
    low = cp_model.INT_MIN if low <= -UNLIMITED else low
    high = cp_model.INT_MAX if high >= UNLIMITED else high
    model.add_linear_expression_in_domain(expression, cp_model.Domain(low, high))
