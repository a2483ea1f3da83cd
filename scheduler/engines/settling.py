"""Plans by settling one site after another, and a small problem over all that is left.

Where all else has its price, a site's best calendars of whole people are worth what the relaxation
says or hardly less. The one most like the relaxation's is fixed: the site is settled. Sites are
settled as long as the relaxation loses little by it. What is left is small, and branch and cut has
a plan of it soon. Sources: C. Barnhart, E. L. Johnson, G. L. Nemhauser, M. W. P.
Savelsbergh and P. H. Vance, "Branch-and-price: column generation for solving huge integer
programs", Operations Research 46 (1998); Y. Pochet and L. A. Wolsey, "Production Planning by Mixed
Integer Programming" (2006), section 3.6 (relax and fix).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.descent import Descent
from scheduler.engines.engine import Answer
from scheduler.engines.forms import Form, Written, limits
from scheduler.engines.highs import Work, solve_small
from scheduler.engines.lanes import Found, Lane, best_among, take_rivals
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.standing import Standing

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
WIDE = 100
"""In hundredths of a per cent: where a wider gap is asked for, sites are settled as for this one.
What is near would be too much to search."""
_ROUNDS = 3
"""How often columns are priced after each site."""
_NODES = 50
"""How many nodes there are for a calendar."""
_SITE, _ALL = 0.05, 0.08
"""Of the slack between the relaxation and what a plan should be worth: a site that costs more is
left open, and once all have cost so much, no more are settled."""
_CALENDAR, _NEAR = 1.0, 0.2
"""Of the slack: what the options of a calendar lose at most, and those of the small problem."""
_NEARLY = 0.005
"""Of the slack: calendars that differ by less are as good as each other."""
_LIKE = 0.3
"""Of the slack: what it counts that a calendar has what the relaxation has."""
_DRAWN = 0.3
"""Up to so much of an option is drawn on top of what a site's people are parted by."""
_JITTER = 1e-4
"""Of the slack: what is drawn on top of what each option of a calendar is worth."""
_IN_VAIN = 3
"""After so many sites in a row that cost too much there are no more."""
_WORK, _MANY, _MOST, _TIMES = 20, 2_400, 3_000, 6
"""What settled sites leave open has a plan soon or hardly ever. Which sites are settled is luck, so
they are so often settled otherwise: at once where many options are left, of which no plan is found,
and not at all where most are."""


def settle_sites(lanes: Sequence[Lane], form: Form, standing: Standing) -> None:
    """Sites are settled, each time others, as long as what they leave open is not decided."""
    searches = [_Settler(lane, form, standing).run for lane in lanes]
    for _ in range(_TIMES):
        if not standing.wants_dives or standing.is_promising:
            break
        works = take_rivals(standing, searches, _WORK)
        if not any(work.is_used_up for work in works):
            break


class _Settler:
    """One lane's; it reads how far the stage has come, and leaves changing that to others."""

    def __init__(self, lane: Lane, form: Form, standing: Standing) -> None:
        self._lane = lane
        self._form = form
        self._standing = standing
        self._left_open: set[bytes] = set()
        """What settled sites left open each time."""

    def run(self, work: Work) -> Found:
        """What settled sites leave open, and the best plan of that."""
        standing, relaxation = self._standing, self._lane.relaxation
        settling = Settling(relaxation, standing.enough_within(WIDE), self._lane.random)
        options = settling.run(standing.clock.is_up)
        left = options.tobytes()
        if len(options) > _MOST or left in self._left_open:
            return options, Answer("unknown")
        self._left_open.add(left)
        if len(options) > _MANY:
            work.use_up()
            return options, Answer("unknown")
        prices, least = relaxation.floor_prices, standing.promising
        return options, best_among(self._form, standing, options, prices, least, work)


class Settling(Descent):
    """One way to settle sites; the relaxation is as it was after it.

    Parameters
    ----------
    relaxation
        Of the stage.
    least
        What a plan should be worth.
    random
        Draws the corner of the relaxation's best solutions that it begins at, and the order among
        sites that are alike.
    """

    def __init__(
        self, relaxation: SimplexRelaxation, least: int, random: np.random.Generator
    ) -> None:
        super().__init__(relaxation, _ROUNDS)
        self._least = least
        self._random = random
        instance = self._formulation.instance
        offer = instance.courses.offer[instance.options.course]
        self._site: Ints = instance.supply.site_of_offer[offer]
        self._sites = len(instance.supply.sites)

    def run(self, out_of_time: Callable[[], bool]) -> Ints:
        """What is settled, and elsewhere all that loses little: the options of a small problem."""
        slack = max(0.0, self.relaxation.value - self._least)
        with self._going_down():
            self.relaxation.draw_corner(self._random)
            self._settle(slack, out_of_time)
            return self._near(slack)

    def _settle(self, slack: float, out_of_time: Callable[[], bool]) -> None:
        relaxation = self.relaxation
        enough = relaxation.value - _ALL * slack
        left = np.bincount(self._site[relaxation.alive], minlength=self._sites) > 0
        in_vain = 0
        while left.any() and in_vain < _IN_VAIN and relaxation.value > enough:
            if out_of_time():
                return
            site = self._least_parted(left)
            left[site] = False
            in_vain = 0 if self._is_settled(site, slack) else in_vain + 1

    def _is_settled(self, site: int, slack: float) -> bool:
        """Whether the site has its calendar now; if that costs too much, all is as before."""
        relaxation = self.relaxation
        before, kept = relaxation.value, relaxation.kept
        calendar = self._calendar_of(site, slack)
        step = None if calendar is None else self._goes_on_with(calendar, self._site == site)
        if step is not None and relaxation.value >= before - _SITE * slack:
            return True
        if step is not None:
            self._free(step)
        relaxation.go_back(kept)
        return False

    def _least_parted(self, left: Bools) -> int:
        """The site of `left` of which the relaxation uses least in parts, or one nearly so."""
        options, values = self.relaxation.solution
        parts = np.minimum(values, np.maximum(0.0, 1.0 - values))
        drawn = _DRAWN * self._random.random(self._sites)
        parted = drawn + np.bincount(self._site[options], weights=parts, minlength=self._sites)
        return int(np.argmin(np.where(left, parted, np.inf)))

    def _calendar_of(self, site: int, slack: float) -> Ints | None:
        """Who is at the site and when, all in all worth most at the prices of everything else."""
        gain, at_free_capacity = self.relaxation.gains()
        used, values = self.relaxation.solution
        share = np.zeros(len(gain))
        share[used] = values
        is_open = self.relaxation.alive & (self._site == site)
        options = np.flatnonzero(is_open & ((gain > -_CALENDAR * slack) | (share > 0)))
        room = self._room(self._fixed)
        options = options[self._fits(options, room)]
        formulation = self._formulation
        columns = formulation.coefficients.columns(formulation.instance, options)
        columns = columns.astype(np.float64)
        may_bind = columns.sum(axis=1) > room
        count = len(options)
        likeness = _LIKE * share[options] + _JITTER * self._random.random(count)
        solution = solve_small(
            Written(
                matrix=sparse.csc_array(columns.tocsr()[may_bind]),
                lower=np.full(int(may_bind.sum()), -np.inf),
                upper=limits(room[may_bind]),
                cost=at_free_capacity[options] + slack * likeness,
                least=np.zeros(count),
                most=np.ones(count),
                whole=np.ones(count, dtype=np.bool_),
                constant=0,
            ),
            _NEARLY * slack,
            _NODES,
        )
        return None if solution is None else options[np.rint(solution) == 1]

    def _near(self, slack: float) -> Ints:
        """What is fixed, what the relaxation uses, and what loses little and fits beside it."""
        relaxation = self.relaxation
        gain, _ = relaxation.gains()
        near = np.flatnonzero(relaxation.alive & (gain > -_NEAR * slack))
        near = near[self._fits(near, self._room(self._fixed))]
        return np.unique(np.concatenate([self._fixed, relaxation.solution[0], near]))
