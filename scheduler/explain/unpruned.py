"""The rows of a problem over all placements that no limit has pruned.

A model leaves out at once what the enrolments leave no room for. To say which limits stand against
each other, and how little more would do, the limits have to stand in rows alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.check import RULES as CHECKED_RULES
from scheduler.check import Rule as CheckedRule
from scheduler.explain.demands import merge_key
from scheduler.instance import Instance, compile_problem
from scheduler.problem import Problem
from scheduler.rules import RULES
from scheduler.rules.rows import Demand, RowGroup, Switches

LIMITS = tuple(
    rule.name for rule in CHECKED_RULES if rule.alone is not CheckedRule(name=rule.name).alone
)
"""Rules that compare what is used together with a limit; their rows repeat what they prune."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one group."""

    group: int
    row: int
    demand: Demand
    upper: int


@dataclass(frozen=True, slots=True)
class Unpruned:
    """A problem's rows, to be kept or left out."""

    instance: Instance
    groups: tuple[RowGroup, ...]

    @classmethod
    def of(cls, problem: Problem) -> Unpruned:
        """All rows over all placements that keep the rules other than limits."""
        instance = compile_problem(problem, without=LIMITS)
        rows = (rule.rows for rule in RULES if rule.rows is not None)
        return cls(instance, tuple(group for each in rows for group in each(instance)))

    def by_demand(self) -> dict[Demand, list[Row]]:
        """The rows of each demand as people know it, but for what is taken for granted."""
        found: dict[Demand, list[Row]] = {}
        for index, group in enumerate(self.groups):
            for row, demand in enumerate(group.demands):
                if not _is_granted(demand):
                    here = Row(index, row, demand, int(group.upper[row]))
                    found.setdefault(merge_key(demand), []).append(here)
        return found

    def with_only(self, rows: Collection[Row]) -> list[RowGroup]:
        """These rows and what is taken for granted, and no others."""
        kept = [
            np.array([_is_granted(demand) for demand in group.demands], dtype=np.bool_)
            for group in self.groups
        ]
        for row in rows:
            kept[row.group][row.row] = True
        pairs = zip(self.groups, kept, strict=True)
        return [_keep(group, where) for group, where in pairs if where.any()]


def _is_granted(demand: Demand) -> bool:
    """Rows that only link, and that nobody is in two places: no planner would give that up."""
    return demand.side == "link" or demand.rule == "one-course"


def _keep(group: RowGroup, kept: NDArray[np.bool_]) -> RowGroup:
    """The group with these rows; a row that turns a switch on links and is always among them."""

    def rows_of(matrix: sparse.csc_array | None) -> sparse.csc_array | None:
        return None if matrix is None else sparse.csc_array(matrix[kept])

    switches = group.switches
    if switches is not None:
        position = np.cumsum(kept) - 1
        switches = Switches(sparse.csc_array(switches.matrix[kept]), position[switches.used])
    return replace(
        group,
        lower=group.lower[kept],
        upper=group.upper[kept],
        demands=_choose(group.demands, kept),
        by_course=rows_of(group.by_course),
        by_person=rows_of(group.by_person),
        by_option=None if group.by_option is None else sparse.csr_array(group.by_option[kept]),
        by_shortfall=rows_of(group.by_shortfall),
        switches=switches,
    )


def _choose(demands: Sequence[Demand], kept: NDArray[np.bool_]) -> tuple[Demand, ...]:
    return tuple(demand for demand, is_kept in zip(demands, kept, strict=True) if is_kept)
