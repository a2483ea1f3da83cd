"""How value and bound of a goal came towards each other while it was planned for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scheduler.language import Language, Message, show, show_number
from scheduler.report.label import Label
from scheduler.report.svg import COLUMN_WIDTH, DEEP, EARTH, INK, MUTED, RULE, Anchor, Drawing

Points = Sequence[tuple[float, int | None]]
"""Seconds and what was known from then on."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 110, 12, 40, 220
_MARKS = 4


def gap_curve(
    name: str,
    goal: Label,
    values: Points,
    bounds: Points,
    until: float,
    in_unit: Callable[[int], object],
    language: Language,
) -> Drawing:
    """Two steps over time: the best value so far, and the bound that nothing can be better than.

    Parameters
    ----------
    name
        Starts every id in the drawing; unique on the page.
    goal
        What was planned for.
    values, bounds
        In the order of time.
    until
        Where the axis of time ends, in seconds.
    in_unit
        A number of the goal as it is shown.
    language
        Of the texts.
    """
    known = [number for _, number in (*values, *bounds) if number is not None]
    low, high = (min(known), max(known)) if known else (0, 1)
    drawing = Drawing(
        name,
        COLUMN_WIDTH,
        _BOTTOM + 44,
        show(goal, language),
        _describe(values, bounds, in_unit, language),
    )
    start = min((seconds for seconds, _ in (*values, *bounds)), default=0.0)
    span = max(until - start, 0.001)

    def x_of(seconds: float) -> float:
        return _LEFT + (COLUMN_WIDTH - _LEFT - _RIGHT) * (seconds - start) / span

    def y_of(number: float) -> float:
        share = (number - low) / (high - low) if high > low else 0.5
        return _BOTTOM - (_BOTTOM - _TOP) * share

    _legend(drawing, language)
    for mark in _marks(low, high):
        drawing.line([(_LEFT, y_of(mark)), (COLUMN_WIDTH, y_of(mark))], colour=RULE)
        text = show(in_unit(mark), language)
        drawing.text(_LEFT - 8, y_of(mark) + 4, text, size=11, anchor="end", colour=MUTED)
    drawing.line([(_LEFT, _BOTTOM + 6), (COLUMN_WIDTH, _BOTTOM + 6)], colour=INK)
    for index in range(_MARKS + 1):
        seconds = start + span * index / _MARKS
        text = Message("{seconds} s", seconds=show_number(seconds, language, 1)).render(language)
        anchor: Anchor = "end" if index == _MARKS else "middle"
        drawing.text(x_of(seconds), _BOTTOM + 26, text, size=11, anchor=anchor, colour=MUTED)
    drawing.line(_steps(bounds, until, x_of, y_of), colour=EARTH, width=2, dashed=True)
    drawing.line(_steps(values, until, x_of, y_of), colour=DEEP, width=2.5)
    return drawing


def _legend(drawing: Drawing, language: Language) -> None:
    drawing.line([(_LEFT, 14), (_LEFT + 26, 14)], colour=DEEP, width=2.5)
    drawing.text(_LEFT + 34, 18, Message("Value").render(language), colour=MUTED)
    drawing.line([(_LEFT + 120, 14), (_LEFT + 146, 14)], colour=EARTH, width=2, dashed=True)
    drawing.text(_LEFT + 154, 18, Message("Bound").render(language), colour=MUTED)


def _marks(low: int, high: int) -> list[int]:
    """Numbers to mark; few where there are few."""
    count = min(_MARKS, high - low)
    if count == 0:
        return [low]
    return sorted({low + (high - low) * index // count for index in range(count + 1)})


def _steps(
    points: Points, until: float, x_of: Callable[[float], float], y_of: Callable[[float], float]
) -> list[tuple[float, float]]:
    known = [(seconds, number) for seconds, number in points if number is not None]
    path: list[tuple[float, float]] = []
    for seconds, number in known:
        if path:
            path.append((x_of(seconds), path[-1][1]))
        path.append((x_of(seconds), y_of(number)))
    if path:
        path.append((x_of(max(until, known[-1][0])), path[-1][1]))
    return path


def _describe(
    values: Points, bounds: Points, in_unit: Callable[[int], object], language: Language
) -> str:
    ends = [
        next((number for _, number in reversed(points) if number is not None), None)
        for points in (values, bounds)
    ]
    value, bound = ("–" if end is None else show(in_unit(end), language) for end in ends)
    return Message("Value {value}, bound {bound} at the end.", value=value, bound=bound).render(
        language
    )
