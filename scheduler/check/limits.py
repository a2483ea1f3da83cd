"""Limits on what is counted: what exceeds them, and what the enrolments exceed already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from scheduler.check.ledger import Ledger
from scheduler.check.rule import Counts, Key
from scheduler.violation import RuleName

Limit = Callable[[Key], int | None]
"""The most that may be counted for a key; none: no limit."""


class Excess(NamedTuple):
    """Something counted beyond its limit."""

    key: Key
    limit: int
    """Of what is inherited: the limit itself. Else what the plan may use: the limit, or what the
    enrolments use where that is more."""
    value: int
    inherited: bool


def newly_exceeded(
    ledger: Ledger, rule: RuleName, counts: Counts, limit_of: Limit
) -> Iterator[Excess]:
    """What exceeds its limit, or does so by more, once `counts` come on top."""
    committed, planned = ledger.committed[rule], ledger.planned[rule]
    for key, amount in counts:
        limit = limit_of(key)
        if limit is None or amount <= 0:
            continue
        held = committed.get(key, 0)
        value = held + planned.get(key, 0) + amount
        if value > limit:
            yield Excess(key, max(limit, held), value, inherited=False)


def exceeded(
    ledger: Ledger, rule: RuleName, keys: Iterable[Key], limit_of: Limit
) -> Iterator[Excess]:
    """What exceeds its limit, and what the enrolments alone exceed already."""
    for key in keys:
        limit = limit_of(key)
        if limit is None:
            continue
        held, value = ledger.committed[rule].get(key, 0), ledger.together(rule, key)
        if value > max(limit, held):
            yield Excess(key, max(limit, held), value, inherited=False)
        elif held > limit:
            yield Excess(key, limit, held, inherited=True)
