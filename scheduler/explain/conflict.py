"""Why no plan exists: demands that cannot all hold, and the least that would have to give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from scheduler.engines import make_engine
from scheduler.errors import EngineFailed
from scheduler.explain.demands import word_demand
from scheduler.explain.loosened import MakeEngine, find_plan
from scheduler.explain.names import Names
from scheduler.explain.relaxation import least_relaxations
from scheduler.explain.unpruned import Row, Unpruned
from scheduler.formulation import Formulation
from scheduler.outcome import ConflictItem, Relaxation

T = TypeVar("T")
IsConflict = Callable[[Sequence[Row]], bool]


def explain_conflict(
    formulation: Formulation, engine: MakeEngine | None = None
) -> tuple[tuple[ConflictItem, ...], tuple[Relaxation, ...]]:
    """A smallest conflict of a problem without any plan, and the least relaxations.

    Parameters
    ----------
    formulation
        Of the problem.
    engine
        Makes an engine that proves its bounds; none: the one for everyday problems.
    """
    make = engine or (lambda: make_engine("auto"))
    unpruned = Unpruned.of(formulation.instance.supply.problem)
    return find_conflict(unpruned, make), least_relaxations(unpruned, make)


def find_conflict(unpruned: Unpruned, engine: MakeEngine) -> tuple[ConflictItem, ...]:
    """Demands that cannot all hold, in words; empty where there is a plan."""
    problem = unpruned.instance.supply.problem
    names = Names(problem)
    return tuple(
        ConflictItem(
            rule=rows[0].demand.rule,
            what=word_demand(
                problem, names, [row.demand for row in rows], min(row.upper for row in rows)
            ).local(),
        )
        for rows in smallest_conflict(unpruned, engine)
    )


def smallest_conflict(unpruned: Unpruned, engine: MakeEngine) -> list[list[Row]]:
    """Demands that cannot all hold; without any one of them, the others can.

    A deletion filter: what can be left out while no plan exists is left out, first in large parts,
    then one by one; weeks of a demand last. The result is solved again in full and without each.

    Raises
    ------
    EngineFailed
        If the engine contradicts itself, or decides nothing.
    """

    def is_conflict(rows: Sequence[Row]) -> bool:
        return find_plan(unpruned.instance, unpruned.with_only(rows), engine) is None

    demands = list(unpruned.by_demand().values())
    if not is_conflict(_rows(demands)):
        return []
    demands = _shrink(demands, lambda kept: is_conflict(_rows(kept)))
    for index, rows in enumerate(demands):
        if rows[0].demand.week is not None:
            demands[index] = _shrink(rows, _beside(_without(demands, index), is_conflict))
    _verify(demands, is_conflict)
    return demands


def _shrink(items: Sequence[T], is_conflict: Callable[[Sequence[T]], bool]) -> list[T]:
    """A part of `items` that is still a conflict, and without any one of them is not."""
    kept = list(items)
    size = len(kept)
    while size > 1:
        size = (size + 1) // 2
        first = 0
        while first < len(kept) and len(kept) > 1:
            fewer = kept[:first] + kept[first + size :]
            if is_conflict(fewer):
                kept = fewer
            else:
                first += size
    return kept


def _beside(others: Sequence[Row], is_conflict: IsConflict) -> IsConflict:
    return lambda rows: is_conflict([*others, *rows])


def _without(demands: Sequence[Sequence[Row]], index: int) -> list[Row]:
    return _rows([*demands[:index], *demands[index + 1 :]])


def _verify(demands: Sequence[Sequence[Row]], is_conflict: IsConflict) -> None:
    if not is_conflict(_rows(demands)):
        raise EngineFailed("the engine found a plan for demands that it had proven a conflict")
    for index in range(len(demands)):
        if is_conflict(_without(demands, index)):
            raise EngineFailed("the engine proved a conflict where it had found a plan")


def _rows(demands: Sequence[Sequence[Row]]) -> list[Row]:
    return [row for rows in demands for row in rows]
