"""The search for a stage's best plan by the simplex: which way of finding one comes after which.

A plan out of the relaxation as it is comes first, then cuts and branches that bring the bound down,
dives in what is left, and small problems of the options that lose least, up to proof. A stage may
be searched through another one, of which plans are easier to find and count here as well: one in
which floors are traded, or one whose weeks are divided.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.branching import branch, parted_switches
from scheduler.engines.cuts import Cuts
from scheduler.engines.dividing import Division, Shares, divide
from scheduler.engines.diving import FAST, Dive
from scheduler.engines.engine import Answer
from scheduler.engines.exchange import Exchange
from scheduler.engines.forms import Form
from scheduler.engines.highs import Search, Work, other_seed
from scheduler.engines.lanes import Found, Lane, best_among, make_lanes, pool_of, run_all
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.mixes import Point
from scheduler.engines.mixing import Mixing
from scheduler.engines.settling import WIDE, settle_sites
from scheduler.engines.stage import StageSearch
from scheduler.engines.standing import Standing
from scheduler.rules.rows import RowGroup

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_LITTLE = 0.02
"""Of the gap: cuts that take less off the bound are the last."""
_STRICT, _NEAR_SEARCH = 10, Search(effort=0.05, nodes=10)
"""In hundredths of a per cent: where no wider gap is asked for, few mixtures of dives are near
enough. So beside floors all people change places first, and a problem over the nearest options and
floors traded briefly are tried. That is often enough for a wide gap as well; in between, settled
sites have a plan sooner. A plan that is so near, whatever the gap, needs none of these."""
_NEAREST, _NEAREST_WORK = 1_000, 20
"""Beside floors, so many options may have such a plan, and are soon known where they have none."""
_NEAR_WORK = 30
"""A plan of the nearest options is found with so much work (`Work`), or not at all."""
_TRADED, _TRADING = 10.0, 0.5
"""How many times its price a floor is worth where it is not asked for, and the share of the time
left in which it is not."""
_DIVISIONS, _DIVIDED = 6, 0.5
"""How often weeks are divided, and the share of the time left in which a division is searched."""
_NONE: Ints = np.zeros(0, dtype=np.int64)
_FEW_SWITCHES = 5
"""So many are left to dives and small problems."""
_BRANCHING, _BRANCHING_UNDER_FLOORS = 0.5, 0.2
"""The share of a stage's time that may go into branches; the rest is for plans, which are harder to
find beside floors."""


class SimplexSearch(StageSearch):
    """The search for a stage's best plan.

    Parameters
    ----------
    weekly, changes, standing, pool
        Those of every search.
    cuts
        Rows on top of the relaxation's; none: it stays as it is.
    settled
        By switch: the value that it has in plans straight out of the relaxation.
    """

    def __init__(
        self,
        weekly: Form,
        changes: Form,
        standing: Standing,
        pool: Bools,
        cuts: Cuts | None = None,
        settled: Mapping[int, int] | None = None,
    ) -> None:
        super().__init__(weekly, changes, standing, pool)
        self._cuts = cuts
        self._settled = settled or {}
        self._shares: Shares | None = None
        """How weeks may be divided; none where their mixes do not hold the bound down."""

    def run(self) -> Answer:
        """All ways, one after another, up to proof."""
        relaxation = self.begin()
        self.cut(relaxation)
        self.branch(relaxation)
        # Without floors small problems soon have a better plan than one so near, if there is any.
        if self.task.floors or not self.standing.is_near:
            self.dive(relaxation)
        return self.close()

    def plunge(self) -> None:
        """Plans of a stage that is another one's in part."""
        self.dive(self.begin())

    def begin(self) -> SimplexRelaxation:
        """The relaxation, and a plan from it as it is."""
        standing = self.standing
        relaxation = self.relax()
        if standing.is_open:
            standing.offer(Dive(relaxation, FAST).run(standing.worth_no_dive, self.clock.is_up))
        # Where a goal's points are all of one size, thousands of options lie near.
        if standing.goes_on and not self.task.floors and self.has_few_near:
            standing.take(*self._look_near(relaxation.floor_prices))
        return relaxation

    def relax(self) -> SimplexRelaxation:
        """The stage's relaxation, solved, and as it is with all that is settled."""
        relaxation = SimplexRelaxation(self.weekly, self.task, self.alive, self.first_pool())
        relaxation.run(self.tell_bound, self.clock.is_up)
        self.take(relaxation)
        if self._settled:
            relaxation.settle(self._settled)
        return relaxation

    def _look_near(self, floor_prices: Floats) -> Found:
        """The best plan of the options that lose least, if it is found soon."""
        return self._look_among(self.first_size, floor_prices, Work(_NEAR_WORK))

    def _look_nearest(self, floor_prices: Floats) -> Found:
        """The same among very few of them, given up once none can be hardly below the bound."""
        work = Work(_NEAREST_WORK)
        return self._look_among(_NEAREST, floor_prices, work, self._hardly_less)

    def _look_among(
        self, size: int, floor_prices: Floats, work: Work, least: int | None = None
    ) -> Found:
        standing = self.standing
        options = np.union1d(self.rank()[:size], standing.best)
        return options, best_among(
            *(self.changes, standing, options, floor_prices, standing.enough),
            work,
            _NEAR_SEARCH,
            least,
        )

    @property
    def _hardly_less(self) -> int:
        """What a plan is worth to which a better one could add hardly anything."""
        strict = replace(self.task, gap_basis_points=_STRICT)
        return strict.least_close(self.standing.found.value)

    def cut(self, relaxation: SimplexRelaxation) -> None:
        """The relaxation has rows on top as long as they bring its bound down."""
        if self._cuts is None:
            return
        standing = self.standing
        uncut = standing.found.value
        while standing.goes_on:
            before = standing.found.value
            groups = self._cuts.beyond(Point(*relaxation.solution))
            if not groups:
                break
            self._tighten(groups)
            relaxation.tighten(self.weekly)
            relaxation.run(self.tell_bound, self.clock.is_up)
            self.take(relaxation)
            after = standing.found.value
            if before - after <= _LITTLE * (after - standing.value):
                break
        if standing.found.value < uncut:
            self._shares = Shares(self.weekly.formulation, self._cuts)

    def _tighten(self, groups: Sequence[RowGroup]) -> None:
        formulation = self.weekly.formulation.with_rows(groups)
        self.weekly, self.changes = Form(formulation, "weekly"), Form(formulation, "changes")

    def branch(self, relaxation: SimplexRelaxation) -> None:
        """The bound is brought down by deciding what is used at all.

        The relaxation goes on where the best plan may be.
        """
        if not self.standing.is_open:
            return
        if len(parted_switches(relaxation.switches)) <= _FEW_SWITCHES:
            return
        share = _BRANCHING_UNDER_FLOORS if self.task.floors else _BRANCHING
        out_of_time = self.clock.part(share).is_up
        found, leading = branch(relaxation, self.standing.value, self.tell_bound, out_of_time)
        self.standing.learn(found)
        self.pool |= relaxation.pool
        relaxation.settle(leading.fixed)
        self._settled = relaxation.settled

    def dive(self, relaxation: SimplexRelaxation) -> None:
        """Plans straight out of the relaxation, and the best mixtures of what they are made of."""
        standing, has_floors = self.standing, bool(self.task.floors)
        if has_floors and standing.goes_on:
            standing.take(*self._look_nearest(relaxation.floor_prices))
        is_traded = has_floors and self._begin_beside_floors(relaxation.floor_prices)
        if standing.wants_dives:
            lanes = make_lanes(relaxation, self.task.seed)
            mixing = Mixing(lanes, self.changes, standing)
            if has_floors:
                if is_traded:
                    mixing.move()
                else:
                    settle_sites(lanes, self.changes, standing)
                self._trade(relaxation.floor_prices, mixing)
                if is_traded:
                    settle_sites(lanes, self.changes, standing)
            elif self._shares is not None:
                mixing.dive()
                self._divide(lanes, self._shares)
            mixing.run()
            self.pool |= pool_of(lanes)

    def _begin_beside_floors(self, prices: Floats) -> bool:
        """An exchange, what is near, and floors traded briefly; whether the last is the best."""
        standing = self.standing
        is_between = _STRICT < self.task.gap_basis_points <= WIDE
        if is_between or standing.value >= self._hardly_less or not standing.goes_on:
            return False
        random = np.random.default_rng(self.task.seed)
        Exchange(self.weekly.formulation, standing, random).run()
        searches = [partial(self._look_near, prices), partial(self._trade_briefly, prices)]
        near, traded = run_all(searches, self.task.threads)
        standing.take(*near)
        before = standing.value
        standing.take(*traded)
        return standing.value > before

    def _divide(self, lanes: Sequence[Lane], shares: Shares) -> None:
        """Each lane divides weeks its own way, and the best division is searched, some times."""
        standing = self.standing
        for turn in range(_DIVISIONS):
            if not standing.wants_dives:
                break
            better = standing.value + 1
            ways = [partial(divide, lane, shares, better, self.clock.is_up) for lane in lanes]
            found = [one for one in run_all(ways, self.task.threads) if one is not None]
            if found:
                self._search_divided(max(found, key=lambda one: one.value), turn)

    def _search_divided(self, division: Division, turn: int) -> None:
        standing, task = self.standing, self.task
        divided = Standing(
            division.formulation,
            replace(task, start=standing.best, seed=other_seed(task.seed, turn)),
            self.alive,
            lambda chosen, _: standing.offer(chosen),
            self.clock.part(_DIVIDED, lambda: not standing.is_open),
        )
        forms = Form(division.formulation, "weekly"), Form(division.formulation, "changes")
        SimplexSearch(*forms, divided, division.pool, settled=self._settled).plunge()

    def _trade(self, prices: Floats, mixing: Mixing) -> None:
        """A search where floors are traded and people moved in the plan it finds, in turns."""
        standing = self.standing
        for turn in itertools.count(1):
            if not standing.wants_dives or standing.is_promising:
                break
            before = standing.value
            standing.offer(self._find_traded(prices, turn, SimplexSearch.plunge))
            mixing.move()
            if standing.value == before:
                break

    def _trade_briefly(self, prices: Floats) -> Found:
        found = self._find_traded(prices, 0, SimplexSearch.begin)
        return _NONE, Answer("unknown" if found is None else "feasible", found)

    def _find_traded(
        self, prices: Floats, turn: int, run: Callable[[SimplexSearch], object]
    ) -> Ints | None:
        """A better plan by a search in which floors are worth some times their price.

        They are not asked for there. What keeps them all the same and is better is the end of it.
        """
        task, standing = self.task, self.standing
        found: Ints | None = None

        def hear(chosen: Ints | None, _: int | None) -> None:
            nonlocal found
            if found is None and standing.is_better(chosen):
                found = chosen

        objective = task.objective
        for price, floor in zip(prices.tolist(), task.floors, strict=True):
            objective = objective.plus(floor.objective, max(1, round(_TRADED * price)))
        traded = Standing(
            self.weekly.formulation,
            replace(
                task,
                objective=objective,
                floors=(),
                start=standing.best,
                gap_basis_points=0,
                seed=other_seed(task.seed, turn),
            ),
            self.alive,
            hear,
            self.clock.part(_TRADING, lambda: found is not None),
        )
        forms, pool = (self.weekly, self.changes), self.pool.copy()
        run(SimplexSearch(*forms, traded, pool, settled=self._settled))
        return found
