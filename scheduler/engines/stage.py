"""The search for one stage's best plan: which way of finding one comes after which.

A plan out of the relaxation as it is comes first, then cuts and branches that bring the bound down,
dives in what is left, and small problems of the options that lose least, up to proof. Large stages
have no dives: people are moved, some at a time. A stage may be searched through another one, of
which plans are easier to find and count here as well: one in which floors are traded, one whose
weeks are divided, or one in which later stages break ties.
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
from scheduler.engines.engine import Answer, Tell
from scheduler.engines.forms import Form
from scheduler.engines.greedy import place_by_gain
from scheduler.engines.highs import BRIEF, THOROUGH, Search, Work, other_seed, race, solve_mip
from scheduler.engines.lanes import Found, Lane, best_among, make_lanes, pool_of, run_all
from scheduler.engines.large import LargeRelaxation
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.mixes import Point
from scheduler.engines.mixing import Mixing
from scheduler.engines.neighbourhoods import PARTS, Neighbourhoods
from scheduler.engines.relaxation import Relaxation
from scheduler.engines.settling import settle_sites
from scheduler.engines.standing import Standing
from scheduler.rules.rows import RowGroup

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MANY, _MANY_PEOPLE = 200_000, 1_000
"""With more options than that for more people than that, the relaxation is solved by prices and
interior point; few people, however many options each has, are no match for the simplex."""
_MANY_FOR_A_MASTER = 50_000
"""A master over more people than that takes longer than bringing a plan near by prices alone."""
_FIRST_SUBSET, _FIRST_SUBSET_UNDER_FLOORS, _OPTIONS_A_PERSON = 1_000, 3_000, 3
_MOST_NEAR_A_PERSON = 10
"""Where more lose hardly anything, their losses say little of which are good together."""
_GROWTH, _GROWTH_WHEN_BRIEF = 3, 1.4
_LITTLE = 0.02
"""Of the gap: cuts that take less off the bound are the last."""
_NEAR = 1
"""The first problem has the options of the relaxation that lose no more than this."""
_FIRST_GAP = 10
"""In hundredths of a per cent: how far a problem that leaves options out is solved."""
_STRICT, _NEAR_SEARCH = 10, Search(effort=0.05, nodes=10)
"""Where no wider gap is asked for, few mixtures of dives are near enough: a problem over more
options is tried first."""
_NEAR_WORK = 30
"""What they have is found by then, or not at all."""
_PARTS_UNDER_FLOORS = 2
"""How many neighbourhoods of a large stage there are at least, at first."""
_TRADED, _TRADING = 10.0, 0.5
"""How many times its price a floor is worth where it is not asked for, and the share of the time
left in which it is not."""
_DIVISIONS, _DIVIDED = 6, 0.5
"""How often weeks are divided, and the share of the time left in which a division is searched."""
_NONE: Ints = np.zeros(0, dtype=np.int64)
_FEW_SWITCHES = 5
"""So many the small problems decide by themselves."""
_BRANCHING, _BRANCHING_UNDER_FLOORS = 0.5, 0.2
"""The share of a stage's time that may go into branches; the rest is for plans, which are harder to
find beside floors."""


class StageSearch:
    """The search for one stage's best plan.

    Parameters
    ----------
    weekly, changes
        How the stage is written; cuts join both.
    standing
        How far it has come.
    pool
        ``pool[option]``: options that some relaxation asked for.
    settled
        By switch: the value that it has in plans straight out of the relaxation.
    """

    def __init__(
        self,
        weekly: Form,
        changes: Form,
        standing: Standing,
        pool: Bools,
        settled: Mapping[int, int] | None = None,
    ) -> None:
        self.weekly = weekly
        self.changes = changes
        self.standing = standing
        self.task = standing.task
        self.alive = standing.alive
        self.clock = standing.clock
        self.pool = pool
        """It grows."""
        self._settled = settled or {}
        self._has_placed = False
        self._around: Neighbourhoods | None = None
        self._shares: Shares | None = None
        """How weeks may be divided; none where their mixes do not hold the bound down."""
        self.people = len(weekly.formulation.instance.supply.people)
        self.is_large = pool.size > _MANY and self.people > _MANY_PEOPLE

    def _look_near(self, floor_prices: Floats) -> Found:
        """The best plan of the options that lose least, if it is found soon."""
        standing = self.standing
        options = np.union1d(self._rank()[: self._first_size()], standing.best)
        return options, best_among(
            *(self.changes, standing, options, floor_prices, standing.enough),
            Work(_NEAR_WORK),
            _NEAR_SEARCH,
        )

    def _first_size(self) -> int:
        least = _FIRST_SUBSET_UNDER_FLOORS if self.task.floors else _FIRST_SUBSET
        near = min(self._near_count, self._most_near)
        return max(least, _OPTIONS_A_PERSON * self.people, near)

    @property
    def _near_count(self) -> int:
        return int((self.standing.found.loss[self.pool] <= _NEAR).sum())

    @property
    def _most_near(self) -> int:
        return _MOST_NEAR_A_PERSON * self.people

    def relax(self) -> Relaxation:
        """The stage's relaxation, whose columns join the pool."""
        self.pool &= self.alive
        self.pool[self.standing.best] = True
        relaxation: Relaxation
        if self.is_large:
            relaxation = LargeRelaxation(self.changes, self.task, self.alive, self.pool)
        else:
            relaxation = SimplexRelaxation(self.weekly, self.task, self.alive, self.pool)
        relaxation.run(self._tell_bound, lambda: self._is_over(relaxation))
        self._take_bound(relaxation)
        return relaxation

    def _take_bound(self, relaxation: Relaxation) -> None:
        """What the relaxation proves and asks for."""
        assert relaxation.bound is not None
        self.pool |= relaxation.pool
        self.standing.learn(relaxation.bound)

    def _tell_bound(self, bound: int) -> None:
        self.standing.tell(None, bound)

    def begin(self, relaxation: SimplexRelaxation) -> None:
        """A plan from the relaxation as it is."""
        standing = self.standing
        if standing.is_open:
            standing.offer(Dive(relaxation, FAST).run(standing.worth_no_dive, self.clock.is_up))
        # Where a goal's points are all of one size, thousands of options lie near.
        if standing.goes_on and not self.task.floors and self._first_size() <= _FIRST_SUBSET:
            standing.take(*self._look_near(relaxation.floor_prices))

    def cut(self, relaxation: SimplexRelaxation, cuts: Cuts) -> None:
        """The relaxation has rows on top as long as they bring its bound down."""
        standing = self.standing
        uncut = standing.found.value
        while standing.goes_on:
            before = standing.found.value
            groups = cuts.beyond(Point(*relaxation.solution))
            if not groups:
                break
            self._tighten(groups)
            relaxation.tighten(self.weekly)
            relaxation.run(self._tell_bound, self.clock.is_up)
            self._take_bound(relaxation)
            after = standing.found.value
            if before - after <= _LITTLE * (after - standing.value):
                break
        if standing.found.value < uncut:
            self._shares = Shares(self.weekly.formulation, cuts)

    def dive(self, relaxation: SimplexRelaxation) -> None:
        """Plans straight out of the relaxation, and the best mixtures of what they are made of."""
        standing, has_floors = self.standing, bool(self.task.floors)
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
        """What is near, and floors traded briefly; whether the better plan is of the latter."""
        standing = self.standing
        if self.task.gap_basis_points > _STRICT or not standing.goes_on:
            return False
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
        StageSearch(*forms, divided, division.pool, self._settled).plunge()

    def plunge(self) -> None:
        """Plans of a stage that is another one's in part."""
        self.dive(self.begin_anew())

    def begin_anew(self) -> SimplexRelaxation:
        """The relaxation, and a plan from it."""
        relaxation = self.relax()
        assert isinstance(relaxation, SimplexRelaxation)
        if self._settled:
            relaxation.settle(self._settled)
        self.begin(relaxation)
        return relaxation

    def _trade(self, prices: Floats, mixing: Mixing) -> None:
        """A search where floors are traded and people moved in the plan it finds, in turns."""
        standing = self.standing
        for turn in itertools.count(1):
            if not standing.wants_dives or standing.is_promising:
                break
            before = standing.value
            standing.offer(self._find_traded(prices, turn, StageSearch.plunge))
            mixing.move()
            if standing.value == before:
                break

    def _trade_briefly(self, prices: Floats) -> Found:
        found = self._find_traded(prices, 0, StageSearch.begin_anew)
        return _NONE, Answer("unknown" if found is None else "feasible", found)

    def _find_traded(
        self, prices: Floats, turn: int, run: Callable[[StageSearch], object]
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
        run(StageSearch(self.weekly, self.changes, traded, self.pool.copy(), self._settled))
        return found

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
        found, leading = branch(relaxation, self.standing.value, self._tell_bound, out_of_time)
        self.standing.learn(found)
        self.pool |= relaxation.pool
        relaxation.settle(leading.fixed)
        self._settled = relaxation.settled

    def _is_over(self, relaxation: Relaxation) -> bool:
        """Whether time is up, or a plan by the prices known so far is good enough already."""
        if self.is_large and relaxation.bound is not None and not self._has_placed:
            self._has_placed = True
            self.standing.learn(relaxation.bound)
            self.place(relaxation.gain)
            if self.people > _MANY_FOR_A_MASTER:
                self.move()
            return not self.standing.goes_on
        return self.clock.is_up()

    def close(self) -> Answer:
        """The gap between plan and bound is closed as far as asked.

        What is left out of a small problem lies below the bound by at least its least loss, so
        each problem proves a bound for all plans; the next one is larger.
        """
        standing = self.standing
        bound = standing.found.value
        ranked = self._rank()
        size = self._first_size()
        while standing.is_open_below(bound) and not self.clock.is_up():
            found = standing.found
            useful = ranked[found.loss[ranked] < found.value - standing.value]
            if standing.is_small:
                size = len(useful)
            inside_options, outside_options = useful[:size], useful[size:]
            outside = standing.value
            is_brief = self.is_large and len(outside_options) > 0
            if len(outside_options):
                outside = found.value - int(found.loss[outside_options].min())
            options = np.union1d(inside_options, standing.best)
            new = np.setdiff1d(options, standing.exhausted, assume_unique=True)
            task = replace(
                self.task,
                start=standing.best,
                seconds=self.clock.left,
                gap_basis_points=self._gap(
                    bound, is_whole=not len(outside_options), is_brief=is_brief
                ),
                enough=self.task.least_close(bound),
            )
            if is_brief:
                answer = race(self.changes, task, self._tell_plan(bound), options, BRIEF)
            else:
                # A row over most options would say little and slow the search down.
                needs_new = 2 * len(new) <= len(options)
                answer = solve_mip(
                    *(self.changes, task, self._tell_plan(bound), options, THOROUGH),
                    one_of=new if needs_new else None,
                )
            standing.improve(answer.chosen, bound)
            if is_brief:
                self.move()
            inside = bound if answer.bound is None else answer.bound
            if answer.status == "infeasible":
                inside = standing.value
            if inside <= standing.value:
                standing.exhausted = options
            bound = min(bound, max(standing.value, inside, outside), standing.found.value)
            standing.tell(standing.best, bound)
            if not len(outside_options):
                break
            size = int(size * (_GROWTH_WHEN_BRIEF if is_brief else _GROWTH)) + 1
        return standing.answer(bound)

    def _tell_plan(self, bound: int) -> Tell:
        """Passes on plans; the bound of a small problem is not one of all plans."""
        return lambda chosen, _: self.standing.tell(chosen, bound)

    def place(self, gain: Floats) -> None:
        """A plan by what options gain over the prices of what they use."""
        standing = self.standing
        if not standing.is_open:
            return
        formulation = self.changes.formulation
        by_gain = place_by_gain(formulation, np.where(self.alive, gain, -np.inf))
        if self.alive[by_gain].all():
            standing.offer(by_gain)

    def break_ties(self) -> None:
        """Where too many options are worth the same, a plan that later stages like as well.

        What options are worth to all of these leads the search, what this one has ends it.
        """
        standing = self.standing
        seen = standing.best

        def has_enough() -> bool:
            nonlocal seen
            if like_later.best is not seen:
                seen = like_later.best
                standing.improve(seen)
            return not standing.is_open

        if not (standing.goes_on and self.task.later and self._near_count > self._most_near):
            return
        like_later = Standing(
            self.changes.formulation,
            replace(self.task.with_ties_broken(), start=standing.best),
            self.alive,
            lambda chosen, _: standing.tell(chosen, standing.found.value),
            self.clock.part(1.0, has_enough),
        )
        search = StageSearch(self.weekly, self.changes, like_later, np.zeros_like(self.pool))
        search.place(search.relax().gain)
        search.move()
        search.close()
        standing.improve(like_later.best)

    def move(self) -> None:
        """The plan is made better by moving the people of a few sites or weeks at a time.

        Beside floors that goes on as long as it helps: a problem over all people finds nothing.
        """
        if self._around is None:
            parts = _PARTS_UNDER_FLOORS if self.task.floors else PARTS
            self._around = Neighbourhoods(self.changes, self.standing, parts)
        if self.task.floors:
            self._around.run_on()
        else:
            self._around.run()

    def _gap(self, bound: int, *, is_whole: bool, is_brief: bool) -> int:
        """A small problem need not be solved further than what it leaves out could hide."""
        asked = self.task.gap_basis_points
        if is_whole:
            return asked
        if is_brief:
            return max(asked, _FIRST_GAP)
        value = self.standing.value
        left = (bound - value) * 10_000 // max(1, abs(value))
        return asked or min(_FIRST_GAP, left // _FIRST_GAP)

    def _rank(self) -> Ints:
        """The options that are alive, the smallest loss first, the pool's first among equals."""
        order = np.lexsort((~self.pool, self.standing.found.loss))
        return order[self.alive[order]]
