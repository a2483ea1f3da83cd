"""``cohort``: a group intake has its fewest participants or none.

Rule: for an offer with ``fewest_participants`` f > 1, e enrolments in a start week and a switch g
that says whether the plan starts anybody there: ``(f - e)·g <= starts <= everybody·g``.

Why: a group that starts together needs company, and staff cannot be sent for one.

Checked by: `scheduler.check.cohort`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.rules.rows import Demand, RowGroup, entries, switched_rows
from scheduler.rules.rule import Rule

if TYPE_CHECKING:
    from scheduler.instance import Instance


def _rows(instance: Instance) -> Iterable[RowGroup]:
    supply, courses = instance.supply, instance.courses
    for index, offer in enumerate(supply.offers):
        if offer.fewest_participants == 1:
            continue
        own = np.flatnonzero(courses.offer == index)
        starts = np.unique(courses.start[own])
        missing = np.array(
            [
                offer.fewest_participants - supply.enrolled_starts.get((index, int(start)), 0)
                for start in starts
            ],
            dtype=np.int64,
        )
        row_of_start = {int(start): row for row, start in enumerate(starts)}
        rows = np.array([row_of_start[int(s)] for s in courses.start[own]], dtype=np.int64)
        counted = entries(rows, own, np.ones(len(own), np.int64), (len(starts), courses.count))
        most = _people_by_row(instance, counted, _options_of(instance, index))
        kept = (missing > 1) & (most > 0)
        if not kept.any():
            continue
        yield switched_rows(
            rule="cohort",
            counted=counted[kept],
            least=missing[kept],
            most=most[kept],
            demands=tuple(
                Demand(
                    rule="cohort",
                    unit="courses",
                    offer_id=offer.id,
                    site_id=offer.site_id,
                    week=supply.week(int(start)).ordinal,
                    side="least",
                )
                for start in starts[kept]
            ),
        )


def _options_of(instance: Instance, offer: int) -> NDArray[np.intp]:
    return np.flatnonzero((instance.courses.offer == offer)[instance.options.course])


def _people_by_row(
    instance: Instance, counted: sparse.csc_array, options: NDArray[np.intp]
) -> NDArray[np.int64]:
    """``people[row]``: how many could start there at most, by the offer's options."""
    by_option = sparse.csc_array(counted[:, instance.options.course[options]])
    rows, own = by_option.nonzero()
    pairs = np.unique(np.stack([rows, instance.options.person[options[own]]]), axis=1)
    return np.bincount(pairs[0], minlength=by_option.shape[0]).astype(np.int64)


RULE = Rule("cohort", rows=_rows)
