"""Use of a resource by site and week: one panel a year, numbers in every cell."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from scheduler.language import Language, Message
from scheduler.report.svg import INK, MUTED, PAPER, WIDTH, Drawing, shorten, width_of
from scheduler.report.views.occupancy import Occupancy, ResourceUse

SHADES = ("#f4f8f9", "#d6e7ea", "#a9cfd6", "#66a7b3", "#23707f", "#0b3c49")
"""From nothing used to everything used; each darker than the one before."""
_DARK_FROM = 4
"""Shades that carry white text."""
_LABELS = 240
_MOST_CELL, _CELL_HEIGHT = 30.0, 20
_TOP = 34
_ROW_HEIGHT = 16
"""Of the overview, which has no numbers to read."""
_LEGEND_HEIGHT = 40


def heat_maps(resource: ResourceUse, language: Language) -> tuple[Drawing, ...]:
    """One panel for each year that has a week."""
    panels = _by_year(resource)
    longest = max(len(indices) for _, indices in panels)
    cell = min(_MOST_CELL, (WIDTH - _LABELS) / longest)
    return tuple(_panel(resource, year, indices, cell, language) for year, indices in panels)


def names_beside(resource: ResourceUse, language: Language) -> tuple[Drawing, ...]:
    """What stands to the left of each panel's cells, as a drawing of its own."""
    return tuple(_names_of(resource, year, language) for year, _ in _by_year(resource))


def overview_names(resource: ResourceUse) -> Drawing:
    """What stands to the left of the overview's bars, as a drawing of its own."""
    height = _TOP + _ROW_HEIGHT * len(resource.sites)
    drawing = Drawing(f"{resource.resource}-overview-names", _LABELS, height, "", "")
    drawing.cell(0, 0, _LABELS - 4, height, PAPER)
    for line, site in enumerate(resource.sites):
        _draw_overview_name(drawing, line, site.site)
    return drawing


def _by_year(resource: ResourceUse) -> list[tuple[int, tuple[int, ...]]]:
    """Years, each with the indices of its weeks."""
    return [
        (year, tuple(index for index, _ in found))
        for year, found in groupby(enumerate(resource.weeks), key=lambda pair: pair[1].year)
    ]


def _names_of(resource: ResourceUse, year: int, language: Language) -> Drawing:
    height = _height_of(resource)
    drawing = Drawing(f"{resource.resource}-{year}-names", _LABELS, height, "", "")
    drawing.cell(0, 0, _LABELS - 4, height, PAPER)
    drawing.text(0, 14, str(year), size=15, bold=True)
    for line, site in enumerate(resource.sites):
        _draw_name(drawing, line, site.site)
    _draw_name_of_totals(drawing, resource, language)
    return drawing


def _height_of(resource: ResourceUse) -> int:
    return _TOP + _CELL_HEIGHT * (len(resource.sites) + 1) + 6


def _draw_name(drawing: Drawing, line: int, site: str) -> None:
    y = _TOP + _CELL_HEIGHT * line
    drawing.text(0, y + 14, shorten(site, _LABELS - 10, 12), size=12)


def _draw_name_of_totals(drawing: Drawing, resource: ResourceUse, language: Language) -> None:
    y = _TOP + _CELL_HEIGHT * len(resource.sites)
    drawing.text(0, y + 18, Message("All sites").render(language), size=12, bold=True)


def _draw_overview_name(drawing: Drawing, line: int, site: str) -> None:
    y = _TOP + _ROW_HEIGHT * line
    drawing.text(0, y + 12, shorten(site, _LABELS - 10, 12), size=12)


def overview(resource: ResourceUse, language: Language) -> Drawing:
    """Every week in one panel, without numbers; weeks alike are drawn as one bar."""
    count = len(resource.weeks)
    bottom = _TOP + _ROW_HEIGHT * len(resource.sites)
    drawing = Drawing(
        f"{resource.resource}-overview",
        WIDTH,
        bottom + _LEGEND_HEIGHT,
        Message("How full the sites are, week by week").render(language),
        _describe(resource, tuple(range(count)), language),
    )
    cell = (WIDTH - _LABELS) / count
    for line, site in enumerate(resource.sites):
        _draw_overview_name(drawing, line, site.site)
        y = _TOP + _ROW_HEIGHT * line
        for first, last, row in _alike(site.weeks):
            _draw_bar(drawing, row, _LABELS + cell * first, y, cell * (last - first + 1))
    _draw_overview_weeks(drawing, resource, cell, bottom)
    _draw_shades(drawing, bottom + 28, language)
    return drawing


def _alike(weeks: tuple[Occupancy, ...]) -> Iterator[tuple[int, int, Occupancy]]:
    """First and last index of weeks that look alike, and one of them."""
    found = groupby(
        enumerate(weeks),
        key=lambda pair: (pair[1].closed, bool(pair[1].amount or pair[1].used), shade_of(pair[1])),
    )
    for _, pairs in found:
        group = tuple(pairs)
        yield group[0][0], group[-1][0], group[0][1]


def _draw_bar(drawing: Drawing, row: Occupancy, x: float, y: float, width: float) -> None:
    if row.closed:
        drawing.box(x, y + 1, width, _ROW_HEIGHT - 2, "crossed")
    elif row.amount or row.used:
        drawing.cell(x, y + 1, width, _ROW_HEIGHT - 2, SHADES[shade_of(row)])


def _draw_overview_weeks(
    drawing: Drawing, resource: ResourceUse, cell: float, bottom: float
) -> None:
    every = max(1, round(34 / cell))
    for index, week in enumerate(resource.weeks):
        x = _LABELS + cell * index
        if index == 0 or week.year != resource.weeks[index - 1].year:
            drawing.line([(x, 0), (x, bottom)], colour=MUTED)
            drawing.text(x + 4, 12, str(week.year), bold=True)
        if week.number % every == 1 % every:
            middle = x + cell / 2
            drawing.text(middle, _TOP - 5, str(week.number), size=10, anchor="middle", colour=MUTED)


def _draw_shades(drawing: Drawing, y: float, language: Language) -> None:
    """What the shades say, from empty to full."""
    drawing.text(_LABELS - 8, y, Message("empty").render(language), anchor="end", colour=MUTED)
    for index, shade in enumerate(SHADES):
        drawing.cell(_LABELS + 26 * index, y - 11, 26, 13, shade)
    x = _LABELS + 26 * len(SHADES) + 8
    full = Message("full").render(language)
    drawing.text(x, y, full, colour=MUTED)
    closed = Message("closed").render(language)
    drawing.legend(x + 22 + width_of(full), y, (("crossed", closed),))


def shade_of(row: Occupancy) -> int:
    """Which of `SHADES` a cell has: the first if unused, the last if full."""
    if row.used == 0:
        return 0
    if row.used >= row.amount:
        return len(SHADES) - 1
    return 1 + min(len(SHADES) - 3, int(row.share * (len(SHADES) - 2)))


def _panel(
    resource: ResourceUse, year: int, indices: tuple[int, ...], cell: float, language: Language
) -> Drawing:
    weeks = tuple(resource.weeks[index] for index in indices)
    drawing = Drawing(
        f"{resource.resource}-{year}",
        _LABELS + cell * len(weeks) + 1,
        _height_of(resource),
        Message(
            "Use by site and week, {year}: {resource}",
            resource=resource.label,
            year=str(year),
        ).render(language),
        _describe(resource, indices, language),
        share=(_LABELS + cell * len(weeks)) / WIDTH,
    )
    drawing.text(0, 14, str(year), size=15, bold=True)
    for column, week in enumerate(weeks):
        x = _LABELS + cell * (column + 0.5)
        drawing.text(x, _TOP - 6, str(week.number), size=10, anchor="middle", colour=MUTED)
    _draw_shaded(drawing, resource, indices, cell)
    for line, site in enumerate(resource.sites):
        _draw_name(drawing, line, site.site)
        y = _TOP + _CELL_HEIGHT * line
        for column, index in enumerate(indices):
            _draw_cell(drawing, site.weeks[index], _LABELS + cell * column, y, cell)
    _draw_totals(drawing, resource, indices, cell, language)
    return drawing


def _draw_shaded(
    drawing: Drawing, resource: ResourceUse, indices: tuple[int, ...], cell: float
) -> None:
    """Weeks alike as one bar, then a gap between each two: far fewer marks than one a week."""
    for line, site in enumerate(resource.sites):
        y = _TOP + _CELL_HEIGHT * line + 0.5
        for first, last, row in _alike(site.weeks[indices[0] : indices[-1] + 1]):
            if not row.closed and (row.amount or row.used):
                x, width = _LABELS + cell * first + 0.5, cell * (last - first + 1) - 1
                drawing.cell(x, y, width, _CELL_HEIGHT - 1, SHADES[shade_of(row)])
    bottom = _TOP + _CELL_HEIGHT * len(resource.sites)
    for column in range(1, len(indices)):
        x = _LABELS + cell * column
        drawing.line([(x, _TOP), (x, bottom)], colour=PAPER)


def _draw_cell(drawing: Drawing, row: Occupancy, x: float, y: float, cell: float) -> None:
    shade = shade_of(row)
    if row.closed:
        drawing.box(x + 0.5, y + 0.5, cell - 1, _CELL_HEIGHT - 1, "crossed")
    text = str(row.used) if row.used or row.amount else "·"
    if row.closed and not row.used:
        return
    dark = shade >= _DARK_FROM and not row.closed
    size = 10 if len(text) * 6 < cell else 7
    drawing.text(
        x + cell / 2,
        y + 14,
        text,
        size=size,
        anchor="middle",
        colour=PAPER if dark else (INK if row.used else MUTED),
        bold=shade == len(SHADES) - 1,
    )


def _draw_totals(
    drawing: Drawing,
    resource: ResourceUse,
    indices: tuple[int, ...],
    cell: float,
    language: Language,
) -> None:
    y = _TOP + _CELL_HEIGHT * len(resource.sites)
    drawing.line([(0, y + 2), (_LABELS + cell * len(indices), y + 2)], colour=MUTED)
    _draw_name_of_totals(drawing, resource, language)
    used = resource.used()
    for column, index in enumerate(indices):
        text = str(used[index])
        fits = len(text) * 6 < cell + 2
        drawing.text(
            _LABELS + cell * (column + 0.5),
            y + 18,
            text,
            size=10 if fits else 7,
            anchor="middle",
            bold=fits,
        )


def _describe(resource: ResourceUse, indices: tuple[int, ...], language: Language) -> str:
    used, amount = resource.used(), resource.amount()
    busiest = max(indices, key=lambda index: used[index])
    full = sum(
        site.weeks[index].used >= site.weeks[index].amount > 0
        for site in resource.sites
        for index in indices
    )
    return Message(
        "{sites} sites, {weeks} weeks. Most in use: {used} of {amount} in {week}. "
        "A site is full in {full} of its weeks.",
        sites=len(resource.sites),
        weeks=len(indices),
        used=used[busiest],
        amount=amount[busiest],
        week=resource.weeks[busiest],
        full=full,
    ).render(language)
