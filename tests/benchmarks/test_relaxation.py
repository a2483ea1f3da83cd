"""The relaxation of the whole model alone: its bounds, and what is said where there is none."""

from __future__ import annotations

import pytest

from benchmarks.registry import INSTANCES
from benchmarks.relaxation import relax_whole
from scheduler.engines import Task
from scheduler.engines.highs import WholeMip
from scheduler.formulation import Floor, Formulation, Objective
from scheduler.instance import compile_problem


@pytest.fixture(scope="module")
def formulation() -> Formulation:
    return Formulation(compile_problem(INSTANCES["plain-tiny-blend"].make(1)))


def test_no_plan_is_worth_more(formulation: Formulation) -> None:
    task = _task(formulation)
    best = WholeMip().solve(formulation, task, lambda *_: None)
    found = relax_whole(formulation, [task], seconds=None, should_stop=lambda: False)
    assert found.fault == ""
    assert best.bound is not None
    assert best.bound <= found.stages[0].bound <= 1.1 * best.bound


def test_what_the_solver_could_not_do_is_said(formulation: Formulation) -> None:
    beyond = Floor(_objective(formulation), least=10**9)
    tasks = [_task(formulation), _task(formulation, beyond), _task(formulation)]
    found = relax_whole(formulation, tasks, seconds=None, should_stop=lambda: False)
    assert len(found.stages) == 1
    assert found.fault == "HiGHS ended it as Infeasible"


def test_lack_of_time_is_no_fault(formulation: Formulation) -> None:
    found = relax_whole(formulation, [_task(formulation)], seconds=0.0, should_stop=lambda: False)
    assert not found.stages
    assert found.fault == ""


def _objective(formulation: Formulation) -> Objective:
    return formulation.objective(formulation.instance.supply.problem.stages[0])


def _task(formulation: Formulation, *floors: Floor) -> Task:
    return Task(objective=_objective(formulation), floors=floors)
