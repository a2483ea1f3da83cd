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

    Columns stand in the order options, shortfalls, switches, uses, misses of floors.
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

    Weekly rows are divided by what all their coefficients are multiples of. The money of a city is
    some thousand million øre, of which a double keeps no seventh decimal.
    """

    def __init__(self, formulation: Formulation, rows: Literal["weekly", "changes"]) -> None:
        self.formulation = formulation
        is_changes = formulation.is_of("capacity") & (rows == "changes")
        sizes = [group.size for group in formulation.groups]
        self._chain: Ints = np.where(is_changes, np.repeat(np.arange(len(sizes)), sizes), -1)
        """``chain[row]``: rows of one chain become changes from each to the next; -1: of none."""
        self._every = _Changes.of(self._chain)
        self.unit: Ints = (
            formulation.steps
            if rows == "weekly"
            else np.ones(formulation.row_count, dtype=np.int64)
        )
        """``unit[row]``: what the row is divided by."""
        # Limits of a tightened formulation are multiples.
        self.lower: Floats = limits(formulation.lower) / self.unit
        """``lower[row]``, divided."""
        self.upper: Floats = limits(formulation.upper) / self.unit

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
        rows = self._rows(options) if beside is None else self._rows_beside(options, beside)
        fixed = np.zeros(0, dtype=np.int64) if beside is None else beside.options
        every = np.concatenate(
            [options, np.arange(formulation.option_count, formulation.column_count)]
        )
        nothing = np.zeros(len(rows.room))
        objectives = [task.objective, *(floor.objective for floor in task.floors)]
        cost, *floors = (np.append(one.coefficients[every], nothing) for one in objectives)
        constant, *settled = (
            one.constant + int(one.coefficients[fixed].sum()) for one in objectives
        )
        wanted = [floor.least - own for floor, own in zip(task.floors, settled, strict=True)]
        least, most = formulation.auxiliary_limits({})
        written = Written(
            matrix=sparse.csc_array(
                sparse.vstack(
                    [rows.matrix, *(sparse.csr_array(floor[None, :]) for floor in floors)],
                    format="csc",
                )
            ),
            lower=np.append(rows.lower, np.array(wanted, dtype=np.float64)),
            upper=np.append(rows.upper, np.full(len(wanted), np.inf)),
            cost=cost,
            least=np.concatenate([np.zeros(len(options)), least, nothing]),
            most=np.concatenate([formulation.most[options], most, rows.room]),
            whole=np.append(np.ones(len(every), dtype=np.bool_), nothing > 0),
            constant=constant,
        )
        return written if misses is None else written.with_misses(misses)

    def _rows(self, options: Ints) -> _Rows:
        matrix = self._in_units(self.formulation.rows_over(options))
        return _Rows.of(matrix, self.lower, self.upper, self._every)

    def _rows_beside(self, options: Ints, beside: Beside) -> _Rows:
        """Those in which an option has a part, with what the rest of the plan leaves there."""
        formulation = self.formulation
        matrix = self._in_units(formulation.rows_over(options))
        taken = formulation.coefficients.activity(formulation.instance, beside.options)
        taken += beside.reserved
        kept = np.unique(matrix.indices)
        return _Rows.of(
            sparse.csc_array(matrix.tocsr()[kept]),
            self.lower[kept] - taken[kept] / self.unit[kept],
            self.upper[kept] - taken[kept] / self.unit[kept],
            _Changes.of(self._chain[kept]),
        )

    def columns(self, task: Task, options: Ints) -> sparse.csc_array:
        """The columns of `options` alone, floors included."""
        matrix = _without_zeros(self._every.differences @ self.rows_of(options))
        floors = [
            sparse.csr_array(floor.objective.coefficients[options][None, :])
            for floor in task.floors
        ]
        return sparse.csc_array(sparse.vstack([matrix, *floors], format="csc"))

    def rows_of(self, options: Ints) -> sparse.csc_array:
        """``rows[row, k]``, divided, of `options` alone and before they become changes."""
        formulation = self.formulation
        return self._in_units(formulation.coefficients.columns(formulation.instance, options))

    def row_duals(self, duals: Floats) -> Floats:
        """The duals of the rows as the formulation has them."""
        differences = self._every.differences
        return np.asarray(differences.T @ duals[: differences.shape[0]]) / self.unit

    def _in_units(self, matrix: sparse.csc_array) -> sparse.csc_array:
        """``matrix[row, column]`` with each row divided; itself where all units are 1."""
        if (self.unit == 1).all():
            return matrix
        data = matrix.data // self.unit[matrix.indices]
        return sparse.csc_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


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


@dataclass(frozen=True)
class _Rows:
    """Rows over some columns and over uses, which stand last."""

    matrix: sparse.csc_array
    lower: Floats
    upper: Floats
    room: Floats
    """``room[use]``: the most of each."""

    @classmethod
    def of(cls, matrix: sparse.csc_array, lower: Floats, upper: Floats, changes: _Changes) -> _Rows:
        """Rows over columns alone, some of which become changes."""
        room = upper[changes.rows]
        lower, upper = lower.copy(), upper.copy()
        lower[changes.rows] = upper[changes.rows] = 0.0
        own = _without_zeros(changes.differences @ matrix)
        matrix = sparse.csc_array(sparse.hstack([own, changes.columns], format="csc"))
        return cls(matrix, lower, upper, room)


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
