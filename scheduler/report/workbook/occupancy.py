"""Occupancy: a heat map of numbers, coloured by how full each site is."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from scheduler.language import Message
from scheduler.report.pictures.heat_map import SHADES
from scheduler.report.svg import INK, PAPER
from scheduler.report.views.occupancy import Occupancy, ResourceUse, SiteWeeks
from scheduler.report.workbook.sheet import HEADER_ROW, Sheet

_LEVELS: tuple[tuple[str, str, str], ...] = (
    ("{used}>={amount}", SHADES[5], PAPER),
    ("{used}/{amount}>=0.75", SHADES[4], PAPER),
    ("{used}/{amount}>=0.5", SHADES[3], INK),
    ("{used}/{amount}>=0.25", SHADES[2], INK),
    ("{used}>0", SHADES[1], INK),
)
"""From full to hardly used: which cells, their colour, and that of their number."""
_GREY, _BACK_DIAGONAL = "#dfe3e6", 7


def write_occupancy(sheet: Sheet, resource: ResourceUse) -> None:
    """What is used above, what there is below; colours follow one from the other."""
    sites, weeks = len(resource.sites), len(resource.weeks)
    first_used = HEADER_ROW + 1
    first_amount = first_used + sites + 3
    _write_block(
        sheet, resource, HEADER_ROW, Message("In use"), [_used(row) for row in resource.sites]
    )
    _write_totals(sheet, first_used + sites, resource.used())
    _write_block(
        sheet,
        resource,
        first_amount - 1,
        Message("In all"),
        [_amounts(row, Message("cl.").render(sheet.language)) for row in resource.sites],
    )
    _write_totals(sheet, first_amount + sites, resource.amount())
    if sites:
        _colour(sheet, first_used, first_amount, sites, weeks)
    _set_up(sheet, resource)


def _used(site: SiteWeeks) -> list[str | int]:
    return [row.used for row in site.weeks]


def _amounts(site: SiteWeeks, closed: str) -> list[str | int]:
    return [_amount(row, closed) for row in site.weeks]


def _amount(row: Occupancy, closed: str) -> str | int:
    return closed if row.closed else row.amount


def _write_block(
    sheet: Sheet,
    resource: ResourceUse,
    header_row: int,
    what: Message,
    lines: Sequence[Sequence[str | int]],
) -> None:
    header = sheet.style(bold=True, bottom=2, valign="bottom")
    week_style = sheet.style(bottom=2, rotation=90, align="center", valign="bottom")
    sheet.text(header_row, 0, what.render(sheet.language), header)
    for index, week in enumerate(resource.weeks):
        sheet.text(header_row, 1 + index, str(week), week_style)
    sheet.sheet.set_row(header_row, 58)
    number = sheet.style(align="center", num_format="0")
    name = sheet.style()
    for line, (site, values) in enumerate(zip(resource.sites, lines, strict=True)):
        row = header_row + 1 + line
        sheet.text(row, 0, site.site, name)
        for index, value in enumerate(values):
            if isinstance(value, str):
                sheet.text(row, 1 + index, value, number)
            else:
                sheet.sheet.write_number(row, 1 + index, value, number)


def _write_totals(sheet: Sheet, row: int, totals: tuple[int, ...]) -> None:
    style = sheet.style(bold=True, top=1, align="center", num_format="0")
    name = sheet.style(bold=True, top=1)
    sheet.text(row, 0, Message("All sites").render(sheet.language), name)
    for index, total in enumerate(totals):
        sheet.sheet.write_number(row, 1 + index, total, style)


def _colour(sheet: Sheet, first_used: int, first_amount: int, sites: int, weeks: int) -> None:
    used, amount = xl_rowcol_to_cell(first_used, 1), xl_rowcol_to_cell(first_amount, 1)
    closed = sheet.book.add_format(
        {"pattern": _BACK_DIAGONAL, "fg_color": "#9aa4ab", "bg_color": _GREY, "font_color": INK}
    )
    rules = [(f"ISTEXT({amount})", closed)]
    for condition, colour, ink in _LEVELS:
        style = sheet.book.add_format({"bg_color": colour, "font_color": ink})
        text = condition.format(used=used, amount=amount)
        rules.append((f"AND({used}>0,{text})", style))
    for formula, style in rules:
        sheet.sheet.conditional_format(
            first_used,
            1,
            first_used + sites - 1,
            weeks,
            {"type": "formula", "criteria": f"={formula}", "format": style, "stop_if_true": True},
        )


def _set_up(sheet: Sheet, resource: ResourceUse) -> None:
    """One printed page a year, with the sites' names on each."""
    weeks = resource.weeks
    sheet.sheet.set_column(0, 0, 30)
    sheet.sheet.set_column(1, len(weeks), 3.4)
    sheet.sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.sheet.repeat_columns(0)
    sheet.sheet.set_print_scale(44)
    sheet.sheet.print_area(0, 0, HEADER_ROW + 2 * len(resource.sites) + 5, len(weeks))
    new_years = [
        index for index in range(1, len(weeks)) if weeks[index].year != weeks[index - 1].year
    ]
    sheet.sheet.set_v_pagebreaks([1 + index for index in new_years])
