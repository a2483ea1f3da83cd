"""The leader's page: key figures, goals with proof, money and groups, each with a chart."""

from __future__ import annotations

from typing import Any

from scheduler.language import Message, show
from scheduler.report.disclosure import merge_small
from scheduler.report.key_figures import key_figures
from scheduler.report.notices import notices, sentence
from scheduler.report.svg import DEEP, EARTH, MIDDLE, PAPER, SAND
from scheduler.report.tables import budget_chart_table, counts_table, goals_table
from scheduler.report.views.books import Books
from scheduler.report.views.goals import goal_rows
from scheduler.report.views.groups import by_target_group
from scheduler.report.views.headline import headline
from scheduler.report.views.money import money_by_year
from scheduler.report.workbook.sheet import Sheet

_WIDTHS = (36, 18, 18, 16, 34, 18, 34)
_FILLS: dict[str, dict[str, Any]] = {
    "committed": {"fill": {"color": DEEP}},
    "planned": {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": DEEP, "bg_color": MIDDLE}
    },
    "left": {"fill": {"color": PAPER}, "border": {"color": DEEP}},
    "waiting": {"pattern": {"pattern": "percent_20", "fg_color": EARTH, "bg_color": SAND}},
}
_CHART_ROWS = 18


def write_leader(sheet: Sheet, books: Books) -> None:
    """Everything on one sheet; small groups of people are shown together."""
    sheet.sheet.set_portrait()
    sheet.sheet.fit_to_pages(1, 1)
    heading = sheet.style(bold=True, font_size=13, font_color=DEEP)
    for column, width in enumerate(_WIDTHS):
        sheet.sheet.set_column(column, column, width)
    row = _write_brief(sheet, books, 3)
    sheet.text(row, 0, Message("Goals and proof").render(sheet.language), heading)
    goals = goals_table(goal_rows(books.document))
    row = sheet.table(goals, row + 1, is_whole_sheet=False) + 1
    sheet.text(row, 0, Message("Money by budget line and year").render(sheet.language), heading)
    money = budget_chart_table(money_by_year(books))
    end = sheet.table(money, row + 1, is_whole_sheet=False)
    _chart_money(sheet, row + 2, end - 1, end + 1)
    row = end + _CHART_ROWS + 2
    groups = merge_small(by_target_group(books.problem, books.document))
    what = Message("Placed and waiting by target group")
    sheet.text(row, 0, what.render(sheet.language), heading)
    end = sheet.table(counts_table(Message("Target group"), groups), row + 1, is_whole_sheet=False)
    if groups:
        _chart_groups(sheet, row + 2, end - 1, end + 1)


def _write_brief(sheet: Sheet, books: Books, row: int) -> int:
    key = headline(books)
    bold, plain = sheet.style(bold=True, font_size=12), sheet.style(align="left", indent=1)
    sheet.text(row, 0, show(sentence(key), sheet.language), bold)
    row += 2
    for figure in key_figures(key):
        sheet.text(row, 0, figure.label.render(sheet.language), plain)
        style = sheet.kind_style(figure.kind, (figure.value,), bold=True, align="right", indent=0)
        sheet.cell(row, 1, figure.kind, figure.value, style)
        sheet.text(row, 2, show(figure.note, sheet.language), plain)
        row += 1
    for notice in notices(books):
        row += 1
        sheet.text(row, 0, show(notice, sheet.language), sheet.style(font_color=EARTH))
    return row + 2


def _chart_money(sheet: Sheet, first: int, last: int, at: int) -> None:
    chart = sheet.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for name, column in (("committed", 3), ("planned", 4), ("left", 5)):
        chart.add_series(
            {
                "name": [sheet.name, first - 1, column],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, column, last, column],
                "gap": 40,
                **_FILLS[name],
            }
        )
    _place(sheet, chart, at, Message("Money by budget line and year"))


def _chart_groups(sheet: Sheet, first: int, last: int, at: int) -> None:
    chart = sheet.book.add_chart({"type": "bar", "subtype": "stacked"})
    for name, column in (("committed", 1), ("waiting", 2)):
        chart.add_series(
            {
                "name": [sheet.name, first - 1, column],
                "categories": [sheet.name, first, 0, last, 0],
                "values": [sheet.name, first, column, last, column],
                "gap": 40,
                **_FILLS[name],
            }
        )
    _place(sheet, chart, at, Message("Placed and waiting by target group"))


def _place(sheet: Sheet, chart: Any, row: int, title: Message) -> None:
    text = title.render(sheet.language)
    chart.set_title({"name": text, "overlay": False, "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True, "interval_unit": 1})
    chart.set_size({"width": 1100, "height": 20 * (_CHART_ROWS - 1)})
    sheet.sheet.insert_chart(row, 0, chart, {"description": text})
