"""From a problem to results on disk and a word about them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.interrupt import run_interruptible
from scheduler.cli.summary import summarise_no_plan, summarise_plan, summarise_undecided
from scheduler.cli.voice import Voice, write_bytes
from scheduler.cli.watching import watching
from scheduler.files.atomic import refuse_early
from scheduler.language import Message
from scheduler.outcome import NoPlan, Outcome, PlanDocument, Undecided
from scheduler.problem import Problem
from scheduler.report import RESULT_FILES, outcome_json, write_results

if TYPE_CHECKING:
    from scheduler.progress import ShouldStop
    from scheduler.solve import Settings


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is written of a run, and where."""

    folder: Path | None
    with_persons: bool


def solve_and_deliver(
    problem: Problem, settings: Settings, delivery: Delivery, voice: Voice
) -> ExitCode:
    """The problem is solved, its results are written, and a summary is given."""
    if delivery.folder is not None:
        refuse_early(delivery.folder, may_hold=RESULT_FILES)
    return deliver(problem, solve_watched(problem, settings, voice), delivery, voice)


def solve_watched(problem: Problem, settings: Settings, voice: Voice) -> Outcome:
    """The outcome of a run that shows its progress and ends early at Ctrl-C."""
    from scheduler.solve import solve  # noqa: PLC0415 - solvers take long to load

    def say_stopping() -> None:
        voice.warn(
            Message(
                "Stopping: what was found so far is checked and kept. Press Ctrl-C again to leave"
                " at once without a result."
            )
        )

    with watching(voice) as watch:

        def work(stop: ShouldStop) -> Outcome:
            return solve(problem, settings, watch, stop)

        return run_interruptible(work, say_stopping)


def deliver(problem: Problem, outcome: Outcome, delivery: Delivery, voice: Voice) -> ExitCode:
    """The outcome is written and said."""
    if isinstance(outcome, PlanDocument) and delivery.folder is not None:
        write_results(
            problem,
            outcome,
            delivery.folder,
            language=voice.language,
            with_persons=delivery.with_persons,
        )
    if voice.as_json:
        write_bytes(outcome_json(outcome))
    match outcome:
        case PlanDocument():
            voice.show(summarise_plan(problem, outcome, delivery.folder, voice.language))
            return ExitCode.DONE
        case NoPlan():
            voice.show(summarise_no_plan(outcome, voice.language))
            return ExitCode.NO_PLAN
        case Undecided():
            voice.show(summarise_undecided(outcome, voice.language))
            return ExitCode.UNDECIDED
