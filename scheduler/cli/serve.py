"""``ungeplan serve``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.examples import example_path
from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, LanguageOption
from scheduler.cli.voice import Voice

EXAMPLES = ("copenhagen-2016", "staircase")
"""The last one stands first on the front page."""


def serve_command(
    host: Annotated[
        str | None,
        typer.Option(
            "--host", metavar="ADDRESS", help="Where to listen; without it, this machine."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option("--port", min=0, max=65535, help="The port; without it, 8000.")
    ] = None,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="FOLDER", help="Where the database lies; without it, data/."
        ),
    ] = None,
    allow_plain_http: Annotated[
        bool,
        typer.Option(
            "--allow-plain-http",
            help="Listen beyond this machine without HTTPS, where others can read along.",
        ),
    ] = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The pages are served until Ctrl-C."""
    from api.serve import serve  # noqa: PLC0415 - the command line does without it

    instead = {
        "host": host,
        "port": port,
        "data_folder": data,
        "allow_plain_http": allow_plain_http or None,
    }
    serve(os.environ, instead, tuple(example_path(name) for name in EXAMPLES), Voice(language).say)
    return ExitCode.DONE
