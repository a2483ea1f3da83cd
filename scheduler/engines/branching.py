"""Branching on what is used at all: contracts with a least volume, groups that start together.

The relaxation uses a tenth of a contract and starts a quarter of a group, so its bound may lie far
above every plan. In each branch some switches are fixed, and columns are priced again; the branch
with the largest bound is divided first, at the switch nearest to a half. Once that branch has no
switch between 0 and 1, no further division lowers the bound of all. Source: A. H. Land and A. G.
Doig, "An automatic method of solving discrete programming problems", Econometrica 28 (1960).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.lagrangian import Bound
from scheduler.engines.master import SimplexRelaxation

Floats = NDArray[np.float64]
_WHOLE = 1e-6
"""What is nearer to a whole number counts as one."""
_MOST_BRANCHES, _FRUITLESS = 1_000, 60
"""How many branches are looked at, and how many without a lower bound of all."""


@dataclass(frozen=True, slots=True, order=True)
class Branch:
    """Plans with some switches fixed; the one with the largest bound comes first."""

    key: tuple[int, int]
    """The negative bound, then the order in which branches were made."""
    bound: Bound = field(compare=False)
    fixed: Mapping[int, int] = field(compare=False)
    switches: Floats = field(compare=False)
    """``switches[switch]`` in the branch's relaxation."""

    def undecided(self) -> int | None:
        """The switch nearest to a half; none where all are whole."""
        parted = parted_switches(self.switches)
        return int(parted[np.argmin(np.abs(self.switches[parted] - 0.5))]) if len(parted) else None


def parted_switches(switches: Floats) -> NDArray[np.intp]:
    """The switches that are neither 0 nor 1."""
    return np.flatnonzero(np.abs(switches - np.rint(switches)) > _WHOLE)


def branch(
    relaxation: SimplexRelaxation,
    enough: int,
    tell: Callable[[int], None],
    out_of_time: Callable[[], bool],
) -> tuple[Bound, Branch]:
    """What holds for every plan worth more than `enough`, and the branch where the best may be.

    Parameters
    ----------
    relaxation
        Solved; its bound is that of the first branch.
    enough
        A value that some plan has: branches that hold nothing better are left out.
    tell
        Hears of lower bounds.
    """
    assert relaxation.bound is not None
    first = Branch((-relaxation.bound.value, 0), relaxation.bound, {}, relaxation.switches)
    branches, made, fruitless, told = [first], 1, 0, first.bound.value
    while branches and made < _MOST_BRANCHES and fruitless < _FRUITLESS and not out_of_time():
        switch = branches[0].undecided()
        if switch is None:
            break
        parent = heapq.heappop(branches)
        for value in (1, 0):
            fixed = {**parent.fixed, switch: value}
            bound = relaxation.run_under(fixed, enough, out_of_time)
            if bound.value > parent.bound.value:
                bound = parent.bound
            made, fruitless = made + 1, fruitless + 1
            if bound.value > enough:
                key = (-bound.value, made)
                heapq.heappush(branches, Branch(key, bound, fixed, relaxation.switches))
        largest = branches[0].bound.value if branches else enough
        if largest < told:
            told, fruitless = largest, 0
            tell(told)
    together = bound_of_all([one.bound for one in branches], first.bound, enough)
    return together, branches[0] if branches else first


def bound_of_all(bounds: Sequence[Bound], first: Bound, enough: int) -> Bound:
    """The bound of all branches together: an option loses what it loses in every one of them.

    Parameters
    ----------
    bounds
        Of the branches that may hold a plan worth more than `enough`.
    first
        The bound before any branch was made.
    """
    if not bounds:
        return Bound(value=enough, loss=np.zeros_like(first.loss))
    value = max(bound.value for bound in bounds)
    loss = bounds[0].loss + (value - bounds[0].value)
    for bound in bounds[1:]:
        loss = np.minimum(loss, bound.loss + (value - bound.value))
    return Bound(value=value, loss=loss)
