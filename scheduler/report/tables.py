"""The tables that files and pages share: which columns each view has."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain
from typing import TypeVar

from providers import Week
from scheduler.language import Message
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.disclosure import Counts
from scheduler.report.label import Label
from scheduler.report.table import Column, Table
from scheduler.report.views.books import Source
from scheduler.report.views.goals import PROOF_LABELS, GoalRow
from scheduler.report.views.money import LineMonth, LineYear
from scheduler.report.views.occupancy import Occupancy, ResourceUse
from scheduler.report.views.people import (
    Start,
    Waiting,
    cost_years,
    start_list,
    waiting_list,
)
from scheduler.report.views.reasons import REASON_LABELS, Blocked, RuledOutBy
from scheduler.report.views.timeline import TimelineWeek

STAMP = Message("Confidential")
"""Stands on everything that has rows of people."""
SOURCE_LABELS: dict[Source, Message] = {
    "enrolment": Message("Enrolments (committed)"),
    "placement": Message("New placements (planned)"),
    "shortfall": Message("Shortfalls of contracts"),
}
CLOSED = {True: Message("closed"), False: ""}

Row = TypeVar("Row")


def stamped(table: Table[Row]) -> Table[Row]:
    """The table with the stamp as its last column.

    A column goes wherever the rows go; a line above the header would end filters and imports.
    """
    stamp: Column[Row] = Column(Message("Confidentiality"), "text", lambda _: STAMP)
    return replace(table, columns=(*table.columns, stamp))


def start_table(problem: Problem, document: PlanDocument) -> Table[Start]:
    """The start list."""
    years = cost_years(document)
    cost: Column[Start] = Column(Message("Cost, kr"), "kr", lambda row: row.cost_ore)
    columns: tuple[Column[Start], ...] = (
        *_who(),
        Column(Message("Programme"), "text", lambda row: row.programme, 24),
        Column(Message("Provider"), "text", lambda row: row.provider, 20),
        Column(Message("Site"), "text", lambda row: row.site, 24),
        Column(Message("Offer id"), "text", lambda row: row.offer_id, 14, is_detail=True),
        *_when(),
        Column(Message("Weeks from referral"), "count", lambda row: row.wait_weeks, 12),
        Column(Message("Match points"), "count", lambda row: row.match.total, 12),
        Column(Message("… wishes"), "count", lambda row: row.match.wishes, 9, is_detail=True),
        Column(
            Message("… known staff"), "count", lambda row: row.match.known_staff, 9, is_detail=True
        ),
        Column(Message("… travel"), "count", lambda row: row.match.travel, 9, is_detail=True),
        Column(Message("… rating"), "count", lambda row: row.match.rating, 9, is_detail=True),
        cost,
        *(_year_cost(index, year) for index, year in enumerate(years) if len(years) > 1),
    )
    return Table(columns, start_list(problem, document))


def provider_columns() -> tuple[Column[Start], ...]:
    """What a provider needs to know about those who start with it, and no more."""
    return (
        Column(Message("Person"), "text", lambda row: row.person_id, 11),
        Column(Message("Site"), "text", lambda row: row.site, 24),
        Column(Message("Offer"), "text", lambda row: row.offer, 26),
        *_when(),
        Column(Message("Needs at the site"), "text", lambda row: row.needs, 30),
        Column(Message("Price, kr"), "kr", lambda row: row.cost_ore),
    )


def waiting_table(problem: Problem, document: PlanDocument) -> Table[Waiting]:
    """The waiting list."""
    columns: tuple[Column[Waiting], ...] = (
        Column(Message("Person"), "text", lambda row: row.person_id, 11),
        Column(Message("Priority"), "count", lambda row: row.priority, 9),
        Column(Message("Target groups"), "text", lambda row: row.target_groups, 26),
        Column(Message("Referred in week"), "week", lambda row: row.referral, 11),
        Column(
            Message("Weeks from referral to the end of the plan"),
            "count",
            lambda row: row.wait_weeks,
            14,
        ),
        Column(Message("Reason"), "text", lambda row: REASON_LABELS[row.reason], 20),
        Column(Message("Possible placements"), "count", lambda row: row.options, 11),
        Column(Message("For the planner"), "prose", lambda row: row.planner, 60),
        Column(
            Message("For the young person"), "prose", lambda row: row.citizen, 60, is_detail=True
        ),
    )
    return Table(columns, waiting_list(problem, document))


def occupancy_table(resources: tuple[ResourceUse, ...]) -> Table[Occupancy]:
    """Every resource of every site, week by week."""
    labels = {resource.resource: resource.label for resource in resources}
    sites = chain.from_iterable(resource.sites for resource in resources)
    columns: tuple[Column[Occupancy], ...] = (
        Column(Message("Site id"), "text", lambda row: row.site_id, 14),
        Column(Message("Site"), "text", lambda row: row.site, 24),
        Column(Message("Resource"), "text", lambda row: labels[row.resource], 14),
        Column(Message("Week"), "week", lambda row: row.week),
        Column(Message("In use"), "count", lambda row: row.used),
        Column(Message("In all"), "count", lambda row: row.amount),
        Column(Message("Closed"), "text", lambda row: CLOSED[row.closed]),
    )
    return Table(columns, tuple(chain.from_iterable(site.weeks for site in sites)))


def budget_table(rows: tuple[LineYear, ...]) -> Table[LineYear]:
    """Money by line and year."""
    columns: tuple[Column[LineYear], ...] = (
        Column(Message("Budget line"), "text", lambda row: "\u2003" * row.depth + row.line, 34),
        Column(Message("Year"), "text", lambda row: str(row.year), 8),
        Column(Message("Decided, kr"), "kr", lambda row: row.decided_ore, 14),
        Column(Message("Reserve, kr"), "kr", lambda row: row.reserve_ore, 14),
        Column(Message("Committed, kr"), "kr", lambda row: row.committed_ore, 14),
        Column(Message("Planned, kr"), "kr", lambda row: row.planned_ore, 14),
        Column(Message("Left, kr"), "kr", lambda row: row.left_ore, 14),
    )
    return Table(columns, rows)


def budget_chart_table(rows: tuple[LineYear, ...]) -> Table[LineYear]:
    """Money by line and year, with one label a row as charts need it."""
    columns: tuple[Column[LineYear], ...] = (
        Column(Message("Budget line and year"), "text", lambda row: f"{row.line} {row.year}", 34),
        *budget_table(rows).columns[2:],
    )
    return Table(columns, rows)


def budget_file_table(rows: tuple[LineYear, ...]) -> Table[LineYear]:
    """Money by line and year, for other programs: with ids, names as they are."""
    columns: tuple[Column[LineYear], ...] = (
        Column(Message("Budget line id"), "text", lambda row: row.line_id),
        Column(Message("Budget line"), "text", lambda row: row.line),
        *budget_table(rows).columns[1:],
    )
    return Table(columns, rows)


def finance_table(rows: tuple[LineMonth, ...]) -> Table[LineMonth]:
    """Money by line, month and what it pays for, for other programs: a row for each amount."""
    columns: tuple[Column[LineMonth], ...] = (
        Column(Message("Budget line id"), "text", lambda row: row.line_id),
        Column(Message("Budget line"), "text", lambda row: row.line),
        Column(Message("What is paid for"), "text", lambda row: SOURCE_LABELS[row.source]),
        Column(Message("Month"), "date", lambda row: row.month),
        Column(Message("Paid, kr"), "kr", lambda row: row.ore),
    )
    return Table(columns, rows)


def counts_table(what: Message, rows: tuple[Counts[Label], ...]) -> Table[Counts[Label]]:
    """Placed and waiting in groups."""
    columns: tuple[Column[Counts[Label]], ...] = (
        Column(what, "clause", lambda row: row.groups, 40),
        Column(Message("Placed"), "count", lambda row: row.counts[0]),
        Column(Message("Waiting"), "count", lambda row: row.counts[1]),
        Column(Message("In all"), "count", lambda row: row.total),
    )
    return Table(columns, rows)


def reasons_table(rows: tuple[Counts[Label], ...]) -> Table[Counts[Label]]:
    """People who wait, by reason."""
    columns: tuple[Column[Counts[Label]], ...] = (
        Column(Message("Reason"), "clause", lambda row: row.groups, 40),
        Column(Message("People"), "count", lambda row: row.total),
    )
    return Table(columns, rows)


def ruled_out_table(rows: tuple[RuledOutBy, ...]) -> Table[RuledOutBy]:
    """Facts that rule offers out."""
    columns: tuple[Column[RuledOutBy], ...] = (
        Column(Message("Fact"), "clause", lambda row: row.text, 60),
        Column(Message("People"), "count", lambda row: row.people),
    )
    return Table(columns, rows)


def blocked_table(rows: tuple[Blocked, ...]) -> Table[Blocked]:
    """What stands in the way."""
    columns: tuple[Column[Blocked], ...] = (
        Column(Message("What stands in the way"), "clause", lambda row: row.text, 60),
        Column(Message("People"), "count", lambda row: row.people),
        Column(Message("Possible placements stopped"), "count", lambda row: row.options),
    )
    return Table(columns, rows)


def goals_table(rows: tuple[GoalRow, ...]) -> Table[GoalRow]:
    """Each goal with value, bound and proof."""
    columns: tuple[Column[GoalRow], ...] = (
        Column(Message("Goal"), "text", lambda row: row.label, 18),
        Column(Message("Value"), "text", lambda row: row.value, 18),
        Column(Message("Bound"), "text", lambda row: row.bound, 18),
        Column(Message("Gap"), "share", lambda row: row.gap, 10),
        Column(Message("Proof"), "text", lambda row: PROOF_LABELS[row.proof], 30),
        Column(Message("Kept at least or at most"), "text", lambda row: row.floor, 18),
        Column(
            Message("The bound holds with"), "text", lambda row: row.under_floors_of or None, 30
        ),
    )
    return Table(columns, rows)


def timeline_table(problem: Problem, rows: tuple[TimelineWeek, ...]) -> Table[TimelineWeek]:
    """Starts, placed and waiting by week."""
    columns: tuple[Column[TimelineWeek], ...] = (
        Column(Message("Week"), "week", lambda row: row.week),
        *(
            _programme_starts(index, programme.name)
            for index, programme in enumerate(problem.programmes)
        ),
        Column(Message("Started in all"), "count", lambda row: row.placed),
        Column(Message("Waiting now"), "count", lambda row: row.waiting),
    )
    return Table(columns, rows)


def _programme_starts(index: int, name: str) -> Column[TimelineWeek]:
    return Column(
        Message("Starts: {programme}", programme=name), "count", lambda row: row.starts[index]
    )


def _who() -> tuple[Column[Start], ...]:
    return (
        Column(Message("Person"), "text", lambda row: row.person_id, 11),
        Column(Message("Priority"), "count", lambda row: row.priority, 9),
        Column(Message("Target groups"), "text", lambda row: row.target_groups, 26),
    )


def _when() -> tuple[Column[Start], ...]:
    return (
        Column(Message("Start week"), "week", lambda row: row.start, 11),
        Column(Message("First day"), "date", lambda row: row.start.monday, 12),
        Column(Message("Last week"), "week", lambda row: row.end, 11),
        Column(Message("Last day"), "date", lambda row: _sunday(row.end), 12),
        Column(Message("Weeks"), "count", lambda row: row.weeks, 7),
    )


def _year_cost(index: int, year: int) -> Column[Start]:
    header = Message("Cost {year}, kr", year=str(year))
    return Column(header, "kr", lambda row: row.year_costs_ore[index], is_detail=True)


def _sunday(week: Week) -> date:
    return week.monday + timedelta(days=6)
