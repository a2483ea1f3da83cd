"""Random numbers that are the same on any machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class Draws:
    """A stream of draws that depends on nothing but its seed and its number.

    Every draw is made from the raw doubles of PCG64 by exact arithmetic: numpy promises that
    stream for good, but not what its distributions make of it.
    """

    def __init__(self, seed: int, stream: int) -> None:
        self._source = np.random.Generator(np.random.PCG64([seed, stream]))

    def below(self, limit: int | Integers, count: int) -> Integers:
        """`count` whole numbers from 0 to below `limit`, each as likely as another."""
        return np.floor(self._source.random(count) * limit).astype(np.int64)

    def between(self, least: int, most: int, count: int) -> Integers:
        """`count` whole numbers from `least` to `most`, each as likely as another."""
        return least + self.below(most - least + 1, count)

    def happens(self, percent: int, count: int) -> Booleans:
        """`count` events that each happen with that chance."""
        return self.below(100, count) < percent

    def chosen(self, weights: Sequence[int] | Integers, count: int) -> Integers:
        """`count` positions in `weights`, each as likely as its weight says."""
        steps = np.cumsum(np.asarray(weights, dtype=np.int64))
        return np.searchsorted(steps, self.below(int(steps[-1]), count), side="right")

    def dealt(self, weights: Sequence[int] | Integers, count: int) -> Integers:
        """`count` positions in `weights`, in exactly the shares that the weights say, shuffled."""
        steps = np.cumsum(np.asarray(weights, dtype=np.int64))
        marks = np.arange(count, dtype=np.int64) * int(steps[-1]) // max(1, count)
        return np.searchsorted(steps, marks, side="right")[self.order(count)]

    def spread(self, limit: int, count: int) -> Integers:
        """`count` whole numbers evenly over 0 to below `limit`, shuffled."""
        return (np.arange(count, dtype=np.int64) * limit // max(1, count))[self.order(count)]

    def order(self, count: int) -> Integers:
        """The positions 0 to below `count`, shuffled."""
        return np.argsort(self._source.random(count), kind="stable")

    def subsets(self, sizes: Integers, weights: Sequence[int] | Integers) -> Booleans:
        """Sets of different positions: ``subsets[row, position]``, `sizes` by row.

        Positions are drawn one by one by weight; a repeated draw is lost, so that a set may be
        smaller than asked, but never empty where its size is not 0.
        """
        found = np.zeros((len(sizes), len(weights)), dtype=np.bool_)
        for turn in range(int(sizes.max(initial=0))):
            rows = np.arange(len(sizes))
            drawn = self.chosen(weights, len(sizes))
            found[rows, drawn] |= sizes > turn
        return found
