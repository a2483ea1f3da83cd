"""Places where courses happen, and what they hold week by week."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from providers.record import Amount, Code, DomainId, Name, Record
from providers.week import Week


class Site(Record):
    """A company, café or workshop where courses happen."""

    id: DomainId
    """The site's id."""
    name: Name
    """Its name."""
    provider_id: DomainId
    """The provider that runs it."""
    area: Code | None = None
    """The area it lies in, for travel; none: travel to it is unknown."""
    places: Amount
    """Places (resource ``places``) in every week that no `Capacity` row covers."""
    target_groups: tuple[Code, ...] = ()
    """Target groups it takes; a person needs at least one of them. Empty: all."""
    task_types: tuple[Code, ...] = ()
    """Kinds of tasks it has."""
    equipment: tuple[Code, ...] = ()
    """Needs it meets, such as ``step-free``; a person's needs must all be among them."""
    most_starts_a_week: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Most people who can start in a week, enrolments included; none: no limit."""
    opens: Week | None = None
    """First week in which a course can run; none: always open before."""
    closes: Week | None = None
    """Last week in which a course can run; none: always open after."""


class Capacity(Record):
    """The amount of one resource at one site in a range of weeks.

    It replaces `Site.places` (for the resource ``places``) in those weeks. Ranges of one site and
    resource never overlap. A resource has the amount 0 in weeks that no row covers.
    """

    site_id: DomainId
    """The site."""
    resource: Code
    """The resource, such as ``places`` or ``support_minutes``."""
    first_week: Week | None = None
    """First week of the range; none: from the beginning."""
    last_week: Week | None = None
    """Last week of the range; none: for ever."""
    amount: Amount
    """How much of it there is in each week: a count, or minutes."""


class Closure(Record):
    """Weeks in which a site is closed: courses pause there and end later."""

    site_id: DomainId | None = None
    """The site; none: every site."""
    first_week: Week
    """First closed week."""
    last_week: Week
    """Last closed week."""
    reason: Name | None = None
    """Why, such as ``summer``."""
