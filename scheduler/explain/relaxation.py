"""The least by which limits of one kind must give for a plan to exist."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal, get_args

from scheduler.engines import Task
from scheduler.explain.demands import merge_key, word_relaxed
from scheduler.explain.loosened import Loosened, MakeEngine, find_plan, is_paid
from scheduler.explain.names import Names
from scheduler.explain.unpruned import Row, Unpruned
from scheduler.outcome import Relaxation
from scheduler.rules.rows import Demand, RowGroup

Unit = Literal["places", "courses", "ore"]
_MOST_SECONDS = 60.0
"""For the least of one unit; a conflict is worth more than how little would solve it."""
UNITS: tuple[Unit, ...] = get_args(Unit)


def relax(
    unpruned: Unpruned, unit: Unit, engine: MakeEngine, conflict: Collection[Row] = ()
) -> Relaxation:
    """How much limits of one unit alone would have to give, and where.

    Where the engine does not prove the least in a minute, it is what is known to be enough.

    Parameters
    ----------
    conflict
        Rows known to be a conflict: if none of them is of that unit, nothing has to be solved.
    """

    def gives(group: RowGroup, row: int) -> bool:
        demand = group.demands[row]
        return demand.unit == unit and demand.side != "link" and not is_paid(group, row)

    def is_firm(row: Row) -> bool:
        return not gives(unpruned.groups[row.group], row.row)

    if conflict and all(is_firm(row) for row in conflict):
        return Relaxation(unit=unit, amount=None)
    every = [row for rows in unpruned.by_demand().values() for row in rows]
    firm = [row for row in every if is_firm(row)]
    start = find_plan(unpruned.instance, unpruned.with_only(firm), engine)
    if start is None:
        return Relaxation(unit=unit, amount=None)
    loosened = Loosened(unpruned.instance, unpruned.with_only(every), gives)
    if not loosened.what_gives(start):
        return Relaxation(unit=unit, amount=0)
    task = Task(objective=loosened.must_give(), start=start, seconds=_MOST_SECONDS)
    answer = engine().solve(loosened, task, lambda *_: None)
    enough = start if answer.chosen is None else answer.chosen
    given = loosened.what_gives(enough)
    names = Names(unpruned.instance.supply.problem)
    return Relaxation(
        unit=unit,
        amount=sum(amount for _, amount in given),
        is_least=answer.status == "optimal",
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
