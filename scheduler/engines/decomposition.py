"""Relax, bound, leave out with proof, and close the gap on what is left.

For each stage: column generation solves the linear relaxation; its duals give a bound in whole
numbers, and for each option a *loss*: how much below the bound every plan with it lies. A small
integer problem over the options of least loss gives a plan of value z; options that lose more than
``bound - z`` cannot be part of a better one. If the options left out all lose at least d, then
``max(z, bound - d)`` bounds every plan, so widening the small problem closes the gap with proof.
What an earlier stage's losses rule out under its floor stays out of all later stages.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.cpsat import first_plan
from scheduler.engines.engine import Answer, Task, Tell
from scheduler.engines.highs import solve_mip
from scheduler.engines.lagrangian import Bound
from scheduler.engines.master import Relaxation
from scheduler.formulation import Formulation

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_FIRST_SUBSET = 2_000
_GROWTH = 3


class Decomposition:
    """The engine for everyday and large problems; it keeps what earlier stages ruled out."""

    def __init__(self) -> None:
        self._alive: Bools | None = None
        self._pool: Bools | None = None
        self._bounds: list[Bound] = []
        """The bound of each stage solved so far."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan for the stage, with a bound computed in whole numbers."""
        clock = _Clock(task.seconds)
        if task.start is None:
            first = first_plan(formulation, task)
            if first.chosen is None:
                return first
            task = replace(task, start=first.chosen)
            tell(first.chosen, None)
        assert task.start is not None
        alive = self._still_alive(formulation, task)
        pool = self._pool & alive if self._pool is not None else np.zeros_like(alive)
        pool[task.start] = True
        relaxation = Relaxation(formulation, task, alive, pool)
        relaxation.run(lambda bound: tell(None, bound), clock.is_up)
        assert relaxation.bound is not None
        self._bounds.append(relaxation.bound)
        self._pool = relaxation.pool
        return _close(formulation, task, tell, relaxation, clock)

    def _still_alive(self, formulation: Formulation, task: Task) -> Bools:
        if self._alive is None:
            self._alive = np.ones(formulation.option_count, dtype=np.bool_)
        for bound, floor in zip(self._bounds, task.floors, strict=True):
            self._alive &= bound.loss <= bound.value - floor.least
        return self._alive


class _Clock:
    """The time a stage has."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def is_up(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    @property
    def left(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())


def _close(
    formulation: Formulation, task: Task, tell: Tell, relaxation: Relaxation, clock: _Clock
) -> Answer:
    """Ever larger integer problems over the options of least loss, until the gap is closed."""
    assert relaxation.bound is not None
    assert task.start is not None
    found = relaxation.bound
    bound = found.value
    best, value = task.start, task.objective.value(formulation.complete(task.start))
    loss = np.where(relaxation.alive, found.loss, np.iinfo(np.int64).max)
    ranked = np.sort(loss[relaxation.alive])
    size = max(_FIRST_SUBSET, int(relaxation.pool.sum()))
    while value < bound and not task.is_close(value, bound) and not clock.is_up():
        within = int(ranked[min(size, len(ranked)) - 1])
        within = min(within, found.value - value - 1)
        candidates = np.flatnonzero((loss <= within) | relaxation.pool & relaxation.alive)
        step = replace(task, start=best, seconds=clock.left)
        answer = solve_mip(formulation, step, tell, candidates)
        if answer.chosen is not None:
            best, value = answer.chosen, task.objective.value(formulation.complete(answer.chosen))
        outside = found.value - within - 1
        inside = bound if answer.bound is None else answer.bound
        bound = min(bound, max(value, inside, outside))
        tell(best, bound)
        if within >= found.value - value - 1 and inside <= bound:
            break
        size *= _GROWTH
    if value >= bound:
        return Answer("optimal", best, value)
    if task.is_close(value, bound):
        return Answer("within-gap", best, bound)
    return Answer("feasible", best, bound, clock=clock.is_up())
