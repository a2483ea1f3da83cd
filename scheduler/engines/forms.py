"""How a stage is written as matrices, columns by the option, for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.engine import Task
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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
            upper=np.append(self.upper, np.inf),
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
            most=np.concatenate([self.most, np.full(count, np.inf)]),
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
            upper=np.concatenate([self._upper, np.full(len(of_floors), np.inf)]),
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
    """Whole-number limits in floating point, where there is no limit infinite."""
    floats = values.astype(np.float64)
    floats[values >= UNLIMITED] = np.inf
    floats[values <= -UNLIMITED] = -np.inf
    return floats
