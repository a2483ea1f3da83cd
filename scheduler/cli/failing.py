"""What went wrong, said so that one knows what to do; never a stack trace unless asked for."""

from __future__ import annotations

import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.tables import table
from scheduler.cli.voice import Voice, write_json
from scheduler.errors import InputError, PlanFileError, WriteRefused
from scheduler.language import Message, show

_PLACE = ("file", "row", "column", "value")
"""Values of a fault's message that say where it is."""


def explain_failure(error: BaseException, voice: Voice, *, debug: bool) -> ExitCode:
    """`error` is said in words; what the program ends with because of it."""
    match error:
        case InputError():
            _tell_faults(error.messages, voice)
        case WriteRefused():
            _tell_faults((error.message,), voice)
        case PlanFileError():
            _tell_faults((Message("{what}", what=str(error)),), voice)
        case OSError() if error.filename is not None:
            _tell_faults((_name_file(error),), voice)
        case KeyboardInterrupt():
            voice.warn(Message("Stopped. Nothing was written."))
            return ExitCode.ABORTED
        case _:
            _tell_breakdown(error, voice, debug=debug)
            return ExitCode.FAILED
    return ExitCode.WRONG_INPUT


def _tell_faults(faults: Sequence[Message], voice: Voice) -> None:
    """Every fault: a table for people, and with ``--json`` a list on standard output."""
    if voice.as_json:
        write_json(
            {
                "schema_version": "ungeplan-faults/1",
                "faults": [_fault_as_json(fault, voice) for fault in faults],
            }
        )
    if len(faults) == 1:
        voice.warn(faults[0])
        return
    voice.warn(Message("{count} faults in the input:", count=len(faults)))
    rows = [(number, fault) for number, fault in enumerate(faults, start=1)]
    heads = (Message("No."), Message("What is wrong"))
    voice.side.print(table(heads, rows, voice.language, numbers={0}))


def _fault_as_json(fault: Message, voice: Voice) -> dict[str, object]:
    place = {
        name: show(fault.values[name], voice.language) for name in _PLACE if name in fault.values
    }
    return {**place, "text": fault.local().model_dump()}


def _name_file(error: OSError) -> Message:
    return Message(
        "{file} cannot be read or written: {why}",
        file=str(error.filename),
        why=error.strerror or type(error).__name__,
    )


def _tell_breakdown(error: BaseException, voice: Voice, *, debug: bool) -> None:
    if debug:
        voice.side.print("".join(traceback.format_exception(error)), soft_wrap=True)
        return
    voice.warn(
        Message(
            "Ungeplan failed, and nothing was written: {what}. The details are in {file}.",
            what=f"{type(error).__name__}: {error}".splitlines()[0],
            file=str(_write_details(error)),
        )
    )


def _write_details(error: BaseException) -> Path:
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="ungeplan-", suffix=".log", delete=False
    ) as file:
        file.write("".join(traceback.format_exception(error)))
    return Path(file.name)
