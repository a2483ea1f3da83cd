"""``ungeplan demo``."""

from __future__ import annotations

from pathlib import Path

from scheduler.cli.examples import example_path
from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, JsonOption, LanguageOption, OutOption
from scheduler.cli.solving import Delivery, solve_and_deliver
from scheduler.cli.voice import Voice
from scheduler.files import read_problem
from scheduler.language import Message

EXAMPLE = "copenhagen-2016"
SERVE = "ungeplan serve"


def demo_command(
    out: OutOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The example city is solved, and its results are written."""
    from scheduler.solve import Settings  # noqa: PLC0415 - solvers take long to load

    voice = Voice(language, as_json)
    path = example_path(EXAMPLE)
    voice.warn(
        Message(
            "Solving {path}: all its young people are made up. This takes half a minute.",
            path=str(path),
        )
    )
    folder = out if out is not None or as_json else Path("out") / EXAMPLE
    code = solve_and_deliver(
        read_problem(path), Settings(), Delivery(folder, with_persons=True), voice
    )
    voice.warn(Message("To see it in a browser, and to work on: {command}", command=SERVE))
    return code
