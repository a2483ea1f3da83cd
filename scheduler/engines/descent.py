"""The relaxation with more and more of a plan fixed, and free again afterwards.

What no longer fits beside what is fixed is left out at once, so that the relaxation of what is
left stays close to what plans can do; where nothing fits, the step is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.master import SimplexRelaxation

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_DEARER = 3.0
"""How many times its price a floor costs where it is missed: only where nothing else is left."""


@dataclass(frozen=True, slots=True)
class Step:
    """What there was before a step down."""

    fixed: Ints
    alive: Bools
    limited: Ints
    """The options that the step has fixed, and those it has left out."""


class Descent:
    """One way down from a relaxation that has been solved.

    Parameters
    ----------
    relaxation
        Of the stage.
    rounds
        How often columns are priced after each step.
    aims
        ``aims[floor]``: by how much more than the floor is asked for.
    """

    def __init__(
        self,
        relaxation: SimplexRelaxation,
        rounds: int,
        aims: Ints | None = None,
    ) -> None:
        self.relaxation = relaxation
        self._formulation = relaxation.formulation
        self._person = self._formulation.instance.options.person
        self._rounds = rounds
        floors = len(relaxation.task.floors)
        self._aims = np.zeros(floors, dtype=np.int64) if aims is None else aims
        self._fixed: Ints = np.zeros(0, dtype=np.int64)
        self._switches = dict(relaxation.settled)

    @contextmanager
    def _going_down(self) -> Iterator[None]:
        """Whatever is done inside, the relaxation is as it was."""
        relaxation, alive = self.relaxation, self.relaxation.alive
        relaxation.keep_basis()
        try:
            relaxation.let_miss(_DEARER, self._aims)
            yield
        finally:
            relaxation.alive = alive
            relaxation.release()

    def _goes_on_with(self, chosen: Ints, closed: Bools | None = None) -> Step | None:
        """The step, if the relaxation is feasible with these fixed; else they are as before.

        Parameters
        ----------
        closed
            ``closed[option]``: nothing but what is fixed may be chosen of these.
        """
        relaxation = self.relaxation
        before = relaxation.alive
        fixed = np.concatenate([self._fixed, chosen])
        pool = np.flatnonzero(relaxation.pool & before)
        placed = np.zeros(int(self._person.max()) + 1, dtype=np.bool_)
        placed[self._person[fixed]] = True
        is_out = placed[self._person]
        if closed is not None:
            is_out |= closed
        pool = pool[~np.isin(pool, fixed)]
        room = self._room(fixed)
        dead = pool[is_out[pool] | ~self._fits(pool, room)]
        step = Step(self._fixed, before, np.concatenate([chosen, dead]))
        relaxation.alive = before & ~is_out
        relaxation.alive[dead] = False
        relaxation.limit(chosen, 1.0, 1.0)
        relaxation.limit(dead, 0.0, 0.0)
        if self._solve_again(room):
            self._fixed = fixed
            return step
        self._free(step)
        return None

    def _free(self, step: Step) -> None:
        """The limits are as they were before the last step."""
        self._fixed, self.relaxation.alive = step.fixed, step.alive
        self.relaxation.limit(step.limited, 0.0, self.relaxation.most)

    def _solve_again(self, room: Ints) -> bool:
        """Whether the relaxation is feasible as limited; only what fits enters it."""

        def keep(entering: Ints) -> Ints:
            fits = self._fits(entering, room)
            self.relaxation.alive[entering[~fits]] = False
            return entering[fits]

        return self.relaxation.solve_again(self._rounds, keep)

    def _fits(self, options: Ints, room: Ints) -> Bools:
        """``fits[k]``: whether the k-th fits by itself."""
        columns = self._formulation.coefficients.columns(self._formulation.instance, options)
        beyond = columns.data > room[columns.indices]
        owner = np.repeat(np.arange(len(options)), np.diff(columns.indptr))
        return ~np.bincount(owner, weights=beyond, minlength=len(options)).astype(np.bool_)

    def _room(self, fixed: Ints) -> Ints:
        """``room[row]`` beside what is fixed, whatever switches and shortfalls do."""
        formulation = self._formulation
        room = formulation.upper - formulation.coefficients.activity(formulation.instance, fixed)
        least, most = formulation.auxiliary_limits(self._switches)
        entries = formulation.auxiliary.tocoo()
        row, column = entries.coords
        lowest = np.minimum(entries.data * least[column], entries.data * most[column])
        np.subtract.at(room, row, lowest)
        return room
