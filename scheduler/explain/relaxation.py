"""The least by which limits of one kind must give for a plan to exist."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines import Engine, Task
from scheduler.explain.demands import merge_key, word_relaxed
from scheduler.explain.names import Names
from scheduler.explain.unpruned import Unpruned
from scheduler.formulation import Formulation, Objective, WholeModel
from scheduler.outcome import Relaxation
from scheduler.rules.rows import Demand, RowGroup

Ints = NDArray[np.int64]
Unit = Literal["places", "courses", "ore"]
UNITS: tuple[Unit, ...] = get_args(Unit)


class Loosened(Formulation):
    """A formulation in which rows of one unit may give: ``A @ x - slack <= upper``.

    Slack columns stand last, and are as small as the other columns allow. Promises that take-or-pay
    lets a contract break already give at a price, and no more.
    """

    def __init__(self, tight: Formulation, unit: Unit) -> None:
        super().__init__(tight.instance, tight.groups)
        self.tight = tight
        self.loose: Ints = np.flatnonzero(
            [gives for group in tight.groups for gives in _which_give(group, unit)]
        ).astype(np.int64)
        """``row[slack]``."""
        self.column_count += len(self.loose)

    @cached_property
    def most(self) -> Ints:
        """``most[column]``."""
        return np.concatenate([self.tight.most, self._most_slack()])

    @cached_property
    def whole(self) -> WholeModel:
        """All rows, with the slack."""
        tight = self.tight.whole
        shape = (len(tight.demands), len(self.loose))
        entries = (self._signs, (self.loose, np.arange(len(self.loose))))
        slack = sparse.coo_array(entries, shape=shape)
        return WholeModel(
            matrix=sparse.csc_array(sparse.hstack([tight.matrix, slack], format="csc")),
            lower=tight.lower,
            upper=tight.upper,
            most=self.most,
            demands=tight.demands,
        )

    def complete(self, chosen: NDArray[np.integer]) -> Ints:
        """The solution with exactly these options, and the least of all else."""
        columns = self.tight.complete(chosen)
        tight = self.tight.whole
        activity = (tight.matrix @ columns)[self.loose]
        above = activity - tight.upper[self.loose]
        below = tight.lower[self.loose] - activity
        return np.concatenate([columns, np.maximum(0, np.where(self._signs < 0, above, below))])

    def total_slack(self) -> Objective:
        """Less slack is better."""
        coefficients = np.zeros(self.column_count, dtype=np.int64)
        coefficients[self.tight.column_count :] = -1
        return Objective(coefficients, 0)

    def slack_of(self, chosen: NDArray[np.integer]) -> list[tuple[Demand, int]]:
        """The rows that give, and by how much."""
        slack = self.complete(chosen)[self.tight.column_count :]
        demands = self.tight.whole.demands
        return [(demands[self.loose[k]], int(slack[k])) for k in np.flatnonzero(slack)]

    @cached_property
    def _signs(self) -> Ints:
        """-1 where a most gives, 1 where a least does."""
        sides = [self.tight.whole.demands[row].side for row in self.loose]
        return np.array([-1 if side == "most" else 1 for side in sides], dtype=np.int64)

    def _most_slack(self) -> Ints:
        """What a row can exceed its limit by: each person has one option."""
        tight = self.tight.whole
        rows = sparse.csr_array(tight.matrix)[self.loose]
        options = sparse.coo_array(rows[:, : self.option_count])
        most_of_person = np.zeros((len(self.loose), len(self.instance.supply.people)), np.int64)
        person = self.instance.options.person[options.col]
        np.maximum.at(most_of_person, (options.row, person), options.data)
        others = rows[:, self.option_count :]
        auxiliary = tight.most[self.option_count :]
        above = most_of_person.sum(axis=1) + others.maximum(0) @ auxiliary
        below = -(others.minimum(0) @ auxiliary)
        above = above - tight.upper[self.loose]
        below = below + np.maximum(0, tight.lower[self.loose])
        return np.maximum(0, np.where(self._signs < 0, above, below))


def least_relaxations(unpruned: Unpruned, engine: Callable[[], Engine]) -> tuple[Relaxation, ...]:
    """For each unit: how much limits of that unit alone would have to give, and where.

    A unit for which the engine does not prove the least is left out.
    """
    every = [row for rows in unpruned.by_demand().values() for row in rows]
    tight = unpruned.with_only(every)
    return tuple(found for unit in UNITS for found in _relax(Loosened(tight, unit), unit, engine))


def _relax(loosened: Loosened, unit: Unit, engine: Callable[[], Engine]) -> Iterator[Relaxation]:
    task = Task(objective=loosened.total_slack())
    answer = engine().solve(loosened, task, lambda *_: None)
    if answer.status == "infeasible":
        yield Relaxation(unit=unit, amount=None)
    if answer.status == "optimal" and answer.chosen is not None:
        gives = loosened.slack_of(answer.chosen)
        names = Names(loosened.instance.supply.problem)
        parts = (word_relaxed(names, rows, amount).local() for rows, amount in _runs(gives))
        yield Relaxation(unit=unit, amount=sum(amount for _, amount in gives), parts=tuple(parts))


def _runs(gives: Sequence[tuple[Demand, int]]) -> list[tuple[list[Demand], int]]:
    """Rows of one demand that give as much in consecutive weeks, together."""
    runs: list[tuple[list[Demand], int]] = []
    for demand, amount in gives:
        if runs and runs[-1][1] == amount and _follows(runs[-1][0][-1], demand):
            runs[-1][0].append(demand)
        else:
            runs.append(([demand], amount))
    return runs


def _follows(earlier: Demand, later: Demand) -> bool:
    if earlier.week is None or later.week is None or merge_key(earlier) != merge_key(later):
        return False
    return later.week == earlier.week + 1


def _which_give(group: RowGroup, unit: Unit) -> list[bool]:
    paid = np.zeros(group.size, dtype=np.int64)
    if group.by_shortfall is not None:
        paid = np.asarray(abs(group.by_shortfall).sum(axis=1)).ravel()
    return [
        demand.unit == unit
        and (demand.side == "most" or (demand.side == "least" and not paid[row]))
        for row, demand in enumerate(group.demands)
    ]
