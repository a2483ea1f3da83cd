"""The demand side: young people, what is known about them, and courses they already have."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from providers import Amount, Code, DomainId, Name, Ore, Record, Week, WeekCount

Minutes = Annotated[int, Field(ge=0, le=1440)]
"""Minutes of one day, 0–1440."""

EnrolmentStatus = Literal["offered", "accepted", "started", "ended", "dropped-out", "no-show"]


class Person(Record):
    """A young person, known only by a pseudonymous id."""

    id: DomainId
    """The pseudonymous id."""
    seeks_place: bool = True
    """Whether the person waits for a new course; false: only here for an enrolment."""
    target_groups: tuple[Code, ...]
    """Target groups the person belongs to; at least one."""
    status: Code
    """The status in the benefit system, such as ``activity-ready``."""
    age: Annotated[int, Field(ge=15, le=100)] | None = None
    """Age in whole years in the as-of week, if known."""
    last_eligible_week: Week | None = None
    """The last week in which a course may start, such as the week before turning 30."""
    referral: Week
    """The week of referral."""
    earliest_start: Week | None = None
    """First week the person can start; none: from the referral."""
    latest_start: Week | None = None
    """Last week the person can start; none: no limit."""
    weeks_needed: WeekCount | None = None
    """Fewest active weeks the person needs; none: the programme's least."""
    priority: Annotated[int, Field(ge=1, le=3)] = 2
    """1 is most urgent, 3 least."""
    priority_basis: Code | None = None
    """The code of why the person has that priority."""
    needs: tuple[Code, ...] = ()
    """What a site must have, such as ``step-free``."""
    wishes: tuple[Code, ...] = ()
    """Task types the person wishes for."""
    known_sites: tuple[DomainId, ...] = ()
    """Sites whose staff know the person."""
    excluded_sites: tuple[DomainId, ...] = ()
    """Sites ruled out."""
    excluded_providers: tuple[DomainId, ...] = ()
    """Providers ruled out."""
    area: Code | None = None
    """The area the person lives in."""
    most_travel_minutes: Minutes | None = None
    """Most minutes of travel one way; none: no limit."""


class Rating(Record):
    """A caseworker's dated rating of how well a site suits a person."""

    person_id: DomainId
    """The person."""
    site_id: DomainId
    """The site."""
    points: Annotated[int, Field(ge=0, le=100)]
    """0 (does not suit) to 100 (suits perfectly)."""
    date: Week
    """The week it was given in; the latest not after the as-of week counts."""


class Travel(Record):
    """Minutes of travel one way from an area to another; not taken to hold the other way."""

    from_area: Code
    """Where a person lives."""
    to_area: Code
    """Where a site lies."""
    minutes: Minutes
    """Minutes one way."""


class Use(Record):
    """What a participant uses of a resource in each active week.

    A row for an offer says what each of its participants uses; a row for a person what this
    person uses on top, wherever the course is. Each participant uses one of ``places`` unless
    the offer has a row for ``places``. Exactly one of offer and person is given.
    """

    offer_id: DomainId | None = None
    """The offer."""
    person_id: DomainId | None = None
    """The person."""
    resource: Code
    """The resource."""
    amount: Amount
    """How much each week: a count, or minutes."""


class Enrolment(Record):
    """A course already offered, accepted, running or ended: a fact, not a decision."""

    id: DomainId
    """The enrolment's id."""
    person_id: DomainId
    """Who."""
    offer_id: DomainId
    """Which offer."""
    start: Week
    """Start week."""
    weeks: WeekCount
    """Active weeks agreed."""
    status: EnrolmentStatus
    """How far it is; a ``no-show`` holds neither resources nor money."""
    last_week: Week | None = None
    """The last week of one who dropped out: resources and weekly pay stop after it."""
    price_ore: Ore | None = None
    """The agreed price of the whole course in øre; none: as the offer says."""


class Pin(Record):
    """A planner's word on a placement.

    ``fixed``: the person gets a placement at the offer, in week `start` if given. ``forbidden``:
    the person gets none that fits the fields given (only the person given: none at all).
    """

    kind: Literal["fixed", "forbidden"]
    """What is said."""
    person_id: DomainId
    """Who."""
    offer_id: DomainId | None = None
    """Which offer; needed when fixed."""
    start: Week | None = None
    """Which start week; none: any."""
    reason: Name | None = None
    """Why."""
