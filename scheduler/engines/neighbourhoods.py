"""Better plans by letting the people of a few sites move at a time, round after round.

A problem over all people is slow to solve and its plan close but not close enough; one over some
hundred people of a few sites is solved in seconds, with what everybody else uses held fast. Source:
P. Shaw, "Using constraint programming and local search methods to solve vehicle routing problems",
CP 1998 (large neighbourhood search).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.forms import Form
from scheduler.engines.highs import Search, Work, solve_mip
from scheduler.engines.standing import Standing

Ints = NDArray[np.int64]
_PEOPLE, _PARTS = 500, 4
"""Placed people of a neighbourhood at first, about; there are so many neighbourhoods at least."""
_OPTIONS_A_PERSON = 7
"""How many options there are to move to at first, of those that lose least."""
_GROWTH = 1.4
"""There are so many times more in each run."""
_LITTLE = 0.01
"""Of the way from the plan to the bound: a plan that is better by less does not count."""
_WORK = 40
"""Few take so much, and of those that go on hardly any ends with a better plan."""
_SEARCH = Search(effort=0.3, nodes=5)


class Neighbourhoods:
    """The search around the best plan of a stage.

    Parameters
    ----------
    form
        The stage for branch and cut.
    standing
        How far it has come; what its options lose by now decides which of them are near.
    """

    def __init__(self, form: Form, standing: Standing) -> None:
        assert standing.task.start is not None
        instance = form.formulation.instance
        self._form = form
        self._standing = standing
        self._person = instance.options.person
        self._course = instance.options.course
        self._site_of_course: Ints = instance.supply.site_of_offer[instance.courses.offer]
        self._sites = len(instance.supply.sites)
        placed = len(standing.task.start)
        self._people = self._first_people = max(1, min(_PEOPLE, placed // _PARTS))
        self._bound = standing.found.value
        self._random = np.random.default_rng(standing.task.seed)
        self._width = _OPTIONS_A_PERSON * len(instance.supply.people)
        self._near: Ints = np.zeros(0, dtype=np.int64)

    def run(self, *, grows: bool) -> None:
        """Until the plan is good enough, time is up, or nothing gets better any more.

        Parameters
        ----------
        grows
            Once everybody has been looked at in vain, neighbourhoods are made twice as large.
        """
        standing = self._standing
        self._near = self._draw_near()
        self._width = int(_GROWTH * self._width)
        in_vain = 0
        for sites in self._rounds():
            if in_vain > len(standing.best):
                self._people, in_vain = 2 * self._people, 0
            largest = max(self._first_people, len(standing.best) // 2 if grows else 0)
            if self._people > largest:
                self._people = self._first_people
                return
            if not len(self._near) or not standing.goes_on:
                return
            value = standing.value
            task = replace(
                standing.task, start=standing.best, gap_basis_points=0, seconds=standing.clock.left
            )
            options, beside = self._options(sites)
            found = solve_mip(
                *(self._form, task, lambda *_: None, options, _SEARCH),
                work=Work(_WORK),
                beside=beside,
            )
            standing.improve(found.chosen)
            in_vain += self._people
            gained = standing.value - value
            if gained > 0 and gained >= _LITTLE * (self._bound - value):
                in_vain = 0

    def _draw_near(self) -> Ints:
        """The options that lose least; of those that lose the same, some by chance."""
        living: Ints = np.flatnonzero(self._standing.alive)
        if len(living) <= self._width:
            return living
        loss = self._standing.found.loss[living]
        most = np.partition(loss, self._width - 1)[self._width - 1]
        is_near = loss < most
        tied = np.flatnonzero(loss == most)
        left = self._width - int(is_near.sum())
        is_near[self._random.choice(tied, left, replace=False)] = True
        near: Ints = living[is_near]
        return near

    def _sites_of(self, options: Ints) -> Ints:
        return self._site_of_course[self._course[options]]

    def _rounds(self) -> Iterator[Ints]:
        """Sites in random order, as many at a time as have about the people wanted."""
        while True:
            order = self._random.permutation(self._sites)
            placed = np.bincount(self._sites_of(self._standing.best), minlength=self._sites)[order]
            people = self._people
            part = np.cumsum(placed) // people
            for number in np.unique(part):
                if self._people > people:
                    break
                yield order[part == number]

    def _options(self, sites: Ints) -> tuple[Ints, Ints]:
        """What those without a place or at these sites could have at them, and the plan's rest."""
        here = np.zeros(self._sites, dtype=np.bool_)
        here[sites] = True
        best = self._standing.best
        is_here = here[self._sites_of(best)]
        held = np.zeros(int(self._person.max(initial=-1)) + 1, dtype=np.bool_)
        held[self._person[best[~is_here]]] = True
        free = here[self._sites_of(self._near)] & ~held[self._person[self._near]]
        return np.union1d(self._near[free], best[is_here]), best[~is_here]
