"""Week by week: people started and waiting above, starts by programme below."""

from __future__ import annotations

from scheduler.language import Language, Message
from scheduler.problem import Problem
from scheduler.report.pictures.scale import ticks
from scheduler.report.svg import (
    DEEP,
    EARTH,
    INK,
    MUTED,
    PALE,
    RULE,
    WIDTH,
    Drawing,
    Fill,
    shorten,
)
from scheduler.report.views.timeline import TimelineWeek

_HEIGHT = 420
_LEFT, _RIGHT = 48, 150
_UPPER_TOP, _UPPER_BOTTOM = 20, 230
_LOWER_TOP, _LOWER_BOTTOM = 280, 380
_YEAR_END = 52
"""From this week on a label would touch that of the new year's first week."""
_FILLS: tuple[Fill, ...] = ("deep", "striped", "dotted", "empty", "crossed")


def timeline_picture(
    problem: Problem, rows: tuple[TimelineWeek, ...], language: Language
) -> Drawing:
    """Two panels over the same weeks."""
    drawing = Drawing(
        "timeline",
        WIDTH,
        _HEIGHT,
        Message("Starts and waiting, week by week").render(language),
        _describe(rows, language),
    )
    step = (WIDTH - _LEFT - _RIGHT) / len(rows)
    _draw_weeks(drawing, rows, step)
    _draw_people(drawing, rows, step, language)
    _draw_starts(drawing, problem, rows, step, language)
    return drawing


def _draw_weeks(drawing: Drawing, rows: tuple[TimelineWeek, ...], step: float) -> None:
    every = max(1, round(34 / step))
    for index, row in enumerate(rows):
        x = _LEFT + step * index
        new_year = index == 0 or row.week.year != rows[index - 1].week.year
        if new_year:
            drawing.line([(x, _UPPER_TOP), (x, _UPPER_BOTTOM)], colour=MUTED)
            drawing.line([(x, _LOWER_TOP), (x, _LOWER_BOTTOM + 36)], colour=MUTED)
            if len(rows) - index > every:
                drawing.text(x + 5, _LOWER_BOTTOM + 34, str(row.week.year), bold=True)
        if row.week.number % every == 1 % every and row.week.number < _YEAR_END:
            drawing.text(
                x + step / 2,
                _LOWER_BOTTOM + 16,
                str(row.week.number),
                size=11,
                anchor="middle",
                colour=MUTED,
            )


def _draw_people(
    drawing: Drawing, rows: tuple[TimelineWeek, ...], step: float, language: Language
) -> None:
    marks = ticks(max(max(row.placed, row.waiting) for row in rows))
    _draw_grid(drawing, marks, _UPPER_TOP, _UPPER_BOTTOM)

    def height(people: int) -> float:
        return _UPPER_BOTTOM - (_UPPER_BOTTOM - _UPPER_TOP) * people / marks[-1]

    middles = [_LEFT + step * (index + 0.5) for index in range(len(rows))]
    placed = [(x, height(row.placed)) for x, row in zip(middles, rows, strict=True)]
    waiting = [(x, height(row.waiting)) for x, row in zip(middles, rows, strict=True)]
    drawing.area([(middles[0], _UPPER_BOTTOM), *placed, (middles[-1], _UPPER_BOTTOM)], PALE)
    drawing.line(placed, colour=DEEP, width=2.5)
    drawing.line(waiting, colour=EARTH, width=2.5, dashed=True)
    ends = _apart(placed[-1][1], waiting[-1][1])
    texts = (
        (Message("Started: {count}", count=rows[-1].placed), DEEP),
        (Message("Waiting: {count}", count=rows[-1].waiting), EARTH),
    )
    for y, (text, colour) in zip(ends, texts, strict=True):
        drawing.text(middles[-1] + 10, y + 4, text.render(language), colour=colour, bold=True)


def _draw_starts(
    drawing: Drawing,
    problem: Problem,
    rows: tuple[TimelineWeek, ...],
    step: float,
    language: Language,
) -> None:
    marks = ticks(max(sum(row.starts) for row in rows))
    _draw_grid(drawing, marks[:: max(1, len(marks) - 1)], _LOWER_TOP, _LOWER_BOTTOM)
    drawing.text(
        _LEFT, _LOWER_TOP - 26, Message("Starts each week").render(language), size=13, bold=True
    )
    scale = (_LOWER_BOTTOM - _LOWER_TOP) / marks[-1]
    for index, row in enumerate(rows):
        y: float = _LOWER_BOTTOM
        for fill, starts in zip(_FILLS * len(row.starts), row.starts, strict=False):
            if starts:
                y -= starts * scale
                drawing.box(_LEFT + step * (index + 0.14), y, step * 0.72, starts * scale, fill)
    names = [shorten(programme.name, 190) for programme in problem.programmes]
    drawing.legend(_LEFT + 170, _LOWER_TOP - 26, zip(_FILLS * len(names), names, strict=False))


def _draw_grid(drawing: Drawing, marks: tuple[int, ...], top: float, bottom: float) -> None:
    for mark in marks:
        y = bottom - (bottom - top) * mark / marks[-1]
        colour = RULE if mark else INK
        drawing.line([(_LEFT, y), (WIDTH - _RIGHT, y)], colour=colour)
        drawing.text(_LEFT - 8, y + 4, str(mark), size=11, anchor="end", colour=MUTED)


def _apart(first: float, second: float, least: float = 18) -> tuple[float, float]:
    """Two heights, moved apart where labels at them would touch."""
    gap = least - abs(first - second)
    if gap <= 0:
        return first, second
    shift = gap / 2 if first > second else -gap / 2
    return first + shift, second - shift


def _describe(rows: tuple[TimelineWeek, ...], language: Language) -> str:
    busiest = max(rows, key=lambda row: sum(row.starts))
    longest = max(rows, key=lambda row: row.waiting)
    return Message(
        "Most starts in one week: {starts} in {week}. Most people waiting: {waiting} in {when}. "
        "In the last start week {placed} have started and {left} wait.",
        starts=sum(busiest.starts),
        week=busiest.week,
        waiting=longest.waiting,
        when=longest.week,
        placed=rows[-1].placed,
        left=rows[-1].waiting,
    ).render(language)
