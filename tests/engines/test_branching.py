"""Deciding what is used at all: what is settled stays so, and what is proven of it holds."""

from __future__ import annotations

from collections.abc import Iterator

from stage_by_stage import first_tasks, lanes_of, second_tasks

from scheduler.engines.branching import branch
from scheduler.engines.decomposition import Decomposition
from scheduler.engines.engine import Task
from scheduler.engines.master import SimplexRelaxation
from scheduler.formulation import Formulation

SEEDS = range(80)
WITH_SWITCHES, BESIDE_FLOORS, INFEASIBLE = 10, 5, 2
"""Of these problems, at least so many have switches, have them in a second stage, and have a
switch that cannot be settled both ways."""


def _stages() -> Iterator[tuple[Formulation, Task]]:
    """First and second stages with switches, from a plan known."""
    for formulation, task in first_tasks(SEEDS):
        if formulation.switch_count:
            yield formulation, task
    yield from second_tasks(SEEDS, with_switches=True)


def _relaxed(formulation: Formulation, task: Task) -> SimplexRelaxation:
    return lanes_of(formulation, task)[0][0].relaxation


def test_the_bound_of_all_branches_holds_beside_floors_too() -> None:
    beside = 0
    for formulation, task in _stages():
        best = Decomposition().solve(formulation, task, lambda *_: None)
        assert best.chosen is not None
        assert task.start is not None
        relaxation = _relaxed(formulation, task)
        known = task.value(formulation, task.start)
        found, leading = branch(relaxation, known, lambda _: None, lambda: False)
        assert found.value >= task.value(formulation, best.chosen)
        assert relaxation.bound is not None
        assert found.value <= relaxation.bound.value
        assert all(value in (0, 1) for value in leading.fixed.values())
        beside += len(task.floors)
    assert beside > BESIDE_FLOORS


def test_the_relaxation_goes_on_with_what_is_settled() -> None:
    settled = infeasible = 0
    for formulation, task in _stages():
        relaxation = _relaxed(formulation, task)
        free = relaxation.value
        # A branch has substitutes, with which anything is feasible.
        relaxation.run_under({0: 1}, -(10**9), lambda: False)
        for value in (0, 1):
            relaxation.settle({0: value})
            if not relaxation.settled:
                infeasible += 1
                continue
            settled += 1
            assert relaxation.switches[0] == value
            assert relaxation.value <= free + 1e-6 * (1 + abs(free))
            relaxation.keep_basis()
            relaxation.limit_switches({0: 1 - value})
            relaxation.release()
            assert relaxation.switches[0] == value
        relaxation.settle({})
        assert abs(relaxation.value - free) <= 1e-6 * (1 + abs(free))
    assert settled > WITH_SWITCHES
    assert infeasible > INFEASIBLE
