"""``length``: never shorter than the programme's least weeks, the person's and the offer's.

Rule: a placement has ``max(programme.least_weeks, person.weeks_needed, offer.weeks)`` active weeks;
where that is more than the offer's weeks, the offer must allow so many and have a price for them.

Why: the law's least length and the person's need come before what is easy to sell.

Checked by: `scheduler.check.length`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Supply

Ints = NDArray[np.int64]


def active_weeks(supply: Supply, *, bound: bool = True) -> Ints:
    """``weeks[person, offer]`` of a placement; only the offer's own unless `bound`."""
    own = np.array([offer.weeks for offer in supply.offers], dtype=np.int64)
    if not bound:
        return np.broadcast_to(own, (len(supply.people), len(own)))
    least = np.array(
        [supply.programmes[offer.programme_id].least_weeks for offer in supply.offers],
        dtype=np.int64,
    )
    needed = np.array([person.weeks_needed or 1 for person in supply.people], dtype=np.int64)
    return np.maximum(np.maximum(own, least)[None, :], needed[:, None])


def _allows(supply: Supply) -> Bools:
    def most(weeks: int, most_weeks: int | None, *, has_price: bool) -> int:
        return most_weeks if most_weeks is not None and has_price else weeks

    longest = np.array(
        [
            most(
                offer.weeks,
                offer.most_weeks,
                has_price=offer.extra_week_price_ore is not None or offer.price_per == "week",
            )
            for offer in supply.offers
        ],
        dtype=np.int64,
    )
    return np.asarray(active_weeks(supply) <= longest[None, :], dtype=np.bool_)


RULE = Rule("length", allows_pairs=_allows)
