"""The tables of a comparison: which columns each has, with a column or more for each plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scheduler.explain.names import Names
from scheduler.language import Kr, Message
from scheduler.problem import Problem
from scheduler.report.label import Label
from scheduler.report.table import Column, Kind, Table
from scheduler.report.views.comparison import (
    SEVERAL,
    Comparison,
    GroupRow,
    LineRow,
    ProviderRow,
)
from scheduler.report.views.goals import PROOF_LABELS

Entry = tuple[Message, Kind, tuple[Any, ...]]
"""A line of the table of totals: what it is, how it is shown, a value for each plan."""


class ComparisonNames:
    """Labels for codes and ids, from all problems that are compared.

    Parameters
    ----------
    problems
        The plans' own: who is left out of one may be in another.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self._all = [Names(problem) for problem in problems]
        self._problems = problems

    def group(self, code: str) -> Label:
        """A target group."""
        if code == SEVERAL:
            return Message("more than one target group")
        return self._all[0].code(code, "target-group")

    def line(self, line_id: str) -> str:
        """A budget line."""
        return self._of("budget_lines", line_id, lambda names: names.line(line_id))

    def provider(self, provider_id: str) -> str:
        """A provider."""
        return self._of("providers", provider_id, lambda names: names.provider(provider_id))

    def _of(self, table: str, record_id: str, name: Callable[[Names], str]) -> str:
        for problem, names in zip(self._problems, self._all, strict=True):
            if any(record.id == record_id for record in getattr(problem, table)):
                return name(names)
        return record_id


def totals_table(comparison: Comparison, titles: Sequence[Label]) -> Table[Entry]:
    """A line a number, a column a plan."""
    totals = comparison.totals
    entries: tuple[Entry, ...] = (
        (Message("Young people"), "count", tuple(each.people for each in totals)),
        (Message("Placed"), "count", tuple(each.placed for each in totals)),
        (Message("Waiting"), "count", tuple(each.waiting for each in totals)),
        (Message("Cost, kr"), "kr", tuple(each.cost_ore for each in totals)),
        (
            Message("Cost per course, kr"),
            "kr",
            tuple(whole_kr(each.cost_per_course_ore) for each in totals),
        ),
        (Message("Left, kr"), "kr", tuple(each.left_ore for each in totals)),
        *_rounding(comparison),
        (Message("Proof"), "text", tuple(PROOF_LABELS[each.proof] for each in totals)),
    )
    columns: tuple[Column[Entry], ...] = (
        Column(Message("Number"), "text", lambda entry: entry[0], 26),
        *(_plan_column(number, title) for number, title in enumerate(titles)),
    )
    return Table(columns, entries)


def _rounding(comparison: Comparison) -> tuple[Entry, ...]:
    """Nothing where every amount is exact."""
    steps = tuple(each.rounded_to_ore for each in comparison.totals)
    if max(steps) == 1:
        return ()
    shown = tuple(step if step > 1 else None for step in steps)
    return ((Message("Amounts are rounded to, kr"), "kr", shown),)


def groups_table(
    comparison: Comparison, titles: Sequence[Label], names: ComparisonNames
) -> Table[GroupRow]:
    """Placed and waiting by target group."""
    columns: list[Column[GroupRow]] = [
        Column(
            Message("Target group"),
            "clause",
            lambda row: tuple(names.group(code) for code in row.groups),
            40,
        )
    ]
    for number, title in enumerate(titles):
        columns += [
            _count(Message("Placed: {plan}", plan=title), number, lambda row: row.placed),
            _count(Message("Waiting: {plan}", plan=title), number, lambda row: row.waiting),
        ]
    return Table(tuple(columns), comparison.groups)


def lines_table(
    comparison: Comparison, titles: Sequence[Label], names: ComparisonNames
) -> Table[LineRow]:
    """Courses by line and year of start, and what one costs."""
    columns: list[Column[LineRow]] = [*_line_columns(names)]
    for number, title in enumerate(titles):
        columns += [
            _count(Message("Courses: {plan}", plan=title), number, lambda row: row.courses),
            _kr(
                Message("Cost per course, kr: {plan}", plan=title),
                number,
                lambda row: tuple(whole_kr(each) for each in row.cost_per_course_ore),
            ),
        ]
    return Table(tuple(columns), tuple(row for row in comparison.lines if not row.is_pot))


def money_table(
    comparison: Comparison, titles: Sequence[Label], names: ComparisonNames
) -> Table[LineRow]:
    """Money by line and year: decided, planned for new courses, left."""
    columns: list[Column[LineRow]] = [*_line_columns(names)]
    for number, title in enumerate(titles):
        columns += [
            _kr(Message("Decided, kr: {plan}", plan=title), number, lambda row: row.decided_ore),
            _kr(Message("Planned, kr: {plan}", plan=title), number, lambda row: row.planned_ore),
            _kr(Message("Left, kr: {plan}", plan=title), number, lambda row: row.left_ore),
        ]
    return Table(tuple(columns), comparison.lines)


def cost_table(
    comparison: Comparison, titles: Sequence[Label], names: ComparisonNames
) -> Table[LineRow]:
    """What is paid for new courses, by line and year."""
    columns: list[Column[LineRow]] = [
        *_line_columns(names),
        *(
            _kr(Message("Planned, kr: {plan}", plan=title), number, lambda row: row.planned_ore)
            for number, title in enumerate(titles)
        ),
    ]
    return Table(tuple(columns), tuple(row for row in comparison.lines if not row.is_pot))


def left_table(
    comparison: Comparison, titles: Sequence[Label], names: ComparisonNames
) -> Table[LineRow]:
    """What is decided and what is left, by line and year; pots before the lines they hold."""
    columns: list[Column[LineRow]] = [*_line_columns(names)]
    for number, title in enumerate(titles):
        columns += [
            _kr(Message("Decided, kr: {plan}", plan=title), number, lambda row: row.decided_ore),
            _kr(Message("Left, kr: {plan}", plan=title), number, lambda row: row.left_ore),
        ]
    return Table(tuple(columns), comparison.lines)


def providers_table(
    comparison: Comparison, titles: Sequence[Label], names: ComparisonNames
) -> Table[ProviderRow]:
    """New courses by who delivers them."""
    columns: tuple[Column[ProviderRow], ...] = (
        Column(
            Message("Provider"),
            "text",
            lambda row: tuple(dict.fromkeys(names.provider(each) for each in row.providers)),
            40,
        ),
        Column(
            Message("Budget line"),
            "text",
            lambda row: tuple(names.line(each) for each in row.lines),
            30,
        ),
        *(
            _count(Message("Courses: {plan}", plan=title), number, lambda row: row.courses)
            for number, title in enumerate(titles)
        ),
    )
    return Table(columns, comparison.providers)


def _line_columns(names: ComparisonNames) -> tuple[Column[LineRow], Column[LineRow]]:
    return (
        Column(
            Message("Budget line"),
            "text",
            lambda row: tuple(names.line(each) for each in row.lines),
            34,
        ),
        Column(
            Message("Year"),
            "text",
            lambda row: (
                str(row.years[0]) if len(row.years) == 1 else f"{row.years[0]}–{row.years[-1]}"
            ),
            10,
        ),
    )


def _plan_column(number: int, title: Label) -> Column[Entry]:
    return Column(
        Message("{plan}", plan=title), "text", lambda entry: _with_unit(entry, number), 22
    )


def _with_unit(entry: Entry, number: int) -> object:
    """A value that says by itself how it is shown, since each line is of another kind."""
    value = entry[2][number]
    return Kr(value) if entry[1] == "kr" and value is not None else value


def _count(
    header: Message, number: int, values: Callable[[Any], tuple[int | None, ...]]
) -> Column[Any]:
    return Column(header, "count", lambda row: values(row)[number], 12)


def _kr(
    header: Message, number: int, values: Callable[[Any], tuple[int | None, ...]]
) -> Column[Any]:
    return Column(header, "kr", lambda row: values(row)[number], 14)


def whole_kr(ore: int | None) -> int | None:
    """An average is no price: øre would look more exact than it is."""
    return None if ore is None else round(ore / 100) * 100
