"""Plans side by side as pictures and tables of a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scheduler.language import Language, Message
from scheduler.report.comparison_tables import (
    ComparisonNames,
    cost_table,
    groups_table,
    left_table,
    lines_table,
    providers_table,
    totals_table,
    whole_kr,
)
from scheduler.report.page import Figure, PageTable, markup, page_table
from scheduler.report.pictures.comparison import Bars, comparison_picture
from scheduler.report.table import Table
from scheduler.report.views.comparison import Comparison

_MOST_BARS = 24
"""Rows of a picture; its table has them all."""


def comparison_totals(
    comparison: Comparison, letters: Sequence[str], language: Language
) -> PageTable:
    """A line a number, a column a plan."""
    table = totals_table(comparison, letters)
    shown = page_table(Message("In all"), table, language)
    # Each line is a number, whatever its column is called.
    return PageTable(shown.caption, shown.headers, (False, *(True for _ in letters)), shown.rows)


def comparison_figures(
    comparison: Comparison,
    letters: Sequence[str],
    plans: Sequence[str],
    names: ComparisonNames,
    language: Language,
) -> tuple[Figure, ...]:
    """Pictures with their tables; without those that would be empty.

    Parameters
    ----------
    comparison
        What is shown.
    letters
        Stand for the plans in tables.
    plans
        What they are called in pictures.
    names
        For codes and ids.
    language
        Of every text.
    """

    def figure(
        name: str, caption: Message, bars: Sequence[Bars], table: Table[Any], *, is_money: bool
    ) -> Figure:
        drawing = comparison_picture(
            name, caption, plans, bars[:_MOST_BARS], language, is_money=is_money
        )
        return Figure(
            caption=caption.render(language),
            drawings=(markup(drawing),),
            tables=(page_table(caption, table, language),),
        )

    def lines_of(lines: Sequence[str], years: Sequence[int]) -> Message:
        year = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
        return Message(
            "{lines} {years}", lines=tuple(names.line(line) for line in lines), years=year
        )

    paying = [row for row in comparison.lines if not row.is_pot]
    found = (
        (
            "groups",
            Message("People placed, by target group"),
            [(tuple(map(names.group, row.groups)), row.placed) for row in comparison.groups],
            groups_table(comparison, letters, names),
            False,
        ),
        (
            "providers",
            Message("New courses, by who delivers them"),
            [
                (tuple(map(names.provider, row.providers)), row.courses)
                for row in comparison.providers
            ],
            providers_table(comparison, letters, names),
            False,
        ),
        (
            "per-course",
            Message("Cost per course, by budget line and year of start"),
            [
                (lines_of(row.lines, row.years), tuple(map(whole_kr, row.cost_per_course_ore)))
                for row in paying
                if any(row.cost_per_course_ore)
            ],
            lines_table(comparison, letters, names),
            True,
        ),
        (
            "cost",
            Message("Cost, by budget line and year"),
            [
                (lines_of(row.lines, row.years), row.planned_ore)
                for row in paying
                if any(row.planned_ore)
            ],
            cost_table(comparison, letters, names),
            True,
        ),
        (
            "left",
            Message("Money left, by budget line and year"),
            [
                (lines_of(row.lines, row.years), row.left_ore)
                for row in comparison.lines
                if any(row.left_ore)
            ],
            left_table(comparison, letters, names),
            True,
        ),
    )
    return tuple(
        figure(name, caption, bars, table, is_money=is_money)
        for name, caption, bars, table, is_money in found
        if bars
    )
