"""Each line and year as a bar: how much of the decided money is committed, planned and left."""

from __future__ import annotations

from scheduler.language import Language, Message, show_kr
from scheduler.report.svg import COLUMN_WIDTH, INK, MUTED, PAPER, Drawing, Fill, shorten, width_of
from scheduler.report.table import show_share
from scheduler.report.views.money import LineYear

_BARS_AT, _BARS_WIDTH = 180, 380
_HEADING, _ROW = 34, 30
_BAR = 20
_MOST_SHARE = 1.1
"""Where bars that pass the decided amount are cut."""
_FILLS: dict[str, Fill] = {
    "committed": "deep",
    "planned": "striped",
    "reserve": "dotted",
    "left": "empty",
}
_NAMES = {
    "committed": Message("Committed (enrolments)"),
    "planned": Message("Planned (this plan)"),
    "reserve": Message("Reserve"),
    "left": Message("Left"),
}


def money_picture(rows: tuple[LineYear, ...], language: Language) -> Drawing:
    """Bars of equal length for the decided amounts, each divided as its money is."""
    lines = list(dict.fromkeys(row.line_id for row in rows))
    height = 40 + len(lines) * _HEADING + len(rows) * _ROW
    drawing = Drawing(
        "money",
        COLUMN_WIDTH,
        height,
        Message("Money by budget line and year").render(language),
        _describe(rows, language),
    )
    drawing.legend(0, 16, [(_FILLS[part], _NAMES[part].render(language)) for part in _FILLS])
    y = 40
    for line_id in lines:
        of_line = [row for row in rows if row.line_id == line_id]
        y += _HEADING
        indent = 16 * of_line[0].depth
        drawing.text(
            indent, y - 8, shorten(of_line[0].line, COLUMN_WIDTH - indent, 14), size=14, bold=True
        )
        for row in of_line:
            _draw_row(drawing, row, y, language)
            y += _ROW
    return drawing


def _draw_row(drawing: Drawing, row: LineYear, y: float, language: Language) -> None:
    baseline = y + 15
    drawing.text(16 * row.depth, baseline, str(row.year), colour=MUTED)
    drawing.text(
        _BARS_AT - 12, baseline, show_kr(row.decided_ore, language), anchor="end", colour=INK
    )
    x: float = _BARS_AT
    whole = row.decided_ore or max(1, row.committed_ore + row.planned_ore)
    for part, ore in _parts(row).items():
        width = min(_BARS_WIDTH * ore / whole, _BARS_AT + _BARS_WIDTH * _MOST_SHARE - x)
        if width <= 0:
            continue
        amount = show_kr(ore, language)
        hover = f"{_NAMES[part].render(language)}: {amount}"
        drawing.box(x, y, width, _BAR, _FILLS[part], hover)
        if part == "committed" and width_of(amount, 12) + 12 < width:
            drawing.text(x + 6, baseline, amount, size=12, colour=PAPER)
        x += width
    drawing.line(
        [(_BARS_AT + _BARS_WIDTH, y - 3), (_BARS_AT + _BARS_WIDTH, y + _BAR + 3)],
        colour=INK,
        width=2,
    )
    drawing.text(max(x, _BARS_AT + _BARS_WIDTH) + 12, baseline, _left(row, language), bold=True)


def _parts(row: LineYear) -> dict[str, int]:
    return {
        "committed": row.committed_ore,
        "planned": row.planned_ore,
        "reserve": min(row.reserve_ore, max(0, row.reserve_ore + row.left_ore)),
        "left": max(0, row.left_ore),
    }


def _left(row: LineYear, language: Language) -> str:
    left = show_kr(abs(row.left_ore), language)
    template = (
        Message("{amount} over", amount=left)
        if row.left_ore < 0
        else Message("{amount} left", amount=left)
    )
    return template.render(language)


def _describe(rows: tuple[LineYear, ...], language: Language) -> str:
    return " ".join(
        Message(
            "{line} {year}: {share} of {amount} is used.",
            line=row.line,
            year=str(row.year),
            share=show_share(_used_share(row), language),
            amount=show_kr(row.decided_ore, language),
        ).render(language)
        for row in rows
    )


def _used_share(row: LineYear) -> float:
    used = row.committed_ore + row.planned_ore
    return used / row.decided_ore if row.decided_ore > 0 else float(used > 0)
