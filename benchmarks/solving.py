"""One way on one instance: a plan, checked, with value, bound, gap, time and memory."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import psutil
from numpy.typing import NDArray

from benchmarks.memory import MemoryWatch
from benchmarks.records import GAPS, Crossing, Ending, GoalRun, WayName, WayRun
from benchmarks.relaxation import relax_whole
from scheduler.check import Facts
from scheduler.decode import verify_chosen
from scheduler.engines import EngineName, Task
from scheduler.errors import EngineFailed
from scheduler.formulation import Floor, Formulation
from scheduler.goal import Stage
from scheduler.problem import Problem
from scheduler.stages import Effort, StageResult, StagesResult, solve_stages

Ints = NDArray[np.int64]
THREADS = 2
"""Workers of every way."""
_ENGINES: dict[WayName, EngineName] = {
    "ungeplan": "auto",
    "cpsat": "cpsat",
    "mip": "mip",
    "greedy": "greedy",
}
_MEMORY_SHARE = 0.6
"""Of the machine's memory: a solver that takes more is stopped, before the machine is."""


@dataclass
class Trace:
    """When each stage's gap first was as small as each of `GAPS`."""

    began: float = field(default_factory=time.monotonic)
    crossings: dict[int, list[Crossing]] = field(default_factory=dict)

    def tell(self, stage: int, value: int | None, bound: int | None) -> None:
        """A stage's best value and bound so far, in its own sense."""
        self.note(stage, value, bound, time.monotonic() - self.began)

    def note(self, stage: int, value: int | None, bound: int | None, seconds: float) -> None:
        """The same, `seconds` after solving began."""
        known = self.crossings.setdefault(stage, [])
        if value is None or bound is None:
            return
        seen = {crossing.gap_basis_points for crossing in known}
        known += [
            Crossing(gap_basis_points=gap, seconds=round(seconds, 3))
            for gap in GAPS
            if gap not in seen and abs(bound - value) * 10_000 <= gap * max(1, abs(value))
        ]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a way did, and the plan itself where one is needed later."""

    run: WayRun
    result: StagesResult = field(default_factory=lambda: StagesResult("unknown"))


class _MemoryLimit:
    """Says stop once children hold more than their share, and remembers it."""

    def __init__(self, watch: MemoryWatch) -> None:
        self._watch = watch
        self._most_bytes = psutil.virtual_memory().total * _MEMORY_SHARE
        self.is_passed = False

    def __call__(self) -> bool:
        self.is_passed |= self._watch.children_now > self._most_bytes
        return self.is_passed


def run_engine(
    way: WayName,
    formulation: Formulation,
    problem: Problem,
    *,
    limit_seconds: float | None,
    seed: int,
) -> Attempt:
    """The plan of an engine, in the time given, checked.

    An engine that breaks down, or a plan that fails its check, is shown as such.
    """
    effort = Effort(engine=_ENGINES[way], seconds=limit_seconds, threads=THREADS, seed=seed)
    result, fault = StagesResult("unknown"), ""
    with MemoryWatch() as watch:
        limit, trace = _MemoryLimit(watch), Trace()
        try:
            result = solve_stages(formulation, problem.stages, effort, trace.tell, limit)
        except EngineFailed as error:
            fault = f"{error}"
        seconds = time.monotonic() - trace.began
    if result.chosen is not None:
        fault = _fault_of(formulation, result.chosen)
    run = WayRun(
        way=way,
        seconds=round(seconds, 3),
        ended=_ending(has_failed=bool(fault), in_memory=limit.is_passed, on_clock=result.clock),
        limit_seconds=limit_seconds,
        goals=_goals_of(result.stages, trace),
        own_mib=watch.peak.own_mib,
        children_mib=watch.peak.children_mib,
        is_checked=result.chosen is not None and not fault,
        placed=None if result.chosen is None else len(result.chosen),
        fault=fault,
    )
    return Attempt(run, result)


def run_relaxation(
    formulation: Formulation,
    problem: Problem,
    ours: StagesResult,
    *,
    limit_seconds: float | None,
    seed: int,
) -> WayRun:
    """The linear relaxation of the whole model, stage by stage under the floors that we kept."""
    tasks = _tasks(formulation, problem.stages, ours.stages, seed)
    began = time.monotonic()
    with MemoryWatch() as watch:
        limit = _MemoryLimit(watch)
        relaxed = relax_whole(
            formulation.tightened(), tasks, seconds=limit_seconds, should_stop=limit
        )
        seconds = time.monotonic() - began
    found = relaxed.stages
    starts = [0.0, *(one.seconds for one in found)]
    return WayRun(
        way="relaxation",
        seconds=round(seconds, 3),
        ended=_ending(
            has_failed=bool(relaxed.fault),
            in_memory=limit.is_passed,
            on_clock=len(found) < len(problem.stages),
        ),
        limit_seconds=limit_seconds,
        goals=tuple(
            GoalRun(
                name=stage.name,
                sense=stage.sense,
                value=None,
                bound=one.bound if stage.sense == "most" else -one.bound,
                seconds=round(one.seconds - start, 3),
            )
            for stage, one, start in zip(problem.stages, found, starts, strict=False)
        ),
        own_mib=watch.peak.own_mib,
        children_mib=watch.peak.children_mib,
        fault=relaxed.fault,
    )


def _ending(*, has_failed: bool, in_memory: bool, on_clock: bool) -> Ending:
    if in_memory:
        return "memory"
    if has_failed:
        return "failed"
    return "time" if on_clock else "finished"


def _fault_of(formulation: Formulation, chosen: Ints) -> str:
    try:
        verify_chosen(formulation, chosen, Facts(formulation.instance.supply.problem))
    except EngineFailed as error:
        return f"{error}"
    return ""


def _goals_of(stages: Sequence[StageResult], trace: Trace) -> tuple[GoalRun, ...]:
    goals = []
    for index, stage in enumerate(stages):
        # What an engine did not tell on its way it has told by its end.
        passed = sum(earlier.seconds for earlier in stages[: index + 1])
        trace.note(index, stage.value, stage.bound, passed)
        goals.append(
            GoalRun(
                name=stage.stage.name,
                sense=stage.stage.sense,
                value=stage.value,
                bound=stage.bound,
                seconds=round(stage.seconds, 3),
                crossings=tuple(trace.crossings[index]),
            )
        )
    return tuple(goals)


def _tasks(
    formulation: Formulation, stages: Sequence[Stage], decided: Sequence[StageResult], seed: int
) -> list[Task]:
    """Each stage under the floors of those before it, as far as they were decided."""
    tasks: list[Task] = []
    floors: list[Floor] = []
    for stage, result in zip(stages, decided, strict=False):
        objective = formulation.objective(stage)
        tasks.append(Task(objective=objective, floors=tuple(floors), threads=THREADS, seed=seed))
        sign = 1 if stage.sense == "most" else -1
        floors.append(Floor(objective, sign * result.floor))
    return tasks
