"""Disclosure control: what a table of people may show to others.

A count of 1 to 4 people is never shown, and cannot be worked out from the totals: rows with small
counts are shown together, with as many more rows as it takes for every count of theirs to be 0 or
at least `SMALLEST_SHOWN`. All rows still add up to the totals, so nothing else gives them away,
and a row of several groups tells only what they sum to. Zero is shown: it counts nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

SMALLEST_SHOWN = 5
"""The smallest count of people that is shown to others."""

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Counts(Generic[Group]):
    """Counts of people in one group, or in several that are shown together."""

    groups: tuple[Group, ...]
    """The groups."""
    counts: tuple[int, ...]
    """One count per column."""

    @property
    def total(self) -> int:
        """Everybody in the row."""
        return sum(self.counts)


def is_small(count: int) -> bool:
    """Whether a count would tell of so few people that they might be known."""
    return 0 < count < SMALLEST_SHOWN


def together(rows: Iterable[Counts[Group]]) -> Counts[Group]:
    """The rows as one; at least one row."""
    rows = tuple(rows)
    return Counts(
        groups=tuple(group for row in rows for group in row.groups),
        counts=tuple(sum(column) for column in zip(*(row.counts for row in rows), strict=True)),
    )


def merge_small(rows: Sequence[Counts[Group]]) -> tuple[Counts[Group], ...]:
    """The rows in their order, those with small counts shown together as the last row.

    If the rows together still have a small count, one row of all of them is left: the totals.
    """
    merged = [row for row in rows if _has_small(row)]
    if not merged:
        return tuple(rows)
    others = sorted((row for row in rows if not _has_small(row)), key=lambda row: row.total)
    while others and _has_small(together(merged)):
        merged.append(others.pop(0))
    shown = tuple(row for row in rows if row not in merged)
    return (*shown, together(row for row in rows if row in merged))


def merge_neighbours(rows: Sequence[Counts[Group]]) -> tuple[Counts[Group], ...]:
    """The rows in their order, each joined with those that follow until no count is small.

    For rows in an order of their own, such as priorities or weeks of waiting. If the rows
    together still have a small count, one row of all of them is left: the totals.
    """
    shown: list[Counts[Group]] = []
    for row in rows:
        if shown and _has_small(shown[-1]):
            shown[-1] = together((shown[-1], row))
        else:
            shown.append(row)
    while len(shown) > 1 and _has_small(shown[-1]):
        last = shown.pop()
        shown[-1] = together((shown[-1], last))
    return tuple(shown)


def _has_small(row: Counts[Group]) -> bool:
    return any(is_small(count) for count in row.counts)
