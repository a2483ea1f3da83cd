"""Goal by goal: each stage is solved under the floors of those before it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scheduler.engines import Answer, EngineName, Task
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.process import EngineProcess
from scheduler.errors import EngineDied, EngineFailed
from scheduler.formulation import Floor, Formulation, Objective
from scheduler.goal import Stage
from scheduler.outcome import Proof
from scheduler.progress import ShouldStop

Ints = NDArray[np.int64]
TellStage = Callable[[int, int | None, int | None], None]
"""Called with the stage's index and the best value and bound so far, in the stage's own sense."""
KeepChosen = Callable[[Ints], None]
"""Called with the options of each better plan, as soon as it is found."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What the stages may take."""

    engine: EngineName = "auto"
    gap_basis_points: int | None = None
    """Instead of the stages' own, if given."""
    seconds: float | None = None
    """For all stages together."""
    threads: int = 2
    seed: int = 0


@dataclass(frozen=True, slots=True)
class StageResult:
    """What one stage decided; numbers in the stage's own sense."""

    stage: Stage
    objective: Objective
    value: int
    bound: int | None
    floor: int
    proof: Proof
    seconds: float


@dataclass(frozen=True, slots=True)
class StagesResult:
    """What all stages decided."""

    status: Literal["solved", "infeasible", "unknown"]
    stages: tuple[StageResult, ...] = ()
    chosen: Ints | None = None
    """Options of the plan, where there is one."""
    clock: bool = False
    """Whether a clock or a person stopped a stage."""


def solve_stages(
    formulation: Formulation,
    stages: Sequence[Stage],
    effort: Effort,
    tell: TellStage,
    should_stop: ShouldStop,
    keep: KeepChosen = lambda _chosen: None,
) -> StagesResult:
    """The plan that the stages decide, one after the other, and how well each is proven.

    Raises
    ------
    EngineFailed
        If the engine breaks down or answers with a plan that the model does not allow.
    """
    formulation = formulation.tightened()
    deadline = None if effort.seconds is None else time.monotonic() + effort.seconds
    objectives = [formulation.objective(stage) for stage in stages]
    results: list[StageResult] = []
    floors: list[Floor] = []
    clock = False
    with EngineProcess(effort.engine, formulation, should_stop) as engine:
        by_hand = place_by_hand(formulation)
        start = by_hand if Task(objectives[0]).allows(formulation, by_hand) else None
        for index, stage in enumerate(stages):
            began = time.monotonic()
            left = len(stages) - index
            gap = stage.gap_basis_points
            task = Task(
                objective=objectives[index],
                floors=tuple(floors),
                start=start,
                gap_basis_points=gap
                if effort.gap_basis_points is None
                else effort.gap_basis_points,
                # The first goals matter most: each has half of what is left, the last all of it.
                seconds=None if deadline is None else max(0.0, deadline - began) / min(left, 2),
                threads=effort.threads,
                seed=effort.seed,
                later=tuple(objectives[index + 1 :]),
            )
            sign = 1 if stage.sense == "most" else -1
            answer = _ask(engine, task, index, sign, tell, should_stop, keep, was_ended=clock)
            clock |= answer.clock
            if answer.chosen is None:
                if answer.status == "infeasible":
                    return StagesResult("infeasible", clock=clock)
                return StagesResult("unknown", clock=clock)
            start = answer.chosen
            result = _decide(formulation, stage, task, answer, time.monotonic() - began)
            results.append(result)
            floors.append(Floor(objectives[index], sign * result.floor))
    return StagesResult("solved", tuple(results), start, clock)


def _ask(
    engine: EngineProcess,
    task: Task,
    index: int,
    sign: int,
    tell: TellStage,
    should_stop: ShouldStop,
    keep: KeepChosen,
    *,
    was_ended: bool,
) -> Answer:
    """The engine's answer; after a stop, the plan known so far."""
    kept = task.start

    def pass_on(value: int | None, bound: int | None) -> None:
        nonlocal kept
        if value is not None and engine.best is not None and engine.best is not kept:
            kept = engine.best
            keep(kept)
        tell(
            index,
            None if value is None else sign * value,
            None if bound is None else sign * bound,
        )

    pass_on(None, None)
    out_of_time = task.seconds is not None and task.seconds <= 0
    if not engine.is_alive and not was_ended:
        raise EngineDied("the engine's process ended by itself")
    if not engine.is_alive or should_stop() or (out_of_time and task.start is not None):
        status: Literal["feasible", "unknown"] = "unknown" if task.start is None else "feasible"
        return Answer(status, task.start, clock=True)
    answer = engine.solve(task, pass_on)
    if answer.chosen is not None or answer.status != "infeasible" or task.start is None:
        return answer
    raise EngineFailed("the engine calls a stage impossible for which a plan is known")


def _decide(
    formulation: Formulation, stage: Stage, task: Task, answer: Answer, seconds: float
) -> StageResult:
    assert answer.chosen is not None
    if not task.allows(formulation, answer.chosen):
        raise EngineFailed(f"the engine's plan for {stage.name} breaks the model's own rows")
    value = task.value(formulation, answer.chosen)
    bound = answer.bound
    if bound is not None and bound < value:
        raise EngineFailed(f"the bound of {stage.name}, {bound}, is worse than a plan, {value}")
    proof: Proof = "unproven"
    if bound == value:
        proof = "optimal"
    elif bound is not None and task.is_close(value, bound):
        proof = "within-gap"
    sign = 1 if stage.sense == "most" else -1
    return StageResult(
        stage=stage,
        objective=task.objective,
        value=sign * value,
        bound=None if bound is None else sign * bound,
        floor=stage.floor(sign * value),
        proof=proof,
        seconds=seconds,
    )
