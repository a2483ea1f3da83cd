"""The search for one stage's best plan: what large and other stages have in common.

A relaxation says what no plan can be worth, and of each option what it loses; small problems of the
options that lose least, each larger than the one before, close what is left to prove.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Answer, Task, Tell
from scheduler.engines.forms import Form
from scheduler.engines.highs import THOROUGH, solve_mip
from scheduler.engines.lagrangian import Bound
from scheduler.engines.relaxation import Relaxation
from scheduler.engines.standing import Standing

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_FIRST_SUBSET, _FIRST_SUBSET_UNDER_FLOORS, _OPTIONS_A_PERSON = 1_000, 3_000, 3
_MOST_NEAR_A_PERSON = 10
"""Where more lose hardly anything, their losses say little of which are good together."""
_NEAR = 1
"""The first problem has the options of the relaxation that lose no more than this."""
_GROWTH = 3
FIRST_GAP = 10
"""In hundredths of a per cent: how far a problem that leaves options out is solved."""


class StageSearch(ABC):
    """The search for one stage's best plan.

    Parameters
    ----------
    weekly, changes
        How the stage is written; cuts join both.
    standing
        How far it has come.
    pool
        ``pool[option]``: options that some relaxation asked for.
    """

    growth: float = _GROWTH
    """How many times more options each small problem has than the one before."""

    def __init__(self, weekly: Form, changes: Form, standing: Standing, pool: Bools) -> None:
        self.weekly = weekly
        self.changes = changes
        self.standing = standing
        self.task = standing.task
        self.alive = standing.alive
        self.clock = standing.clock
        self.pool = pool
        """It grows."""
        self.proven: Bound | None = None
        """What the relaxation proves of all plans."""
        self.people = len(weekly.formulation.instance.supply.people)

    @abstractmethod
    def run(self) -> Answer:
        """The best plan, and what is proven of all."""

    def first_pool(self) -> Bools:
        """What a relaxation begins with: all that is known to be of use, the best plan too."""
        self.pool &= self.alive
        self.pool[self.standing.best] = True
        return self.pool

    def take(self, relaxation: Relaxation) -> None:
        """What the relaxation proves counts, and its columns join the pool."""
        assert relaxation.bound is not None
        self.proven = relaxation.bound
        self.pool |= relaxation.pool
        self.standing.learn(relaxation.bound)

    def tell_bound(self, bound: int) -> None:
        """Passes on a bound of all plans."""
        self.standing.tell(None, bound)

    def close(self) -> Answer:
        """The gap between plan and bound is closed as far as asked.

        What is left out of a small problem lies below the bound by at least its least loss, so
        each problem proves a bound for all plans; the next one is larger.
        """
        standing = self.standing
        bound = standing.found.value
        ranked = self.rank()
        size = self.first_size
        while standing.is_open_below(bound) and not self.clock.is_up():
            found = standing.found
            useful = ranked[found.loss[ranked] < found.value - standing.value]
            if standing.is_small:
                size = len(useful)
            inside_options, outside_options = useful[:size], useful[size:]
            is_whole = not len(outside_options)
            outside = standing.value
            if not is_whole:
                outside = found.value - int(found.loss[outside_options].min())
            options = np.union1d(inside_options, standing.best)
            task = replace(
                self.task,
                start=standing.best,
                seconds=self.clock.left,
                gap_basis_points=self.task.gap_basis_points if is_whole else self.part_gap(bound),
                enough=self.task.least_close(bound),
            )
            search = self.search if is_whole else self.search_part
            answer = search(options, task, bound)
            inside = bound if answer.bound is None else answer.bound
            if answer.status == "infeasible":
                inside = standing.value
            if inside <= standing.value:
                standing.exhausted = options
            bound = min(bound, max(standing.value, inside, outside), standing.found.value)
            standing.tell(standing.best, bound)
            if is_whole:
                break
            size = int(size * self.growth) + 1
        return standing.answer(bound)

    def search(self, options: Ints, task: Task, bound: int) -> Answer:
        """A small problem, whose plan counts; no plan of the stage is worth more than `bound`."""
        new = np.setdiff1d(options, self.standing.exhausted, assume_unique=True)
        # A row over most options would say little and slow the search down.
        needs_new = 2 * len(new) <= len(options)
        answer = solve_mip(
            *(self.changes, task, self.tell_plan(bound), options, THOROUGH),
            one_of=new if needs_new else None,
        )
        self.standing.improve(answer.chosen, bound)
        return answer

    def search_part(self, options: Ints, task: Task, bound: int) -> Answer:
        """The same, where options are left out that a better plan may have."""
        return self.search(options, task, bound)

    def part_gap(self, bound: int) -> int:
        """A problem that leaves options out need not be solved further than these could hide."""
        value = self.standing.value
        left = (bound - value) * 10_000 // max(1, abs(value))
        return self.task.gap_basis_points or min(FIRST_GAP, left // FIRST_GAP)

    def tell_plan(self, bound: int) -> Tell:
        """Passes on plans; the bound of a small problem is not one of all plans."""
        return lambda chosen, _: self.standing.tell(chosen, bound)

    def rank(self) -> Ints:
        """The options that are alive, the smallest loss first, the pool's first among equals."""
        order = np.lexsort((~self.pool, self.standing.found.loss))
        return order[self.alive[order]]

    @property
    def first_size(self) -> int:
        """So many options the first small problem has."""
        least = _FIRST_SUBSET_UNDER_FLOORS if self.task.floors else _FIRST_SUBSET
        near = min(self.near_count, self.most_near)
        return max(least, _OPTIONS_A_PERSON * self.people, near)

    @property
    def has_few_near(self) -> bool:
        """Whether no more options than it has at least lose hardly anything."""
        return self.first_size <= _FIRST_SUBSET

    @property
    def near_count(self) -> int:
        """So many options of the pool lose hardly anything."""
        return int((self.standing.found.loss[self.pool] <= _NEAR).sum())

    @property
    def most_near(self) -> int:
        """With more of these, losses say little of which are good together."""
        return _MOST_NEAR_A_PERSON * self.people
