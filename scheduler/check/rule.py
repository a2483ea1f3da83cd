"""What a rule is to the checker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.outcome import DecidedPlacement
from scheduler.violation import RuleName, Violation

if TYPE_CHECKING:
    from scheduler.check.ledger import Ledger

Key = Any
"""What a rule counts by, such as ``(site_id, resource, week ordinal)``; hashable, ordered."""
Counts = Iterable[tuple[Key, int]]
"""What one course adds to a rule's tally; a key at most once."""


def nothing(*_: object) -> tuple[()]:
    """What a rule says that has nothing to say."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: what it counts, and how a placement or a plan breaks it.

    Each function may be left out where the rule has nothing to say.
    """

    name: RuleName
    counts: Callable[[Facts, Course], Counts] = nothing
    """What a course, of an enrolment or a placement, adds to the rule's tally."""
    by_itself: Callable[[Facts, Course], Iterable[Violation]] = nothing
    """What a placement breaks whatever else is planned."""
    alone: Callable[[Ledger, Course], Iterable[Violation]] = nothing
    """What it breaks beside a ledger of nothing but enrolments, and so in every plan."""
    adding: Callable[[Ledger, Course], Iterable[Violation]] = nothing
    """What adding it to the ledger would break or make worse; names the newcomer only."""
    whole: Callable[[Ledger], Iterable[Violation]] = nothing
    """What the ledger breaks as a whole, inherited violations included."""
    stated: Callable[[Facts, DecidedPlacement], Iterable[Violation]] = nothing
    """What a placement breaks by what its plan file states about it."""
