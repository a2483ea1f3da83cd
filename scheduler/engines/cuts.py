"""Rows that every plan keeps and the linear relaxation does not: cuts.

A week of a site has room for some mixes of people and not for others. What each kind of person uses
of places and support hours is known, so the facets of the hull of all mixes that fit are, and where
the relaxation lies beyond one, its row is added. The most of each row is the most over all mixes,
in whole numbers: a row is valid whatever the floating point did to its weights. Sources: E. Balas,
"Facets of the knapsack polytope", Mathematical Programming 8 (1975); H. Crowder, E. L. Johnson and
M. Padberg, "Solving large-scale zero-one linear programming problems", Operations Research 31
(1983).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduler.formulation import Formulation
from scheduler.rules.capacity import demands_of_weeks
from scheduler.rules.rows import RowGroup, few_entries, of_limits

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_BEYOND = 1e-3
"""How far beyond a row the relaxation has to lie, of the row's most."""
_MOST_KINDS, _MOST_MIXES = 6, 16_000
"""A site with more kinds of people, or a week with more mixes of them, is left alone."""
_NEARLY_NOTHING, _NEARLY_WHOLE = 1e-9, 1e-6
_MOST_SCALE = 60
_COARSE = 1_000
"""What facets are rounded to that no small whole numbers fit."""
_A_WEEK = 4
"""How many rows are added for a week of a site at a time, those that are broken most first."""


@dataclass(frozen=True)
class Point:
    """A solution of the relaxation."""

    options: Ints
    """Those used, ascending or not."""
    values: Floats
    """``values[k]``: how much of the k-th of `options`."""


class Cuts:
    """Finds rows of a formulation that a point of the relaxation breaks and no plan does."""

    def __init__(self, formulation: Formulation) -> None:
        self._formulation = formulation
        self._known: set[tuple[int, ...]] = set()
        self._facets: dict[tuple[bytes, bytes], tuple[Ints, Ints]] = {}

    @cached_property
    def _sites(self) -> list[_Site]:
        """Sites whose people use unlike amounts of what there is."""
        return _list_sites(self._formulation)

    def beyond(self, point: Point) -> list[RowGroup]:
        """New rows that the point breaks; none where it keeps all that are known."""
        return [group for site in self._sites for group in self._of_site(site, point)]

    def _of_site(self, site: _Site, point: Point) -> Iterator[RowGroup]:
        mixes = site.mixes_of(point)
        weeks, weights, mosts = [], [], []
        for week in np.flatnonzero(mixes.sum(axis=1) > 0).tolist():
            room = site.room[:, week]
            facets, most = self._facets_of(site.uses, room)
            excess = (facets @ mixes[week] - most) / np.maximum(most, 1)
            broken = np.flatnonzero(excess > _BEYOND)
            for facet in broken[np.argsort(-excess[broken], kind="stable")][:_A_WEEK].tolist():
                key = (site.site, week, *facets[facet].tolist())
                if key not in self._known:
                    self._known.add(key)
                    weeks.append(week)
                    weights.append(facets[facet])
                    mosts.append(int(most[facet]))
        if weeks:
            yield site.rows(self._formulation, weeks, weights, np.array(mosts, dtype=np.int64))

    def _facets_of(self, uses: Ints, room: Ints) -> tuple[Ints, Ints]:
        key = (uses.tobytes(), room.tobytes())
        if key not in self._facets:
            self._facets[key] = facets_of(uses, room)
        return self._facets[key]


@dataclass(frozen=True)
class _Site:
    """A site whose people use unlike amounts of what it has."""

    site: int
    options: Ints
    """All options there."""
    kind: Ints
    """``kind[k]`` of the k-th option: which row of `uses`."""
    uses: Ints
    """``uses[kind, resource]``, of the limited resources."""
    room: Ints
    """``room[resource, week]``."""
    start: Ints
    end: Ints
    open: NDArray[np.bool_]
    """``open[week]``."""

    def mixes_of(self, point: Point) -> Floats:
        """``mix[week, kind]``: how many of each kind are there."""
        at = np.searchsorted(self.options, point.options)
        here = np.append(self.options, -1)[at] == point.options
        at, values = at[here], point.values[here]
        change = np.zeros((len(self.open) + 1, len(self.uses)))
        np.add.at(change, (self.start[at], self.kind[at]), values)
        np.add.at(change, (self.end[at] + 1, self.kind[at]), -values)
        mixes: Floats = np.cumsum(change, axis=0)[:-1]
        mixes[~self.open] = 0.0
        return mixes

    def rows(
        self, formulation: Formulation, weeks: list[int], weights: list[Ints], most: Ints
    ) -> RowGroup:
        """A row for each of `weeks` that weighs the people of each kind there."""
        row, column, value = [], [], []
        for index, (week, weight) in enumerate(zip(weeks, weights, strict=True)):
            running = np.flatnonzero(
                (self.start <= week) & (week <= self.end) & (weight[self.kind] > 0)
            )
            row.append(np.full(len(running), index))
            column.append(self.options[running])
            value.append(weight[self.kind[running]])
        lower, upper = of_limits(most)
        return RowGroup(
            rule="capacity",
            lower=lower,
            upper=upper,
            demands=demands_of_weeks(formulation.instance.supply, self.site, weeks),
            by_option=few_entries(
                np.concatenate(row),
                np.concatenate(column),
                np.concatenate(value),
                (len(weeks), formulation.option_count),
            ),
        )


def _list_sites(formulation: Formulation) -> list[_Site]:
    instance = formulation.instance
    supply, courses, options = instance.supply, instance.courses, instance.options
    site_of_option = supply.site_of_offer[courses.offer[options.course]]
    order = np.argsort(site_of_option, kind="stable")
    bounds = np.searchsorted(site_of_option[order], np.arange(len(supply.sites) + 1))
    found = []
    for site in range(len(supply.sites)):
        own = order[bounds[site] : bounds[site + 1]]
        if not len(own):
            continue
        course = options.course[own]
        use = (
            supply.offer_use[:, courses.offer[course]] + supply.person_use[:, options.person[own]]
        ).T
        limited = use.any(axis=0)
        uses, kind = np.unique(use[:, limited], axis=0, return_inverse=True)
        if not 1 < len(uses) <= _MOST_KINDS:
            continue
        found.append(
            _Site(
                site=site,
                options=own.astype(np.int64),
                kind=kind.ravel().astype(np.int64),
                uses=uses,
                room=supply.room[limited, site],
                start=courses.start[course],
                end=courses.end[course],
                open=~supply.closed[site],
            )
        )
    return found


def facets_of(uses: Ints, room: Ints) -> tuple[Ints, Ints]:
    """The facets of the hull of all mixes that fit: ``weights[facet, kind]`` and the most of each.

    None where there are too many mixes to look at. Facets that single resources say already are
    among them.
    """
    from scipy.spatial import ConvexHull, QhullError  # noqa: PLC0415 - slow to load, seldom used

    kinds = len(uses)
    none = np.zeros((0, kinds), dtype=np.int64), np.zeros(0, dtype=np.int64)
    mixes = list_mixes(uses, room)
    if mixes is None:
        return none
    fits = mixes.any(axis=0)
    inside = mixes[:, fits]
    if not fits.any():
        return none
    if fits.sum() == 1:
        weights = np.ones((1, 1), dtype=np.int64)
    else:
        try:
            hull = ConvexHull(inside)
        except QhullError:
            return none
        normals, offsets = hull.equations[:, :-1], hull.equations[:, -1]
        outer = offsets < -_NEARLY_NOTHING
        weights = np.unique(
            [_whole(normal) for normal in normals[outer] / -offsets[outer, None]], axis=0
        )
    whole = np.zeros((len(weights), kinds), dtype=np.int64)
    whole[:, fits] = weights
    return whole, (inside @ weights.T).max(axis=0)


def _whole(normal: Floats) -> Ints:
    """Small whole numbers in proportion to a facet's."""
    normal = np.where(normal < _NEARLY_NOTHING, 0.0, normal)
    in_least = normal / normal[normal > 0].min()
    for scale in range(1, _MOST_SCALE + 1):
        scaled = np.rint(in_least * scale)
        if np.abs(in_least * scale - scaled).max() < _NEARLY_WHOLE * scale:
            return np.asarray(scaled, dtype=np.int64)
    return np.asarray(np.rint(normal / normal.max() * _COARSE), dtype=np.int64)


def list_mixes(uses: Ints, room: Ints) -> Ints | None:
    """``mix[k, kind]``: every mix of kinds that fits, nobody included; none where too many.

    Kinds that use nothing are left at nobody: no row has to weigh them.
    """
    mixes = np.zeros((1, 0), dtype=np.int64)
    left = room[None, :]
    for use in uses:
        limited = np.flatnonzero(use)
        counts = (left[:, limited] // use[limited]).min(axis=1, initial=np.iinfo(np.int64).max)
        if not len(limited):
            counts = np.zeros_like(counts)
        if counts.max() > _MOST_MIXES or counts.sum() > _MOST_MIXES:
            return None
        first = np.cumsum(counts + 1) - (counts + 1)
        repeated = np.repeat(np.arange(len(mixes)), counts + 1)
        number = np.arange(len(repeated)) - first[repeated]
        mixes = np.column_stack([mixes[repeated], number])
        left = left[repeated] - number[:, None] * use
    return mixes
