"""One sheet: its heading, stamp, print set-up, and cells by kind."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scheduler.language import Language, Message, show
from scheduler.report.svg import DEEP, EARTH, RULE
from scheduler.report.table import NUMBER_KINDS, Column, Kind, Table, capital
from scheduler.report.tables import STAMP

HEADER_ROW = 3
"""Of the table on a sheet that holds one; the heading and the stamp stand above it."""
_A4 = 9
_NUMBER_FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "decimal": "#,##0.0",
    "share": "0.00%",
    "date": "dd-mm-yyyy",
}
_KR, _KR_AND_ORE = "#,##0", "#,##0.00"

_WRAPPED: frozenset[Kind] = frozenset({"prose", "clause", "text"})
_LINE_HEIGHT = 15
"""In points."""


class Sheet:
    """A sheet that is being written.

    Parameters
    ----------
    book
        The workbook.
    name
        The sheet's own, as Excel allows it.
    heading
        Stands in the first row and on each printed page.
    plan_title
        Stands at the foot of each printed page.
    language
        Of all texts.
    stamp
        Stands under the heading, and at the top and foot of each printed page.
    """

    def __init__(
        self,
        book: Workbook,
        name: str,
        heading: str,
        plan_title: str,
        language: Language,
        stamp: Message | None = STAMP,
    ) -> None:
        self.book = book
        self.name = name
        self.language = language
        self.sheet: Worksheet = book.add_worksheet(name)
        self._heading(heading, plan_title, "" if stamp is None else stamp.render(language))

    def style(self, **properties: Any) -> Format:
        """A format; equal ones are the same format in the file."""
        return self.book.add_format({"valign": "top", **properties})

    def text(self, row: int, column: int, text: str, style: Format | None = None) -> None:
        """Text, and never a formula, a number or a link."""
        self.sheet.write_string(row, column, text, style)

    def table(
        self, table: Table[Any], row: int = HEADER_ROW, *, is_whole_sheet: bool = True
    ) -> int:
        """A table with its headers in `row`; the row after it.

        A table that is the whole sheet gets filters, frozen and repeated headers, and widths.
        """
        header = self.style(
            bold=True, bottom=2, text_wrap=True, valign="bottom", align="left", indent=1
        )
        right = self.style(bold=True, bottom=2, text_wrap=True, valign="bottom", align="right")
        for index, column in enumerate(table.columns):
            is_number = column.kind in NUMBER_KINDS
            self.text(
                row, index, column.header.render(self.language), right if is_number else header
            )
            self._column(column, index, table.rows, row + 1)
        self._set_heights(table, row)
        if is_whole_sheet:
            self._make_usable(table, row)
            if not table.rows:
                nothing = Message("No rows in this plan.").render(self.language)
                self.text(row + 1, 0, nothing, self.style(italic=True, indent=1))
        return row + 1 + len(table.rows)

    def cell(self, row: int, column: int, kind: Kind, value: Any, style: Format) -> None:
        """A value as its kind is written."""
        match kind:
            case _ if value is None:
                self.sheet.write_blank(row, column, None, style)
            case "kr":
                self.sheet.write_number(row, column, value / 100, style)
            case "count" | "decimal" | "share":
                self.sheet.write_number(row, column, float(value), style)
            case "date":
                self.sheet.write_datetime(row, column, _midnight(value), style)
            case "clause":
                self.text(row, column, capital(show(value, self.language)), style)
            case _:
                self.text(row, column, show(value, self.language), style)

    def kind_style(self, kind: Kind, values: Sequence[Any] = (), **more: Any) -> Format:
        """The format of a kind; øre are shown where any of the values has some."""
        properties: dict[str, Any] = {}
        if kind in _NUMBER_FORMATS:
            properties["num_format"] = _NUMBER_FORMATS[kind]
        if kind == "kr":
            has_ore = any(value is not None and value % 100 for value in values)
            properties["num_format"] = _KR_AND_ORE if has_ore else _KR
        if kind in _WRAPPED:
            properties["text_wrap"] = True
        if kind not in NUMBER_KINDS:
            properties |= {"align": "left", "indent": 1}
        return self.style(bottom=1, bottom_color=RULE, **(properties | more))

    def _column(self, column: Column[Any], index: int, rows: Sequence[Any], first_row: int) -> None:
        values = [column.value(row) for row in rows]
        style = self.kind_style(column.kind, values)
        for line, value in enumerate(values):
            self.cell(first_row + line, index, column.kind, value, style)

    def _set_heights(self, table: Table[Any], row: int) -> None:
        """Rows as high as their longest text: not every program fits them by itself."""
        widths = [column.width for column in table.columns]
        lines = [table.headers(self.language)]
        lines += [
            tuple(
                show(column.value(each), self.language) if column.kind in _WRAPPED else ""
                for column in table.columns
            )
            for each in table.rows
        ]
        for index, texts in enumerate(lines):
            most = max(_count_lines(text, width) for text, width in zip(texts, widths, strict=True))
            self.sheet.set_row(row + index, _LINE_HEIGHT * most)

    def _make_usable(self, table: Table[Any], row: int) -> None:
        for index, column in enumerate(table.columns):
            self.sheet.set_column(index, index, column.width)
        last = row + max(1, len(table.rows))
        self.sheet.autofilter(row, 0, last, len(table.columns) - 1)
        self.sheet.freeze_panes(row + 1, 1)
        self.sheet.repeat_rows(row)
        self.sheet.print_area(0, 0, last, len(table.columns) - 1)

    def _heading(self, heading: str, plan_title: str, stamp: str) -> None:
        self.sheet.set_row(0, 24)
        self.text(0, 0, heading, self.style(bold=True, font_size=16, font_color=DEEP))
        self.text(1, 0, stamp, self.style(bold=True, font_color=EARTH))
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.75)
        pages = Message("Page {page} of {pages}", page="&P", pages="&N").render(self.language)
        self.sheet.set_header(f"&L{_plain(heading)}&R&B{_plain(stamp)}")
        self.sheet.set_footer(f"&L{_plain(plan_title)}&C{_plain(stamp)}&R{pages}")


def _plain(text: str, most: int = 80) -> str:
    """Text for headers and footers, where ``&`` starts a code."""
    return text[:most].replace("&", "&&")


def _count_lines(text: str, width: int) -> int:
    return max(1, len(textwrap.wrap(text, max(4, width - 1))))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Excel knows no time zones
