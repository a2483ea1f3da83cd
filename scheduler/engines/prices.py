"""Prices of rows near the best ones, and shares of options, by many cheap passes over all options.

With every row priced, the best plan is each person's best option: one pass says what the prices
prove, and which rows that plan overfills. The mean of such plans, the later ones counting for more,
is nearly what the relaxation would choose (its *shares*), and the rows it overfills say how the
best prices are to change. After some hundred passes the bound is within some hundredths of a per
cent of the relaxation's, without a linear program. Source: F. Barahona and R. Anbil, "The volume
algorithm: producing primal solutions with a subgradient method", Mathematical Programming 87
(2000); shares as a guide to plans are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.lagrangian import Duals
from scheduler.engines.relaxation import best_of_each, by_group
from scheduler.formulation import Formulation
from scheduler.instance import first_of_each
from scheduler.rules.rows import UNLIMITED, Pricer, Prices

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_NONE: Ints = np.zeros(0, dtype=np.int64)
_PART = 400_000
"""About so many options are looked at at a time, so that what is worked out of them need not leave
the processor."""
_MOST_PASSES = 800
_FIRST_PACE, _MOST_PACE, _FASTER, _SLOWER = 1.0, 2.0, 1.5, 0.95
"""How far a step goes, as a share of what would lead down to the plan known, were the bound linear:
at first, at most, and how it changes after one that could have been longer and one in vain."""
_DOWN_BESIDE_FLOORS, _SLOWER_BESIDE_FLOORS = 0.02, 0.97
"""Beside floors the plan known is far from the best one. So steps lead down by no more than this
share of the bound, and are shortened less: or they are short long before prices are good."""
_FIRST_WEIGHT, _LEAST_WEIGHT, _OF_MOST = 0.3, 0.02, 0.1
"""How much the newest plan counts in the mean: at most at first, at most in the end, and at least
as a share of what it counts at most."""
_ROUND, _LITTLE = 50, 1e-3
"""After so many passes that took less than such a share off the bound, the newest plan counts for
half as much."""
_SETTLED, _SETTLED_BESIDE_FLOORS = 0.05, 0.01
"""Of the gap asked for: what a round takes off the bound in the end."""
_PASSES_BESIDE, _WEIGHT_BESIDE, _AIM, _LEAST_PACE = 30, 0.1, 1e-3, 0.05
"""Beside what is fixed: how many passes there are, what the newest plan counts at most, how far
down a step would lead, as a share of the bound, and how far it goes at least at first."""
_HAIR = 1e-12
_NARROWEST = 0.5
"""In hundredths of a per cent: a gap that is asked for counts as so much at least."""


class PriceSearch:
    """The search for good prices of a stage's rows and floors.

    Parameters
    ----------
    formulation, task
        The stage; `task.start` is the plan known.
    alive
        ``alive[option]``: options that may be chosen.
    """

    def __init__(self, formulation: Formulation, task: Task, alive: Bools) -> None:
        assert task.start is not None
        self.formulation = formulation
        self.task = task
        self.instance = formulation.instance
        self.count = formulation.option_count
        self._parts = _parts_of(formulation, alive)
        self._pricer = Pricer(
            formulation.coefficients, self.instance, [part.options for part in self._parts]
        )
        self._least, self._most = _limits(formulation, task)
        self._lower, self._upper = self._least, self._most
        """What is left of these beside what is fixed."""
        self._scale = _row_sizes(formulation, task)
        self._worth = task.objective.coefficients[: self.count].astype(np.float64)
        self._known = task.value(formulation, task.start)
        self._floors = [floor.objective.coefficients for floor in task.floors]
        self.shares: Floats = np.zeros(self.count)
        """``shares[option]``, between 0 and 1: how much of it is in the mean of all plans."""
        self._prices: Floats = np.zeros(len(self._scale))
        self._pace = _FIRST_PACE

    def run(self, out_of_time: Callable[[], bool]) -> Duals:
        """The best prices found; the shares are those at the end."""
        first = self._at(np.zeros(len(self._scale)))
        walk = _Walk(first, first.activity, _Mean.of_plan(self.count, first.chosen))
        most_weight, before = _FIRST_WEIGHT, first.bound
        for number in range(1, _MOST_PASSES + 1):
            distance = walk.best.bound - self._known
            if distance <= 0 or out_of_time():
                break
            self._step(walk, self._way_down(distance, walk.best.bound), most_weight)
            if number % _ROUND == 0:
                bound = walk.best.bound
                taken, before = (before - bound) / max(1.0, abs(bound)), bound
                if taken < self._little:
                    break
                if taken < _LITTLE:
                    most_weight = max(_LEAST_WEIGHT, most_weight / 2)
        self.shares = walk.mean.values()
        self._prices = walk.best.prices
        plain = self._prices / self._scale
        return by_group(self.formulation, plain, plain)

    def go_on_beside(self, fixed: Ints, alive: Bools) -> None:
        """Some more passes with `fixed` in every plan; the shares are those of the others then.

        Parameters
        ----------
        alive
            ``alive[option]``: options that may be chosen beside them.
        """
        self._parts = [one.without(~alive) for one in self._parts]
        used = self._activity(fixed, np.zeros_like(self.formulation.most[self.count :]))
        self._lower = np.where(self._least <= -UNLIMITED, self._least, self._least - used)
        self._upper = np.where(self._most >= UNLIMITED, self._most, self._most - used)
        shares = np.where(alive, self.shares, 0.0)
        walk = _Walk(self._at(self._prices), self._activity_of(shares), _Mean(shares), self._pace)
        for _ in range(_PASSES_BESIDE):
            self._step(walk, _AIM * abs(walk.best.bound), _WEIGHT_BESIDE)
        self.shares = np.where(alive, walk.mean.values(), 0.0)
        self._prices, self._pace = walk.best.prices, max(_LEAST_PACE, walk.pace)

    def _step(self, walk: _Walk, distance: float, most_weight: float) -> None:
        """One pass, at prices that would bring the bound down by `distance`, were it linear."""
        slope = self._slope(walk.best.prices, walk.activity)
        step = walk.pace * distance / max(float(slope @ slope), _HAIR)
        here = self._at(self._within_signs(walk.best.prices - step * slope))
        own = self._slope(here.prices, here.activity)
        weight = _weight(self._slope(here.prices, walk.activity), own, most_weight)
        walk.activity = walk.activity + weight * (here.activity - walk.activity)
        walk.mean.add(here.chosen, weight)
        if here.bound < walk.best.bound:
            if float(own @ slope) > 0:
                walk.pace = min(_MOST_PACE, _FASTER * walk.pace)
            walk.best = here
        else:
            walk.pace *= _SLOWER_BESIDE_FLOORS if self.task.floors else _SLOWER

    def _way_down(self, distance: float, bound: float) -> float:
        """How far down a step should lead, where the plan known is so far below the bound."""
        if not self.task.floors:
            return distance
        return min(distance, _DOWN_BESIDE_FLOORS * max(1.0, abs(bound)))

    @property
    def _little(self) -> float:
        """Of the bound: a round that takes less off it is the last."""
        share = _SETTLED_BESIDE_FLOORS if self.task.floors else _SETTLED
        return share * max(_NARROWEST, self.task.gap_basis_points) / 10_000

    def _slope(self, prices: Floats, activity: Floats) -> Floats:
        """How the bound changes with each price, where plans use so much; 0 where none may."""
        slope = np.where(
            prices > 0,
            self._upper - activity,
            np.where(
                prices < 0,
                self._lower - activity,
                np.minimum(0, self._upper - activity) + np.maximum(0, self._lower - activity),
            ),
        )
        slope[(prices <= 0) & (slope > 0) & (self._lower <= -UNLIMITED)] = 0.0
        slope[(prices >= 0) & (slope < 0) & (self._upper >= UNLIMITED)] = 0.0
        return slope / self._scale

    def _at(self, prices: Floats) -> _Point:
        """The bound that the prices prove, and the plan that goes with it."""
        formulation, task = self.formulation, self.task
        plain = prices / self._scale
        rows, floors = plain[: formulation.row_count], plain[formulation.row_count :]
        rest = task.objective.coefficients[self.count :] - formulation.auxiliary.T @ rows
        for price, floor in zip(floors.tolist(), self._floors, strict=True):
            if price:
                rest = rest - price * floor[self.count :]
        seen = self._pricer.look_up(rows)
        found = [self._best_options(at, seen, floors) for at in range(len(self._parts))]
        chosen = np.concatenate([_NONE, *(options for options, _ in found)])
        value = sum(gained for _, gained in found)
        most = self.formulation.most[self.count :]
        others = np.where(rest > 0, most, 0)
        activity = self._activity(chosen, others)
        limit = np.where(prices > 0, self._upper, self._lower)
        bound = task.objective.constant + value + float(np.maximum(rest, 0.0) @ most)
        priced = prices != 0
        bound += float(plain[priced] @ limit[priced])
        return _Point(prices, bound, chosen, activity)

    def _best_options(self, at: int, prices: Prices, floors: Floats) -> tuple[Ints, float]:
        """The best option of each person of a part where it gains, and what they gain."""
        part = self._parts[at]
        gain = self._worth[part.options] - self._pricer.price(at, prices)
        for price, floor in zip(floors.tolist(), self._floors, strict=True):
            if price:
                gain -= price * floor[part.options]
        gain[part.dead] = -np.inf
        best = best_of_each(gain, part.first, 0.0)
        return best + part.options.start, float(gain[best].sum())

    def _activity(self, chosen: Ints, others: Ints) -> Floats:
        rows = self.formulation.coefficients.activity(self.instance, chosen)
        rows = rows + self.formulation.auxiliary @ others
        floors = [
            int(floor[chosen].sum()) + int(floor[self.count :] @ others) for floor in self._floors
        ]
        return np.concatenate([rows, floors]).astype(np.float64)

    def _activity_of(self, shares: Floats) -> Floats:
        chosen = np.flatnonzero(shares)
        columns = self.formulation.coefficients.columns(self.instance, chosen)
        floors = [float(floor[chosen] @ shares[chosen]) for floor in self._floors]
        return np.concatenate([columns @ shares[chosen], floors])

    def _within_signs(self, prices: Floats) -> Floats:
        prices = np.where(self._upper >= UNLIMITED, np.minimum(prices, 0.0), prices)
        return np.where(self._lower <= -UNLIMITED, np.maximum(prices, 0.0), prices)


@dataclass(frozen=True, slots=True)
class _Part:
    """The options of some people side by side."""

    options: slice
    first: Ints
    """The first of each person's, counted from the part's first."""
    dead: Ints
    """Those that may not be chosen, counted so."""

    def without(self, dead: Bools) -> _Part:
        """The same where ``dead[option]`` may not be chosen."""
        return replace(self, dead=np.flatnonzero(dead[self.options]))


@dataclass(frozen=True, slots=True)
class _Point:
    prices: Floats
    """``prices[row]``, of rows divided by their size; floors last."""
    bound: float
    chosen: Ints
    """Each person's best option, where one gains."""
    activity: Floats
    """How much of each row and floor these use."""


class _Mean:
    """A mean of plans in which later ones count for more, of as many numbers as plans have.

    Parameters
    ----------
    weights
        ``weights[option]``: how much of it there is at first.
    """

    def __init__(self, weights: Floats) -> None:
        self._weights = weights.copy()
        self._scale = 1.0
        """What all weights are multiplied by."""

    @classmethod
    def of_plan(cls, count: int, chosen: Ints) -> _Mean:
        """Of one plan, of so many options."""
        weights = np.zeros(count)
        weights[chosen] = 1.0
        return cls(weights)

    def add(self, chosen: Ints, weight: float) -> None:
        """The plan counts for `weight`, and all before it for what is left."""
        self._scale *= 1.0 - weight
        if self._scale < _HAIR:
            self._weights *= self._scale
            self._scale = 1.0
        self._weights[chosen] += weight / self._scale

    def values(self) -> Floats:
        """How much of each option there is."""
        return self._weights * self._scale


@dataclass(slots=True)
class _Walk:
    """How far a search has come."""

    best: _Point
    activity: Floats
    """Of the mean."""
    mean: _Mean
    pace: float = _FIRST_PACE


def _weight(of_mean: Floats, own: Floats, most: float) -> float:
    """How much the newest plan counts, so that the mean overfills rows least.

    Parameters
    ----------
    of_mean, own
        Slopes where the mean and where the newest plan use so much.
    """
    towards = own - of_mean
    length = float(towards @ towards)
    best = -float(of_mean @ towards) / length if length > 0 else most
    return min(most, max(_OF_MOST * most, best))


def _parts_of(formulation: Formulation, alive: Bools) -> list[_Part]:
    """All options, in parts of whole people."""
    instance = formulation.instance
    count, person = formulation.option_count, instance.options.person
    first = first_of_each(person)
    cuts = np.searchsorted(first, np.arange(_PART, count, _PART))
    edges = np.unique([0, *first[cuts[cuts < len(first)]].tolist(), count])
    parts = []
    for start, stop in pairwise(edges.tolist()):
        options = slice(start, stop)
        own = first[(first >= start) & (first < stop)] - start
        parts.append(_Part(options, own, np.flatnonzero(~alive[options])))
    return parts


def _limits(formulation: Formulation, task: Task) -> tuple[Floats, Floats]:
    """Of rows and floors; ``one-course`` asks nothing, as each person gets one option anyway."""
    lower = formulation.lower.astype(np.float64)
    upper = formulation.upper.astype(np.float64)
    first = 0
    for group in formulation.groups:
        if group.rule == "one-course":
            lower[first : first + group.size] = -UNLIMITED
        first += group.size
    least = [float(floor.least - floor.objective.constant) for floor in task.floors]
    return (
        np.concatenate([lower, least]),
        np.concatenate([upper, np.full(len(least), float(UNLIMITED))]),
    )


def _row_sizes(formulation: Formulation, task: Task) -> Floats:
    """The largest entry of each row and floor: rows of øre and of places become alike."""
    sizes = np.ones(formulation.row_count)
    rows = formulation.coefficients
    for matrix in (rows.by_course, rows.by_person, rows.by_option, formulation.auxiliary):
        if matrix is not None and matrix.nnz:
            entries = matrix.tocoo()
            np.maximum.at(sizes, entries.coords[0], np.abs(entries.data).astype(np.float64))
    floors = [float(np.abs(f.objective.coefficients).max(initial=1)) for f in task.floors]
    return np.concatenate([sizes, np.maximum(floors, 1.0)])
