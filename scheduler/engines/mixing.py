"""Plans by mixing what several dives are made of.

Dives end at plans near the bound, each at another; a small problem over what some of them used has
the best mixture. Which dives mix well is luck, so lanes dive and mix side by side, and go on for
some rounds that bring nothing. Beside floors, before that and in between, some people are moved at
a time in the best plan known, for as long as it brings more than little. Source: E. Rothberg, "An
evolutionary algorithm for polishing mixed integer programming solutions", INFORMS Journal on
Computing 19 (2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.diving import Dive, draw_pace
from scheduler.engines.forms import Form
from scheduler.engines.highs import Work
from scheduler.engines.lanes import Found, Lane, best_among, run_all, take_rivals
from scheduler.engines.neighbourhoods import PARTS, Neighbourhoods
from scheduler.engines.relaxation import LEAST_PRICE
from scheduler.engines.standing import Standing

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_LITTLE = 0.1
"""Of what is missing to a plan that is good enough: moving people that brings less is the last."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How plans of dives are mixed in each lane."""

    dives: int
    """So many dives there are before what they used is mixed."""
    mixed: int
    """So many dives, the last ones, are mixed."""
    drawn: int
    """In every second round there are so many dives instead, from corners drawn by chance, and
    they alone are mixed; 0: there are no such rounds."""
    work: int | None
    """How much work may go into a mixture."""
    fruitless: int
    """So many rounds in a row without a better plan are the last."""
    moves: bool
    """Whether some people are moved at a time before there are dives, and between them."""


FREELY = Recipe(dives=6, mixed=8, drawn=3, work=300, fruitless=12, moves=False)
UNDER_FLOORS = Recipe(dives=4, mixed=6, drawn=0, work=60, fruitless=8, moves=True)
"""Beside floors a mixture has a plan that keeps them soon, or hardly ever."""
BRIEFLY = Recipe(dives=3, mixed=3, drawn=0, work=60, fruitless=1, moves=False)
"""For a plan that is made better by other means."""


class Mixing:
    """The search in lanes.

    Parameters
    ----------
    lanes
        Their relaxations are of the stage, solved.
    form
        The stage for branch and cut.
    standing
        How far the stage has come; it is told of better plans.
    recipe
        None: what the stage asks for.
    """

    def __init__(
        self,
        lanes: Sequence[Lane],
        form: Form,
        standing: Standing,
        recipe: Recipe | None = None,
    ) -> None:
        self._standing = standing
        self._recipe = recipe or (UNDER_FLOORS if standing.task.floors else FREELY)
        self._around = Neighbourhoods(form, standing, PARTS)
        self._divers = [_Diver(lane, form, standing) for lane in lanes]

    def run(self) -> None:
        """Until the plan is good enough, time is up, or nothing gets better any more."""
        standing = self._standing
        fruitless = 0
        draws = False
        while standing.wants_dives and fruitless < self._recipe.fruitless:
            before = standing.value
            if self._recipe.moves:
                self.move()
            self.go_round(draws=draws)
            draws = self._recipe.drawn > 0 and not draws
            fruitless = 0 if standing.value > before else fruitless + 1

    def go_round(self, *, draws: bool = False) -> None:
        """Some dives, and the best of what they used."""
        if self._standing.wants_dives:
            self._dive(draws=draws)
        if self._standing.wants_dives:
            self._mix(draws=draws)

    def move(self) -> None:
        """Some people are moved at a time, until it brings little."""
        self._around.run_on(_LITTLE)

    def dive(self, *, draws: bool = False) -> None:
        """One dive in each lane."""
        standing = self._standing
        dives = [partial(diver.dive, draws=draws) for diver in self._divers]
        for plan in run_all(dives, standing.task.threads):
            standing.offer(plan)

    def _dive(self, *, draws: bool) -> None:
        """Some dives in each lane; they end where none finds anything new."""
        recipe, standing = self._recipe, self._standing
        for diver in self._divers:
            diver.begin()
        for _ in range(recipe.drawn if draws else recipe.dives):
            self.dive(draws=draws)
            if not standing.goes_on or not any(diver.is_new for diver in self._divers):
                break

    def _mix(self, *, draws: bool) -> None:
        """The best of what each lane's dives used."""
        mixed = self._recipe.drawn if draws else self._recipe.mixed
        mixtures = [partial(diver.mix, mixed) for diver in self._divers]
        take_rivals(self._standing, mixtures, self._recipe.work)


class _Diver:
    """One lane's; it reads how far the stage has come, and leaves changing that to others."""

    def __init__(self, lane: Lane, form: Form, standing: Standing) -> None:
        self._relaxation = lane.relaxation
        self._random = lane.random
        self._form = form
        self._standing = standing
        self._used: list[Bools] = []
        """``used[dive][option]``: what the relaxation used on the way."""
        self.begin()

    def begin(self) -> None:
        """Everything is new again."""
        self._seen: Bools = np.zeros_like(self._standing.alive)
        self.is_new = True
        """Whether the last dive used anything that none before it did since the beginning."""

    def dive(self, *, draws: bool) -> Ints | None:
        """The plan at the end of a dive, if there is one; beside floors it may miss one."""
        standing, relaxation = self._standing, self._relaxation
        aims = self._draw_aims()
        pace = draw_pace(self._random, is_brief=bool(standing.task.floors))
        dive = Dive(relaxation, pace, aims, self._random if draws else None)
        plan = dive.run(standing.worth_no_dive, standing.clock.is_up)
        self._used.append(dive.seen)
        self.is_new = bool((dive.seen & ~self._seen).any())
        self._seen |= dive.seen
        return plan

    def mix(self, dives: int, work: Work) -> Found:
        """What the last so many dives used, and the best plan of that."""
        standing, prices = self._standing, self._relaxation.floor_prices
        used = np.logical_or.reduce(self._used[-dives:])
        options = np.flatnonzero(used & standing.alive)
        options = np.union1d(options, standing.best)
        return options, best_among(self._form, standing, options, prices, standing.enough, work)

    def _draw_aims(self) -> Ints:
        """``aims[floor]``: by how much more than each floor a dive asks for.

        Dives end some way below what they ask for. Altogether it costs no more than the gap allows.
        """
        prices, standing = self._relaxation.floor_prices, self._standing
        priced = prices >= LEAST_PRICE
        share = self._random.random() * (standing.found.value - standing.enough)
        each = share / max(1, len(prices)) / np.where(priced, prices, 1.0)
        return np.where(priced, each, 0.0).astype(np.int64)
