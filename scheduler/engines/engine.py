"""What every engine takes and gives: arrays in, arrays out.

An engine makes one stage's objective as large as it can, under the floors of earlier stages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from scheduler.formulation import Floor, Formulation, Objective

Status = Literal["optimal", "within-gap", "feasible", "infeasible", "unknown"]
Chosen = NDArray[np.int64]
"""Indices of the chosen options, ascending."""
_LATER, _SHADES = 2, 200
"""How many later stages break ties, and in how many steps each tells options apart."""
_FINE = 20
"""All of these together differ by at most one so many-th of a stage's least difference."""


@dataclass(frozen=True, slots=True)
class Task:
    """One stage for an engine."""

    objective: Objective
    """What to make as large as possible."""
    floors: tuple[Floor, ...] = ()
    """What has to be kept."""
    start: Chosen | None = None
    """A plan that keeps every row and floor, if one is known."""
    gap_basis_points: int = 0
    """The engine may stop once the bound is this close, in hundredths of a per cent."""
    seconds: float | None = None
    """Wall-clock time left, if limited."""
    threads: int = 2
    seed: int = 0
    enough: int | None = None
    """A plan worth this needs no further search, whatever the bound; none: nothing is known."""
    least: int | None = None
    """A search that can find no plan worth this is given up; none: it goes on all the same."""
    later: tuple[Objective, ...] = ()
    """What later stages make large: it tells apart what is worth the same to this one."""

    def is_close(self, value: int, bound: int) -> bool:
        """Whether a plan of that value needs no further search."""
        return bound - value <= abs(value) * self.gap_basis_points // 10_000

    def least_close(self, bound: int) -> int:
        """The least value that is close to the bound, or one that is close and far below it."""
        far, near = bound - 2 * abs(bound) - 1, bound
        while near - far > 1:
            middle = (far + near) // 2
            far, near = (far, middle) if self.is_close(middle, bound) else (middle, near)
        return near

    def with_ties_broken(self) -> Task:
        """The stage where, of options worth the same, one is worth more if later stages like it.

        Added up over a plan this can outweigh a point of the stage itself.
        """
        likes = np.zeros(len(self.objective.coefficients), dtype=np.int64)
        for later in self.later[:_LATER]:
            spread = max(1, int(np.ptp(later.coefficients)))
            likes += np.rint(later.coefficients * (_SHADES / spread)).astype(np.int64)
        weight = max(1, _FINE * int(np.ptp(likes)) // self.objective.step)
        objective = Objective(likes, 0).plus(self.objective, weight)
        return replace(self, objective=objective, later=())

    def allows(self, formulation: Formulation, chosen: Chosen) -> bool:
        """Whether a plan keeps every row and floor."""
        solution = formulation.complete(chosen)
        return formulation.allows(solution) and all(
            floor.objective.value(solution) >= floor.least for floor in self.floors
        )

    def value(self, formulation: Formulation, chosen: Chosen) -> int:
        """The objective's exact value of a plan."""
        return self.objective.value(formulation.complete(chosen))


@dataclass(frozen=True, slots=True)
class Answer:
    """What an engine found for a stage."""

    status: Status
    chosen: Chosen | None = None
    """The best plan found; none where there is none."""
    bound: int | None = None
    """No plan is better than this; none: nothing is known."""
    clock: bool = False
    """Whether a clock or a person stopped the engine, so that another run may differ."""


Tell = Callable[[Chosen | None, int | None], None]
"""Called with each better plan (or none) and the bound known so far (or none)."""


class Engine(Protocol):
    """A way to solve a stage; a new object for each run, so that it may keep what it learned."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """The best plan for the stage, with its bound."""
        ...
