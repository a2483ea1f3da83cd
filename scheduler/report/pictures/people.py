"""Placed and waiting side by side: bars for groups, columns for weeks of waiting."""

from __future__ import annotations

from scheduler.language import Language, Message, show
from scheduler.report.disclosure import Counts
from scheduler.report.label import Label
from scheduler.report.pictures.scale import ticks
from scheduler.report.svg import (
    COLUMN_WIDTH,
    INK,
    MUTED,
    PAPER,
    RULE,
    Drawing,
    Fill,
    width_of,
    wrap,
)
from scheduler.report.table import capital

_LABELS = 250
_ROW, _BAR = 34, 22
_SERIES: tuple[tuple[Fill, Message], ...] = (
    ("deep", Message("Placed")),
    ("dotted", Message("Waiting")),
)


def group_bars(
    name: str, title: Message, rows: tuple[Counts[Label], ...], language: Language
) -> Drawing:
    """A bar a group, placed and then waiting, to one scale."""
    drawing = Drawing(
        name,
        COLUMN_WIDTH,
        34 + _ROW * len(rows),
        title.render(language),
        _describe(rows, language),
    )
    drawing.legend(0, 16, [(fill, text.render(language)) for fill, text in _SERIES])
    scale = (COLUMN_WIDTH - _LABELS - 60) / max((1, *(row.total for row in rows)))
    for line, row in enumerate(rows):
        y = 34 + _ROW * line
        _label(drawing, y, capital(show(row.groups, language)))
        x: float = _LABELS
        for (fill, text), count in zip(_SERIES, row.counts, strict=True):
            if count == 0:
                continue
            width = count * scale
            drawing.box(x, y, width, _BAR, fill, f"{text.render(language)}: {count}")
            if width > width_of(str(count)) + 8:
                _number_on(drawing, x + width / 2, y, count, fill)
            x += width
        drawing.text(x + 8, y + 16, str(row.total), colour=MUTED)
    return drawing


def reason_bars(rows: tuple[Counts[Label], ...], language: Language) -> Drawing:
    """A bar a reason."""
    drawing = Drawing(
        "reasons",
        COLUMN_WIDTH,
        _ROW * len(rows),
        Message("Reasons").render(language),
        " ".join(f"{show(row.groups, language)}: {row.total}." for row in rows),
    )
    scale = (COLUMN_WIDTH - _LABELS - 60) / max((1, *(row.total for row in rows)))
    for line, row in enumerate(rows):
        y = _ROW * line + 4
        _label(drawing, y, capital(show(row.groups, language)))
        drawing.box(_LABELS, y, row.total * scale, _BAR, "dotted")
        drawing.text(_LABELS + row.total * scale + 8, y + 16, str(row.total), bold=True)
    return drawing


def waiting_columns(rows: tuple[Counts[Label], ...], language: Language) -> Drawing:
    """Two columns a band of weeks: placed and waiting."""
    drawing = Drawing(
        "waiting",
        COLUMN_WIDTH,
        300,
        Message("Weeks from referral").render(language),
        _describe(rows, language),
    )
    drawing.legend(0, 16, [(fill, text.render(language)) for fill, text in _SERIES])
    left, top, bottom = 48, 48, 250
    marks = ticks(max((1, *(count for row in rows for count in row.counts))))
    for mark in marks:
        y = bottom - (bottom - top) * mark / marks[-1]
        drawing.line([(left, y), (COLUMN_WIDTH, y)], colour=RULE if mark else INK)
        drawing.text(left - 8, y + 4, str(mark), size=11, anchor="end", colour=MUTED)
    step = min(150, (COLUMN_WIDTH - left) / len(rows))
    for index, row in enumerate(rows):
        x = left + step * index
        for place, ((fill, text), count) in enumerate(zip(_SERIES, row.counts, strict=True)):
            height = (bottom - top) * count / marks[-1]
            at = x + step * (0.14 + 0.36 * place)
            if count:
                hover = f"{text.render(language)}: {count}"
                drawing.box(at, bottom - height, step * 0.34, height, fill, hover)
            drawing.text(
                at + step * 0.17,
                bottom - height - 5,
                str(count) if count else "",
                size=12,
                anchor="middle",
            )
        drawing.text(
            x + step / 2, bottom + 18, show(row.groups, language), size=12, anchor="middle"
        )
    drawing.text(
        left, bottom + 42, Message("Weeks from referral").render(language), size=12, colour=MUTED
    )
    return drawing


def _label(drawing: Drawing, y: float, text: str) -> None:
    lines = wrap(text, _LABELS - 14)
    for line, part in enumerate(lines):
        drawing.text(0, y + 16 + 15 * line - 7.5 * (len(lines) - 1), part)


def _number_on(drawing: Drawing, x: float, y: float, count: int, fill: Fill) -> None:
    text = str(count)
    if fill != "deep":
        width = width_of(text, 12) + 6
        drawing.cell(x - width / 2, y + 4, width, _BAR - 8, PAPER)
    colour = PAPER if fill == "deep" else INK
    drawing.text(x, y + 16, text, size=12, anchor="middle", colour=colour, bold=True)


def _describe(rows: tuple[Counts[Label], ...], language: Language) -> str:
    return " ".join(
        Message(
            "{group}: {placed} placed, {waiting} waiting.",
            group=row.groups,
            placed=row.counts[0],
            waiting=row.counts[1],
        ).render(language)
        for row in rows
    )
