"""``ungeplan backup`` and ``ungeplan restore``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, JsonOption, LanguageOption
from scheduler.cli.voice import Voice, write_json
from scheduler.language import Message

if TYPE_CHECKING:
    from api.store.dump import DumpHead

FileArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        readable=False,  # what cannot be read is said by whoever reads it
        help="The backup, such as ungeplan-2016-07-04.backup.",
    ),
]
DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="Where an SQLite database lies; without it, the database that the settings name.",
    ),
]


def backup_command(
    path: FileArgument,
    data: DataOption = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Let the file take the place of another.")
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The database is in a file."""
    from api.backup import back_up  # noqa: PLC0415 - the command line does without it

    head = back_up(os.environ, _instead(data), path, overwrite=overwrite)
    _tell(
        Message(
            "{count} rows of {tables} tables are in {path}, and it has been read again. It tells of"
            " people: keep it safe.",
            count=head.count,
            tables=len(head.tables),
            path=str(path),
        ),
        head,
        path,
        Voice(language, as_json),
    )
    return ExitCode.DONE


def restore_command(
    path: FileArgument,
    data: DataOption = None,
    overwrite: Annotated[
        bool,
        typer.Option("--overwrite", help="Let everything go that is in the database."),
    ] = False,
    only_check: Annotated[
        bool, typer.Option("--check", help="Only see whether the file is whole.")
    ] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The database holds what the file holds."""
    from api.backup import check, restore  # noqa: PLC0415 - the command line does without it

    voice = Voice(language, as_json)
    if only_check:
        head = check(path)
        said = Message(
            "{path} is whole: {count} rows of {tables} tables, made at {made}.",
            path=str(path),
            count=head.count,
            tables=len(head.tables),
            made=head.made_at,
        )
    else:
        head = restore(os.environ, _instead(data), path, overwrite=overwrite)
        said = Message(
            "{count} rows of {tables} tables were restored from {path}. Everybody logs in again.",
            count=head.count,
            tables=len(head.tables),
            path=str(path),
        )
    _tell(said, head, path, voice)
    return ExitCode.DONE


def _instead(data: Path | None) -> dict[str, object]:
    """A folder that is named goes before an address in the environment."""
    return {} if data is None else {"data_folder": data, "database_url": ""}


def _tell(said: Message, head: DumpHead, path: Path, voice: Voice) -> None:
    if voice.as_json:
        write_json(
            {
                "schema_version": "ungeplan-backup-summary/1",
                "path": str(path),
                "made_at": head.made_at,
                "revision": head.revision,
                "rows": dict(head.rows),
                "sha256": head.sha256,
            }
        )
    voice.say(said)
