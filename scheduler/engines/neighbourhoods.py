"""Better plans by letting the people of a few sites move at a time, round after round.

A problem over all people is slow to solve and its plan close but not close enough; one over some
hundred people of a few sites is solved in seconds, with what everybody else uses held fast. Source:
P. Shaw, "Using constraint programming and local search methods to solve vehicle routing problems",
CP 1998 (large neighbourhood search).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.highs import Search, Work, solve_mip
from scheduler.engines.lagrangian import Bound

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
_PEOPLE, _PARTS = 500, 4
"""Placed people of a neighbourhood at first, about; there are so many neighbourhoods at least."""
_OPTIONS_A_PERSON = 7
"""How many options there are to move to, of those that lose least."""
_LITTLE = 0.01
"""Of the way from the plan to the bound: a plan that is better by less does not count."""
_WORK = 40
"""Few take so much, and of those that go on hardly any ends with a better plan."""
_SEARCH = Search(effort=0.3, nodes=5)


class Neighbourhoods:
    """The search around a plan.

    Parameters
    ----------
    form, task
        The stage.
    found
        What each option loses.
    alive
        ``alive[option]``: options that may be chosen.
    """

    def __init__(self, form: Form, task: Task, found: Bound, alive: Bools) -> None:
        assert task.start is not None
        instance = form.formulation.instance
        self.form = form
        self.task = task
        self.best: Ints = task.start
        """The best plan so far."""
        self._person = instance.options.person
        self._course = instance.options.course
        self._site_of_course: Ints = instance.supply.site_of_offer[instance.courses.offer]
        self._sites = len(instance.supply.sites)
        self._people = self._first_people = max(1, min(_PEOPLE, len(task.start) // _PARTS))
        self._bound = found.value
        living = np.flatnonzero(alive)
        count = _OPTIONS_A_PERSON * len(instance.supply.people)
        if count < len(living):
            most = np.partition(found.loss[living], count)[count]
            living = living[found.loss[living] <= most]
        self._near: Ints = living
        self._random = np.random.default_rng(task.seed)

    def run(self, is_enough: Callable[[Ints], bool], left: Callable[[], float | None]) -> None:
        """Until the plan is good enough, time is up, or nothing gets better any more.

        Once everybody has been looked at in vain, neighbourhoods are made twice as large.
        """
        value = self._value(self.best)
        in_vain = 0
        for sites in self._rounds():
            if in_vain > len(self.best):
                self._people, in_vain = 2 * self._people, 0
            if self._people > max(self._first_people, len(self.best) // 2):
                self._people = self._first_people
                return
            if not len(self._near) or left() == 0 or is_enough(self.best):
                return
            task = replace(self.task, start=self.best, gap_basis_points=0, seconds=left())
            found = solve_mip(
                *(self.form, task, lambda *_: None, self._options(sites), _SEARCH),
                work=Work(_WORK),
            )
            in_vain += self._people
            gained = 0 if found.chosen is None else self._value(found.chosen) - value
            if gained > 0 and found.chosen is not None:
                in_vain = 0 if gained >= _LITTLE * (self._bound - value) else in_vain
                self.best, value = found.chosen, value + gained

    def _value(self, chosen: Ints) -> int:
        return self.task.value(self.form.formulation, chosen)

    def _sites_of(self, options: Ints) -> Ints:
        return self._site_of_course[self._course[options]]

    def _rounds(self) -> Iterator[Ints]:
        """Sites in random order, as many at a time as have about the people wanted."""
        while True:
            order = self._random.permutation(self._sites)
            placed = np.bincount(self._sites_of(self.best), minlength=self._sites)[order]
            people = self._people
            part = np.cumsum(placed) // people
            for number in np.unique(part):
                if self._people > people:
                    break
                yield order[part == number]

    def _options(self, sites: Ints) -> Ints:
        """The plan, and what those without a place or at these sites could have at them."""
        here = np.zeros(self._sites, dtype=np.bool_)
        here[sites] = True
        held = np.zeros(int(self._person.max(initial=-1)) + 1, dtype=np.bool_)
        held[self._person[self.best[~here[self._sites_of(self.best)]]]] = True
        free = here[self._sites_of(self._near)] & ~held[self._person[self._near]]
        return np.union1d(self._near[free], self.best)
