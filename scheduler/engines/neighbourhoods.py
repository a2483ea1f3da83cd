"""Better plans by letting the people of a few sites or weeks move at a time, round after round.

A problem over all people is slow to solve and its plan close but not close enough; one over some
people takes a fraction of a second, with what everybody else uses held fast. They are those of a
few sites, who can change weeks, or those who start within some weeks, who can change places
wherever they are: beside floors, where a place more for one is a place less for another, and
elsewhere where that is weeks enough. The kind that gained most for its work is next. Before each
round beside floors, all people change places among the plan's courses as they are (`Exchange`). Two
such problems are solved side by side, over different people. Sources: P. Shaw, "Using constraint
programming and local search methods to solve vehicle routing problems", CP 1998 (large
neighbourhood search); S. Ropke and D. Pisinger, "An adaptive large neighborhood search heuristic
for the pickup and delivery problem with time windows", Transportation Science 40 (2006).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.exchange import Exchange
from scheduler.engines.forms import Beside, Form
from scheduler.engines.highs import GLANCE, Work, solve_mip
from scheduler.engines.standing import Standing
from scheduler.formulation import Floor
from scheduler.rules.rows import UNLIMITED

Ints = NDArray[np.int64]
_PEOPLE, _PEOPLE_UNDER_FLOORS = 500, 2_000
"""Placed people of a neighbourhood at first, at most: what somebody takes from a floor has to be
made up for by others of the same neighbourhood, so there it is larger."""
_FEW_WEEKS = 4
"""People who start within fewer weeks have hardly any to change to."""
PARTS = 4
"""How many neighbourhoods there are at least, at first, where nothing asks for larger ones."""
_OPTIONS_A_PERSON = 7
"""How many options there are to move to at first, of those that lose least."""
_GROWTH = 1.4
"""There are so many times more in each run."""
_LITTLE = 0.2
"""Of what is missing to a plan that is good enough: a round that brings less brings little."""
_WORK = 40
"""Few take so much, and of those that go on hardly any ends with a better plan."""
_SIDE_BY_SIDE = 2
_ELSEWHERE, _NOWHERE = -1, -2
"""Instead of a lot: in no lot of the round, and without a place."""


@dataclass(slots=True)
class _Axis:
    """What a plan is divided by: sites or start weeks."""

    of_option: Callable[[Ints], Ints]
    """Where on the axis options lie."""
    size: int
    is_in_order: bool
    """Whether neighbours on the axis belong together."""
    gained: int = 0
    """By how much the plan is better since everybody was last divided by it."""
    done: int = 0
    """The work that went into that."""

    @property
    def rate(self) -> float:
        """What work is worth here; what was never tried is worth most."""
        return self.gained / self.done if self.done else np.inf


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a plan that may change while the rest is as it is."""

    options: Ints
    """Those that may be chosen, the plan's own among them."""
    beside: Beside
    floors: tuple[Floor, ...]
    """What the plan keeps if nothing else changes."""


class Neighbourhoods:
    """The search around the best plan of a stage.

    Parameters
    ----------
    form
        The stage for branch and cut.
    standing
        How far it has come; what its options lose by now decides which of them are near.
    parts
        So many neighbourhoods there are at least, at first.
    chosen
        Options that the relaxation chooses some of: people can always move to these.
    """

    def __init__(
        self, form: Form, standing: Standing, parts: int, chosen: Ints | None = None
    ) -> None:
        assert standing.task.start is not None
        instance = form.formulation.instance
        courses, course = instance.courses, instance.options.course
        site: Ints = instance.supply.site_of_offer[courses.offer]
        self._form = form
        self._standing = standing
        self._person = instance.options.person
        sites = _Axis(
            lambda options: site[course[options]], len(instance.supply.sites), is_in_order=False
        )
        weeks = _Axis(
            lambda options: courses.start[course[options]],
            int(courses.start.max(initial=-1)) + 1,
            is_in_order=True,
        )
        placed = len(standing.task.start)
        most = _PEOPLE_UNDER_FLOORS if standing.task.floors else _PEOPLE
        self._people = max(1, min(most, placed // parts))
        if standing.task.floors:
            self._axes = [weeks, sites]
        elif self._people * weeks.size >= _FEW_WEEKS * placed:
            self._axes = [sites, weeks]
        else:
            self._axes = [sites]
        self._random = np.random.default_rng(standing.task.seed)
        self._width = _OPTIONS_A_PERSON * len(instance.supply.people)
        self._chosen: Ints = np.zeros(0, dtype=np.int64) if chosen is None else chosen
        self._near: Ints = np.zeros(0, dtype=np.int64)
        self._exchange = Exchange(form.formulation, standing, self._random)
        self._unmoved: int | None = None
        """What a plan is worth that a run did not help."""

    def run_on(self, little: float = 0.0) -> None:
        """Run after run, with ever more places to go to, until one brings nothing.

        A plan that this did not help is left alone until there is a better one.

        Parameters
        ----------
        little
            Of what is missing to a plan that is good enough: a run that brings less is the last.
        """
        standing = self._standing
        while standing.goes_on and standing.value != self._unmoved:
            missing = standing.enough - standing.value
            before = standing.value
            self.run()
            if standing.value == before:
                self._unmoved = before
            if standing.value - before < little * missing:
                break

    def run(self, *, grows: bool = True) -> None:
        """Until the plan is good enough, time is up, or nothing gets better any more.

        Parameters
        ----------
        grows
            Neighbourhoods are made twice as large where a round over everybody brings little; if
            not, that is the end.
        """
        standing = self._standing
        near = standing.nearest(np.flatnonzero(standing.alive), self._width, self._random)
        self._near = np.union1d(near, self._chosen)
        self._width = int(_GROWTH * self._width)
        people = self._people
        largest = max(people, len(standing.best) // 2)
        with ThreadPoolExecutor(standing.task.threads) as pool:
            while len(self._near) and standing.goes_on:
                missing = standing.enough - standing.value
                before = standing.value
                if standing.task.floors:
                    self._exchange.run()
                self._go_round(pool, people)
                if standing.value - before < _LITTLE * missing:
                    if people >= largest or not grows:
                        break
                    people = min(2 * people, largest)

    def _go_round(self, pool: ThreadPoolExecutor, people: int) -> None:
        """Everybody is in one neighbourhood of about so many people, two at a time."""
        standing, axis = self._standing, self._next_axis()
        axis.gained = axis.done = 0
        lots = self._draw_lots(axis, people)
        for first in range(0, len(lots), _SIDE_BY_SIDE):
            if not standing.goes_on:
                break
            parts = self._parts(axis, lots[first : first + _SIDE_BY_SIDE])
            before, works = standing.value, [Work(_WORK) for _ in parts]
            self._take(list(pool.map(self._look, parts, works)))
            axis.gained += standing.value - before
            axis.done += sum(work.done for work in works)

    def _next_axis(self) -> _Axis:
        """The one that gained most for its work when its turn was last; of equals another."""
        axis = max(self._axes, key=lambda axis: axis.rate)
        self._axes = [*(other for other in self._axes if other is not axis), axis]
        return axis

    def _look(self, part: _Part, work: Work) -> Ints | None:
        """The best plan that differs in this part alone."""
        standing = self._standing
        task = replace(
            standing.task,
            floors=part.floors,
            start=standing.best,
            gap_basis_points=0,
            seconds=standing.clock.left,
        )
        found = solve_mip(
            *(self._form, task, lambda *_: None, part.options, GLANCE),
            work=work,
            beside=part.beside,
        )
        return found.chosen

    def _take(self, plans: list[Ints | None]) -> None:
        """What the parts have found counts together, or else the best of it."""
        standing = self._standing
        before, changed = standing.best, [plan for plan in plans if plan is not None]
        if len(changed) > 1:
            gone = np.concatenate([np.setdiff1d(before, plan) for plan in changed])
            new = np.concatenate([np.setdiff1d(plan, before) for plan in changed])
            standing.offer(np.union1d(np.setdiff1d(before, gone), new))
        for plan in changed:
            standing.improve(plan)

    def _draw_lots(self, axis: _Axis, people: int) -> list[Ints]:
        """All places of an axis by chance, in lots of about the people wanted."""
        if axis.is_in_order:
            order = np.roll(np.arange(axis.size), int(self._random.integers(axis.size)))
        else:
            order = self._random.permutation(axis.size)
        placed = np.bincount(axis.of_option(self._standing.best), minlength=axis.size)[order]
        total = max(1, int(placed.sum()))
        count = max(_SIDE_BY_SIDE, round(total / people))
        number = (np.cumsum(placed) - placed) * count // total
        return [order[number == one] for one in np.unique(number)]

    def _parts(self, axis: _Axis, lots: list[Ints]) -> list[_Part]:
        """What may change in each lot, so that all of it may change at once.

        The first lot has what is left in rows that several have a part in; the others have there
        what they use.
        """
        standing, formulation = self._standing, self._form.formulation
        best, near, floors = standing.best, self._near, standing.task.floors
        lot = np.full(axis.size, _ELSEWHERE)
        for number, places in enumerate(lots):
            lot[places] = number
        at, near_at = lot[axis.of_option(best)], lot[axis.of_option(near)]
        person_at = self._lot_of_each_person(at, near_at)[self._person[near]]
        solution = formulation.complete(best)
        kept = tuple(replace(floor, least=floor.objective.value(solution)) for floor in floors)
        left = formulation.upper - formulation.coefficients.activity(formulation.instance, best)
        is_limit = (formulation.upper < UNLIMITED) & (formulation.lower <= -UNLIMITED)
        parts: list[_Part] = []
        seen = np.zeros(formulation.row_count, dtype=np.bool_)
        for number in range(len(lots)):
            free = near[(near_at == number) & (person_at == number)]
            options = np.union1d(free, best[at == number])
            columns = formulation.coefficients.columns(formulation.instance, options)
            rows = np.unique(columns.indices)
            reserved = np.zeros(formulation.row_count, dtype=np.int64)
            shared = rows[seen[rows] & is_limit[rows]]
            reserved[shared] = left[shared]
            seen[rows] = True
            beside = Beside(best[at != number], reserved)
            parts.append(_Part(options, beside, kept if parts else floors))
        return parts

    def _lot_of_each_person(self, at: Ints, near_at: Ints) -> Ints:
        """``lot[person]`` where they have a place, or else where they lose least.

        Parameters
        ----------
        at, near_at
            ``lot[k]`` of the plan's options and of those near, or elsewhere.
        """
        best, near = self._standing.best, self._near
        found = np.full(int(self._person.max(initial=-1)) + 1, _NOWHERE)
        found[self._person[best]] = at
        is_free = (near_at >= 0) & (found[self._person[near]] == _NOWHERE)
        could, lots = near[is_free], near_at[is_free]
        most_first = np.argsort(self._standing.found.loss[could], kind="stable")[::-1]
        # Of several the last one written counts.
        found[self._person[could[most_first]]] = lots[most_first]
        return found
