"""A large stage made small: what its prices agree on is fixed, round after round.

The mean of the plans that prices lead to has most people at one place nearly whole. Fixing those,
and the largest shares of the others, hardly costs anything as long as prices are found anew each
time: of 2 700 people of a city, 2 000 are fixed at a cost of some hundredths of a person. What is
left is as small as an office, and searched like one. It is a dive with passes over all options
instead of the simplex. Sources: R. Sadykov, F. Vanderbeck, A. Pessoa, I. Tahiri and E. Uchoa,
"Primal heuristics for branch and price: the assets of diving methods", INFORMS Journal on Computing
31 (2019); F. Barahona and F. A. Chudak, "Near-optimal solutions to large-scale facility location
problems", Discrete Optimization 2 (2005; the volume algorithm's means as a guide to plans).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.greedy import Room
from scheduler.engines.prices import PriceSearch
from scheduler.engines.relaxation import best_of_each
from scheduler.formulation import Formulation
from scheduler.instance import first_of_each

Bools = NDArray[np.bool_]
_FEW = 600
"""So many people at most are left to be placed."""
_WHOLE, _SHARE = 0.9, 0.1
"""What there is so much of is fixed in any case, and so much of all that is left in each round."""
_SOME = 0.005
"""Of what there is less of, there is none."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of a stage beside what is fixed."""

    alive: Bools
    """``alive[option]``: what may be chosen, and what is fixed, which nothing stands against."""
    pool: Bools
    """``pool[option]``: what prices choose some of, and what is fixed."""


class Narrowing:
    """One way down from prices that have been found; their search is not used afterwards.

    Parameters
    ----------
    formulation
        The stage's.
    search
        Of its prices, after its run.
    alive
        ``alive[option]``: options that may be chosen.
    """

    def __init__(self, formulation: Formulation, search: PriceSearch, alive: Bools) -> None:
        instance = formulation.instance
        self._options = instance.options
        self._first = first_of_each(instance.options.person)
        self._search = search
        self._room = Room(formulation)
        self._alive = alive.copy()
        self._fixed: list[int] = []

    def run(self, out_of_time: Callable[[], bool]) -> Rest:
        """What is left once few people are."""
        search, options = self._search, self._options
        is_placed = np.zeros(int(options.person.max(initial=-1)) + 1, dtype=np.bool_)
        while search.shares.sum() > _FEW and not out_of_time():
            self._fix_largest()
            fixed = np.array(self._fixed, dtype=np.int64)
            is_placed[options.person[fixed]] = True
            self._alive &= ~is_placed[options.person] & self._room.fits
            search.go_on_beside(fixed, self._alive)
        alive, pool = self._alive.copy(), search.shares > _SOME
        alive[self._fixed] = True
        pool[self._fixed] = True
        return Rest(alive, pool)

    def _fix_largest(self) -> None:
        """The largest shares are fixed where they fit, and left out where they do not."""
        shares = self._search.shares
        largest = best_of_each(shares, self._first, 0.0)
        largest = largest[np.argsort(-shares[largest], kind="stable")]
        whole = int((shares[largest] > _WHOLE).sum())
        for option in largest[: max(1, whole, int(_SHARE * shares.sum()))].tolist():
            if option in self._room.fitting(int(self._options.person[option])):
                self._room.take(option)
                self._fixed.append(option)
            else:
                self._alive[option] = False
