"""The search for a large stage's best plan: by prices, and by moving people, some at a time.

Prices say what the relaxation chooses, and a plan follows what it chooses most of. Where too many
options are worth the same, later stages tell them apart. Where that is not near enough, what prices
agree on is fixed, and what is left searched like an office. Then people are moved; masters come
where that is not near enough either, and in the end small problems are raced, and end early.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Answer, Task
from scheduler.engines.forms import Form
from scheduler.engines.greedy import place_by_gain
from scheduler.engines.highs import BRIEF, race
from scheduler.engines.lanes import make_lanes
from scheduler.engines.large import LargeRelaxation
from scheduler.engines.mixing import BRIEFLY, Mixing
from scheduler.engines.neighbourhoods import PARTS, Neighbourhoods
from scheduler.engines.simplex_search import SimplexSearch
from scheduler.engines.stage import FIRST_GAP, StageSearch
from scheduler.engines.standing import Standing
from scheduler.formulation import Formulation

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_MANY, _MANY_PEOPLE = 200_000, 1_000
"""With more options than that for more people than that, the relaxation is solved by prices and
interior point; few people, however many options each has, are no match for the simplex."""
_GROWTH = 1.4
_LARGEST_GAIN = 0.3
"""What the largest gain counts where plans are made by shares."""
_PARTS_UNDER_FLOORS = 2
"""How many neighbourhoods there are at least, at first."""


def is_large(formulation: Formulation) -> bool:
    """Whether stages over so many options are searched this way."""
    people = len(formulation.instance.supply.people)
    return formulation.option_count > _MANY and people > _MANY_PEOPLE


class LargeSearch(StageSearch):
    """The search for a large stage's best plan; parameters are those of every search."""

    growth = _GROWTH

    def __init__(self, weekly: Form, changes: Form, standing: Standing, pool: Bools) -> None:
        super().__init__(weekly, changes, standing, pool)
        self._around: Neighbourhoods | None = None
        self._chosen: Ints | None = None
        """Options that the relaxation chooses some of."""

    def run(self) -> Answer:
        """Prices, plans by them, and people moved in these until they are near enough."""
        relaxation = self.relax()
        self.place(relaxation)
        if self.has_ties:
            self.break_ties()
        else:
            self.narrow(relaxation)
        self.approach(relaxation)
        return self.close()

    def relax(self) -> LargeRelaxation:
        """The stage's relaxation, solved by prices."""
        relaxation = LargeRelaxation(self.changes, self.task, self.alive, self.first_pool())
        relaxation.run(self.tell_bound, self.clock.is_up)
        self.take(relaxation)
        self._chosen = relaxation.chosen
        return relaxation

    def refine(self, relaxation: LargeRelaxation) -> None:
        """The bound is brought down to the relaxation's."""
        if self.standing.goes_on:
            relaxation.refine(self.tell_bound, self.clock.is_up)
            self.take(relaxation)

    def approach(self, relaxation: LargeRelaxation) -> None:
        """People are moved, few at a time as long as the bound is that of prices."""
        self.move(grows=False)
        self.refine(relaxation)
        self.move()

    def place(self, relaxation: LargeRelaxation) -> None:
        """A plan by what the relaxation chooses, and by what options gain."""
        standing = self.standing
        if not standing.is_open:
            return
        by_shares = place_by_gain(self.changes.formulation, self._wish(relaxation))
        if self.alive[by_shares].all():
            standing.offer(by_shares)

    def narrow(self, relaxation: LargeRelaxation) -> None:
        """A plan of what is left where prices agree, as of an office."""
        standing, task = self.standing, self.task
        if not standing.goes_on or task.floors:
            return
        rest = relaxation.narrow(self.clock.is_up)
        narrowed = Standing(
            self.changes.formulation,
            replace(task, start=standing.best),
            rest.alive,
            lambda chosen, _: standing.offer(chosen),
            self.clock.part(1.0, lambda: not standing.is_open),
        )
        search = SimplexSearch(self.weekly, self.changes, narrowed, rest.pool)
        lanes = make_lanes(search.begin(), task.seed)
        Mixing(lanes, self.changes, narrowed, BRIEFLY).go_round()

    def _wish(self, relaxation: LargeRelaxation) -> Floats:
        """``wish[option]``: its share, and a part of what it gains.

        Nobody is placed who is worth nothing.
        """
        gain, shares = relaxation.gain, relaxation.shares
        scale = _LARGEST_GAIN / float(np.max(gain, initial=1.0, where=self.alive))
        worth = self.task.objective.coefficients[: len(gain)]
        is_useful = self.alive & ((worth > 0) | (gain > 0) | (shares > 0))
        return np.where(is_useful, 1.0 + shares + scale * gain, -np.inf)

    @property
    def has_ties(self) -> bool:
        """Whether too many options are worth the same, and later stages tell them apart."""
        return bool(self.task.later) and self.near_count > self.most_near

    def break_ties(self) -> None:
        """A plan that later stages like as well.

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

        if not standing.goes_on:
            return
        like_later = Standing(
            self.changes.formulation,
            replace(self.task.with_ties_broken(), start=standing.best),
            self.alive,
            lambda chosen, _: standing.tell(chosen, standing.found.value),
            self.clock.part(1.0, has_enough),
        )
        search = LargeSearch(self.weekly, self.changes, like_later, np.zeros_like(self.pool))
        relaxation = search.relax()
        search.place(relaxation)
        search.approach(relaxation)
        search.close()
        standing.improve(like_later.best)

    def move(self, *, grows: bool = True) -> None:
        """The plan is made better by moving the people of a few sites or weeks at a time.

        Beside floors that goes on as long as it helps: a problem over all people finds nothing.
        What larger problems find hangs on the bound, so those that do not grow come before it.
        """
        if self._around is None:
            parts = _PARTS_UNDER_FLOORS if self.task.floors else PARTS
            self._around = Neighbourhoods(self.changes, self.standing, parts, self._chosen)
        if self.task.floors and grows:
            self._around.run_on()
        else:
            self._around.run(grows=grows)

    def search_part(self, options: Ints, task: Task, bound: int) -> Answer:
        """Such a problem ends early, and people are moved in its plan."""
        answer = race(self.changes, task, self.tell_plan(bound), options, BRIEF)
        self.standing.improve(answer.chosen, bound)
        self.move()
        return answer

    def part_gap(self, bound: int) -> int:
        """What is asked for, or a tenth of a per cent."""
        del bound
        return max(self.task.gap_basis_points, FIRST_GAP)
