"""Why no plan exists: demands that cannot all hold, and the least that would have to give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from scheduler.engines import make_engine
from scheduler.explain.demands import word_demand
from scheduler.explain.loosened import MakeEngine
from scheduler.explain.names import Names
from scheduler.explain.relaxation import UNITS, relax
from scheduler.explain.smallest import Search, smallest_conflict
from scheduler.explain.unpruned import Row, Unpruned
from scheduler.outcome import ConflictItem, Relaxation
from scheduler.problem import Problem
from scheduler.progress import ExplainPhase


@dataclass(frozen=True, slots=True)
class Explained:
    """What is known of why no plan exists, and how far the search for it is."""

    phase: ExplainPhase = "conflict"
    tried: int = 0
    of: int = 0
    """What there is to try in this phase; 0: not known yet."""
    conflict: tuple[ConflictItem, ...] = ()
    """Demands that cannot all hold; empty while none could be left out."""
    is_smallest: bool = False
    """Whether without any one of them the others can hold."""
    relaxations: tuple[Relaxation, ...] = ()
    """Those found so far."""


TellExplained = Callable[[Explained], None]


def explain_conflict(
    problem: Problem, engine: MakeEngine | None = None, tell: TellExplained = lambda _: None
) -> Explained:
    """A smallest conflict of a problem without any plan, and the least relaxations.

    Parameters
    ----------
    problem
        What cannot be planned.
    engine
        Makes an engine that proves its bounds; none: the one for everyday problems.
    tell
        Called with what is known so far, each time something has been tried.
    """
    make = engine or (lambda: make_engine("auto"))
    unpruned = Unpruned.of(problem)
    words = _Words(unpruned)
    rows = smallest_conflict(
        unpruned,
        make,
        lambda at: tell(Explained(at.phase, at.tried, at.of, words.of_search(at))),
    )
    known = Explained("relax", 0, len(UNITS), words.of(rows), is_smallest=True)
    for unit in UNITS:
        tell(known)
        found = relax(unpruned, unit, make, [row for demand in rows for row in demand])
        known = replace(known, tried=known.tried + 1, relaxations=(*known.relaxations, found))
    tell(known)
    return known


class _Words:
    """Demands in words; the last ones said are kept, as they are told more often than changed."""

    def __init__(self, unpruned: Unpruned) -> None:
        self._problem = unpruned.instance.supply.problem
        self._names = Names(self._problem)
        self._count = sum(len(rows) for rows in unpruned.by_demand().values())
        self._said: tuple[ConflictItem, ...] = ()

    def of_search(self, search: Search) -> tuple[ConflictItem, ...]:
        """The demands left, but for all there are."""
        count = sum(len(rows) for rows in search.demands)
        if count < self._count:
            self._count, self._said = count, self.of(search.demands)
        return self._said

    def of(self, demands: Sequence[Sequence[Row]]) -> tuple[ConflictItem, ...]:
        return tuple(self._word(rows) for rows in demands)

    def _word(self, rows: Sequence[Row]) -> ConflictItem:
        left = min(row.upper for row in rows)
        what = word_demand(self._problem, self._names, [row.demand for row in rows], left)
        return ConflictItem(rule=rows[0].demand.rule, what=what.local())
