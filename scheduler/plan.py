"""What is decided."""

from __future__ import annotations

from providers import DomainId, Record, Week, WeekCount


class Placement(Record):
    """A person starts at an offer in a week, for a number of active weeks."""

    person_id: DomainId
    """Who."""
    offer_id: DomainId
    """Which offer."""
    start: Week
    """Start week."""
    weeks: WeekCount
    """Active weeks; closed weeks come on top."""


class Plan(Record):
    """The placements of a plan, by person id; everyone else who seeks a place waits."""

    placements: tuple[Placement, ...] = ()
    """The placements."""
