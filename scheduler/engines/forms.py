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


@dataclass(frozen=True, slots=True)
class Beside:
    """The rest of a plan, beside which a part of it may change."""

    options: Ints
    reserved: Ints
    """``reserved[row]``: what is left for other parts that change at the same time."""


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
        is_changes = formulation.is_of("capacity") & (rows == "changes")
        sizes = [group.size for group in formulation.groups]
        self._chain: Ints = np.where(is_changes, np.repeat(np.arange(len(sizes)), sizes), -1)
        """``chain[row]``: rows of one chain become changes from each to the next; -1: of none."""
        self._every = _Changes.of(self._chain)
        self._lower, self._upper = limits(formulation.lower), limits(formulation.upper)

    def over(
        self,
        task: Task,
        options: Ints,
        misses: Floats | None = None,
        beside: Beside | None = None,
    ) -> Written:
        """The stage over `options` and all other columns; floors stand in the last rows.

        Parameters
        ----------
        misses
            ``misses[floor]``: what each unit costs by which a floor is missed; none: it is kept.
        beside
            What is chosen in any case: it has no columns, and rows in which it alone has a part
            are left out.
        """
        formulation = self.formulation
        every = np.concatenate(
            [options, np.arange(formulation.option_count, formulation.column_count)]
        )
        matrix = formulation.rows_over(options)
        lower, upper, changes = self._lower, self._upper, self._every
        fixed = np.zeros(0, dtype=np.int64) if beside is None else beside.options
        if beside is not None:
            taken = formulation.coefficients.activity(formulation.instance, fixed)
            taken += beside.reserved
            kept = np.unique(matrix.indices)
            matrix = sparse.csc_array(matrix.tocsr()[kept])
            lower, upper = lower[kept] - taken[kept], upper[kept] - taken[kept]
            changes = _Changes.of(self._chain[kept])
        uses = len(changes.rows)
        rows = sparse.hstack([_without_zeros(changes.differences @ matrix), changes.columns])
        use_limits = upper[changes.rows]
        lower, upper = lower.copy(), upper.copy()
        lower[changes.rows] = upper[changes.rows] = 0.0
        floors = [
            sparse.csr_array(
                np.concatenate([floor.objective.coefficients[every], np.zeros(uses)])[None, :]
            )
            for floor in task.floors
        ]
        of_floors = np.array(
            [
                floor.least - floor.objective.constant - floor.objective.coefficients[fixed].sum()
                for floor in task.floors
            ],
            dtype=np.float64,
        )
        least, most = formulation.auxiliary_limits({})
        written = Written(
            matrix=sparse.csc_array(sparse.vstack([rows, *floors], format="csc")),
            lower=np.concatenate([lower, of_floors]),
            upper=np.concatenate([upper, np.full(len(of_floors), np.inf)]),
            cost=np.concatenate([task.objective.coefficients[every], np.zeros(uses)]),
            least=np.concatenate([np.zeros(len(options)), least, np.zeros(uses)]),
            most=np.concatenate([formulation.most[options], most, use_limits]),
            whole=np.concatenate([np.ones(len(every), bool), np.zeros(uses, bool)]),
            constant=task.objective.constant + int(task.objective.coefficients[fixed].sum()),
        )
        return written if misses is None else written.with_misses(misses)

    def columns(self, task: Task, options: Ints) -> sparse.csc_array:
        """The columns of `options` alone, floors included."""
        own = self.formulation.coefficients.columns(self.formulation.instance, options)
        matrix = _without_zeros(self._every.differences @ own)
        floors = [
            sparse.csr_array(floor.objective.coefficients[options][None, :])
            for floor in task.floors
        ]
        return sparse.csc_array(sparse.vstack([matrix, *floors], format="csc"))

    def row_duals(self, duals: Floats) -> Floats:
        """The duals of the rows as the formulation has them."""
        differences = self._every.differences
        return np.asarray(differences.T @ duals[: differences.shape[0]])


@dataclass(frozen=True)
class _Changes:
    """What makes changes of rows."""

    rows: Ints
    """The rows that become changes; each has a column that says how much is in use."""
    differences: sparse.csr_array
    """``differences[row, row]``."""
    columns: sparse.csc_array
    """``columns[row, use]``."""

    @classmethod
    def of(cls, chain: Ints) -> _Changes:
        """Each row of a chain less the one before it; rows of none (-1) as they are."""
        size = len(chain)
        is_linked = np.zeros(size, dtype=np.float64)
        is_linked[1:] = (chain[1:] == chain[:-1]) & (chain[1:] >= 0)
        differences = sparse.csr_array(
            sparse.dia_array(([np.ones(size), -np.roll(is_linked, -1)], [0, -1]), (size, size))
        )
        differences.eliminate_zeros()
        rows = np.flatnonzero(chain >= 0)
        return cls(rows, differences, sparse.csc_array(-differences[:, rows]))


def _without_zeros(matrix: sparse.sparray) -> sparse.csc_array:
    found = sparse.csc_array(matrix, dtype=np.float64)
    found.eliminate_zeros()
    return found


def limits(values: Ints) -> Floats:
    """Whole-number limits in floating point, where there is no limit infinite."""
    floats = values.astype(np.float64)
    floats[values >= UNLIMITED] = np.inf
    floats[values <= -UNLIMITED] = -np.inf
    return floats
