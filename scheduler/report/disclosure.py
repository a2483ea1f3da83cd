"""Disclosure control: what a table of people may show to others.

A count of 1 to 4 people is never shown, and cannot be worked out from the totals: rows with small
counts are shown together, with as many more rows as it takes for every count of theirs to be 0 or
at least `SMALLEST_SHOWN`. All rows still add up to the totals, so nothing else gives them away,
and a row of several groups tells only what they sum to. Zero is shown: it counts nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
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


def coarseness(amounts: Iterable[Hashable], spread: int) -> int:
    """To what a sum of amounts is rounded, so that it does not tell how few had one of them.

    Whoever knows the amounts could else work out how often each is in the sum. Where each is there
    often enough the sum is told as it is (1); else `SMALLEST_SHOWN` people more or fewer with
    another amount give the same rounded sum.

    Parameters
    ----------
    amounts
        One for each person.
    spread
        From the smallest amount that somebody could have to the largest.
    """
    if not any(is_small(count) for count in Counter(amounts).values()):
        return 1
    return _round_number(SMALLEST_SHOWN * spread)


def _round_number(least: int) -> int:
    """The smallest of 1, 2, 5, 10, 20 … that is not below."""
    power = int(10 ** (len(str(max(1, least - 1))) - 1))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= least)


def round_to(value: int, step: int) -> int:
    """The nearest multiple of the step; halves up."""
    return (value + step // 2) // step * step


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


def protect(
    rows: Sequence[Counts[Group]], sizes: Sequence[Counts[Group]] | None = None
) -> tuple[Counts[Group], ...]:
    """The rows as `merge_small` gives them, small groups of people joined in every plan alike.

    Groups of few people are joined before the plan is looked at, so that plans for the same
    people never show how many such a group has, whatever each of them joins it with.

    Parameters
    ----------
    rows
        Counts in the plan.
    sizes
        For the same groups, how many people there are, in each part of the people that plans for
        some of them could be told apart by; none: in all.
    """
    if sizes is None:
        sizes = [Counts(row.groups, (row.total,)) for row in rows]
    return merge_small(regroup(rows, [row.groups for row in merge_small(sizes)]))


def regroup(
    rows: Sequence[Counts[Group]], blocks: Iterable[tuple[Group, ...]]
) -> tuple[Counts[Group], ...]:
    """Each block's counts; every row lies whole in one block."""
    place = {group: number for number, row in enumerate(rows) for group in row.groups}
    return tuple(
        together(rows[number] for number in dict.fromkeys(place[group] for group in block))
        for block in blocks
    )


def common_blocks(
    tables: Iterable[Sequence[tuple[Group, ...]]],
) -> tuple[tuple[Group, ...], ...]:
    """The finest blocks that the rows of every table can be added up to, in order of appearance.

    What is shown in these blocks can be worked out from each table alone: to see tables side by
    side tells no more than to see each by itself.
    """
    root: dict[Group, Group] = {}

    def find(group: Group) -> Group:
        while root.setdefault(group, group) != group:
            group = root[group]
        return group

    for table in tables:
        for groups in table:
            for group in groups:
                root[find(group)] = find(groups[0])
    blocks: dict[Group, list[Group]] = {}
    for group in root:
        blocks.setdefault(find(group), []).append(group)
    return tuple(tuple(block) for block in blocks.values())


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
