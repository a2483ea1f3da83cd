"""What the phases of a run work on, each made when it is first asked for."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.records import GoalRun, WayName, WayRun
from benchmarks.registry import Instance
from benchmarks.solving import THREADS, Attempt, run_engine, run_relaxation
from scheduler.check import Facts, Verified
from scheduler.decode import decode, provenance_of, verify_chosen
from scheduler.explain.waiting import explain_waiting
from scheduler.files import read_problem, write_problem
from scheduler.formulation import Formulation
from scheduler.instance import Instance as Compiled
from scheduler.instance import compile_problem
from scheduler.outcome import PlanDocument, WaitingPerson
from scheduler.problem import Problem
from scheduler.report import write_results
from scheduler.report.plan_file import PLAN_FILE
from scheduler.ties import settle_ties

Ints = NDArray[np.int64]
_PEER_TIMES = 10
"""A peer has so many times our time."""
_LEAST_PEER_SECONDS = 10.0
"""And at least this, or small instances would only measure how fast a process starts."""


class Material:
    """An instance of one seed on its way from files to files.

    Each step is a method that works each time it is called, to be timed, beside a property that
    keeps what it gave, for the steps after it.

    Parameters
    ----------
    instance, seed
        What is measured.
    folder
        An empty folder to work in.
    patience
        Our own run is stopped at so many times what it should take.
    peer_seconds
        The most that a peer has; none: ten times our time, however long.
    """

    def __init__(
        self,
        instance: Instance,
        seed: int,
        folder: Path,
        *,
        patience: float = 2.0,
        peer_seconds: float | None = None,
    ) -> None:
        self.instance = instance
        self.seed = seed
        self.limit_seconds = instance.seconds * patience
        self.peer_seconds = peer_seconds
        self._folder = folder

    @cached_property
    def given(self) -> Path:
        """The folder with the instance as files."""
        path = self._folder / "given"
        write_problem(self.instance.make(self.seed), path)
        return path

    def read(self) -> Problem:
        """The problem from its files."""
        return read_problem(self.given)

    @cached_property
    def problem(self) -> Problem:
        """What `read` gives."""
        return self.read()

    def compile(self) -> Compiled:
        """The arrays of the problem."""
        return compile_problem(self.problem)

    @cached_property
    def compiled(self) -> Compiled:
        """What `compile` gives."""
        return self.compile()

    def formulate(self) -> Formulation:
        """The rows, with the objective of every stage."""
        formulation = Formulation(self.compiled)
        for stage in self.problem.stages:
            formulation.objective(stage)
        return formulation

    @cached_property
    def formulation(self) -> Formulation:
        """What `formulate` gives."""
        return self.formulate()

    @cached_property
    def solved(self) -> Attempt:
        """The plan by Ungeplan as it comes; solved once."""
        return run_engine(
            "ungeplan",
            self.formulation,
            self.problem,
            limit_seconds=self.limit_seconds,
            seed=self.seed,
        )

    def attempt(self, peer: WayName) -> WayRun:
        """What a peer does with the same instance in ten times our time."""
        limit = max(_LEAST_PEER_SECONDS, _PEER_TIMES * self.solved.run.seconds)
        if self.peer_seconds is not None:
            limit = min(limit, self.peer_seconds)
        limit = round(limit, 1)
        given = self.formulation, self.problem
        if peer == "relaxation":
            return run_relaxation(*given, self.solved.result, limit_seconds=limit, seed=self.seed)
        return run_engine(peer, *given, limit_seconds=limit, seed=self.seed).run

    def settle(self) -> Ints:
        """The options with ties given to the earlier referral."""
        result = self.solved.result
        assert result.chosen is not None
        objectives = [stage.objective for stage in result.stages]
        return settle_ties(self.formulation, objectives, result.chosen)

    @cached_property
    def chosen(self) -> Ints:
        """What `settle` gives."""
        return self.settle()

    @cached_property
    def facts(self) -> Facts:
        """What the checker has worked out of the problem."""
        return Facts(self.problem)

    def check(self) -> Verified:
        """The plan, checked from nothing."""
        return verify_chosen(self.formulation, self.chosen, Facts(self.problem))

    @cached_property
    def verified(self) -> Verified:
        """What `check` gives."""
        return self.check()

    def explain(self) -> tuple[WaitingPerson, ...]:
        """A verified reason for everybody who waits."""
        result = self.solved.result
        return explain_waiting(
            self.problem,
            self.verified,
            self.compiled.starts_of,
            proven=all(stage.proof == "optimal" for stage in result.stages),
            tolerance_spent=False,
            facts=self.facts,
        )

    @cached_property
    def waiting(self) -> tuple[WaitingPerson, ...]:
        """What `explain` gives."""
        return self.explain()

    def report(self) -> PlanDocument:
        """All files of a result are written."""
        document = decode(
            self.compiled,
            self.solved.result,
            self.verified,
            self.waiting,
            provenance_of(
                self.problem,
                engine="auto",
                seed=self.seed,
                threads=THREADS,
                gap_basis_points=None,
                time_limit_seconds=self.limit_seconds,
                repeatable=not self.solved.result.clock,
                started_at="",
                seconds=self.solved.run.seconds,
            ),
            self.facts,
        )
        write_results(self.problem, document, self._folder / "results")
        return document

    def command(self) -> WayRun:
        """The whole command, from its start to files written."""
        given, out = self.given, self._folder / "by-command"
        shutil.rmtree(out, ignore_errors=True)
        command = [
            *(sys.executable, "-m", "scheduler.cli", "solve", str(given), "--out", str(out)),
            *("--seed", str(self.seed), "--threads", str(THREADS)),
            *("--time-limit", f"{self.limit_seconds:.0f}"),
        ]
        began = time.monotonic()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own program
        seconds = time.monotonic() - began
        document = PlanDocument.model_validate_json((out / PLAN_FILE).read_bytes())
        return WayRun(
            way="command-line",
            seconds=round(seconds, 3),
            ended="finished" if document.provenance.repeatable else "time",
            limit_seconds=self.limit_seconds,
            goals=tuple(
                GoalRun(
                    name=stage.name,
                    sense=stage.sense,
                    value=stage.value_when_decided,
                    bound=stage.bound,
                    seconds=stage.seconds,
                )
                for stage in document.stages
            ),
            is_checked=True,  # or nothing would have been written
            placed=len(document.placements),
        )
