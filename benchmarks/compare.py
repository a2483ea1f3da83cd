"""What got slower since an earlier run: ``python -m benchmarks.compare EARLIER [LATER]``.

Seconds on two days, or on two machines, cannot be compared. So each time is taken as a multiple
of a peer's time on the same instance in the same run, and these multiples are compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.records import InstanceRun, Results, WayName, WayRun, read_results
from benchmarks.show import newest

YARDSTICKS: tuple[WayName, ...] = ("relaxation", "cpsat", "mip", "greedy")
"""Peers to measure by, the steadiest first: the first that finished in both runs is taken."""
_SLOWER = 1.25
_WIDER = 1e-4
"""Of the value: a gap that grew by less is the same."""
_LEAST_SECONDS = 0.2
"""What took less in both runs says nothing."""


@dataclass(frozen=True, slots=True)
class Change:
    """One time in two runs, each as a multiple of the yardstick's."""

    what: str
    earlier: float
    later: float
    yardstick: str

    @property
    def times(self) -> float:
        """How many times as long it takes now."""
        return self.later / self.earlier

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.times:.2f} times as long "
            f"({self.earlier:.3g} → {self.later:.3g} of {self.yardstick})"
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs side by side."""

    changes: tuple[Change, ...]
    worse: tuple[str, ...]
    """Goals of which a plan or a bound got worse."""
    not_compared: tuple[str, ...]
    """Instances of one run alone, or without a peer that finished in both."""

    def slower(self, times: float) -> tuple[Change, ...]:
        """What takes more than so many times as long, the worst first."""
        found = [change for change in self.changes if change.times > times]
        return tuple(sorted(found, key=lambda change: -change.times))


def compare(earlier: Results, later: Results) -> Comparison:
    """Every time that both runs have, and every goal."""
    changes: list[Change] = []
    worse: list[str] = []
    not_compared: list[str] = []
    before = {(run.instance, run.seed): run for run in earlier.runs}
    after = {(run.instance, run.seed): run for run in later.runs}
    for key in [*before, *(key for key in after if key not in before)]:
        name = f"{key[0]}, seed {key[1]}"
        if key not in before or key not in after:
            not_compared.append(f"{name}: only in the {'later' if key in after else 'earlier'} run")
            continue
        worse += _worse_goals(name, before[key], after[key])
        yardstick = _yardstick(before[key], after[key])
        if yardstick is None:
            not_compared.append(f"{name}: no peer finished in both runs")
        else:
            changes += _changes(name, before[key], after[key], yardstick)
    return Comparison(tuple(changes), tuple(worse), tuple(not_compared))


def _yardstick(before: InstanceRun, after: InstanceRun) -> WayName | None:
    def has_finished(run: InstanceRun, name: WayName) -> bool:
        way = run.way(name)
        return way is not None and way.ended == "finished" and way.seconds > 0

    both = (name for name in YARDSTICKS if has_finished(before, name) and has_finished(after, name))
    return next(both, None)


def _changes(
    name: str, before: InstanceRun, after: InstanceRun, yardstick: WayName
) -> Iterator[Change]:
    was, now = _seconds(before), _seconds(after)
    unit_before, unit_after = was[yardstick], now[yardstick]
    for what in was:
        is_ours = what in now and what not in YARDSTICKS
        if is_ours and max(was[what], now[what]) >= _LEAST_SECONDS and was[what] > 0:
            multiples = was[what] / unit_before, now[what] / unit_after
            yield Change(f"{name}: {what}", *multiples, yardstick)


def _seconds(run: InstanceRun) -> dict[str, float]:
    """Every time of a run: phases by their names, ways by theirs."""
    times = {str(phase.phase): phase.seconds for phase in run.phases if phase.phase != "solve"}
    return times | {str(way.way): way.seconds for way in run.ways}


def _worse_goals(name: str, before: InstanceRun, after: InstanceRun) -> Iterator[str]:
    """Goals of ours that ended further from the bound, or out of time, and were not before."""
    was, now = before.way("ungeplan"), after.way("ungeplan")
    if was is None or now is None:
        return
    if was.ended == "finished" != now.ended:
        yield f"{name}: it no longer finishes ({now.ended})"
    yield from _wider_gaps(name, was, now)


def _wider_gaps(name: str, was: WayRun, now: WayRun) -> Iterator[str]:
    before = {goal.name: goal for goal in was.goals}
    for goal in now.goals:
        old = before.get(goal.name)
        if old is None or old.gap is None:
            continue
        if goal.gap is None:
            yield f"{name}: {goal.name} has no gap any more"
        elif goal.gap > old.gap + _WIDER:
            yield f"{name}: the gap of {goal.name} was {old.gap:.3%} and is {goal.gap:.3%}"


def main(arguments: Sequence[str] | None = None) -> int:
    """The comparison is printed; 1 if anything got slower or worse."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("earlier", type=Path)
    parser.add_argument("later", type=Path, nargs="?", help="the newest stored run")
    parser.add_argument("--slower", type=float, default=_SLOWER, help="times as long that count")
    asked = parser.parse_args(arguments)
    later = asked.later or newest()
    if later is None:
        parser.error("there is no stored run to compare with")
    found = compare(read_results(asked.earlier), read_results(later))
    sys.stdout.write("".join(f"{line}\n" for line in describe(found, asked.slower)))
    return 1 if found.slower(asked.slower) or found.worse else 0


def describe(found: Comparison, slower: float = _SLOWER) -> list[str]:
    """The comparison in words."""
    slow = found.slower(slower)
    quick = [change for change in found.changes if change.times * slower < 1]
    lines = [f"Slower: {change}" for change in slow]
    lines += [f"Worse: {one}" for one in found.worse]
    lines += [f"Faster: {change}" for change in quick]
    lines += [f"Not compared: {one}" for one in found.not_compared]
    summary = f"{len(found.changes)} times compared, {len(slow)} slower, {len(quick)} faster."
    return [*lines, summary]


if __name__ == "__main__":
    sys.exit(main())
