"""Stored runs put together over seeds: what the table and the picture show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import get_args

from benchmarks.records import GAPS, GoalRun, InstanceRun, Results, WayName, WayRun
from benchmarks.registry import INSTANCES, PLAIN, SIZES

WAYS: tuple[WayName, ...] = get_args(WayName)
LADDERS: dict[str, tuple[str, ...]] = {
    city: tuple(f"{prefix}{size.name}-blend" for size in SIZES if size.name != "tiny")
    for city, prefix in (("plain", PLAIN), ("full", ""))
}
"""By kind of city: the blend at every size, the smallest first."""


@dataclass(frozen=True, slots=True)
class WaySummary:
    """One way on one instance, over all seeds."""

    instance: str
    way: WayName
    options: int
    """The median."""
    seconds: tuple[float, ...]
    """By seed."""
    runs: tuple[WayRun, ...]
    """By seed."""
    gaps: tuple[tuple[str, float | None], ...]
    """By goal: the worst gap; none: not known. The gap of a plan without a bound is to ours."""
    common_gap: int | None
    """Hundredths of a per cent: the smallest noted gap of the first goal that Ungeplan reached with
    every seed."""
    common_seconds: tuple[float | None, ...]
    """By seed: when this way reached it; none: never."""

    @property
    def finished(self) -> int:
        """With how many seeds it ended by itself."""
        return sum(run.ended == "finished" for run in self.runs)

    @property
    def common_median(self) -> float | None:
        """The median time to the common gap; none unless every seed reached it."""
        known = [seconds for seconds in self.common_seconds if seconds is not None]
        return median(known) if known and len(known) == len(self.common_seconds) else None


def summarise(results: Results) -> list[WaySummary]:
    """Every way on every instance, in the registry's order."""
    found = []
    for name in INSTANCES:
        runs = [run for run in results.runs if run.instance == name]
        gap = _common_gap(runs)
        found += [_summary(name, way, runs, gap) for way in WAYS if any(r.way(way) for r in runs)]
    return found


def _summary(
    name: str, way: WayName, runs: Sequence[InstanceRun], common_gap: int | None
) -> WaySummary:
    tried = [(run, one) for run in runs if (one := run.way(way)) is not None]
    return WaySummary(
        instance=name,
        way=way,
        options=round(median(run.options for run, _ in tried)),
        seconds=tuple(one.seconds for _, one in tried),
        runs=tuple(one for _, one in tried),
        gaps=_worst_gaps(tried),
        common_gap=common_gap,
        common_seconds=tuple(
            one.goals[0].seconds_to(common_gap) if one.goals and common_gap is not None else None
            for _, one in tried
        ),
    )


def _common_gap(runs: Sequence[InstanceRun]) -> int | None:
    ours = [way for run in runs if (way := run.way("ungeplan")) is not None and way.goals]
    if not ours:
        return None
    reached = [gap for gap in GAPS if all(way.goals[0].seconds_to(gap) is not None for way in ours)]
    return min(reached, default=None)


def _worst_gaps(
    tried: Sequence[tuple[InstanceRun, WayRun]],
) -> tuple[tuple[str, float | None], ...]:
    by_goal: dict[str, list[float | None]] = {}
    for run, way in tried:
        for index, goal in enumerate(way.goals):
            by_goal.setdefault(goal.name, []).append(_gap(run, way, goal, is_first=index == 0))
    return tuple(
        (goal, None if None in gaps else max(gap for gap in gaps if gap is not None))
        for goal, gaps in by_goal.items()
    )


def _gap(run: InstanceRun, way: WayRun, goal: GoalRun, *, is_first: bool) -> float | None:
    """The goal's own gap; of the first goal's plan without a bound, that to our bound."""
    ours = run.way("ungeplan")
    if goal.gap is not None or goal.value is None or not is_first:
        return goal.gap
    if way.way == "ungeplan" or ours is None or not ours.goals or ours.goals[0].bound is None:
        return None
    return abs(ours.goals[0].bound - goal.value) / max(1, abs(goal.value))


@dataclass(frozen=True, slots=True)
class Growth:
    """How time grows with options: ``seconds ~ options ** exponent``."""

    gap: int
    """Hundredths of a per cent that every size reached."""
    points: tuple[tuple[int, float], ...]
    """Options and seconds to that gap, a point for each size and seed."""
    exponent: float


def growth(results: Results, city: str) -> Growth | None:
    """The least-squares fit for a city's blend, office and up; none with fewer than two sizes."""
    runs = [run for run in results.runs if run.instance in LADDERS[city] and run.way("ungeplan")]
    gap = _common_gap(runs)
    if gap is None or len({run.instance for run in runs}) < 2:  # noqa: PLR2004 - a line needs two
        return None
    points = []
    for run in runs:
        way = run.way("ungeplan")
        seconds = way.goals[0].seconds_to(gap) if way is not None else None
        if seconds:
            points.append((run.options, seconds))
    return Growth(gap, tuple(points), _slope(points))


def _slope(points: Sequence[tuple[int, float]]) -> float:
    x = [math.log(options) for options, _ in points]
    y = [math.log(seconds) for _, seconds in points]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - middle_x) ** 2 for one in x)
    together = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    return together / spread if spread else 0.0
