"""Rows that every plan keeps and the linear relaxation does not: cuts.

Where the relaxation lies beyond a facet of the mixes that fit into a week of a site, its row is
added. The most of each row is the most over all mixes, in whole numbers: a row is valid whatever
the floating point did to its weights. Source: H. Crowder, E. L. Johnson and M. Padberg, "Solving
large-scale zero-one linear programming problems", Operations Research 31 (1983).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.mixes import MixedSite, Point, facets_of, list_mixed_sites
from scheduler.formulation import Formulation
from scheduler.rules.rows import RowGroup

Ints = NDArray[np.int64]
_BEYOND = 1e-3
"""How far beyond a row the relaxation has to lie, of the row's most."""
_A_WEEK = 4
"""How many rows are added for a week of a site at a time, those that are broken most first."""


class Cuts:
    """Finds rows of a formulation that a point of the relaxation breaks and no plan does."""

    def __init__(self, formulation: Formulation) -> None:
        self._formulation = formulation
        self._known: set[tuple[int, ...]] = set()
        self._facets: dict[tuple[bytes, bytes], tuple[Ints, Ints]] = {}

    @cached_property
    def sites(self) -> list[MixedSite]:
        """Sites whose people use unlike amounts of what there is."""
        return list_mixed_sites(self._formulation)

    def beyond(self, point: Point) -> list[RowGroup]:
        """New rows that the point breaks; none where it keeps all that are known."""
        return [group for site in self.sites for group in self._of_site(site, point)]

    def _of_site(self, site: MixedSite, point: Point) -> Iterator[RowGroup]:
        mixes = site.mixes_of(point)
        weeks, weights, mosts = [], [], []
        for week in np.flatnonzero(mixes.sum(axis=1) > 0).tolist():
            facets, most = self.facets(site, week)
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

    def facets(self, site: MixedSite, week: int) -> tuple[Ints, Ints]:
        """Those of the mixes that fit into a week: ``weights[facet, kind]``, and the most."""
        room = site.room[:, week]
        key = (site.uses.tobytes(), room.tobytes())
        if key not in self._facets:
            self._facets[key] = facets_of(site.uses, room)
        return self._facets[key]
