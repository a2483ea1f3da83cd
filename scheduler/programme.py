"""Programmes and the money behind them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from providers import Code, DomainId, Name, Ore, Record, SignedOre, Week, WeekCount

Year = Annotated[int, Field(ge=2000, le=2099)]
"""An ISO year, which is the fiscal year."""


class Volume(Record):
    """Most courses of a programme that start in a year, enrolments included."""

    year: Year
    """The year of start."""
    most: Annotated[int, Field(ge=0, le=10**6)]
    """Most courses."""


class Programme(Record):
    """A track with its own rules and money, such as bought courses."""

    id: DomainId
    """The programme's id."""
    name: Name
    """Its name."""
    budget_line_id: DomainId
    """The line that pays."""
    charged: Literal["by-week", "at-start"] = "by-week"
    """Whether each active week is paid in its own year, or the whole price in the start year."""
    least_weeks: WeekCount = 16
    """No course is shorter, in active weeks."""
    target_groups: tuple[Code, ...] = ()
    """A person needs one of these; empty: any."""
    statuses: tuple[Code, ...] = ("activity-ready",)
    """A person needs one of these; empty: any."""
    least_age: Annotated[int, Field(ge=0, le=120)] | None = None
    """Youngest age in the as-of week; none: no limit."""
    most_age: Annotated[int, Field(ge=0, le=120)] | None = None
    """Oldest age in the as-of week; none: no limit."""
    first_start: Week | None = None
    """First week a course may start; none: no limit."""
    last_start: Week | None = None
    """Last week a course may start; none: no limit."""
    volumes: tuple[Volume, ...] = ()
    """Most courses by year of start; a year that is not listed has no limit."""


class BudgetLine(Record):
    """Money for programmes in each fiscal year."""

    id: DomainId
    """The line's id."""
    name: Name
    """Its name."""
    parent_id: DomainId | None = None
    """The pot that what this line pays is also counted against, if any."""
    reserve_ore: Ore = 0
    """Øre of each year's amount that plans leave alone."""


class BudgetMovement(Record):
    """Money moved to or from a line in a year. Only decided movements can be spent."""

    budget_line_id: DomainId
    """The line."""
    year: Year
    """The fiscal year."""
    amount_ore: SignedOre
    """How much in øre; negative: taken away."""
    kind: Code = "original"
    """What kind of decision, such as ``original``, ``supplementary`` or ``transfer``."""
    status: Literal["proposed", "decided"] = "decided"
    """Whether it can be spent."""
    date: dt.date | None = None
    """The date of the decision."""
