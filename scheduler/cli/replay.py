"""``ungeplan replay``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.check import check
from scheduler.cli.check import say_check
from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, JsonOption, LanguageOption
from scheduler.cli.solving import solve_watched
from scheduler.cli.voice import Voice, write_json
from scheduler.errors import InputError
from scheduler.files import canonical_sha256, read_problem
from scheduler.language import Message
from scheduler.outcome import Outcome, PlanDocument, Provenance
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.report import read_plan
from scheduler.report.bundle import INPUT, PLAN, changed_files, unpacked

BundlePath = Annotated[
    Path,
    typer.Argument(
        metavar="BUNDLE",
        readable=False,  # what cannot be read is said by whoever reads it
        help="An auditor's bundle: the zip file, or the folder that it was unpacked to.",
    ),
]


def replay_command(
    bundle: BundlePath,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The bundle is whole, its plan is sound, and planning again gives the same plan."""
    with unpacked(bundle) as folder:
        problem, document = _read(folder)
    voice = Voice(language, as_json)
    plan = Plan(placements=tuple(row.placement for row in document.placements))
    report = check(problem, plan, document)
    say_check(problem, report, len(plan.placements), voice)
    is_same = _is_same(document, _solve_again(problem, document.provenance, voice))
    if as_json:
        content = {"schema_version": "ungeplan-replay/1", "sound": report.is_sound}
        write_json({**content, "same": is_same, "repeatable": document.provenance.repeatable})
    _say(document.provenance, is_same=is_same, voice=voice)
    return ExitCode.DONE if report.is_sound and is_same else ExitCode.WRONG_INPUT


def _read(folder: Path) -> tuple[Problem, PlanDocument]:
    """Input and plan of a bundle in which nothing has been changed."""
    faults = changed_files(folder)
    if faults:
        raise InputError(faults)
    problem, document = read_problem(folder / INPUT), read_plan(folder / PLAN)
    if canonical_sha256(problem) != document.provenance.input_sha256:
        raise InputError([Message("The plan was made from another input than the bundle's.")])
    return problem, document


def _solve_again(problem: Problem, provenance: Provenance, voice: Voice) -> Outcome:
    """Without the time limit: a run that was not stopped by it needs none."""
    from scheduler.solve import Settings  # noqa: PLC0415 - solvers take long to load

    settings = Settings.model_validate(
        {
            "engine": provenance.engine,
            "gap_basis_points": provenance.gap_basis_points,
            "seed": provenance.seed,
            "threads": provenance.threads,
            "time_limit_seconds": None if provenance.repeatable else provenance.time_limit_seconds,
        }
    )
    return solve_watched(problem, settings, voice)


def _is_same(document: PlanDocument, outcome: Outcome) -> bool:
    """Whether everybody has the same place, or the same reason to wait."""
    return isinstance(outcome, PlanDocument) and (
        (document.placements, document.waiting, document.goals, document.proof)
        == (outcome.placements, outcome.waiting, outcome.goals, outcome.proof)
    )


def _say(provenance: Provenance, *, is_same: bool, voice: Voice) -> None:
    if is_same:
        voice.say(Message("Planning again gives the same plan."))
        return
    voice.say(Message("Planning again gives another plan."))
    if not provenance.repeatable:
        voice.say(
            Message("That can be: a clock or a person stopped the run, and plans then differ.")
        )
    made_by = tuple(f"{name} {version}" for name, version in provenance.versions)
    voice.say(Message("It was made by {versions}.", versions=made_by))
