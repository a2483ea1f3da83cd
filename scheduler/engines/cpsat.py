"""CP-SAT on the whole model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model
from scipy import sparse

from scheduler.engines.engine import Answer, Chosen, Task, Tell
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED

Ints = NDArray[np.int64]


class CpSat:
    """Exact in whole numbers; proves by search."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan by CP-SAT over all columns."""
        every = np.arange(formulation.option_count)
        return solve_over(formulation, task, tell, every)


def first_plan(formulation: Formulation, task: Task) -> Answer:
    """Any plan at all, or the proof that there is none."""
    model, columns = _build(formulation, task, np.arange(formulation.option_count))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = max(1, task.threads)
    solver.parameters.interleave_search = task.threads > 1
    solver.parameters.random_seed = task.seed
    solver.parameters.catch_sigint_signal = False
    solver.parameters.stop_after_first_solution = True
    if task.seconds is not None:
        solver.parameters.max_time_in_seconds = max(0.01, task.seconds)
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        last = formulation.option_count
        found = [i for i, v in columns.items() if i < last and solver.boolean_value(v)]
        return Answer("feasible", np.array(sorted(found), dtype=np.int64))
    return Answer("infeasible") if status == cp_model.INFEASIBLE else Answer("unknown", clock=True)


def solve_over(
    formulation: Formulation, task: Task, tell: Tell, options: Ints, *, repeatable: bool = True
) -> Answer:
    """The best plan that uses only `options`.

    Parameters
    ----------
    repeatable
        Whether the same input must give the same plan, at some cost in time.
    """
    model, columns = _build(formulation, task, options)
    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = max(1, task.threads)
    parameters.interleave_search = repeatable and task.threads > 1
    parameters.random_seed = task.seed
    parameters.catch_sigint_signal = False
    if task.seconds is not None:
        parameters.max_time_in_seconds = max(0.01, task.seconds)
    watcher = _Watcher(formulation, task, tell, columns)
    status = solver.solve(model, watcher)
    match status:
        case cp_model.OPTIMAL | cp_model.FEASIBLE:
            chosen = watcher.chosen_from(solver.boolean_value)
            value = task.objective.value(formulation.complete(chosen))
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


class _Watcher(cp_model.CpSolverSolutionCallback):
    """Passes on each better plan, and stops once the gap is small enough."""

    def __init__(
        self, formulation: Formulation, task: Task, tell: Tell, columns: dict[int, cp_model.IntVar]
    ) -> None:
        super().__init__()
        self.formulation = formulation
        self.task = task
        self.tell = tell
        self.columns = columns
        self.close_enough = False

    def chosen_from(self, is_true: object) -> Chosen:
        last = self.formulation.option_count
        found = [
            index
            for index, variable in self.columns.items()
            if index < last and is_true(variable)  # type: ignore[operator] # a bound method
        ]
        return np.array(sorted(found), dtype=np.int64)

    def on_solution_callback(self) -> None:
        chosen = self.chosen_from(self.boolean_value)
        value = self.task.objective.value(self.formulation.complete(chosen))
        bound = max(value, self.task.objective.constant + round(self.best_objective_bound))
        self.tell(chosen, bound)
        if bound > value and self.task.is_close(value, bound):
            self.close_enough = True
            self.stop_search()


def _build(
    formulation: Formulation, task: Task, options: Ints
) -> tuple[cp_model.CpModel, dict[int, cp_model.IntVar]]:
    whole = formulation.whole
    model = cp_model.CpModel()
    kept = np.concatenate([options, np.arange(formulation.option_count, formulation.column_count)])
    columns = {
        int(index): model.new_bool_var("")
        if whole.most[index] == 1
        else model.new_int_var(0, int(whole.most[index]), "")
        for index in kept
    }
    variables = [columns[int(index)] for index in kept]
    rows = sparse.csr_array(whole.matrix[:, kept])
    for row in range(rows.shape[0]):
        first, beyond = rows.indptr[row], rows.indptr[row + 1]
        terms = [variables[k] for k in rows.indices[first:beyond]]
        weights = rows.data[first:beyond].tolist()
        low, high = int(whole.lower[row]), int(whole.upper[row])
        _add(model, terms, weights, low, high)
    for floor in task.floors:
        weights = floor.objective.coefficients[kept].tolist()
        _add(model, variables, weights, floor.least - floor.objective.constant, UNLIMITED)
    weights = task.objective.coefficients[kept].tolist()
    model.maximize(cp_model.LinearExpr.weighted_sum(variables, weights))
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
