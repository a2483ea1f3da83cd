"""What went wrong, said so that one knows what to do; never a stack trace unless asked for."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.tables import table
from scheduler.cli.voice import Voice, word_output_failure, write_json
from scheduler.errors import InputError, OutputFailed, PlanFileError, UngeplanError, WriteRefused
from scheduler.language import Message, show
from scheduler.os_errors import word_os_error

_PLACE = ("file", "row", "column", "value")
"""Values of a fault's message that say where it is and what stands there."""
_NOT_OUR_FAULT = {errno.ENOSPC, errno.EDQUOT, errno.EPIPE, errno.EIO}
"""Of a write to no file: standard output, as files are named."""
_HEADS = (
    Message("No."),
    Message("File"),
    Message("Row"),
    Message("Column"),
    Message("Value"),
    Message("Expected"),
)


def explain_failure(error: BaseException, voice: Voice, *, debug: bool) -> ExitCode:
    """`error` is said in words; what the program ends with because of it."""
    match error:
        case OutputFailed():
            voice.warn(error.message)
        case SystemExit():
            # Typer leaves so when standard output is closed under it.
            voice.warn(word_output_failure(BrokenPipeError(errno.EPIPE, "")))
        case OSError() if error.filename is None and error.errno in _NOT_OUR_FAULT:
            voice.warn(word_output_failure(error))
        case InputError():
            _tell_faults(error.messages, voice)
        case WriteRefused():
            _tell_faults((error.message,), voice)
        case PlanFileError():
            _tell_faults((Message("{what}", what=str(error)),), voice)
        case OSError() if error.filename is not None:
            _tell_faults((_name_file(error),), voice)
        case _:
            _tell_breakdown(error, voice, debug=debug)
            return ExitCode.FAILED
    return ExitCode.WRONG_INPUT


def _tell_faults(faults: Sequence[Message], voice: Voice) -> None:
    """Every fault: a table for people, and with ``--json`` a list on standard output."""
    if voice.as_json:
        _write_faults(faults, voice)
    if len(faults) == 1:
        voice.warn(faults[0])
        return
    voice.warn(Message("{count} faults in the input:", count=len(faults)))
    rows = [
        (
            str(number),
            *(fault.values.get(name, "") for name in _PLACE),
            fault.values.get("expected", fault.values.get("what", fault)),
        )
        for number, fault in enumerate(faults, start=1)
    ]
    voice.show_aside(table(_HEADS, rows, voice.language, numbers={0}))


def _write_faults(faults: Sequence[Message], voice: Voice) -> None:
    listed = [_fault_as_json(fault, voice) for fault in faults]
    try:
        write_json({"schema_version": "ungeplan-faults/1", "faults": listed})
    except OutputFailed as failure:
        voice.warn(failure.message)


def _fault_as_json(fault: Message, voice: Voice) -> dict[str, object]:
    place: dict[str, object] = {
        name: show(fault.values[name], voice.language) for name in _PLACE if name in fault.values
    }
    expected = fault.values.get("expected")
    if isinstance(expected, Message):
        place["expected"] = expected.local().model_dump()
    return {**place, "text": fault.local().model_dump()}


def _name_file(error: OSError) -> Message:
    return Message(
        "{file} cannot be read or written: {why}",
        file=str(error.filename),
        why=word_os_error(error),
    )


def _tell_breakdown(error: BaseException, voice: Voice, *, debug: bool) -> None:
    if debug:
        voice.show_aside("".join(traceback.format_exception(error)), soft_wrap=True)
        return
    voice.warn(
        Message(
            "Ungeplan failed, and nothing was written: {what}. The details are in {file}.",
            what=_name(error),
            file=str(_write_details(error)),
        )
    )


def _name(error: BaseException) -> str:
    """What happened, without values: those of unforeseen errors may tell of a person."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, UngeplanError) else kind


def _write_details(error: BaseException) -> Path:
    lines = [*traceback.format_tb(error.__traceback__), f"{_name(error)}\n"]
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="ungeplan-", suffix=".log", delete=False
    ) as file:
        file.writelines(lines)
    return Path(file.name)
