"""Relax, bound, leave out with proof, and close the gap on what is left.

For each stage: column generation solves the linear relaxation (in large stages, prices of all rows
nearly do); its duals give a bound in whole numbers, and for each option a *loss*: how much below
the bound every plan with it lies. A small integer problem over the options of least loss gives a
plan of value z; options that lose more than ``bound - z`` cannot be part of a better one. If the
options left out all lose at least d, then ``max(z, bound - d)`` bounds every plan, so widening the
small problem closes the gap with proof.
What an earlier stage's losses rule out under its floor stays out of all later stages.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.cuts import Cuts
from scheduler.engines.engine import Answer, Task, Tell
from scheduler.engines.forms import Form
from scheduler.engines.lagrangian import Bound
from scheduler.engines.large_search import LargeSearch, is_large
from scheduler.engines.simplex_search import SimplexSearch
from scheduler.engines.stage import StageSearch
from scheduler.engines.standing import Clock, Standing
from scheduler.formulation import Formulation

Bools = NDArray[np.bool_]


class Decomposition:
    """The engine for everyday and large problems; it keeps what earlier stages ruled out."""

    def __init__(self) -> None:
        self._forms: tuple[Form, Form] | None = None
        self._alive: Bools = np.zeros(0, dtype=np.bool_)
        self._pool: Bools = np.zeros(0, dtype=np.bool_)
        self._bounds: list[Bound] = []
        """The bound of each stage that this engine solved."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan for the stage, with a bound computed in whole numbers."""
        clock = Clock(task.seconds)
        if self._forms is None:
            self._forms = Form(formulation, "weekly"), Form(formulation, "changes")
            self._alive = np.ones(formulation.option_count, dtype=np.bool_)
            self._pool = np.zeros(formulation.option_count, dtype=np.bool_)
            self._cuts = Cuts(formulation)
        if task.start is None:
            from scheduler.engines.cpsat import first_plan  # noqa: PLC0415 - loads another solver

            first = first_plan(formulation, task)
            if first.chosen is None:
                return first
            task = replace(task, start=first.chosen)
            tell(first.chosen, None)
        # An engine that took over from one that was late knows of no stage before its own first.
        known = task.floors[len(task.floors) - len(self._bounds) :]
        for bound, floor in zip(self._bounds, known, strict=True):
            self._alive &= bound.loss <= bound.value - floor.least
        standing = Standing(formulation, task, self._alive, tell, clock)
        search: StageSearch
        if is_large(formulation):
            search = LargeSearch(*self._forms, standing, self._pool)
        else:
            search = SimplexSearch(*self._forms, standing, self._pool, self._cuts)
        answer = search.run()
        assert search.proven is not None
        self._bounds.append(search.proven)
        self._forms = search.weekly, search.changes
        return answer
