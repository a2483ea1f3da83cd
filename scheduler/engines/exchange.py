"""Better plans by deciding anew who has which of a plan's courses.

No more people start a course than before, and no more of those who use the same there on top of
it, so all that rules ask of courses still holds. What is left is who fits best: with people on one
side and courses on the other it is a transportation problem, whose relaxation has whole people by
itself. So all people of a city change places at once, in a second or two. What a first goal is
worth does not hang on the place, so beside its floor most of what the next can gain is found so.
Sources: F. L. Hitchcock, "The distribution of a product from several sources to numerous
localities", Journal of Mathematics and Physics 20 (1941); R. K. Ahuja, O. Ergun, J. B. Orlin and
A. P. Punnen, "A survey of very large-scale neighborhood search techniques", Discrete Applied
Mathematics 123 (2002).
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.forms import Form
from scheduler.engines.highs import GLANCE, Work, solve_mip
from scheduler.engines.standing import Standing
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED, Demand, RowGroup, entries, few_entries, of_limits

Ints = NDArray[np.int64]
_OPTIONS_A_PERSON, _LEAST_OPTIONS = 12, 20_000
"""How many there are to change to, of those that lose least, and how many at least."""
_WORK = 40
"""A transportation problem takes hardly any; what rules ask besides may make it hard."""
_MARKS = 2**20
"""Rows are told apart by random numbers below this, and what they ask of an option by their sum."""


class Exchange:
    """All people change places in the best plan of a stage.

    Parameters
    ----------
    formulation
        The stage's.
    standing
        How far it has come; it is told of better plans.
    random
        Draws among options that lose the same.
    """

    def __init__(
        self, formulation: Formulation, standing: Standing, random: np.random.Generator
    ) -> None:
        self._instance = formulation.instance
        self._standing = standing
        self._random = random
        self._groups = [group for group in formulation.groups if not _follows(group)]
        """Those that say more than how many people use what."""
        self._left_out = [group for group in formulation.groups if _follows(group)]
        self._best: Ints | None = None
        """A plan in which nobody gains by it any more."""

    def run(self) -> None:
        """The best plan of the same courses, of the options that are near."""
        standing, course = self._standing, self._instance.options.course
        best = standing.best
        if best is self._best or not len(best):
            return
        is_started = np.isin(np.arange(self._instance.courses.count), course[best])
        is_free = standing.alive & is_started[course]
        users = np.flatnonzero(is_free & (self._use > 0))
        is_free[users] = np.isin(self._use[users], self._use[best])
        size = max(_LEAST_OPTIONS, _OPTIONS_A_PERSON * len(self._instance.supply.people))
        near = standing.nearest(np.flatnonzero(is_free), size, self._random)
        options = np.union1d(near, best)
        found = solve_mip(
            Form(self._keeping(options), "weekly"),
            replace(standing.task, start=best, gap_basis_points=0, seconds=standing.clock.left),
            lambda *_: None,
            options,
            GLANCE,
            work=Work(_WORK),
        )
        standing.offer(found.chosen)
        self._best = standing.best

    @cached_property
    def _use(self) -> Ints:
        """``use[option]``: what rows ask of it besides what they ask of everybody on its course.

        A number that options share of which they ask the same; 0: nothing.
        """
        random = np.random.default_rng(0)
        use = np.zeros(self._instance.options.count, dtype=np.int64)
        for group in self._left_out:
            if group.by_option is not None:
                use += group.by_option.T @ random.integers(1, _MARKS, group.size)
        return use

    def _keeping(self, options: Ints) -> Formulation:
        """The stage where no more people start a course than now, and with each use of their own.

        Parameters
        ----------
        options
            Those that rows have to speak of.
        """
        best, instance = self._standing.best, self._instance
        course, counts = np.unique(instance.options.course[best], return_counts=True)
        ones = np.ones(len(course), dtype=np.int64)
        shape = len(course), instance.courses.count
        by_course = entries(np.arange(len(course)), course, ones, shape)
        is_user = self._use > 0
        use, of_use = np.unique(self._use[best[is_user[best]]], return_counts=True)
        users = options[is_user[options]]
        row = np.searchsorted(use, self._use[users])
        ones = np.ones(len(users), dtype=np.int64)
        by_use = few_entries(row, users, ones, (len(use), len(self._use)))
        groups = [_most(counts, by_course=by_course), _most(of_use, by_option=by_use)]
        return Formulation(instance, [*self._groups, *groups])


def _most(
    counts: Ints,
    by_course: sparse.csc_array | None = None,
    by_option: sparse.csr_array | None = None,
) -> RowGroup:
    """Rows that let through so many."""
    lower, upper = of_limits(counts)
    demands = (Demand(rule="capacity", unit="courses"),) * len(counts)
    return RowGroup("capacity", lower, upper, demands, by_course, by_option=by_option)


def _follows(group: RowGroup) -> bool:
    """Whether every plan keeps the rows in which nothing is used by more people than before."""
    others = (group.by_person, group.by_shortfall, group.switches)
    is_most = bool((group.lower <= -UNLIMITED).all())
    return is_most and all(one is None for one in others)
