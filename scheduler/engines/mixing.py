"""Plans by mixing what several dives are made of.

Dives end at plans near the bound, each at another; a small problem over what some of them used has
the best mixture. Which dives mix well is luck, so two lanes dive and mix side by side, each with a
relaxation of its own, and go on for some rounds that bring nothing. Beside floors, before that and
in between, some people are moved at a time in the best plan known, for as long as it brings more
than little. Lanes wait for each other after every dive and every mixture, and what they find counts
in an order that does not hang on the clock: the same seed always ends alike. Source: E. Rothberg,
"An evolutionary algorithm for polishing mixed integer programming solutions", INFORMS Journal on
Computing 19 (2007).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.diving import Dive, draw_pace
from scheduler.engines.engine import Answer
from scheduler.engines.forms import Form
from scheduler.engines.highs import Search, Work, solve_mip
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.neighbourhoods import PARTS, Neighbourhoods
from scheduler.engines.relaxation import LEAST_PRICE
from scheduler.engines.settling import Settling
from scheduler.engines.standing import Standing

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_LANES = 2
"""So many search side by side."""
_DEARER = 10
"""How many times its price a floor costs that is missed on the way to a plan."""
_SEARCH = Search(effort=0.05, nodes=100)
_LITTLE = 0.1
"""Of what is missing to a plan that is good enough: moving people that brings less is the last."""
_SETTLED_WORK, _SETTLED, _SETTLED_TIMES = 20, 3_000, 6
"""What settled sites leave open has a plan soon or hardly ever, and is hard to search if it is more
options than that; which sites are settled is luck, so they are so often settled otherwise."""


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


class Mixing:
    """The search in lanes.

    Parameters
    ----------
    relaxation
        Of the stage, solved.
    form
        The stage for branch and cut.
    standing
        How far the stage has come; it is told of better plans.
    fixed
        By switch: the value it has in all dives.
    """

    def __init__(
        self,
        relaxation: SimplexRelaxation,
        form: Form,
        standing: Standing,
        fixed: Mapping[int, int],
    ) -> None:
        task = standing.task
        self._form = form
        self._standing = standing
        self._recipe = UNDER_FLOORS if task.floors else FREELY
        self._around = Neighbourhoods(form, standing, PARTS)
        self._unmoved: int | None = None
        """What a plan is worth in which moving people helped nobody."""
        randoms = np.random.default_rng(task.seed).spawn(_LANES)
        relaxations = [relaxation, *(relaxation.twin() for _ in randoms[1:])]
        self._lanes = [
            _Lane(own, form, standing, fixed, random)
            for own, random in zip(relaxations, randoms, strict=True)
        ]

    def run(self) -> None:
        """Until the plan is good enough, time is up, or nothing gets better any more."""
        standing = self._standing
        fruitless = 0
        draws = False
        with ThreadPoolExecutor(standing.task.threads) as pool:
            while standing.wants_dives and fruitless < self._recipe.fruitless:
                before = standing.value
                if self._recipe.moves:
                    self.move()
                if standing.wants_dives:
                    self._dive(pool, draws=draws)
                if standing.wants_dives:
                    self._mix(pool, draws=draws)
                draws = self._recipe.drawn > 0 and not draws
                fruitless = 0 if standing.value > before else fruitless + 1

    @property
    def pool(self) -> Bools:
        """``pool[option]``: options that some lane's relaxation asked for."""
        pools = [lane.relaxation.pool for lane in self._lanes]
        return np.asarray(np.logical_or.reduce(pools))

    def settle(self) -> None:
        """Sites are settled, each time others, as long as what they leave open is not decided."""
        standing = self._standing
        with ThreadPoolExecutor(standing.task.threads) as pool:
            for _ in range(_SETTLED_TIMES):
                if not standing.wants_dives or standing.is_promising:
                    break
                works = self._together(pool, _Lane.settle, _SETTLED_WORK)
                if not any(work.is_used_up for work in works):
                    break

    def move(self) -> None:
        """Some people are moved at a time, with ever more places to go to, until it brings little.

        A plan that this did not help is left alone until there is a better one.
        """
        standing = self._standing
        while standing.goes_on and standing.value != self._unmoved:
            missing = standing.enough - standing.value
            before = standing.value
            self._around.run()
            if standing.value == before:
                self._unmoved = before
            if standing.value - before < _LITTLE * missing:
                break

    def _dive(self, pool: ThreadPoolExecutor, *, draws: bool) -> None:
        """Some dives in each lane; they end where none finds anything new."""
        recipe = self._recipe
        for lane in self._lanes:
            lane.begin()
        for _ in range(recipe.drawn if draws else recipe.dives):
            for plan in list(pool.map(lambda lane: lane.dive(draws=draws), self._lanes)):
                self._standing.offer(plan)
            if not self._standing.goes_on or not any(lane.is_new for lane in self._lanes):
                break

    def _mix(self, pool: ThreadPoolExecutor, *, draws: bool) -> None:
        """The best of what each lane's dives used."""
        mixed = self._recipe.drawn if draws else self._recipe.mixed
        self._together(pool, lambda lane, work: lane.mix(mixed, work), self._recipe.work)

    def _together(
        self,
        pool: ThreadPoolExecutor,
        search: Callable[[_Lane, Work], tuple[Ints, Answer]],
        most: int | None,
    ) -> list[Work]:
        """Every lane searches; what took least work counts first. Returns what each took."""
        standing = self._standing
        works = Work.of_rivals(_LANES, most)
        found = list(pool.map(search, self._lanes, works))
        for index in sorted(range(_LANES), key=lambda index: works[index].done):
            if standing.is_open:
                standing.take(*found[index])
        return works


class _Lane:
    """One search; it reads how far the stage has come, and leaves changing that to others."""

    def __init__(
        self,
        relaxation: SimplexRelaxation,
        form: Form,
        standing: Standing,
        fixed: Mapping[int, int],
        random: np.random.Generator,
    ) -> None:
        self.relaxation = relaxation
        self._form = form
        self._standing = standing
        self._fixed = fixed
        self._random = random
        self._used: list[Bools] = []
        """``used[dive][option]``: what the relaxation used on the way."""
        self._left_open: set[bytes] = set()
        """What settled sites left open each time."""
        self.begin()

    def begin(self) -> None:
        """Everything is new again."""
        self._seen: Bools = np.zeros_like(self._standing.alive)
        self.is_new = True
        """Whether the last dive used anything that none before it did since the beginning."""

    def dive(self, *, draws: bool) -> Ints | None:
        """The plan at the end of a dive, if there is one; beside floors it may miss one."""
        standing, relaxation = self._standing, self.relaxation
        aims = self._draw_aims()
        pace = draw_pace(self._random, is_brief=bool(standing.task.floors))
        dive = Dive(relaxation, pace, self._fixed, aims, self._random if draws else None)
        plan = dive.run(standing.worth_no_dive, standing.clock.is_up)
        self._used.append(dive.seen)
        self.is_new = bool((dive.seen & ~self._seen).any())
        self._seen |= dive.seen
        return plan

    def settle(self, work: Work) -> tuple[Ints, Answer]:
        """What settled sites leave open, and the best plan of that."""
        standing = self._standing
        settling = Settling(self.relaxation, standing.enough, self._random)
        options = settling.run(standing.clock.is_up)
        left = options.tobytes()
        if len(options) > _SETTLED or left in self._left_open:
            return options, Answer("unknown")
        self._left_open.add(left)
        return options, self._best_among(options, standing.promising, work)

    def mix(self, dives: int, work: Work) -> tuple[Ints, Answer]:
        """What the last so many dives used, and the best plan of that."""
        used = np.logical_or.reduce(self._used[-dives:])
        options = np.flatnonzero(used & self._standing.alive)
        options = np.union1d(options, self._standing.best)
        return options, self._best_among(options, self._standing.enough, work)

    def _best_among(self, options: Ints, enough: int, work: Work) -> Answer:
        prices = self.relaxation.floor_prices
        answer = best_among(options, self._form, self._standing, prices, _SEARCH, enough, work)
        work.is_fruitful = self._standing.is_worth(answer, enough)
        return answer

    def _draw_aims(self) -> Ints:
        """``aims[floor]``: by how much more than each floor a dive asks for.

        Dives end some way below what they ask for. Altogether it costs no more than the gap allows.
        """
        prices, standing = self.relaxation.floor_prices, self._standing
        priced = prices >= LEAST_PRICE
        share = self._random.random() * (standing.found.value - standing.enough)
        each = share / max(1, len(prices)) / np.where(priced, prices, 1.0)
        return np.where(priced, each, 0.0).astype(np.int64)


def best_among(
    options: Ints,
    form: Form,
    standing: Standing,
    floor_prices: Floats,
    search: Search,
    enough: int,
    work: Work | None = None,
) -> Answer:
    """A plan of `options` worth `enough`, or else the best; floors may be missed on the way."""
    task = replace(
        standing.task,
        start=standing.best,
        gap_basis_points=1,
        enough=enough,
        seconds=standing.clock.left,
    )
    misses = np.maximum(floor_prices, LEAST_PRICE) * _DEARER if len(floor_prices) else None
    return solve_mip(form, task, lambda *_: None, options, search, misses=misses, work=work)
