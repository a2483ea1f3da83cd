"""Axes: round numbers to mark."""

from __future__ import annotations


def ticks(most: int, marks: int = 5) -> tuple[int, ...]:
    """Round numbers from 0, evenly spaced, the last not below `most`; at most `marks` + 1."""
    step = 1
    while step * marks < most:
        step = _next_round(step)
    last = -(-max(most, 1) // step)
    return tuple(step * index for index in range(last + 1))


def _next_round(step: int) -> int:
    """The next of 1, 2, 5, 10, 20, 50 and so on."""
    return step * 5 // 2 if str(step).startswith("2") else step * 2
