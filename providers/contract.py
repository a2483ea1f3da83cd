"""What a provider is awarded."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from providers.money import Ore
from providers.record import DomainId, Name, Record
from providers.week import Week

Courses = Annotated[int, Field(ge=0, le=10**6)]
"""A number of courses."""


class Contract(Record):
    """A contract with a provider: its period, and the least and most that is called off.

    Counted are all courses of the contract's offers, enrolments included, and their whole price.
    """

    id: DomainId
    """The contract's id."""
    provider_id: DomainId
    """Whom it is with; its offers are at this provider's sites."""
    name: Name | None = None
    """A name for people to read."""
    first_week: Week
    """First week a course may start in."""
    last_week: Week
    """Last week a course may run in."""
    least_courses: Courses = 0
    """Fewest courses in the period."""
    most_courses: Courses | None = None
    """Most courses in the period; none: no limit."""
    least_ore: Ore = 0
    """Least øre called off in the period."""
    most_ore: Ore | None = None
    """Ceiling in øre of what is called off in the period; none: no limit."""
    least_applies: Literal["if-used", "always"] = "if-used"
    """Whether the least binds only a contract that is used at all, or always."""
    take_or_pay: bool = False
    """An `always` least may stay unmet, but the shortfall is paid."""
    shortfall_course_ore: Ore | None = None
    """What each course short of `least_courses` costs under take-or-pay, in øre."""
    shortfall_budget_line_id: DomainId | None = None
    """The budget line that pays a shortfall, in the year of `last_week`."""
