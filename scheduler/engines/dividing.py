"""Weeks divided among kinds of people, site by site.

Where people use unlike amounts of support, most of what lies between the relaxation and the best
plan is who shares a week: the relaxation has a third of one kind and two of another. Once it is
said how many of each kind a site has room for in each week, all rows of its capacity follow from
rows that count heads, of which plans come as close to the relaxation as if there were places alone.
So weeks are divided first, with the relaxation choosing the people all the while: the site that is
parted most is next, and of what it can hold it has the shares that are worth most at the prices of
everything else, like those that the relaxation has. Sites that are parted least stay as they are.
Sources: F. Vanderbeck, "On Dantzig-Wolfe
decomposition in integer programming and ways to perform branching in a branch-and-price algorithm",
Operations Research 48 (2000; decisions on sums of columns instead of single ones); Y. Pochet and
L. A. Wolsey, "Production Planning by Mixed Integer Programming" (2006), section 3.6 (relax and
fix).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.cuts import Cuts
from scheduler.engines.forms import Form, Written, limits
from scheduler.engines.highs import solve_small
from scheduler.engines.lanes import Lane
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.mixes import MixedSite, Point, list_mixes
from scheduler.formulation import Formulation
from scheduler.rules.rows import RowGroup

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_ROUNDS = 4
"""How often columns are priced after each site at most."""
_NODES = 10
"""How many nodes there are for the shares of a site."""
_NEAR, _LIKE = 0.07, 0.05
"""Of what a placement is worth on average: what options lose at most that a site is divided for,
and what it counts that the relaxation has one."""
_NEARLY, _JITTER = 0.003, 1e-4
"""Of the same: shares that differ by less are as good, and what is drawn on top of each option."""
_LEFT = 0.45
"""Of all sites: so many, those that are parted least, are left as they are."""
_HEAD = 0.01
"""What another head counts in a week against one that the relaxation has there."""
_DRAWN = 0.3
"""Up to so many people are drawn on top of how many a site's weeks are parted by."""


class Shares:
    """What can be said of how many of each kind a site has room for in each week.

    Parameters
    ----------
    formulation
        The stage's, cuts and all.
    cuts
        Of the same instance.
    """

    def __init__(self, formulation: Formulation, cuts: Cuts) -> None:
        self.formulation = formulation
        self._cuts = cuts

    @property
    def sites(self) -> list[MixedSite]:
        """Those whose weeks can be divided."""
        return self._cuts.sites

    def facets(self, site: MixedSite, week: int) -> tuple[Ints, Ints]:
        """Of the mixes that fit: ``weights[facet, kind]``, and the most of each."""
        return self._cuts.facets(site, week)

    def counted(self, site: MixedSite, share: Ints) -> RowGroup:
        """A row for each kind in each week of a site, which it has room for so many of.

        Parameters
        ----------
        share
            In the order of `MixedSite.shared`.
        """
        weeks, kinds = site.shared
        weights = list(np.eye(len(site.uses), dtype=np.int64)[kinds])
        return site.rows(self.formulation, weeks.tolist(), weights, share)

    def divided(self, counted: Sequence[RowGroup]) -> Formulation:
        """The stage with these rows; all else of the capacity in their weeks follows from them."""
        own = {(one.site_id, one.week) for group in counted for one in group.demands}
        groups = []
        for group in self.formulation.groups:
            if group.rule == "capacity":
                kept = [(one.site_id, one.week) not in own for one in group.demands]
                groups += [group.only(np.flatnonzero(kept))] if any(kept) else []
            else:
                groups.append(group)
        return Formulation(self.formulation.instance, [*groups, *counted])


@dataclass(frozen=True)
class Division:
    """Weeks divided among kinds."""

    formulation: Formulation
    value: float
    """Of the relaxation, as far as its columns were priced."""
    pool: Bools
    """``pool[option]``: what the relaxation asked for."""


class Dividing:
    """One way to divide weeks; the relaxation is its own and not used afterwards.

    Parameters
    ----------
    relaxation
        Of the stage, solved.
    shares
        Of the same stage.
    random
        Draws the corner of the relaxation's best solutions that it begins at, the order among
        sites that are alike, and among shares that are as good.
    """

    def __init__(
        self, relaxation: SimplexRelaxation, shares: Shares, random: np.random.Generator
    ) -> None:
        self._relaxation = relaxation
        self._shares = shares
        self._random = random
        relaxation.draw_corner(random)
        options, values = relaxation.solution
        worth = relaxation.task.objective.coefficients[options] @ values
        self._unit = max(1.0, float(worth) / max(1.0, float(values.sum())))
        """What a placement is worth on average."""

    def run(self, enough: int, out_of_time: Callable[[], bool]) -> Division | None:
        """Weeks divided; none where the relaxation falls below `enough`, or in no time."""
        relaxation = self._relaxation

        def keep(entering: Ints) -> Ints:
            return entering[:0] if out_of_time() else entering

        left = list(self._shares.sites)
        formulation = self._shares.formulation
        counted = []
        while len(left) > _LEFT * len(self._shares.sites):
            if out_of_time() or relaxation.rounded_value < enough:
                return None
            site = self._most_parted(left)
            left.remove(site)
            counted.append(self._shares.counted(site, self._share(site)))
            formulation = formulation.with_rows(counted[-1:])
            relaxation.tighten(Form(formulation, "weekly"))
            if not relaxation.solve_again(_ROUNDS, keep):
                return None
        return Division(self._shares.divided(counted), relaxation.value, relaxation.pool)

    def _most_parted(self, left: Sequence[MixedSite]) -> MixedSite:
        """The site that has most in parts of kinds, or one nearly so."""
        point = Point(*self._relaxation.solution)
        mixes = [site.mixes_of(point) for site in left]
        parted = [float(np.abs(one - np.rint(one)).sum()) for one in mixes]
        drawn = np.array(parted) + _DRAWN * self._random.random(len(left))
        return left[int(np.argmax(drawn))]

    def _share(self, site: MixedSite) -> Ints:
        """How many of each kind there is room for in each week, as `MixedSite.shared` lists them.

        People are in parts here: only shares are whole.
        """
        weeks, kinds = site.shared
        point = Point(*self._relaxation.solution)
        written, count = self._written(site, point)
        solution = solve_small(written, _NEARLY * self._unit, _NODES, restarts=False)
        mixes = np.zeros((len(site.open), len(site.uses)), dtype=np.int64)
        if solution is not None:
            mixes[weeks, kinds] = np.rint(solution[count:]).astype(np.int64)
        _fill(site, mixes, site.mixes_of(point))
        return mixes[weeks, kinds]

    def _written(self, site: MixedSite, point: Point) -> tuple[Written, int]:
        """The problem of one site, and its number of columns before those of shares."""
        gain, at_free_capacity = self._relaxation.gains()
        share = np.zeros(len(gain))
        share[point.options] = point.values
        near = (gain[site.options] > -_NEAR * self._unit) | (share[site.options] > 0)
        near &= self._relaxation.alive[site.options]
        options = site.options[near]
        drawn = _LIKE * share[options] + _JITTER * self._random.random(len(options))
        count = len(options)
        weeks, kinds = site.shared
        cells = len(weeks)
        counted = self._shares.counted(site, site.most_of(weeks, kinds))
        heads = counted.columns(self._shares.formulation.instance, options)
        below_shares = sparse.hstack([heads.astype(np.float64), -sparse.eye_array(cells)])
        fits, most = self._fits(site)
        capacity = sparse.hstack([sparse.csr_array((fits.shape[0], count)), fits])
        rows = [below_shares, capacity]
        return Written(
            matrix=sparse.csc_array(sparse.vstack(rows, format="csc")),
            lower=np.full(cells + len(most), -np.inf),
            upper=np.concatenate([np.zeros(cells), most]),
            cost=np.append(at_free_capacity[options] + self._unit * drawn, np.zeros(cells)),
            least=np.zeros(count + cells),
            most=np.append(np.ones(count), counted.upper),
            whole=np.arange(count + cells) >= count,
            constant=0,
        ), count

    def _fits(self, site: MixedSite) -> tuple[sparse.csr_array, Floats]:
        """Rows over the shares that let through what fits, and the most of each."""
        weeks, kinds = site.shared
        rows, mosts = [], []
        for week in np.unique(weeks).tolist():
            here = weeks == week
            facets, most = self._shares.facets(site, week)
            weights = np.vstack([site.uses.T, facets])[:, kinds[here]]
            of_week = sparse.lil_array((len(weights), len(weeks)))
            of_week[:, np.flatnonzero(here)] = weights
            rows.append(of_week.tocsr())
            mosts.append(np.concatenate([limits(site.room[:, week]), most]))
        return sparse.csr_array(sparse.vstack(rows, format="csr")), np.concatenate(mosts)


def divide(
    lane: Lane, shares: Shares, enough: int, out_of_time: Callable[[], bool]
) -> Division | None:
    """One way to divide weeks that may have a plan worth `enough`, if this one has."""
    return Dividing(lane.relaxation.twin(), shares, lane.random).run(enough, out_of_time)


def _fill(site: MixedSite, mixes: Ints, wished: Floats) -> None:
    """Nothing is left over in ``mixes[week, kind]`` that another one fits into.

    Of several ways it is the one most like ``wished[week, kind]``.
    """
    for week in np.unique(site.shared[0]).tolist():
        more = list_mixes(site.uses, site.room[:, week] - site.uses.T @ mixes[week])
        if more is None:
            continue
        of_week = mixes[week] + more
        like = np.minimum(of_week, wished[week]).sum(axis=1)
        mixes[week] = of_week[np.argmax(like + _HEAD * of_week.sum(axis=1))]
