"""``ungeplan``: its commands, and what every run of it has in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import typer

from scheduler.cli.backup import backup_command, restore_command
from scheduler.cli.check import check_command
from scheduler.cli.demo import demo_command
from scheduler.cli.exit_code import ExitCode
from scheduler.cli.failing import explain_failure
from scheduler.cli.generate import generate_command
from scheduler.cli.help import in_language
from scheduler.cli.replay import replay_command
from scheduler.cli.serve import serve_command
from scheduler.cli.solve import solve_command
from scheduler.cli.template import template_command
from scheduler.cli.usage import word_usage
from scheduler.cli.validate import validate_command
from scheduler.cli.voice import Voice
from scheduler.language import Message

ABOUT = (
    "Plans courses for young people: who starts where and when, how good that is proven to be,"
    " and why the others wait."
)


@dataclass(frozen=True, slots=True)
class Command:
    """A command as ``--help`` and the documentation show it."""

    name: str
    run: Callable[..., ExitCode]
    help: str
    example: str


COMMANDS: tuple[Command, ...] = (
    Command(
        "demo",
        demo_command,
        "Solve the example city and show what comes out.",
        "ungeplan demo",
    ),
    Command(
        "validate",
        validate_command,
        "Read the input and list everything that is wrong with it; nothing is planned.",
        "ungeplan validate examples/staircase",
    ),
    Command(
        "solve",
        solve_command,
        "Find the best plan, check it, and write plan.json, tables, a workbook and a report."
        " Ctrl-C keeps the best plan so far.",
        'ungeplan solve examples/staircase --out out/staircase --gap "0.5 %"',
    ),
    Command(
        "check",
        check_command,
        "Check a plan against every rule, apart from whoever made it.",
        "ungeplan check examples/staircase out/staircase/plan.json",
    ),
    Command(
        "replay",
        replay_command,
        "See that an auditor's bundle is whole and its plan sound, and that planning again gives"
        " the same plan.",
        "ungeplan replay plan-1-bundle.zip",
    ),
    Command(
        "generate",
        generate_command,
        "Make a synthetic city of any size, to try things on.",
        "ungeplan generate --people 300 --sites 20 --weeks 52 --group-intakes 2 --out out/city",
    ),
    Command(
        "template",
        template_command,
        "Write empty tables to fill in: a folder, or a workbook if the name ends in .xlsx.",
        "ungeplan template out/new-plan.xlsx",
    ),
    Command(
        "serve",
        serve_command,
        "Serve the pages that planners work in, to browsers on this machine.",
        "ungeplan serve --port 8000",
    ),
    Command(
        "backup",
        backup_command,
        "Write everything in the pages' database, SQLite or PostgreSQL, to one file; the pages may"
        " go on meanwhile.",
        "ungeplan backup out/ungeplan.backup",
    ),
    Command(
        "restore",
        restore_command,
        "Put a backup into an empty database, of either kind. Stop the pages first.",
        "ungeplan restore out/ungeplan.backup --data out/restored",
    ),
)


def make_app() -> typer.Typer:
    """The Typer application, in English."""
    app = typer.Typer(
        name="ungeplan",
        help=ABOUT,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_no_options_of_its_own)
    for command in COMMANDS:
        app.command(
            command.name, help=command.help, short_help=command.help, epilog=command.example
        )(command.run)
    return app


def run(arguments: Sequence[str]) -> int:
    """The exit code of one run with these arguments."""
    voice = foresee_voice(arguments)
    command = in_language(typer.main.get_command(make_app()), voice.language)
    try:
        args = list(arguments) or ["--help"]
        code = command.main(args=args, prog_name="ungeplan", standalone_mode=False)
    except typer.TyperException as usage:
        voice.warn(word_usage(usage))
        return ExitCode.WRONG_INPUT
    except BaseException as error:  # noqa: BLE001 - whatever happens, people get words
        return explain_failure(error, voice, debug="--debug" in arguments)
    if code == ExitCode.ABORTED:
        voice.warn(Message("Stopped. Nothing was written."))
    return int(code)


def foresee_voice(arguments: Sequence[str]) -> Voice:
    """How to speak where the arguments have not been, or cannot be, parsed."""
    joined = " ".join(arguments)
    english = "--language en" in joined or "--language=en" in joined
    return Voice(language="en" if english else "da", as_json="--json" in arguments)


def _no_options_of_its_own() -> None:
    """Typer asks for this where a program has commands only."""
