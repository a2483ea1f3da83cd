"""Rows of numbers, a bar for each plan."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.language import Kr, Language, Message, show
from scheduler.report.label import Label
from scheduler.report.svg import (
    COLUMN_WIDTH,
    INK,
    MUTED,
    Drawing,
    Fill,
    shorten,
    wrap,
)
from scheduler.report.table import capital

_FILLS: tuple[Fill, ...] = ("deep", "striped", "dotted", "empty", "crossed")
_LABELS = 250
_BAR, _STEP, _GAP = 16, 20, 16
_COUNT_ROOM, _MONEY_ROOM = 60, 130
_LEGEND_LINE = 22
Bars = tuple[Label | tuple[Label, ...], tuple[int | None, ...]]
"""A label, and a number for each plan; None is not shown."""


def comparison_picture(
    name: str,
    title: Message,
    plans: Sequence[str],
    rows: Sequence[Bars],
    language: Language,
    *,
    is_money: bool = False,
) -> Drawing:
    """For each row a bar for each plan, all to one scale.

    Parameters
    ----------
    name
        Starts every id in the drawing.
    title
        What it is.
    plans
        What each plan is called.
    rows
        In the order from above.
    language
        Of every text.
    is_money
        Whether the numbers are øre.
    """
    top = 12 + _LEGEND_LINE * len(plans)
    block = _STEP * len(plans) + _GAP
    drawing = Drawing(
        name,
        COLUMN_WIDTH,
        top + block * len(rows),
        title.render(language),
        _describe(plans, rows, language, is_money=is_money),
    )
    for number, plan in enumerate(plans):
        y = 16 + _LEGEND_LINE * number
        drawing.legend(0, y, [(_FILLS[number], shorten(plan, COLUMN_WIDTH - 40))])
    most = max((value or 0 for _, values in rows for value in values), default=0)
    scale = (COLUMN_WIDTH - _LABELS - (_MONEY_ROOM if is_money else _COUNT_ROOM)) / max(1, most)
    for line, (label, values) in enumerate(rows):
        y = top + block * line
        _label(drawing, y, capital(show(label, language)), len(plans))
        for number, value in enumerate(values):
            text = _say(value, language, is_money=is_money)
            _bar(drawing, y + _STEP * number, _FILLS[number], value, scale, text)
    return drawing


def _bar(
    drawing: Drawing, y: float, fill: Fill, value: int | None, scale: float, text: str
) -> None:
    length = max(0, value or 0) * scale
    if length:
        drawing.box(_LABELS, y, length, _BAR, fill, text)
    colour = MUTED if value is None else INK
    x = _LABELS + length + (8 if length else 0)
    drawing.text(x, y + 13, text, size=12, colour=colour)


def _label(drawing: Drawing, y: float, text: str, plans: int) -> None:
    lines = wrap(text, _LABELS - 14)
    # One plan has room for one line beside its bar, and the gap below it for another.
    for line, part in enumerate(lines[: max(2, plans)]):
        drawing.text(0, y + 13 + 15 * line, part)


def _say(value: int | None, language: Language, *, is_money: bool) -> str:
    if value is None:
        return "–"
    return show(Kr(value) if is_money else value, language)


def _describe(
    plans: Sequence[str], rows: Sequence[Bars], language: Language, *, is_money: bool
) -> str:
    return " ".join(
        Message(
            "{group}: {numbers}.",
            group=label,
            numbers=tuple(
                Message("{plan} {count}", plan=plan, count=_say(value, language, is_money=is_money))
                for plan, value in zip(plans, values, strict=True)
            ),
        ).render(language)
        for label, values in rows
    )
