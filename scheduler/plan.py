"""What is decided."""

from __future__ import annotations

from typing import NamedTuple

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


class Start(NamedTuple):
    """A placement without its person, as many people may have it."""

    offer_id: DomainId
    """Which offer."""
    start: Week
    """Start week."""
    weeks: int
    """Active weeks."""

    def of(self, person_id: DomainId) -> Placement:
        """The placement of that person."""
        return Placement(person_id=person_id, **self._asdict())


def start_of(placement: Placement) -> Start:
    """The placement without its person."""
    return Start(placement.offer_id, placement.start, placement.weeks)


class Plan(Record):
    """The placements of a plan, by person id; everyone else who seeks a place waits."""

    placements: tuple[Placement, ...] = ()
    """The placements."""
