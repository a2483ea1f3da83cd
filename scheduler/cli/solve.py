"""``ungeplan solve``."""

from __future__ import annotations

from pathlib import Path

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import (
    DebugOption,
    EngineOption,
    GapOption,
    InputPath,
    JsonOption,
    LanguageOption,
    OutOption,
    SeedOption,
    ThreadsOption,
    TimeLimitOption,
    WithPersonsOption,
    WriteModelOption,
)
from scheduler.cli.solving import Delivery, solve_and_deliver
from scheduler.cli.values import parse_gap
from scheduler.cli.voice import Voice
from scheduler.files import read_problem
from scheduler.language import Message


def solve_command(
    path: InputPath,
    out: OutOption = None,
    engine: EngineOption = "auto",
    gap: GapOption = None,
    time_limit: TimeLimitOption = None,
    threads: ThreadsOption = 2,
    seed: SeedOption = 0,
    write_model_to: WriteModelOption = None,
    with_persons: WithPersonsOption = False,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The input is read, solved, and the results are written."""
    gap_basis_points = None if gap is None else parse_gap(gap)
    problem = read_problem(path)
    voice = Voice(language, as_json)

    from scheduler.solve import Settings, write_model  # noqa: PLC0415 - solvers take long to load

    if write_model_to is not None:
        write_model(problem, write_model_to)
        voice.warn(Message("The model lies in {file}.", file=str(write_model_to)))
    settings = Settings(
        engine=engine,
        gap_basis_points=gap_basis_points,
        time_limit_seconds=time_limit,
        seed=seed,
        threads=threads,
    )
    folder = out if out is not None or as_json else Path("out") / path.resolve().stem
    return solve_and_deliver(problem, settings, Delivery(folder, with_persons), voice)
