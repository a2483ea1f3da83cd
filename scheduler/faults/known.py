"""What is known of a problem some of whose records could not be read."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scheduler.cpr import mask
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_MOST_SUGGESTED_FROM = 2_000
_MOST_SUGGESTIONS = 100


@dataclass(slots=True)
class Known:
    """The ids of each table, those of unreadable records among them."""

    problem: Problem
    also: Mapping[str, Collection[str]]
    suggestions: int = 0
    suggested: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def ids(self, table: str) -> frozenset[str]:
        """The ids of the records of a table that could be read."""
        return frozenset(record.id for record in getattr(self.problem, table))

    def is_unread(self, table: str, name: str) -> bool:
        """Whether a record of that id is there but could not be read."""
        return name in self.also.get(table, ())

    def all_read(self, table: str) -> bool:
        """Whether each row of the table could be read."""
        return not self.also.get(table)

    def nearest(self, kind: str, value: str, among: Collection[str]) -> str | None:
        """What was probably meant; looked for a hundred times at most."""
        if (kind, value) not in self.suggested:
            self.suggestions += 1
            too_many = self.suggestions > _MOST_SUGGESTIONS or len(among) > _MOST_SUGGESTED_FROM
            self.suggested[kind, value] = None if too_many else did_you_mean(value, among)
        return self.suggested[kind, value]


def did_you_mean(value: str, among: Iterable[str]) -> str | None:
    """The one of `among` that is written most like `value`, if any is nearly so."""
    by_plain = {option.casefold(): option for option in sorted(among)}
    found = difflib.get_close_matches(value.casefold(), by_plain, n=1, cutoff=0.7)
    return mask(by_plain[found[0]]) if found else None


def or_nearest(expected: Message, nearest: str | None) -> Message:
    """What was expected, and what was probably meant, if anything."""
    if nearest is None:
        return expected
    return Message("{expected}; did you mean “{nearest}”?", expected=expected, nearest=nearest)
