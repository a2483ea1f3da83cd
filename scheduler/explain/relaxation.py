"""The least by which limits of one kind must give for a plan to exist."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from scheduler.engines import Task
from scheduler.explain.demands import merge_key, word_relaxed
from scheduler.explain.loosened import Loosened, MakeEngine, find_plan, is_paid
from scheduler.explain.names import Names
from scheduler.explain.unpruned import Unpruned
from scheduler.outcome import Relaxation
from scheduler.rules.rows import Demand, RowGroup

Unit = Literal["places", "courses", "ore"]
_MOST_SECONDS = 60.0
"""For the least of one unit; a conflict is worth more than how little would solve it."""
UNITS: tuple[Unit, ...] = get_args(Unit)


def least_relaxations(unpruned: Unpruned, engine: MakeEngine) -> tuple[Relaxation, ...]:
    """For each unit: how much limits of that unit alone would have to give, and where.

    A unit for which the engine does not prove the least in a minute is left out.
    """
    return tuple(found for unit in UNITS for found in _relax(unpruned, unit, engine))


def _relax(unpruned: Unpruned, unit: Unit, engine: MakeEngine) -> Iterator[Relaxation]:
    def gives(group: RowGroup, row: int) -> bool:
        demand = group.demands[row]
        return demand.unit == unit and demand.side != "link" and not is_paid(group, row)

    every = [row for rows in unpruned.by_demand().values() for row in rows]
    firm = [row for row in every if not gives(unpruned.groups[row.group], row.row)]
    start = find_plan(unpruned.instance, unpruned.with_only(firm), engine)
    if start is None:
        yield Relaxation(unit=unit, amount=None)
        return
    loosened = Loosened(unpruned.instance, unpruned.with_only(every), gives)
    least = start
    if loosened.what_gives(start):
        task = Task(objective=loosened.must_give(), start=start, seconds=_MOST_SECONDS)
        answer = engine().solve(loosened, task, lambda *_: None)
        if answer.status != "optimal" or answer.chosen is None:
            return
        least = answer.chosen
    yield _word(unpruned, unit, loosened.what_gives(least))


def _word(unpruned: Unpruned, unit: Unit, given: Sequence[tuple[Demand, int]]) -> Relaxation:
    names = Names(unpruned.instance.supply.problem)
    return Relaxation(
        unit=unit,
        amount=sum(amount for _, amount in given),
        parts=tuple(word_relaxed(names, rows, amount).local() for rows, amount in _runs(given)),
    )


def _runs(given: Sequence[tuple[Demand, int]]) -> list[tuple[list[Demand], int]]:
    """Rows of one demand that give as much in consecutive weeks, together."""
    runs: list[tuple[list[Demand], int]] = []
    for demand, amount in given:
        if runs and runs[-1][1] == amount and _follows(runs[-1][0][-1], demand):
            runs[-1][0].append(demand)
        else:
            runs.append(([demand], amount))
    return runs


def _follows(earlier: Demand, later: Demand) -> bool:
    if earlier.week is None or later.week is None or merge_key(earlier) != merge_key(later):
        return False
    return later.week == earlier.week + 1
