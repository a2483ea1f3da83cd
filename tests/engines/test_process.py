"""An engine in its own process: stopped, out of time, broken, gone."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small import small_problem

from scheduler.engines import EngineName, Task
from scheduler.engines.process import EngineProcess
from scheduler.errors import EngineDied, EngineFailed
from scheduler.formulation import Floor, Formulation
from scheduler.instance import compile_problem

PROBLEM = small_problem()
FORMULATION = Formulation(compile_problem(PROBLEM))
MORE_THAN_A_PIPE_HOLDS: Any = np.zeros(10_000_000)
NOBODY = np.zeros(0, dtype=np.int64)
TASK = Task(FORMULATION.objective(PROBLEM.stages[0]), threads=1)


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    with EngineProcess("cpsat", FORMULATION, lambda: False) as process:
        yield process


@pytest.mark.parametrize("name", ["cpsat", "mip", "decomposition"])
def test_an_engine_can_begin_with_a_later_stage(name: EngineName) -> None:
    floor = Floor(FORMULATION.objective(PROBLEM.stages[0]), 4)
    task = Task(FORMULATION.objective(PROBLEM.stages[1]), (floor,), threads=1)
    with EngineProcess(name, FORMULATION, lambda: False) as process:
        answer = process.solve(task, lambda _value, _bound: None)
    assert (answer.status, answer.bound) == ("optimal", 80)


def test_stages_follow_each_other_in_one_child(engine: EngineProcess) -> None:
    told: list[tuple[int | None, int | None]] = []
    for _ in range(2):
        answer = engine.solve(TASK, lambda value, bound: told.append((value, bound)))
        assert answer.status == "optimal"
        assert answer.bound == 4
        assert engine.is_alive
    assert told


@pytest.mark.parametrize(("start", "status"), [(NOBODY, "feasible"), (None, "unknown")])
def test_a_stop_ends_the_child_and_keeps_what_is_known(
    start: np.ndarray | None, status: str
) -> None:
    with EngineProcess("cpsat", FORMULATION, lambda: True) as process:
        answer = process.solve(replace(TASK, start=start), lambda _value, _bound: None)
        assert not process.is_alive
    assert (answer.status, answer.clock) == (status, True)
    assert answer.chosen is start


def test_an_engine_that_breaks_is_reported(engine: EngineProcess) -> None:
    broken = replace(TASK, threads="many")  # type: ignore[arg-type] # what breaks it
    with pytest.raises(EngineFailed, match="TypeError"):
        engine.solve(broken, lambda _value, _bound: None)


@pytest.mark.parametrize("given", [FORMULATION, MORE_THAN_A_PIPE_HOLDS], ids=["little", "much"])
def test_a_child_that_is_gone_is_reported(given: Formulation) -> None:
    with EngineProcess("cpsat", given, lambda: False) as engine:
        engine._child.kill()
        engine._child.join()
        with pytest.raises(EngineDied, match="exit code -9"):
            engine.solve(TASK, lambda _value, _bound: None)


def test_nobody_waits_for_a_child_that_reads_no_further() -> None:
    with EngineProcess("cpsat", MORE_THAN_A_PIPE_HOLDS, lambda: False) as process:
        assert process._child.pid is not None
        os.kill(process._child.pid, signal.SIGSTOP)
    assert process._sent.done()


# The last is what a pipe says that ends in the middle of a message.
@pytest.mark.parametrize("broken", [EOFError, BrokenPipeError, ConnectionResetError, OSError])
def test_a_child_that_dies_while_it_is_listened_to_is_reported(
    engine: EngineProcess, broken: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(_deadline: float | None) -> None:
        engine._child.kill()
        raise broken

    monkeypatch.setattr(engine, "_wait", break_off)
    with pytest.raises(EngineDied, match="exit code -9"):
        engine.solve(TASK, lambda _value, _bound: None)


def test_a_child_that_hangs_past_its_time_is_ended(engine: EngineProcess) -> None:
    assert engine._child.pid is not None
    os.kill(engine._child.pid, signal.SIGSTOP)
    task = replace(TASK, start=NOBODY, seconds=0.0)
    late = engine._child
    answer = engine.solve(task, lambda _value, _bound: None)
    assert (answer.status, answer.clock) == ("feasible", True)
    assert not late.is_alive()


def test_the_stage_after_one_that_was_late_has_a_child_of_its_own(engine: EngineProcess) -> None:
    assert engine._child.pid is not None
    os.kill(engine._child.pid, signal.SIGSTOP)
    engine.solve(replace(TASK, start=NOBODY, seconds=0.0), lambda _value, _bound: None)
    assert engine.is_alive
    assert engine.solve(TASK, lambda _value, _bound: None).status == "optimal"
