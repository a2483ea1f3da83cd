"""Rules and goals put together, independent of any engine.

Columns stand in the order options, shortfalls, switches. Everything is a whole number, and every
stage is written as one of which more is better.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.goal import GoalName, Stage
from scheduler.goals import GOALS
from scheduler.instance import Instance
from scheduler.rules.rows import UNLIMITED, Coefficients, Demand, RowGroup, joined, stacked
from scheduler.violation import RuleName

Ints = NDArray[np.int64]
_AT_ONCE = 65_536
"""So many options are looked at at a time, where the first may say enough."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A plan as an engine writes it; as large as the plan, however many options there are."""

    chosen: NDArray[np.integer]
    """The options that are 1, each once."""
    rest: Ints
    """``rest[k]``: the k-th shortfall, and then the switches."""


@dataclass(frozen=True)
class Objective:
    """What a stage makes as large as possible: ``constant + coefficients·columns``."""

    coefficients: Ints
    """``coefficient[column]``."""
    constant: int

    def value(self, solution: Solution) -> int:
        """The exact value of a solution."""
        of_rest = self.coefficients[len(self.coefficients) - len(solution.rest) :]
        own: list[int] = self.coefficients[solution.chosen].tolist()
        return self.constant + sum(own) + exact_dot(of_rest, solution.rest)

    def plus(self, other: Objective, times: int) -> Objective:
        """The sum of it and so many times the other."""
        return Objective(
            self.coefficients + times * other.coefficients, self.constant + times * other.constant
        )

    @cached_property
    def step(self) -> int:
        """Values differ by a multiple of it, if at all."""
        return greatest_step(self.coefficients[part] for part in parts_of(self.coefficients))

    def rounded_down(self, bound: float) -> int:
        """The largest number, no larger than `bound`, that can be a value at all."""
        return int((bound - self.constant) // self.step) * self.step + self.constant


@dataclass(frozen=True)
class Floor:
    """An earlier stage's value that has to be kept: ``objective >= least``."""

    objective: Objective
    least: int


@dataclass(frozen=True)
class WholeModel:
    """All rows and columns written out: ``lower <= matrix @ x <= upper``, ``0 <= x <= most``."""

    matrix: sparse.csc_array
    """``matrix[row, column]``, whole numbers."""
    lower: Ints
    upper: Ints
    most: Ints
    """``most[column]``."""
    demands: tuple[Demand, ...]
    """What each row stands for."""


class Formulation:
    """The rows and goals of an instance.

    Parameters
    ----------
    instance
        The compiled problem.
    groups
        Row groups instead of those of the instance's rules, for a part of them.
    """

    def __init__(self, instance: Instance, groups: Sequence[RowGroup] | None = None) -> None:
        self.instance = instance
        self.groups: tuple[RowGroup, ...] = (
            tuple(groups) if groups is not None else tuple(_rows_of_rules(instance))
        )
        self.option_count = instance.options.count
        self.shortfall_count = len(instance.supply.shortfalls)
        sizes = [0 if g.switches is None else len(g.switches.used) for g in self.groups]
        self.switch_count = sum(sizes)
        self.column_count = self.option_count + self.shortfall_count + self.switch_count
        self.row_count = sum(group.size for group in self.groups)

    def with_rows(self, groups: Sequence[RowGroup]) -> Formulation:
        """The same plans, with rows on top that none of them breaks."""
        return Formulation(self.instance, [*self.groups, *groups])

    def tightened(self) -> Formulation:
        """The same plans under limits that no whole number of courses can reach past.

        A row of which every coefficient is a multiple of d cannot take a value between two
        multiples: its limits are rounded to one. A switch lets through no more than some row
        without switches has room for. The relaxation feels it, the plans do not. A row that its
        neighbour implies, as those of weeks before the last first week are, is left out.
        """
        steps = np.split(self.steps, self._first_rows[1:])
        rounded = map(_rounded, self.groups, steps)
        groups = [_without_implied(group) for group in rounded]
        if self.switch_count:
            groups = _with_tight_switches(groups, self.instance)
        return Formulation(self.instance, groups)

    # -- goals ---------------------------------------------------------------------------------

    @cached_property
    def goals(self) -> dict[GoalName, Objective]:
        """Each goal in its own sense: its exact value from the columns."""
        return {
            goal.name: Objective(
                self._all_columns(
                    goal.coefficients(self.instance),
                    None if goal.shortfalls is None else goal.shortfalls(self.instance),
                ),
                goal.constant(self.instance),
            )
            for goal in GOALS
        }

    def objective(self, stage: Stage) -> Objective:
        """The stage's value, or its negative where less is better."""
        coefficients = np.zeros(self.column_count, dtype=np.int64)
        constant = 0
        for part in stage.blend:
            coefficients += part.weight * self.goals[part.goal].coefficients
            constant += part.weight * self.goals[part.goal].constant
        return Objective(coefficients, constant)

    def _all_columns(self, options: Ints, shortfalls: Ints | None) -> Ints:
        if shortfalls is None:
            shortfalls = np.zeros(self.shortfall_count, dtype=np.int64)
        switches = np.zeros(self.switch_count, dtype=np.int64)
        return np.concatenate([options, shortfalls, switches])

    # -- solutions -----------------------------------------------------------------------------

    def complete(self, chosen: NDArray[np.integer]) -> Solution:
        """The solution with exactly these options (indices), and the least of all else."""
        switches = np.zeros(self.switch_count, dtype=np.int64)
        if self.switch_count:
            switches[:] = self.coefficients.activity(self.instance, chosen)[self._used] > 0
        return Solution(chosen, np.concatenate([self._least_shortfalls(chosen), switches]))

    @cached_property
    def _used(self) -> Ints:
        """``used[switch]``: the row whose options turn the switch on."""
        return _joined(
            group.switches.used + first
            for group, first in zip(self.groups, self._first_rows, strict=True)
            if group.switches is not None
        )

    @cached_property
    def _first_rows(self) -> list[int]:
        ends = np.cumsum([group.size for group in self.groups]).tolist()
        return [0, *ends[:-1]]

    def _least_shortfalls(self, chosen: NDArray[np.integer]) -> Ints:
        instance = self.instance
        courses = instance.options.course[chosen]
        offers = instance.courses.offer[courses]
        contract_of = np.array(
            [offer.contract_id or "" for offer in instance.supply.offers], dtype=object
        )
        values = np.zeros(self.shortfall_count, dtype=np.int64)
        for index, shortfall in enumerate(instance.supply.shortfalls):
            own = contract_of[offers] == shortfall.contract_id
            called = (
                own.sum()
                if shortfall.unit == "courses"
                else instance.courses.total[courses[own]].sum()
            )
            values[index] = max(0, shortfall.most - int(called))
        return values

    def allows(self, solution: Solution) -> bool:
        """Whether a solution keeps every row and bound, in whole numbers."""
        chosen, rest = solution.chosen, solution.rest
        if (rest < 0).any() or (rest > self.most[self.option_count :]).any():
            return False
        activity = self.coefficients.activity(self.instance, chosen)
        activity += self.auxiliary @ rest
        return bool(((self.lower <= activity) & (activity <= self.upper)).all())

    # -- the whole model -----------------------------------------------------------------------

    @cached_property
    def lower(self) -> Ints:
        """``lower[row]`` of all groups."""
        return _joined(group.lower for group in self.groups)

    @cached_property
    def upper(self) -> Ints:
        """``upper[row]`` of all groups."""
        return _joined(group.upper for group in self.groups)

    @cached_property
    def is_one_course(self) -> NDArray[np.bool_]:
        """``is_one_course[row]``: whether the row is what allows a person one course."""
        return self.is_of("one-course")

    def is_of(self, rule: RuleName) -> NDArray[np.bool_]:
        """``is_of[row]``: whether the row is one of the rule's."""
        return np.concatenate(
            [
                np.zeros(0, dtype=np.bool_),
                *(np.full(group.size, group.rule == rule) for group in self.groups),
            ]
        )

    @cached_property
    def most(self) -> Ints:
        """``most[column]``."""
        return np.concatenate(
            [
                np.ones(self.option_count, dtype=np.int64),
                np.array([s.most for s in self.instance.supply.shortfalls], dtype=np.int64),
                np.ones(self.switch_count, dtype=np.int64),
            ]
        )

    def auxiliary_limits(self, fixed: Mapping[int, int]) -> tuple[Ints, Ints]:
        """The least and the most of each shortfall and switch; `fixed` gives switches a value."""
        most = self.most[self.option_count :].copy()
        least = np.zeros_like(most)
        for switch, value in fixed.items():
            column = self.shortfall_count + switch
            least[column] = most[column] = value
        return least, most

    @cached_property
    def whole(self) -> WholeModel:
        """All rows written out over all columns; only whole-model engines ask for it."""
        every = np.arange(self.option_count)
        return WholeModel(
            matrix=self.rows_over(every),
            lower=self.lower,
            upper=self.upper,
            most=self.most,
            demands=tuple(demand for group in self.groups for demand in group.demands),
        )

    def rows_over(self, options: NDArray[np.integer]) -> sparse.csc_array:
        """``matrix[row, column]`` of all rows over `options`, the shortfalls and the switches."""
        return sparse.csc_array(
            sparse.hstack(
                [self.coefficients.columns(self.instance, options), self.auxiliary], format="csc"
            )
        )

    @cached_property
    def coefficients(self) -> Coefficients:
        """All rows over the options, one group below the other."""
        return joined(self.groups, self.instance)

    @cached_property
    def steps(self) -> Ints:
        """``step[row]``: the greatest number that all its coefficients are known multiples of."""
        steps = np.zeros(self.row_count, dtype=np.int64)
        own = self.coefficients
        for matrix in (own.by_course, own.by_person, own.by_option, self.auxiliary):
            if matrix is not None:
                rows = sparse.csr_array(matrix)
                some = np.flatnonzero(np.diff(rows.indptr))
                of_some = np.gcd.reduceat(rows.data, rows.indptr[some])
                steps[some] = np.gcd(steps[some], of_some)
        return np.maximum(steps, 1)

    @cached_property
    def magnitudes(self) -> tuple[sparse.csr_array, ...]:
        """``size[column, row]`` of what columns are added up from: no entry is below 0."""
        rows = self.coefficients
        own = rows.by_option
        if own is not None:
            own = own[:, np.unique(own.indices)]
        parts = (rows.by_course, rows.by_person, own, self.auxiliary)
        return tuple(sparse.csr_array(abs(one).T) for one in parts if one is not None and one.nnz)

    @cached_property
    def auxiliary(self) -> sparse.csc_array:
        """``auxiliary[row, column]`` of all rows over the shortfalls and the switches."""
        sizes = [group.size for group in self.groups]
        own_shortfalls = [group.by_shortfall for group in self.groups]
        # Each group has switches of its own, side by side.
        own_switches = [
            sparse.csc_array((group.size, 0), dtype=np.int64)
            if group.switches is None
            else group.switches.matrix
            for group in self.groups
        ]
        empty = sparse.csc_array((0, 0), dtype=np.int64)
        over = [
            stacked(own_shortfalls, sizes, self.shortfall_count),
            sparse.block_diag([empty, *own_switches], format="csc"),
        ]
        return sparse.csc_array(sparse.hstack(over, format="csc"))


def greatest_step(parts: Iterable[Ints]) -> int:
    """The greatest common divisor of all coefficients; 1 where there are none but 0.

    Once it is 1 nothing more is looked at: of millions the first few mostly say so.
    """
    step = 0
    for part in parts:
        step = int(np.gcd.reduce(part, initial=step))
        if step == 1:
            break
    return max(1, step)


def parts_of(values: NDArray[np.generic]) -> Iterator[slice]:
    """Slices of not too many values each that cover all."""
    return (slice(first, first + _AT_ONCE) for first in range(0, len(values), _AT_ONCE))


def exact_dot(left: Ints, right: Ints) -> int:
    """The exact sum of products, however large."""
    nonzero = np.flatnonzero(right)
    return sum(int(a) * int(b) for a, b in zip(left[nonzero], right[nonzero], strict=True))


def _rounded(group: RowGroup, steps: Ints) -> RowGroup:
    """The group with its limits rounded inwards to multiples."""
    return replace(
        group,
        lower=np.where(group.lower > -UNLIMITED, -(-group.lower // steps) * steps, group.lower),
        upper=np.where(group.upper < UNLIMITED, group.upper // steps * steps, group.upper),
    )


def _with_tight_switches(groups: Sequence[RowGroup], instance: Instance) -> list[RowGroup]:
    """Each switch lets through as much as the narrowest row has room for that all of it is in."""
    plain = [
        group
        for group in groups
        if group.switches is None and group.by_shortfall is None and group.by_course is not None
    ]
    if not plain:
        return list(groups)
    by_course = joined(plain, instance).by_course
    assert by_course is not None
    upper = _joined(group.upper for group in plain)
    return [
        group if group.switches is None else _with_tight_links(group, by_course, upper)
        for group in groups
    ]


def _without_implied(group: RowGroup) -> RowGroup:
    implied = group.implied
    return group.only(np.flatnonzero(~implied)) if implied.any() else group


def _with_tight_links(group: RowGroup, by_course: sparse.csc_array, upper: Ints) -> RowGroup:
    assert group.switches is not None
    assert group.by_course is not None
    matrix = group.switches.matrix.tolil()
    counted = group.by_course.tocsr()
    for switch, row in enumerate(group.switches.used.tolist()):
        under = counted.indices[counted.indptr[row] : counted.indptr[row + 1]]
        rows = by_course[:, under]
        holds_all = np.diff(rows.tocsr().indptr) == len(under)
        room = upper[holds_all] // np.maximum(rows[holds_all].tocsr().min(axis=1).toarray(), 1)
        most = int(room.min(initial=UNLIMITED))
        matrix[row, switch] = max(matrix[row, switch], -most)
    return replace(group, switches=replace(group.switches, matrix=sparse.csc_array(matrix)))


def _rows_of_rules(instance: Instance) -> Iterable[RowGroup]:
    for rule in instance.rules:
        if rule.rows is not None:
            yield from rule.rows(instance)


def _joined(parts: Iterable[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


__all__ = [
    "UNLIMITED",
    "Floor",
    "Formulation",
    "Objective",
    "Solution",
    "WholeModel",
    "exact_dot",
    "greatest_step",
    "parts_of",
]
