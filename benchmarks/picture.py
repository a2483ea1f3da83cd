"""Time and gap against size, for Ungeplan and its peers, as one SVG."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.records import WayName
from benchmarks.summary import LADDERS, WaySummary
from scheduler.report.svg import INK, MUTED, PAPER, RULE, Drawing, Fill

_FILLS: dict[WayName, Fill] = {
    "ungeplan": "deep",
    "cpsat": "striped",
    "mip": "dotted",
    "relaxation": "empty",
    "greedy": "crossed",
}
LABELS: dict[WayName, str] = {
    "ungeplan": "Ungeplan",
    "cpsat": "CP-SAT, whole model",
    "mip": "HiGHS, whole model",
    "relaxation": "HiGHS, relaxation alone",
    "greedy": "greedy",
    "command-line": "whole command",
}
_WIDTH, _HEIGHT = 1000, 430
_TOP, _BOTTOM = 90, 370
_PANEL_WIDTH = 400
_MARK = 12
_LEAST_GAP = 1e-5
"""What is closer is drawn here: a logarithm has no zero."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """A logarithmic scale between two powers of ten."""

    first: int
    last: int
    start: float
    """Pixels at the first power."""
    end: float

    def at(self, value: float) -> float:
        """The pixel of a value."""
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))


@dataclass(frozen=True, slots=True)
class _Point:
    way: WayName
    options: int
    value: float
    is_stopped: bool


def picture(summaries: Sequence[WaySummary], city: str) -> Drawing:
    """Both panels; the blend at every size that was run of a kind of city."""
    blends = [one for one in summaries if one.instance in LADDERS[city] and one.way in _FILLS]
    times = [_Point(one.way, one.options, median(one.seconds), _stopped(one)) for one in blends]
    gaps = [
        _Point(one.way, one.options, max(_LEAST_GAP, one.gaps[0][1]), _stopped(one))
        for one in blends
        if one.gaps and one.gaps[0][1] is not None
    ]
    drawing = Drawing(
        f"size-{city}",
        _WIDTH,
        _HEIGHT,
        f"Time and gap against size, {city} cities",
        " ".join(_describe(point, "seconds") for point in times)
        + " "
        + " ".join(_describe(point, "gap") for point in gaps),
    )
    drawing.area([(0, 0), (_WIDTH, 0), (_WIDTH, _HEIGHT), (0, _HEIGHT)], PAPER)
    drawing.legend(0, 18, [(fill, LABELS[way]) for way, fill in _FILLS.items()])
    drawing.text(
        0, 44, "▲ stopped at its time limit. Median time and worst gap of all seeds.", colour=MUTED
    )
    x = _axis([point.options for point in times])
    _panel(drawing, 70, times, x, "Seconds until it ended", _seconds)
    _panel(drawing, 580, gaps, x, "Gap that was left (greedy: to our bound)", _percent)
    return drawing


def _stopped(one: WaySummary) -> bool:
    return one.finished < len(one.runs)


def _axis(values: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around the values."""
    if not values:
        return 0, 1
    first, last = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return first, max(last, first + 1)


def _panel(
    drawing: Drawing,
    left: float,
    points: Sequence[_Point],
    options: tuple[int, int],
    title: str,
    show: Callable[[float], str],
) -> None:
    across = _Axis(*options, left, left + _PANEL_WIDTH)
    up = _Axis(*_axis([point.value for point in points]), _BOTTOM, _TOP)
    drawing.text(left, _TOP - 18, title, bold=True)
    for power in range(up.first, up.last + 1):
        y = up.at(10.0**power)
        drawing.line([(left, y), (left + _PANEL_WIDTH, y)], colour=RULE)
        drawing.text(left - 8, y + 4, show(10.0**power), size=12, anchor="end", colour=MUTED)
    for power in range(across.first, across.last + 1):
        x = across.at(10.0**power)
        drawing.line([(x, _BOTTOM), (x, _BOTTOM + 5)], colour=MUTED)
        drawing.text(x, _BOTTOM + 20, f"{10**power:,}".replace(",", " "), size=12, anchor="middle")
    drawing.text(left + _PANEL_WIDTH / 2, _BOTTOM + 42, "options", anchor="middle", colour=MUTED)
    for way, fill in _FILLS.items():
        own = sorted((point for point in points if point.way == way), key=lambda p: p.options)
        at = [(across.at(point.options), up.at(point.value)) for point in own]
        if len(at) > 1:
            drawing.line(at, colour=MUTED, width=2 if way == "ungeplan" else 1)
        for point, (x, y) in zip(own, at, strict=True):
            hover = _describe(point, title)
            drawing.box(x - _MARK / 2, y - _MARK / 2, _MARK, _MARK, fill, hover)
            if point.is_stopped:
                drawing.text(x, y - _MARK, "▲", size=11, anchor="middle", colour=INK)


def _seconds(value: float) -> str:
    return f"{value:g} s"


def _percent(value: float) -> str:
    return f"{100 * value:g} %"


def _describe(point: _Point, unit: str) -> str:
    value = (
        _percent(float(f"{point.value:.2g}"))
        if "gap" in unit.lower()
        else _seconds(float(f"{point.value:.3g}"))
    )
    ending = ", stopped" if point.is_stopped else ""
    return f"{LABELS[point.way]} at {point.options} options: {value}{ending}."
