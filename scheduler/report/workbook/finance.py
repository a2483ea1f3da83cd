"""Finance: what each budget line pays, month by month."""

from __future__ import annotations

from itertools import groupby

from scheduler.language import Message
from scheduler.report.tables import SOURCE_LABELS
from scheduler.report.views.money import LineMonths, Payments
from scheduler.report.workbook.sheet import HEADER_ROW, Sheet

_FIRST_MONTH = 2
"""The column after line and source."""


def write_finance(sheet: Sheet, payments: Payments) -> None:
    """A row for each line and what it pays for, a total for each line, a column a month."""
    _write_header(sheet, payments)
    row = HEADER_ROW + 1
    for _, found in groupby(payments.lines, key=lambda line: line.line_id):
        lines = tuple(found)
        for line in lines:
            label = SOURCE_LABELS[line.source]
            _write_row(sheet, row, line, label, line.ore, is_total=False)
            row += 1
        totals = tuple(sum(month) for month in zip(*(line.ore for line in lines), strict=True))
        _write_row(sheet, row, lines[0], Message("In all"), totals, is_total=True)
        row += 1
    last_column = _FIRST_MONTH + len(payments.months)
    sheet.sheet.autofilter(HEADER_ROW, 0, max(row - 1, HEADER_ROW + 1), last_column)
    sheet.sheet.freeze_panes(HEADER_ROW + 1, _FIRST_MONTH)
    sheet.sheet.repeat_rows(HEADER_ROW)
    sheet.sheet.repeat_columns(0, _FIRST_MONTH - 1)
    sheet.sheet.set_column(0, 0, 34)
    sheet.sheet.set_column(1, 1, 26)
    sheet.sheet.set_column(_FIRST_MONTH, last_column, 13)


def _write_header(sheet: Sheet, payments: Payments) -> None:
    text = sheet.style(bold=True, bottom=2)
    month = sheet.style(bold=True, bottom=2, align="right", num_format="mmm yyyy")
    total = sheet.style(bold=True, bottom=2, align="right")
    headers = (Message("Budget line"), Message("What is paid for"))
    for column, header in enumerate(headers):
        sheet.text(HEADER_ROW, column, header.render(sheet.language), text)
    for index, day in enumerate(payments.months):
        sheet.cell(HEADER_ROW, _FIRST_MONTH + index, "date", day, month)
    last = _FIRST_MONTH + len(payments.months)
    sheet.text(HEADER_ROW, last, Message("In all, kr").render(sheet.language), total)


def _write_row(
    sheet: Sheet,
    row: int,
    line: LineMonths,
    label: Message,
    ore: tuple[int, ...],
    *,
    is_total: bool,
) -> None:
    text = sheet.kind_style("text", bold=is_total)
    money = sheet.kind_style("kr", (1,), bold=is_total)
    sheet.text(row, 0, "\u2003" * line.depth + line.line, text)
    sheet.text(row, 1, label.render(sheet.language), text)
    for index, amount in enumerate((*ore, sum(ore))):
        sheet.cell(row, _FIRST_MONTH + index, "kr", amount, money)
