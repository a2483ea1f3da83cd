"""Who fits into a week of a site together: mixes of the kinds of people there.

A week of a site has room for some mixes of people and not for others. What each kind of person uses
of places and support hours is known, so all mixes that fit can be listed, and the facets of their
hull computed. Source: E. Balas, "Facets of the knapsack polytope", Mathematical Programming 8
(1975).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.formulation import Formulation
from scheduler.rules.capacity import demands_of_weeks
from scheduler.rules.rows import UNLIMITED, RowGroup, few_entries, of_limits

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_MOST_KINDS, _MOST_MIXES = 6, 16_000
"""A site with more kinds of people, or a week with more mixes of them, is left alone."""
_NEARLY_NOTHING, _NEARLY_WHOLE = 1e-9, 1e-6
_MOST_SCALE = 60
_COARSE = 1_000
"""What facets are rounded to that no small whole numbers fit."""


@dataclass(frozen=True)
class Point:
    """A solution of the relaxation."""

    options: Ints
    """Those used, ascending or not."""
    values: Floats
    """``values[k]``: how much of the k-th of `options`."""


@dataclass(frozen=True)
class MixedSite:
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
    spoken: NDArray[np.bool_]
    """``spoken[week]``: whether rows speak of it; what they leave out follows from them."""

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

    @property
    def shared(self) -> tuple[Ints, Ints]:
        """The open weeks that rows speak of, each with every kind that uses anything."""
        weeks = np.flatnonzero(self.open & self.spoken)
        kinds = np.flatnonzero(self.uses.any(axis=1))
        return np.repeat(weeks, len(kinds)), np.tile(kinds, len(weeks))

    def most_of(self, weeks: Ints, kinds: Ints) -> Ints:
        """How many of a kind fit into a week by themselves."""
        uses = self.uses[kinds].T
        limits = np.where(uses > 0, self.room[:, weeks] // np.maximum(uses, 1), UNLIMITED)
        return np.asarray(limits.min(axis=0), dtype=np.int64)

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


def list_mixed_sites(formulation: Formulation) -> list[MixedSite]:
    """Sites whose people use unlike amounts of what there is, of few kinds."""
    instance = formulation.instance
    supply, courses, options = instance.supply, instance.courses, instance.options
    site_of_option = supply.site_of_offer[courses.offer[options.course]]
    order = np.argsort(site_of_option, kind="stable")
    bounds = np.searchsorted(site_of_option[order], np.arange(len(supply.sites) + 1))
    spoken = _weeks_of_rows(formulation)
    found = []
    for site in range(len(supply.sites)):
        own = order[bounds[site] : bounds[site + 1]]
        if not (spoken[site] & ~supply.closed[site]).any():
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
            MixedSite(
                site=site,
                options=own.astype(np.int64),
                kind=kind.ravel().astype(np.int64),
                uses=uses,
                room=supply.room[limited, site],
                start=courses.start[course],
                end=courses.end[course],
                open=~supply.closed[site],
                spoken=spoken[site],
            )
        )
    return found


def _weeks_of_rows(formulation: Formulation) -> NDArray[np.bool_]:
    """``spoken[site, week]``: whether a row says what there is room for."""
    supply = formulation.instance.supply
    site_of = {site.id: index for index, site in enumerate(supply.sites)}
    spoken = np.zeros_like(supply.closed)
    for group in formulation.groups:
        if group.rule == "capacity":
            for demand in group.demands:
                assert demand.site_id is not None
                assert demand.week is not None
                spoken[site_of[demand.site_id], demand.week - supply.origin] = True
    return spoken


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
