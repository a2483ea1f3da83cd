"""The main job: a problem becomes a checked plan with its proof and reasons.

Compile, formulate, solve goal by goal, settle ties, decode, check, explain.
"""

from __future__ import annotations

import datetime as dt
import errno
import functools
import math
import os
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from providers import Record
from scheduler.check import Facts, pin_faults
from scheduler.decode import decode, provenance_of, verify_chosen
from scheduler.engines import EngineName
from scheduler.errors import InputError, WriteRefused
from scheduler.explain.child import explain_in_child
from scheduler.explain.conflict import Explained
from scheduler.explain.waiting import RuledOutStarts, explain_waiting, rule_out_starts
from scheduler.faults import name_people
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem
from scheduler.language import Message
from scheduler.outcome import NoPlan, Outcome, Provenance, Undecided
from scheduler.problem import Problem
from scheduler.progress import Keep, Phase, Progress, ShouldStop, Watch
from scheduler.stages import Effort, StagesResult, solve_stages
from scheduler.ties import settle_ties

Ints = NDArray[np.int64]
_KEEP_EVERY_SECONDS = 1.0
"""Engines find plans in bursts; checking each would take longer than finding them."""


class Settings(Record):
    """How a run solves."""

    engine: EngineName = "auto"
    """Which engine; ``auto`` chooses."""
    gap_basis_points: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Stop each stage this close to its bound, in hundredths of a per cent; none: as it says."""
    time_limit_seconds: Annotated[float, Field(gt=0, le=10**6)] | None = None
    """Wall-clock time for all stages together; none: no limit."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Where engines draw lots, they draw from this seed."""
    threads: Annotated[int, Field(ge=1, le=256)] = 2
    """How many threads a solver may use."""


@dataclass
class _Run:
    """A run under way."""

    problem: Problem
    settings: Settings
    watch: Watch | None
    stop: ShouldStop | None
    began: float = field(default_factory=time.monotonic)
    started_at: str = field(
        default_factory=lambda: dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    )

    def tell(self, phase: Phase) -> None:
        if self.watch is not None:
            self.watch(Progress(phase, time.monotonic() - self.began))

    def tell_stage(self, index: int, value: int | None, bound: int | None) -> None:
        if self.watch is not None:
            stages = self.problem.stages
            seconds = time.monotonic() - self.began
            name = stages[index].name
            self.watch(Progress("solve", seconds, index, len(stages), name, value, bound))

    def tell_explained(self, known: Explained) -> None:
        if self.watch is not None:
            seconds = time.monotonic() - self.began
            self.watch(Progress(known.phase, seconds, tried=known.tried, of=known.of))

    def should_stop(self) -> bool:
        return self.stop is not None and self.stop()

    def provenance(self, *, clock: bool) -> Provenance:
        return provenance_of(
            self.problem,
            engine=self.settings.engine,
            seed=self.settings.seed,
            threads=self.settings.threads,
            gap_basis_points=self.settings.gap_basis_points,
            time_limit_seconds=self.settings.time_limit_seconds,
            repeatable=not clock,
            started_at=self.started_at,
            seconds=time.monotonic() - self.began,
        )


@dataclass
class _Keeper:
    """Checks better plans and passes them on, now and then."""

    formulation: Formulation
    facts: Facts
    keep: Keep | None
    _last: float = -math.inf

    def __call__(self, chosen: Ints) -> None:
        if self.keep is None or time.monotonic() - self._last < _KEEP_EVERY_SECONDS:
            return
        self.keep(verify_chosen(self.formulation, chosen, self.facts))
        self._last = time.monotonic()


def solve(
    problem: Problem,
    settings: Settings | None = None,
    watch: Watch | None = None,
    stop: ShouldStop | None = None,
    keep: Keep | None = None,
) -> Outcome:
    """A checked plan, the proof that there is none, or the admission that none was found.

    Parameters
    ----------
    problem
        What to plan.
    settings
        How; the defaults where none are given.
    watch
        Told where the run is, now and then.
    stop
        Asked ten times a second; true ends the run with the best plan so far.
    keep
        Given better plans while the run goes on, each checked.

    Raises
    ------
    InputError
        If a fixed pin breaks a rule by itself.
    EngineFailed
        If an engine breaks down, or answers with a plan that fails its check.
    """
    settings = settings or Settings()
    run = _Run(problem, settings, watch, stop)
    faults = tuple(name_people(problem, pin_faults(problem)))
    if faults:
        raise InputError([fault.message for fault in faults])
    run.tell("compile")
    instance = compile_problem(problem)
    formulation = Formulation(instance)
    effort = Effort(
        engine=settings.engine,
        gap_basis_points=settings.gap_basis_points,
        seconds=settings.time_limit_seconds,
        threads=settings.threads,
        seed=settings.seed,
    )
    facts = Facts(problem)
    keeper = _Keeper(formulation, facts, keep)
    with ThreadPoolExecutor(1) as pool:

        @functools.cache
        def ruled_out() -> Future[dict[str, RuledOutStarts]]:
            return pool.submit(rule_out_starts, problem, instance.starts_of, facts)

        def tell(index: int, value: int | None, bound: int | None) -> None:
            if bound is not None:
                ruled_out()  # The engine is at work, and this process is not.
            run.tell_stage(index, value, bound)

        result = solve_stages(formulation, problem.stages, effort, tell, run.should_stop, keeper)
        if result.chosen is not None:
            ruled_out()
    if result.chosen is None:
        return _without_plan(run, result)
    run.tell("check")
    objectives = [stage.objective for stage in result.stages]
    chosen = settle_ties(formulation, objectives, result.chosen)
    verified = verify_chosen(formulation, chosen, facts)
    run.tell("explain")
    waiting = explain_waiting(
        problem,
        verified,
        instance.starts_of,
        proven=all(stage.proof == "optimal" for stage in result.stages),
        tolerance_spent=_spent_tolerance(result, formulation, chosen),
        facts=facts,
        ruled_out=ruled_out().result(),
    )
    return decode(
        instance,
        result,
        verified,
        waiting,
        run.provenance(clock=result.clock),
        facts,
    )


def write_model(problem: Problem, path: Path) -> None:
    """The model of the first stage as named MPS, for other solvers; less is better there.

    Raises
    ------
    WriteRefused
        If `path` is not named as one, or something else than a file is there.
    OSError
        If its folder is not there.
    """
    if path.suffix.casefold() != ".mps" or (path.exists() and not path.is_file()):
        raise WriteRefused(Message("{path} is no file that ends in .mps", path=str(path)))
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    from scheduler.engines.mps import write_mps  # noqa: PLC0415 - loads a solver

    formulation = Formulation(compile_problem(problem))
    write_mps(formulation, formulation.objective(problem.stages[0]), path)


def _without_plan(run: _Run, result: StagesResult) -> NoPlan | Undecided:
    title = run.problem.title
    if result.status == "unknown":
        return Undecided(title=title, provenance=run.provenance(clock=True))
    known, stopped = explain_in_child(run.problem, run.tell_explained, run.should_stop)
    in_time = all(found.is_least for found in known.relaxations)
    return NoPlan(
        title=title,
        conflict=known.conflict,
        conflict_is_smallest=known.is_smallest,
        relaxations=known.relaxations,
        provenance=run.provenance(clock=result.clock or stopped or not in_time),
    )


def _spent_tolerance(result: StagesResult, formulation: Formulation, chosen: Ints) -> bool:
    solution = formulation.complete(chosen)
    return any(
        stage.objective.value(solution)
        < (stage.value if stage.stage.sense == "most" else -stage.value)
        for stage in result.stages
    )
