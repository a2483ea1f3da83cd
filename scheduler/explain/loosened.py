"""A formulation whose limits may give, and the plans it finds.

Where every demand may give, placing nobody is a plan, and the least that has to give says whether
demands can hold together: nothing has to, or a bound above nothing proves that they cannot.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines import Chosen, Engine, Task
from scheduler.errors import EngineFailed
from scheduler.formulation import Formulation, Objective, Solution
from scheduler.instance import Instance
from scheduler.rules.rows import Demand, RowGroup

Ints = NDArray[np.int64]
MakeEngine = Callable[[], Engine]
NOBODY: Chosen = np.zeros(0, dtype=np.int64)
_COUNT_IN_ORE = 10**6
"""A place or a course weighs about what it costs, so that no demand drowns another."""
_ANY_PROOF = 9_999
"""Basis points: stop as soon as it is proven that something has to give."""


class Loosened(Formulation):
    """A formulation in which some rows may give: ``A @ x - slack <= upper``.

    Slack columns stand after the shortfalls and are as small as the options allow.

    Parameters
    ----------
    instance
        The compiled problem.
    groups
        The rows.
    gives
        ``gives(group, row)``: whether a row may give.
    """

    def __init__(
        self,
        instance: Instance,
        groups: Sequence[RowGroup],
        gives: Callable[[RowGroup, int], bool],
    ) -> None:
        self.tight = Formulation(instance, groups)
        self.loose = [
            (at, row)
            for at, group in enumerate(groups)
            for row in range(group.size)
            if gives(group, row)
        ]
        """``(group, row)`` of each slack."""
        super().__init__(instance, self._groups_with_slack())
        self.shortfall_count += len(self.loose)
        self.column_count += len(self.loose)

    def _groups_with_slack(self) -> list[RowGroup]:
        before = self.tight.shortfall_count
        groups = []
        for at, group in enumerate(self.tight.groups):
            own = [slack for slack, (of, _) in enumerate(self.loose) if of == at]
            rows = [self.loose[slack][1] for slack in own]
            signs = [_sign(group.demands[row]) for row in rows]
            given = group.by_shortfall
            if given is None:
                given = sparse.csc_array((group.size, before), dtype=np.int64)
            slack_part = sparse.coo_array(
                (np.array(signs, dtype=np.int64), (rows, own)), shape=(group.size, len(self.loose))
            )
            both = sparse.csc_array(sparse.hstack([given, slack_part], format="csc"))
            groups.append(replace(group, by_shortfall=both))
        return groups

    @cached_property
    def most(self) -> Ints:
        """``most[column]``."""
        slack = [self._most_slack(at) for at in range(len(self.tight.groups))]
        return self._insert(self.tight.most, np.concatenate([NOBODY, *slack]), self.option_count)

    def complete(self, chosen: NDArray[np.integer]) -> Solution:
        """The solution with exactly these options, and the least of all else."""
        rest = self._complete_tight(chosen)
        return Solution(chosen, self._insert(rest, self._least_slack(chosen, rest)))

    def must_give(self, weigh: Callable[[Demand], int] = lambda _: 1) -> Objective:
        """What gives, each row with its weight; less is better."""
        weights = [-weigh(self.groups[at].demands[row]) for at, row in self.loose]
        nothing = np.zeros(self.tight.column_count, dtype=np.int64)
        given = np.array(weights, dtype=np.int64)
        return Objective(self._insert(nothing, given, self.option_count), 0)

    def what_gives(self, chosen: NDArray[np.integer]) -> list[tuple[Demand, int]]:
        """The rows that give, and by how much."""
        slack = self._least_slack(chosen, self._complete_tight(chosen))
        return [
            (self.groups[at].demands[row], int(by))
            for (at, row), by in zip(self.loose, slack, strict=True)
            if by
        ]

    def which_give(self, chosen: NDArray[np.integer]) -> list[tuple[int, int]]:
        """The rows that give, each as ``(group, row)``."""
        slack = self._least_slack(chosen, self._complete_tight(chosen))
        return [place for place, by in zip(self.loose, slack, strict=True) if by]

    def _complete_tight(self, chosen: NDArray[np.integer]) -> Ints:
        """Shortfalls and switches without slack; nothing is paid for a least not among the rows."""
        rest = self.tight.complete(chosen).rest
        rest[: self.tight.shortfall_count] *= self._is_demanded
        return rest

    @cached_property
    def _is_demanded(self) -> NDArray[np.bool_]:
        """``is_demanded[shortfall]``: whether a least among the rows asks for it."""
        demanded = np.zeros(self.tight.shortfall_count, dtype=np.bool_)
        for group in self.tight.groups:
            for row, demand in enumerate(group.demands):
                if demand.side == "least" and group.by_shortfall is not None:
                    demanded[group.by_shortfall[[row]].indices] = True
        return demanded

    def _insert(self, columns: Ints, slack: Ints, before: int = 0) -> Ints:
        """The slack behind the shortfalls, which stand behind so many other columns."""
        first = before + self.tight.shortfall_count
        return np.concatenate([columns[:first], slack, columns[first:]])

    def _least_slack(self, chosen: NDArray[np.integer], rest: Ints) -> Ints:
        least = []
        for at, group in enumerate(self.tight.groups):
            rows = [row for of, row in self.loose if of == at]
            if rows:
                activity = group.activity(self.instance, chosen) + self._auxiliary[at] @ rest
                least += [_exceeds(group, row, int(activity[row])) for row in rows]
        return np.array(least, dtype=np.int64)

    @cached_property
    def _auxiliary(self) -> list[sparse.csr_array]:
        """``auxiliary[group][row, column]`` over shortfalls and switches."""
        rows = sparse.csr_array(self.tight.auxiliary)
        ends = np.cumsum([group.size for group in self.tight.groups]).tolist()
        return [rows[first:end] for first, end in itertools.pairwise([0, *ends])]

    def _most_slack(self, at: int) -> Ints:
        """What each loose row of a group can be off by, with one option a person."""
        group = self.tight.groups[at]
        rows = np.array([row for of, row in self.loose if of == at], dtype=np.int64)
        largest = np.zeros(len(rows), dtype=np.int64)
        for matrix in (group.by_course, group.by_person, group.by_option):
            if matrix is not None and matrix.shape[1] and len(rows):
                largest += abs(sparse.csr_array(matrix)[rows]).max(axis=1).toarray().ravel()
        others = abs(self._auxiliary[at])[rows] @ self.tight.most[self.option_count :]
        above = len(self.instance.supply.people) * largest + others - group.upper[rows]
        below = others + np.maximum(0, group.lower[rows])
        is_least = np.array([_sign(group.demands[row]) > 0 for row in rows], dtype=np.bool_)
        return np.where(is_least, below, np.maximum(0, above))


def find_plan(instance: Instance, groups: Sequence[RowGroup], engine: MakeEngine) -> Chosen | None:
    """Options that keep the rows, or none where it is proven that there are none.

    Raises
    ------
    EngineFailed
        If the engine decides neither.
    """
    loosened = Loosened(instance, groups, may_give)
    objective = loosened.must_give(lambda demand: 1 if demand.unit == "ore" else _COUNT_IN_ORE)
    if objective.value(loosened.complete(NOBODY)) == 0:
        return NOBODY
    if not loosened.option_count:
        return None
    task = Task(objective=objective, start=NOBODY, gap_basis_points=_ANY_PROOF)
    answer = engine().solve(loosened, task, lambda *_: None)
    if answer.chosen is not None and objective.value(loosened.complete(answer.chosen)) == 0:
        return answer.chosen
    if answer.bound is not None and answer.bound < 0:
        return None
    raise EngineFailed("the engine did not decide whether demands can hold together")


def may_give(group: RowGroup, row: int) -> bool:
    """All but what only links, what can be paid for, and one option a person."""
    is_granted = group.demands[row].side == "link" or group.rule == "one-course"
    return not is_granted and not is_paid(group, row)


def is_paid(group: RowGroup, row: int) -> bool:
    """Whether a row is the least of a take-or-pay contract: it gives already, at a price."""
    is_least = group.demands[row].side == "least"
    return is_least and group.by_shortfall is not None and group.by_shortfall[[row]].nnz > 0


def _sign(demand: Demand) -> int:
    """-1 where a most gives, 1 where a least does."""
    return -1 if demand.side == "most" else 1


def _exceeds(group: RowGroup, row: int, activity: int) -> int:
    if _sign(group.demands[row]) < 0:
        return max(0, activity - int(group.upper[row]))
    return max(0, int(group.lower[row]) - activity)
