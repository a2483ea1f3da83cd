"""Ranges that end before they begin, or overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from providers import Week
from scheduler.faults.check import Check, rows_of
from scheduler.faults.fault import Fault, as_shown
from scheduler.faults.known import Known
from scheduler.language import Kr, Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_RANGES: tuple[tuple[str, str, str], ...] = (
    ("programmes", "first_start", "last_start"),
    ("programmes", "least_age", "most_age"),
    ("people", "earliest_start", "latest_start"),
    ("sites", "opens", "closes"),
    ("offers", "first_start", "last_start"),
    ("contracts", "first_week", "last_week"),
    ("contracts", "least_courses", "most_courses"),
    ("contracts", "least_ore", "most_ore"),
    ("capacity", "first_week", "last_week"),
    ("closures", "first_week", "last_week"),
    ("codes", "valid_from", "valid_to"),
)
"""Table, and the fields that hold the lower and the upper end."""


def _ranges(problem: Problem, _: Known) -> Iterator[Fault]:
    for table, low, high in _RANGES:
        for row, record in rows_of(problem, table):
            first, last = getattr(record, low), getattr(record, high)
            if first is not None and last is not None and last < first:
                yield Fault(table, row, high, as_shown(last, high), not_below(first, low))


def not_below(first: object, name: str) -> Message:
    """That the upper end of a range, of which `first` is the lower, was expected above it."""
    if isinstance(first, Week):
        return Message("a week not before {week}", week=first)
    shown = Kr(int(str(first))) if name.endswith("_ore") else first
    return Message("not less than the least, {least}", least=shown)


def _overlaps(problem: Problem, _: Known) -> Iterator[Fault]:
    capacity = [
        ((entry.site_id, entry.resource), entry.first_week, entry.last_week)
        for entry in problem.capacity
    ]
    for row, other in _overlapping(capacity):
        expected = Message(
            "a range that does not overlap {other} of the same site and resource", other=other
        )
        yield Fault("capacity", row, "first_week", _range(*capacity[row][1:]), expected)
    codes = [
        ((entry.kind, entry.code), entry.valid_from, entry.valid_to) for entry in problem.codes
    ]
    for row, other in _overlapping(codes):
        expected = Message(
            "a code that is given once for each week, not also in {other}", other=other
        )
        yield Fault("codes", row, "code", problem.codes[row].code, expected)


def _overlapping(
    ranges: Sequence[tuple[object, Week | None, Week | None]],
) -> Iterator[tuple[int, str]]:
    """The rows whose range overlaps an earlier one of the same key, with that range."""
    by_key: dict[object, list[tuple[int, int, int]]] = defaultdict(list)
    for row, (key, first, last) in enumerate(ranges):
        low = first.ordinal if first else 0
        high = last.ordinal if last else 10**6
        if low <= high:
            by_key[key].append((low, high, row))
    for group in by_key.values():
        furthest = (-1, -1)
        for low, high, row in sorted(group):
            if low <= furthest[0]:
                yield row, _range(*ranges[furthest[1]][1:])
            furthest = max(furthest, (high, row))


def _range(first: Week | None, last: Week | None) -> str:
    return f"{first or '…'}–{last or '…'}"


CHECKS: tuple[Check, ...] = (_ranges, _overlaps)
