"""Relax, bound, leave out with proof, and close the gap on what is left.

For each stage: column generation solves the linear relaxation; its duals give a bound in whole
numbers, and for each option a *loss*: how much below the bound every plan with it lies. A small
integer problem over the options of least loss gives a plan of value z; options that lose more than
``bound - z`` cannot be part of a better one. If the options left out all lose at least d, then
``max(z, bound - d)`` bounds every plan, so widening the small problem closes the gap with proof.
What an earlier stage's losses rule out under its floor stays out of all later stages.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.branching import branch, parted_switches
from scheduler.engines.cuts import Cuts, Point
from scheduler.engines.diving import FAST, Dive, draw_pace
from scheduler.engines.engine import Answer, Status, Task, Tell
from scheduler.engines.greedy import place_by_gain
from scheduler.engines.highs import BRIEF, THOROUGH, Form, Search, solve_mip
from scheduler.engines.lagrangian import Bound, sharpened
from scheduler.engines.large import LargeRelaxation
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.neighbourhoods import Neighbourhoods
from scheduler.engines.relaxation import LEAST_PRICE, Relaxation
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED, RowGroup

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MANY, _MANY_PEOPLE = 200_000, 1_000
"""With more options than that for more people than that, the relaxation is solved by prices and
interior point; few people, however many options each has, are no match for the simplex."""
_MOST_AT_ONCE = 8_000
"""With more people, the plan is made better part by part before all are looked at together."""
_FIRST_SUBSET, _FIRST_SUBSET_UNDER_FLOORS, _OPTIONS_A_PERSON = 1_000, 3_000, 3
_GROWTH, _GROWTH_WHEN_BRIEF = 3, 1.4
_SMALL = 5_000
"""So few options are left to a small problem at once, which proves what it finds."""
_DEARER = 10
"""How many times its price a floor costs that is missed on the way to a plan."""
_ANY = -(2**62)
"""No plan is worth less."""
_LITTLE = 0.02
"""Of the gap: cuts that take less off the bound are the last."""
_NEAR = 1
"""The first problem has every option of the relaxation that loses no more than this."""
_FIRST_GAP = 10
"""In hundredths of a per cent: how far a problem that leaves options out is solved."""
_STRICT, _NEAR_SEARCH = 10, Search(effort=0.05, nodes=10)
"""Where no wider gap is asked for, few mixtures of dives are near enough: a problem over more
options is tried first."""
_FEW_SWITCHES = 5
"""So many the small problems decide by themselves."""
_BRANCHING = 0.5
"""The share of a stage's time that may go into branches; the rest is for plans."""


@dataclass(frozen=True, slots=True)
class _Crossing:
    """How plans of dives are mixed."""

    dives: int
    """So many dives there are before what they used is crossed."""
    crossed: int
    """So many dives, the last ones, are crossed."""
    search: Search
    fruitless: int
    """So many mixtures in a row without a better plan are the last."""


_FREELY = _Crossing(dives=6, crossed=8, search=Search(effort=0.05, nodes=100), fruitless=1)
_UNDER_FLOORS = _Crossing(
    dives=4, crossed=6, search=Search(effort=0.05, nodes=100, work=60), fruitless=8
)
"""Beside floors a mixture has a plan that keeps them soon, or hardly ever."""


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
        clock = _Clock(task.seconds)
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
        search = _Search(*self._forms, task, tell, clock, self._alive, self._pool)
        relaxation = search.relax()
        if isinstance(relaxation, SimplexRelaxation):
            search.begin(relaxation, self._cuts)
            self._forms = search.weekly, search.changes
        if search.is_large:
            search.place(relaxation.gain)
        assert relaxation.bound is not None
        self._bounds.append(relaxation.bound)
        if search.people > _MOST_AT_ONCE:
            search.move()
        if isinstance(relaxation, SimplexRelaxation):
            search.dive(relaxation, search.branch(relaxation))
        return search.close()


class _Clock:
    """The time a stage has."""

    def __init__(self, seconds: float | None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    def is_up(self) -> bool:
        return self._end is not None and time.monotonic() >= self._end

    @property
    def left(self) -> float | None:
        return None if self._end is None else max(0.0, self._end - time.monotonic())


@dataclass
class _Search:
    """The search for one stage's best plan."""

    weekly: Form
    changes: Form
    task: Task
    tell: Tell
    clock: _Clock
    alive: Bools
    pool: Bools
    """``pool[option]``: options that some relaxation asked for; it grows."""

    def __post_init__(self) -> None:
        assert self.task.start is not None
        self.best = self.task.start
        self.value = self._value(self.best)
        options = len(self.alive)
        self.found = Bound(UNLIMITED, np.zeros(options, dtype=np.int64))
        """What is proven of every plan that is worth more than the best one known."""
        self.exhausted: Ints = np.zeros(0, dtype=np.int64)
        """Options, ascending: no plan of these alone is better than the one known."""
        self._has_placed = False
        self._crossing = _UNDER_FLOORS if self.task.floors else _FREELY
        self.random = np.random.default_rng(self.task.seed)
        self.people = len(self.weekly.formulation.instance.supply.people)
        self.is_large = self.pool.size > _MANY and self.people > _MANY_PEOPLE

    def _value(self, chosen: Ints) -> int:
        return self.task.value(self.weekly.formulation, chosen)

    def _improve(self, chosen: Ints | None, bound: int | None = None) -> None:
        if chosen is not None and self._value(chosen) > self.value:
            self.best, self.value = chosen, self._value(chosen)
            self._learn(self.found)
            self.tell(self.best, self.found.value if bound is None else bound)

    def _learn(self, found: Bound) -> None:
        """What `found` says of plans better than the one known."""
        self.found = sharpened(found, self.task.objective, self.alive, self.value)

    def _cross(self, union: Bools, floor_prices: Floats) -> None:
        """The best plan of what some dives made use of."""
        self._look_among(np.flatnonzero(union & self.alive), floor_prices, self._crossing.search)

    def _look_near(self, floor_prices: Floats) -> None:
        """The best plan of the options that lose least, if it is found soon."""
        self._look_among(self._rank()[: self._first_size()], floor_prices, _NEAR_SEARCH)

    def _look_among(self, options: Ints, floor_prices: Floats, search: Search) -> None:
        """The best plan of these options; on the way to it floors may be missed."""
        if not self.is_open or self.clock.is_up():
            return
        task = replace(
            self.task,
            start=self.best,
            gap_basis_points=1,
            enough=self.task.least_close(self.found.value),
            seconds=self.clock.left,
        )
        options = np.union1d(options, self.best)
        answer = solve_mip(
            *(self.changes, task, lambda *_: None, options, search),
            np.maximum(floor_prices, LEAST_PRICE) * _DEARER if len(floor_prices) else None,
        )
        self._improve(answer.chosen)
        if answer.bound is not None and answer.bound <= self.value:
            self.exhausted = options

    def _first_size(self) -> int:
        near = int((self.found.loss[self.pool] <= _NEAR).sum())
        least = _FIRST_SUBSET_UNDER_FLOORS if self.task.floors else _FIRST_SUBSET
        return max(least, _OPTIONS_A_PERSON * self.people, near)

    def relax(self) -> Relaxation:
        """The stage's relaxation, whose columns join the pool."""
        self.pool &= self.alive
        self.pool[self.best] = True
        relaxation: Relaxation
        if self.is_large:
            relaxation = LargeRelaxation(self.changes, self.task, self.alive, self.pool)
        else:
            relaxation = SimplexRelaxation(self.weekly, self.task, self.alive, self.pool)
        relaxation.run(lambda bound: self.tell(None, bound), lambda: self._is_over(relaxation))
        self._take_bound(relaxation)
        return relaxation

    def _take_bound(self, relaxation: Relaxation) -> None:
        """What the relaxation proves and asks for."""
        assert relaxation.bound is not None
        self.pool |= relaxation.pool
        self._learn(relaxation.bound)

    def begin(self, relaxation: SimplexRelaxation, cuts: Cuts) -> None:
        """A plan from the relaxation as it is, or else the relaxation is cut."""
        if self.is_open:
            self._take(Dive(relaxation, FAST))
        self.cut(relaxation, cuts)

    def cut(self, relaxation: SimplexRelaxation, cuts: Cuts) -> None:
        """The relaxation has rows on top as long as they bring its bound down."""
        while self.is_open and not self.clock.is_up():
            before = self.found.value
            groups = cuts.beyond(Point(*relaxation.solution))
            if not groups:
                break
            self._tighten(groups)
            relaxation.tighten(self.weekly)
            relaxation.run(lambda bound: self.tell(None, bound), self.clock.is_up)
            self._take_bound(relaxation)
            after = self.found.value
            if before - after <= _LITTLE * (after - self.value):
                break

    def dive(self, relaxation: SimplexRelaxation, fixed: Mapping[int, int]) -> None:
        """Plans straight out of the relaxation, and the best mixture of what they are made of."""
        if self.task.floors and self.task.gap_basis_points <= _STRICT:
            self._look_near(relaxation.floor_prices)
        used: list[Bools] = []
        fruitless = 0
        while self.is_open and self._useful() > _SMALL and fruitless < self._crossing.fruitless:
            before = self.value
            used += self._dive_often(relaxation, fixed)
            self._cross(
                np.logical_or.reduce(used[-self._crossing.crossed :]), relaxation.floor_prices
            )
            fruitless = 0 if self.value > before else fruitless + 1
            if self.clock.is_up():
                break
        self.pool |= relaxation.pool

    def _dive_often(self, relaxation: SimplexRelaxation, fixed: Mapping[int, int]) -> list[Bools]:
        """What each of some dives made use of; they end where one finds nothing new."""
        used: list[Bools] = []
        union = np.zeros_like(self.alive)
        while len(used) < self._crossing.dives and self.is_open and not self.clock.is_up():
            aims = self._draw_aims(relaxation.floor_prices)
            pace = draw_pace(self.random, is_brief=bool(self.task.floors))
            dive = Dive(relaxation, pace, fixed, aims)
            self._take(dive)
            used.append(dive.seen)
            if not (dive.seen & ~union).any():
                break
            union |= dive.seen
        return used

    def _useful(self) -> int:
        """How many options a plan better than the one known could have."""
        return int((self.alive & (self.found.loss < self.found.value - self.value)).sum())

    def _draw_aims(self, floor_prices: Floats) -> Ints:
        """``aims[floor]``: by how much more than each floor a dive asks for.

        Dives end some way below what they ask for. Altogether it costs no more than the gap allows.
        """
        priced = floor_prices >= LEAST_PRICE
        share = self.random.random() * (self.found.value - self.task.least_close(self.found.value))
        each = share / max(1, len(floor_prices)) / np.where(priced, floor_prices, 1.0)
        return np.where(priced, each, 0.0).astype(np.int64)

    def _take(self, dive: Dive) -> None:
        """The plan of a dive counts if it is better."""
        # Beside floors, what misses one by little is of use for crossing.
        enough = _ANY if self.task.floors else self.value
        plan = dive.run(enough, self.clock.is_up)
        if plan is not None and self.task.allows(self.weekly.formulation, plan):
            self._improve(plan)

    def _tighten(self, groups: Sequence[RowGroup]) -> None:
        formulation = self.weekly.formulation.with_rows(groups)
        self.weekly, self.changes = Form(formulation, "weekly"), Form(formulation, "changes")

    def branch(self, relaxation: SimplexRelaxation) -> Mapping[int, int]:
        """The bound is brought down by deciding what is used at all.

        Under floors it is not worth its time: the plans of a branch are as hard to find there as
        any, and the floor's own losses have ruled most of it out.

        Returns
        -------
        Mapping[int, int]
            By switch: the value it has where the best plan may be.
        """
        if not self.is_open or self.task.floors:
            return {}
        if len(parted_switches(relaxation.switches)) <= _FEW_SWITCHES:
            return {}
        left = self.clock.left
        clock = _Clock(None if left is None else left * _BRANCHING)
        found, leading = branch(
            relaxation, self.value, lambda bound: self.tell(None, bound), clock.is_up
        )
        self._learn(found)
        self.pool |= relaxation.pool
        return leading.fixed

    def _is_over(self, relaxation: Relaxation) -> bool:
        """Whether time is up, or a plan by the prices known so far is good enough already."""
        if self.is_large and relaxation.bound is not None and not self._has_placed:
            self._has_placed = True
            self._learn(relaxation.bound)
            self.place(relaxation.gain)
            return not self.is_open
        return self.clock.is_up()

    def close(self) -> Answer:
        """The gap between plan and bound is closed as far as asked.

        What is left out of a small problem lies below the bound by at least its least loss, so
        each problem proves a bound for all plans; the next one is larger.
        """
        bound = self.found.value
        ranked = self._rank()
        size = self._first_size()
        while self._is_open(bound) and not self.clock.is_up():
            found = self.found
            useful = ranked[found.loss[ranked] < found.value - self.value]
            if len(useful) <= _SMALL:
                size = len(useful)
            inside_options, outside_options = useful[:size], useful[size:]
            outside = self.value
            is_brief = self.is_large and len(outside_options) > 0
            if len(outside_options):
                outside = found.value - int(found.loss[outside_options].min())
            options = np.union1d(inside_options, self.best)
            new = np.setdiff1d(options, self.exhausted, assume_unique=True)
            # A row over most options would say little and slow the search down.
            needs_new = not is_brief and 2 * len(new) <= len(options)
            answer = solve_mip(
                self.changes,
                replace(
                    self.task,
                    start=self.best,
                    seconds=self.clock.left,
                    gap_basis_points=self._gap(
                        bound, is_whole=not len(outside_options), is_brief=is_brief
                    ),
                    enough=self.task.least_close(bound),
                ),
                self._tell_plan(bound),
                options,
                BRIEF if is_brief else THOROUGH,
                one_of=new if needs_new else None,
            )
            self._improve(answer.chosen, bound)
            if is_brief:
                self.move()
            inside = bound if answer.bound is None else answer.bound
            if answer.status == "infeasible":
                inside = self.value
            if inside <= self.value:
                self.exhausted = options
            bound = min(bound, max(self.value, inside, outside), self.found.value)
            self.tell(self.best, bound)
            if not len(outside_options):
                break
            size = int(size * (_GROWTH_WHEN_BRIEF if is_brief else _GROWTH)) + 1
        if self.value >= bound:
            return Answer("optimal", self.best, self.value)
        close_enough = self.task.is_close(self.value, bound)
        status: Status = "within-gap" if close_enough else "feasible"
        return Answer(status, self.best, bound, clock=not close_enough)

    def _tell_plan(self, bound: int) -> Tell:
        """Passes on plans; the bound of a small problem is not one of all plans."""
        return lambda chosen, _: self.tell(chosen, bound)

    def place(self, gain: Floats) -> None:
        """A plan by what options gain over the prices of what they use."""
        if not self.is_open:
            return
        formulation = self.changes.formulation
        by_gain = place_by_gain(formulation, np.where(self.alive, gain, -np.inf))
        if self.alive[by_gain].all() and self.task.allows(formulation, by_gain):
            self._improve(by_gain)

    def move(self) -> None:
        """The plan is made better by moving the people of a few sites at a time."""
        task = replace(self.task, start=self.best)
        around = Neighbourhoods(self.changes, task, self.found, self.alive)

        def is_enough(best: Ints) -> bool:
            self._improve(best)
            return not self.is_open

        around.run(is_enough, lambda: self.clock.left)
        self._improve(around.best)

    def _gap(self, bound: int, *, is_whole: bool, is_brief: bool) -> int:
        """A small problem need not be solved further than what it leaves out could hide."""
        asked = self.task.gap_basis_points
        if is_whole:
            return asked
        if is_brief:
            return max(asked, _FIRST_GAP)
        left = (bound - self.value) * 10_000 // max(1, abs(self.value))
        return asked or min(_FIRST_GAP, left // _FIRST_GAP)

    def _rank(self) -> Ints:
        """The options that are alive, the smallest loss first, the pool's first among equals."""
        order = np.lexsort((~self.pool, self.found.loss))
        return order[self.alive[order]]

    @property
    def is_open(self) -> bool:
        """Whether there may be a plan that is better by more than the gap asked for."""
        return self._is_open(self.found.value)

    def _is_open(self, bound: int) -> bool:
        return self.value < bound and not self.task.is_close(self.value, bound)
