"""``ungeplan template``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, LanguageOption
from scheduler.cli.voice import Voice
from scheduler.files import write_template
from scheduler.language import Message


def template_command(
    path: Annotated[
        Path,
        typer.Argument(metavar="FOLDER|FILE.xlsx", help="The folder or workbook to write."),
    ],
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """Empty tables are written, with every column in its place."""
    write_template(path, language)
    Voice(language).say(
        Message(
            "Empty tables lie in {path}. Fill them in, then: ungeplan validate {path}",
            path=str(path),
        )
    )
    return ExitCode.DONE
