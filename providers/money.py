"""Money: whole øre, and how a price is split over weeks."""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import Field

Ore = Annotated[int, Field(ge=0, le=10**12)]
"""Money in øre (1 kr = 100 øre), never negative, at most 10 billion kr."""

SignedOre = Annotated[int, Field(ge=-(10**12), le=10**12)]
"""Money in øre that may be taken away."""


def split_evenly(total_ore: int, parts: int) -> tuple[int, ...]:
    """`total_ore` in `parts` shares that differ by at most 1 øre and sum to it exactly.

    Share k is ``total * (k + 1) // parts - total * k // parts``: cumulative rounding down.
    """
    cuts = [total_ore * k // parts for k in range(parts + 1)]
    return tuple(later - earlier for earlier, later in itertools.pairwise(cuts))
