"""How far the search for a stage's plan has come."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Answer, Task, Tell
from scheduler.engines.lagrangian import Bound, sharpened
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_SMALL = 4_000
"""So few options are left to a small problem at once, which proves what it finds."""
_NEAR = 2
"""In hundredths of a per cent."""
_ANY = -(2**62)
"""No plan is worth less."""


class Clock:
    """The time there is.

    Parameters
    ----------
    seconds
        So many; none: as many as it takes.
    is_done
        Whether there is nothing left to take time for.
    """

    def __init__(self, seconds: float | None, is_done: Callable[[], bool] = lambda: False) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._is_done = is_done

    def is_up(self) -> bool:
        """Whether there is none left."""
        return self._is_done() or (self._end is not None and time.monotonic() >= self._end)

    @property
    def left(self) -> float | None:
        """Seconds; none: as many as it takes."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def part(self, share: float, is_done: Callable[[], bool] = lambda: False) -> Clock:
        """A clock for such a share of what is left."""
        left = self.left
        return Clock(None if left is None else left * share, is_done)


class Standing:
    """The best plan of a stage so far, what is proven of better ones, and the time left.

    Parameters
    ----------
    formulation, task
        The stage; its task has a plan to start from.
    alive
        ``alive[option]``: options that may be chosen.
    tell
        Hears of better plans.
    clock
        The time for the stage.
    """

    def __init__(
        self, formulation: Formulation, task: Task, alive: Bools, tell: Tell, clock: Clock
    ) -> None:
        assert task.start is not None
        self._formulation = formulation
        self.tell = tell
        self.task = task
        self.alive = alive
        self.clock = clock
        self.best: Ints = task.start
        self.value = self.value_of(self.best)
        self.found = Bound(UNLIMITED, np.zeros(len(alive), dtype=np.int64))
        """What is proven of every plan that is worth more than the best one known."""
        self.exhausted: Ints = np.zeros(0, dtype=np.int64)
        """Options, ascending: no plan of these alone is better than the one known."""

    def value_of(self, chosen: Ints) -> int:
        """The stage's value of a plan."""
        return self.task.value(self._formulation, chosen)

    def offer(self, chosen: Ints | None) -> None:
        """The plan counts if it keeps every row and floor, and is better."""
        if self.is_better(chosen):
            self.improve(chosen)

    def is_better(self, chosen: Ints | None) -> bool:
        """Whether the plan keeps every row and floor and is worth more than the best one known."""
        return (
            chosen is not None
            and self.task.allows(self._formulation, chosen)
            and self.value_of(chosen) > self.value
        )

    def improve(self, chosen: Ints | None, bound: int | None = None) -> None:
        """The plan counts if it is better; `bound` is told with it, or else the one found."""
        if chosen is not None and self.value_of(chosen) > self.value:
            self.best, self.value = chosen, self.value_of(chosen)
            self.learn(self.found)
            self.tell(self.best, self.found.value if bound is None else bound)

    def take(self, options: Ints, answer: Answer) -> None:
        """What came of a search among these options alone, ascending."""
        self.improve(answer.chosen)
        if answer.bound is not None and answer.bound <= self.value:
            self.exhausted = options

    def learn(self, found: Bound) -> None:
        """What `found` says of plans better than the one known."""
        self.found = sharpened(found, self.task.objective, self.alive, self.value)

    def nearest(self, options: Ints, count: int, random: np.random.Generator) -> Ints:
        """So many of these that lose least; of those that lose the same, some by chance."""
        if len(options) <= count:
            return options
        loss = self.found.loss[options]
        most = np.partition(loss, count - 1)[count - 1]
        is_near = loss < most
        tied = np.flatnonzero(loss == most)
        left = count - int(is_near.sum())
        is_near[random.choice(tied, left, replace=False)] = True
        near: Ints = options[is_near]
        return near

    @property
    def enough(self) -> int:
        """A plan worth this is as good as was asked for."""
        return self.task.least_close(self.found.value)

    def enough_within(self, gap_basis_points: int) -> int:
        """A plan worth this is as good as was asked for, and as near to the bound as that."""
        within = replace(self.task, gap_basis_points=gap_basis_points)
        return max(self.enough, within.least_close(self.found.value))

    @property
    def promising(self) -> int:
        """A plan worth this is so near to good enough that moving a few people may do."""
        return self.enough if self.is_promising else 2 * self.enough - self.found.value

    @property
    def is_promising(self) -> bool:
        """Whether the plan known is that near already."""
        return self.value >= 2 * self.enough - self.found.value

    @property
    def is_near(self) -> bool:
        """Whether the plan known is so close to the bound that proof is most of what is left."""
        near = replace(self.task, gap_basis_points=_NEAR)
        return near.is_close(self.value, self.found.value)

    def is_worth(self, answer: Answer, least: int) -> bool:
        """Whether the answer has a plan worth so much."""
        return answer.chosen is not None and self.value_of(answer.chosen) >= least

    @property
    def is_open(self) -> bool:
        """Whether there may be a plan that is better by more than the gap asked for."""
        return self.is_open_below(self.found.value)

    def is_open_below(self, bound: int) -> bool:
        """The same, where no plan is worth more than `bound`."""
        return self.value < bound and not self.task.is_close(self.value, bound)

    @property
    def goes_on(self) -> bool:
        """Whether there is anything left to look for, and time."""
        return self.is_open and not self.clock.is_up()

    @property
    def is_small(self) -> bool:
        """Whether few options are left that a plan better than the one known could have."""
        useful = self.alive & (self.found.loss < self.found.value - self.value)
        return int(useful.sum()) <= _SMALL

    @property
    def wants_dives(self) -> bool:
        """Whether it goes on with more than one small problem has room for."""
        return self.goes_on and not self.is_small

    @property
    def worth_no_dive(self) -> int:
        """A dive that is worth no more on its way is given up.

        Beside floors none is: what misses one by little is of use for mixing.
        """
        return _ANY if self.task.floors else self.value

    def answer(self, bound: int) -> Answer:
        """What the search ends with, where no plan is worth more than `bound`."""
        if self.value >= bound:
            return Answer("optimal", self.best, self.value)
        if self.task.is_close(self.value, bound):
            return Answer("within-gap", self.best, bound)
        return Answer("feasible", self.best, bound, clock=True)
