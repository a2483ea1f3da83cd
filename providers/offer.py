"""Courses on offer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from providers.money import Ore
from providers.record import DomainId, Name, Record, WeekCount
from providers.week import Week


class Offer(Record):
    """A course that a site delivers under a programme."""

    id: DomainId
    """The offer's id."""
    name: Name | None = None
    """A name for people to read; none: the site's name is shown."""
    site_id: DomainId
    """Where it happens."""
    programme_id: DomainId
    """The programme whose rules and money it uses."""
    contract_id: DomainId | None = None
    """The contract it is bought under, if any."""
    price_ore: Ore
    """The price in øre, per course or per week as `price_per` says."""
    price_per: Literal["course", "week"] = "course"
    """What the price is for."""
    weeks: WeekCount = 16
    """Active weeks that the course lasts and that a price per course covers."""
    most_weeks: WeekCount | None = None
    """Most active weeks the course can be given; none: `weeks`."""
    extra_week_price_ore: Ore | None = None
    """Price in øre of each active week after `weeks`; without it a course with a price per
    course cannot be longer than `weeks`; one with a price per week costs that price."""
    first_start: Week | None = None
    """First week a course may start; none: no limit of the offer's own."""
    last_start: Week | None = None
    """Last week a course may start; none: no limit of the offer's own."""
    start_every_weeks: Annotated[int, Field(ge=1, le=104)] | None = None
    """Courses start every so many weeks counted from `first_start`, which must then be given."""
    start_weeks: tuple[Week, ...] = ()
    """The only weeks in which courses start; empty: any week (or as `start_every_weeks` says)."""
    fewest_participants: Annotated[int, Field(ge=1, le=1000)] = 1
    """A group that starts together goes ahead with at least so many; 1: rolling intake."""
