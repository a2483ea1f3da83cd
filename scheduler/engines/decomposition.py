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
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.cpsat import first_plan
from scheduler.engines.engine import Answer, Status, Task, Tell
from scheduler.engines.highs import Form, solve_mip
from scheduler.engines.lagrangian import Bound
from scheduler.engines.master import Relaxation
from scheduler.formulation import Floor, Formulation

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_FIRST_SUBSET = 2_000
_GROWTH = 3
_LOOK_AHEAD_SUBSET = 6_000
_LOOK_AHEAD_NODES = 100
_LOOK_AHEAD_BASIS_POINTS = 50


class Decomposition:
    """The engine for everyday and large problems; it keeps what earlier stages ruled out."""

    def __init__(self) -> None:
        self._forms: tuple[Form, Form] | None = None
        self._alive: Bools = np.zeros(0, dtype=np.bool_)
        self._pool: Bools = np.zeros(0, dtype=np.bool_)
        self._bounds: list[Bound] = []
        """The bound of each stage solved so far."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan for the stage, with a bound computed in whole numbers."""
        clock = _Clock(task.seconds)
        if self._forms is None:
            self._forms = Form(formulation, "weekly"), Form(formulation, "changes")
            self._alive = np.ones(formulation.option_count, dtype=np.bool_)
            self._pool = np.zeros(formulation.option_count, dtype=np.bool_)
        if task.start is None:
            first = first_plan(formulation, task)
            if first.chosen is None:
                return first
            task = replace(task, start=first.chosen)
            tell(first.chosen, None)
        for bound, floor in zip(self._bounds, task.floors, strict=True):
            self._alive &= bound.loss <= bound.value - floor.least
        search = _Search(*self._forms, task, tell, clock, self._alive, self._pool)
        relaxation = search.relax(task)
        assert relaxation.bound is not None
        self._bounds.append(relaxation.bound)
        return search.close(relaxation.bound)


class _Clock:
    """The time a stage has."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def is_up(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    @property
    def left(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())


@dataclass
class _Search:
    """The search for one stage's best plan."""

    weekly: Form
    changes: Form
    task: Task
    tell: Tell
    clock: _Clock
    alive: Bools
    pool: Bools
    """``pool[option]``: options that some relaxation asked for; it grows."""

    def __post_init__(self) -> None:
        assert self.task.start is not None
        self.best = self.task.start
        self.value = self._value(self.best)

    def _value(self, chosen: Ints) -> int:
        return self.task.objective.value(self.weekly.formulation.complete(chosen))

    def _improve(self, chosen: Ints | None, bound: int) -> None:
        if chosen is not None and self._value(chosen) > self.value:
            self.best, self.value = chosen, self._value(chosen)
            self.tell(self.best, bound)

    def relax(self, task: Task) -> Relaxation:
        """The relaxation of a task of this search, whose columns join the pool."""
        self.pool &= self.alive
        self.pool[self.best] = True
        relaxation = Relaxation(self.weekly, task, self.alive, self.pool)
        own = task.objective is self.task.objective
        relaxation.run(
            (lambda bound: self.tell(None, bound)) if own else (lambda _: None), self.clock.is_up
        )
        self.pool |= relaxation.pool
        return relaxation

    def close(self, found: Bound) -> Answer:
        """The gap between plan and bound is closed as far as asked."""
        bound = found.value
        if self._is_open(bound):
            self._look_ahead(bound)
        size = max(_FIRST_SUBSET, int(self.pool.sum()))
        loss = np.where(self.alive, found.loss, np.iinfo(np.int64).max)
        ranked = np.sort(loss[self.alive])
        while self._is_open(bound) and not self.clock.is_up():
            within = int(ranked[min(size, len(ranked)) - 1])
            within = min(within, found.value - self.value - 1)
            candidates = np.flatnonzero((loss <= within) | (self.pool & self.alive))
            step = replace(self.task, start=self.best, seconds=self.clock.left)
            answer = solve_mip(self.changes, step, self.tell, candidates)
            self._improve(answer.chosen, bound)
            left_out = len(candidates) < int(self.alive.sum())
            outside = found.value - within - 1 if left_out else self.value
            inside = bound if answer.bound is None else answer.bound
            bound = min(bound, max(self.value, inside, outside))
            self.tell(self.best, bound)
            if inside >= outside and inside > self.value:
                break
            size *= _GROWTH
        if self.value >= bound:
            return Answer("optimal", self.best, self.value)
        close_enough = self.task.is_close(self.value, bound)
        status: Status = "within-gap" if close_enough else "feasible"
        return Answer(status, self.best, bound, clock=not close_enough)

    def _is_open(self, bound: int) -> bool:
        return self.value < bound and not self.task.is_close(self.value, bound)

    def _look_ahead(self, bound: int) -> None:
        """A plan that reaches the bound is looked for where the next stage is at its best.

        The stage alone leaves many options equal; the next stage tells them apart.
        """
        if not self.task.preview:
            return
        floor = Floor(self.task.objective, bound)
        task = replace(
            self.task,
            objective=self.task.preview[0],
            floors=(*self.task.floors, floor),
            gap_basis_points=_LOOK_AHEAD_BASIS_POINTS,
        )
        relaxation = self.relax(task)
        if relaxation.bound is None:
            return
        loss = np.where(self.alive, relaxation.bound.loss, np.iinfo(np.int64).max)
        size = min(_LOOK_AHEAD_SUBSET, int(self.alive.sum()))
        candidates = np.sort(np.argpartition(loss, size - 1)[:size])
        step = replace(task, start=None, seconds=self.clock.left)
        answer = solve_mip(
            self.changes, step, lambda _, __: None, candidates, most_nodes=_LOOK_AHEAD_NODES
        )
        self._improve(answer.chosen, bound)
