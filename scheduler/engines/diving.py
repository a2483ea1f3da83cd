"""A plan out of the relaxation, by fixing what it uses most of, round after round.

The relaxation of a stage places most people whole and some in parts. Fixing the whole ones and the
largest parts, and solving what is left of it again, with columns priced anew, ends at a plan that
lies near the bound, in a few dozen steps of the simplex each. What no longer fits beside what is
fixed is left out at once; where nothing fits, the last step is taken back. Source: R. Sadykov, F.
Vanderbeck, A. Pessoa, I. Tahiri and E. Uchoa, "Primal heuristics for branch and price: the assets
of diving methods", INFORMS Journal on Computing 31 (2019).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.branching import parted_switches
from scheduler.engines.descent import Descent
from scheduler.engines.master import SimplexRelaxation

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MOST_STEPS_BACK = 12
"""After so many steps taken back a way down is given up."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a dive goes down."""

    share: float
    """Of the options in use that are fixed in each step at least."""
    whole: float
    """What the relaxation uses so much of is fixed in any case."""
    rounds: int
    """How often columns are priced after each step."""


FAST = Pace(share=0.1, whole=0.95, rounds=2)


def draw_pace(random: np.random.Generator, *, is_brief: bool) -> Pace:
    """Another pace: which way down leads nearest to the bound is luck.

    Beside floors, where mixtures of dives count more than any one of them, they are brief.
    """
    least, rounds = (0.03, (1, 2)) if is_brief else (0.01, (2, 5))
    share = float(np.exp(random.uniform(np.log(least), np.log(0.2))))
    return Pace(share, float(random.choice([0.95, 0.999])), int(random.choice(rounds)))


class Dive(Descent):
    """One way down from a relaxation that has been solved; what was fixed is free again after it.

    Parameters
    ----------
    relaxation
        Of the stage.
    pace
        How many options are fixed in a step.
    aims
        ``aims[floor]``: by how much more than the floor is asked for.
    corner
        Draws the corner of the relaxation's best solutions that it begins at; none: the one known.
    """

    def __init__(
        self,
        relaxation: SimplexRelaxation,
        pace: Pace,
        aims: Ints | None = None,
        corner: np.random.Generator | None = None,
    ) -> None:
        super().__init__(relaxation, pace.rounds, aims)
        self._corner = corner
        self._pace = pace
        self._steps_back = 0
        self.seen: Bools = np.zeros(self._formulation.option_count, dtype=np.bool_)
        """``seen[option]``: whether the relaxation used it on the way."""

    def run(self, enough: int, out_of_time: Callable[[], bool]) -> Ints | None:
        """The plan at the end; none where it is worth no more than `enough`, or there is none."""
        with self._going_down():
            if self._corner is not None:
                self.relaxation.draw_corner(self._corner)
            return self._run(enough, out_of_time)

    def _run(self, enough: int, out_of_time: Callable[[], bool]) -> Ints | None:
        relaxation = self.relaxation
        while not out_of_time() and relaxation.rounded_value > enough:
            options, values = relaxation.solution
            self.seen[options] = True
            is_free = ~np.isin(options, self._fixed)
            options, values = options[is_free], values[is_free]
            parted = parted_switches(relaxation.switches)
            if not len(options) and not len(parted):
                return np.sort(self._fixed)
            if len(parted):
                is_feasible = self._fix_switch(parted, relaxation.switches)
            else:
                is_feasible = self._fix_options(options, values)
            if not is_feasible:
                return None
        return None

    def _fix_switch(self, parted: NDArray[np.intp], switches: Floats) -> bool:
        """Whether the relaxation goes on with the largest part of a switch on, or else off."""
        switch = int(parted[np.argmax(switches[parted])])
        for value in (1, 0):
            self._switches[switch] = value
            self.relaxation.limit_switches(self._switches)
            if self._solve_again(self._room(self._fixed)):
                return True
        return False

    def _fix_options(self, options: Ints, values: Floats) -> bool:
        """Whether the relaxation goes on with the largest parts whole, or without some."""
        order = np.argsort(-values, kind="stable")
        whole = int((values >= self._pace.whole).sum())
        count = max(1, int(self._pace.share * len(order)), whole)
        chosen = self._fitting(options[order[:count]])
        while self._steps_back <= _MOST_STEPS_BACK:
            if not len(chosen):
                return self._forbid(options[order[:1]])
            if self._goes_on_with(chosen) is not None:
                return True
            self._steps_back += 1
            if len(chosen) == 1:
                return self._forbid(chosen)
            chosen = chosen[: len(chosen) // 4]
        return False

    def _forbid(self, options: Ints) -> bool:
        """Whether the relaxation goes on without these."""
        self.relaxation.alive = self.relaxation.alive.copy()
        self.relaxation.alive[options] = False
        self.relaxation.limit(options, 0.0, 0.0)
        return self._solve_again(self._room(self._fixed))

    def _fitting(self, options: Ints) -> Ints:
        """Those that fit beside what is fixed, each with those before it."""
        room = self._room(self._fixed)
        columns = self._formulation.coefficients.columns(self._formulation.instance, options)
        kept = []
        for k, option in enumerate(options.tolist()):
            own = slice(columns.indptr[k], columns.indptr[k + 1])
            rows, use = columns.indices[own], columns.data[own]
            if (use <= room[rows]).all():
                room[rows] -= use
                kept.append(option)
        return np.array(kept, dtype=np.int64)
