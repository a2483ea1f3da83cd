"""The search for a smallest conflict: a deletion filter over demands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scheduler.engines import Chosen
from scheduler.errors import EngineFailed
from scheduler.explain.loosened import NOBODY, Loosened, MakeEngine, find_plan, may_give
from scheduler.explain.unpruned import Row, Unpruned
from scheduler.progress import ExplainPhase

T = TypeVar("T")
Demands = list[list[Row]]


@dataclass(frozen=True, slots=True)
class Search:
    """How far the search is, and the demands that are left of it: a conflict at any time."""

    phase: ExplainPhase
    tried: int
    of: int
    demands: Sequence[Sequence[Row]]


TellSearch = Callable[[Search], None]


def smallest_conflict(
    unpruned: Unpruned, engine: MakeEngine, tell: TellSearch = lambda _: None
) -> Demands:
    """Demands that cannot all hold; without any one of them, the others can. None: all can.

    What can be left out while no plan exists is left out, first in large parts, then one by one;
    weeks of a demand last. The result is solved again in full; that it holds without each is known
    from a plan.

    Raises
    ------
    EngineFailed
        If the engine contradicts itself, or decides nothing.
    """
    test = _Test(unpruned, engine)
    demands = list(unpruned.by_demand().values())
    tell(Search("conflict", 0, len(demands), demands))
    if not test.is_conflict(_rows(demands)):
        return []
    count = len(demands)
    demands = _shrink(
        demands,
        lambda kept: test.is_conflict(_rows(kept)),
        lambda tried, kept: tell(Search("conflict", tried, count, kept)),
    )
    dated = [at for at, rows in enumerate(demands) if len(rows) > 1 and _has_weeks(rows)]
    for tried, index in enumerate(dated):
        tell(Search("weeks", tried, len(dated), demands))
        others = _without(demands, index)
        demands[index] = _shrink(demands[index], test.beside(others), lambda *_: None)
    _verify(demands, test)
    return demands


class _Test:
    """Whether rows are a conflict; plans that were found are kept, as they answer for many rows."""

    def __init__(self, unpruned: Unpruned, engine: MakeEngine) -> None:
        self._unpruned = unpruned
        self._engine = engine
        self._every = Loosened(unpruned.instance, unpruned.groups, may_give)
        self._broken_by = [self._broken(NOBODY)]
        """For each plan: the rows that it breaks."""

    def is_conflict(self, rows: Sequence[Row]) -> bool:
        asked = {(row.group, row.row) for row in rows}
        if any(broken.isdisjoint(asked) for broken in self._broken_by):
            return False
        plan = find_plan(self._unpruned.instance, self._unpruned.with_only(rows), self._engine)
        if plan is not None:
            self._broken_by.append(self._broken(plan))
        return plan is None

    def beside(self, others: Sequence[Row]) -> Callable[[Sequence[Row]], bool]:
        """Whether rows are a conflict together with the others."""
        return lambda rows: self.is_conflict([*others, *rows])

    def _broken(self, plan: Chosen) -> frozenset[tuple[int, int]]:
        return frozenset(self._every.which_give(plan))


def _shrink(
    items: Sequence[T],
    is_conflict: Callable[[Sequence[T]], bool],
    tell: Callable[[int, Sequence[T]], None],
) -> list[T]:
    """A part of `items` that is still a conflict, and without any one of them is not.

    `tell` is called with how many are decided, and those that are left.
    """
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
            tell(len(items) - len(kept) + (first if size == 1 else 0), kept)
    return kept


def _has_weeks(rows: Sequence[Row]) -> bool:
    return rows[0].demand.week is not None


def _without(demands: Demands, index: int) -> list[Row]:
    return _rows([*demands[:index], *demands[index + 1 :]])


def _verify(demands: Demands, test: _Test) -> None:
    if not test.is_conflict(_rows(demands)):
        raise EngineFailed("the engine found a plan for demands that it had proven a conflict")
    for index in range(len(demands)):
        if test.is_conflict(_without(demands, index)):
            raise EngineFailed("the engine proved a conflict where it had found a plan")


def _rows(demands: Sequence[Sequence[Row]]) -> list[Row]:
    return [row for rows in demands for row in rows]
