"""Better plans by deciding anew who has which of a plan's courses.

As many people start each course as before, so whatever rules ask of courses alone still holds, and
what is left is who fits best: with people on one side and courses on the other it is a
transportation problem, whose relaxation has whole people by itself. So all people of a city change
places at once, in a second or two. Those whose support counts in rows of its own would make it hard
again, and stay where they are. What a first goal is worth does not hang on the place, so beside its
floor nearly all of what the next goal can gain is found so. Sources: F. L. Hitchcock, "The
distribution of a product from several sources to numerous localities", Journal of Mathematics and
Physics 20 (1941); R. K. Ahuja, O. Ergun, J. B. Orlin and A. P. Punnen, "A survey of very
large-scale neighborhood search techniques", Discrete Applied Mathematics 123 (2002).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.forms import Beside, Form
from scheduler.engines.highs import Search, Work, solve_mip
from scheduler.engines.standing import Standing
from scheduler.formulation import Formulation
from scheduler.rules.rows import UNLIMITED, Demand, RowGroup, entries, of_limits

Ints = NDArray[np.int64]
_OPTIONS_A_PERSON = 12
"""How many there are to change to, of those that lose least."""
_WORK = 40
_SEARCH = Search(effort=0.3, nodes=5)


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
        self._groups = [group for group in formulation.groups if not _is_of_courses_alone(group)]
        """Those that do not follow from how many people start each course."""
        self._is_own = np.zeros(formulation.option_count, dtype=np.bool_)
        """``is_own[option]``: whether rows ask of it what they do not ask of all on its course."""
        for group in self._groups:
            if group.by_option is not None:
                self._is_own[group.by_option.indices] = True
        self._best: Ints | None = None
        """A plan in which nobody gains by it any more."""

    def run(self) -> None:
        """The best plan of the same courses, of the options that are near."""
        standing, course = self._standing, self._instance.options.course
        best = standing.best
        stays = self._is_own[best]
        moving, held = best[~stays], best[stays]
        if best is self._best or not len(moving):
            return
        is_started = self._started(moving) > 0
        free = np.flatnonzero(standing.alive & ~self._is_own & is_started[course])
        size = _OPTIONS_A_PERSON * len(self._instance.supply.people)
        near = standing.nearest(free, size, self._random)
        formulation = self._keeping(self._started(best))
        found = solve_mip(
            Form(formulation, "weekly"),
            replace(standing.task, start=best, gap_basis_points=0, seconds=standing.clock.left),
            lambda *_: None,
            np.union1d(near, moving),
            _SEARCH,
            work=Work(_WORK),
            beside=Beside(held, np.zeros(formulation.row_count, dtype=np.int64)),
        )
        standing.offer(found.chosen)
        self._best = standing.best

    def _started(self, chosen: Ints) -> Ints:
        """``count[course]``: how many people of a plan start it."""
        course = self._instance.options.course[chosen]
        return np.bincount(course, minlength=self._instance.courses.count)

    def _keeping(self, count: Ints) -> Formulation:
        """The stage where no more people start a course than these."""
        kept = np.flatnonzero(count)
        lower, upper = of_limits(count[kept])
        ones = np.ones(len(kept), dtype=np.int64)
        shape = len(kept), self._instance.courses.count
        group = RowGroup(
            rule="capacity",
            lower=lower,
            upper=upper,
            demands=(Demand(rule="capacity", unit="courses"),) * len(kept),
            by_course=entries(np.arange(len(kept)), kept, ones, shape),
        )
        return Formulation(self._instance, [*self._groups, group])


def _is_of_courses_alone(group: RowGroup) -> bool:
    """Whether every plan keeps the rows in which no course is started by more people."""
    others = (group.by_person, group.by_option, group.by_shortfall, group.switches)
    is_most = bool((group.lower <= -UNLIMITED).all())
    return is_most and all(one is None for one in others)
