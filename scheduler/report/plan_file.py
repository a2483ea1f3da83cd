"""``plan.json``: a plan as one file that says everything, and back."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from scheduler.errors import PlanFileError
from scheduler.language import Message
from scheduler.os_errors import word_os_error
from scheduler.outcome import Outcome, PlanDocument

PLAN_FILE = "plan.json"


def plan_json(document: PlanDocument) -> bytes:
    """The document as UTF-8 JSON; the same document always gives the same bytes."""
    return outcome_json(document)


def outcome_json(outcome: Outcome) -> bytes:
    """Any outcome as UTF-8 JSON: fields in their declared order, ending in a line break."""
    return (outcome.model_dump_json(indent=2) + "\n").encode()


def read_plan(path: Path) -> PlanDocument:
    """The plan in a file, or in the ``plan.json`` of a result folder.

    Raises
    ------
    PlanFileError
        If there is no such file, or it is not a plan that this version writes.
    """
    file = path / PLAN_FILE if path.is_dir() else path
    try:
        content = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        why = word_os_error(error)
        raise _refusal(file, Message("it cannot be read ({why})", why=why)) from error
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _refusal(file, Message("it is not JSON")) from error
    _check_version(file, content)
    try:
        return PlanDocument.model_validate_json(json.dumps(content))
    except ValidationError as error:
        raise _refusal(file, _first_faults(error)) from error


def _check_version(file: Path, content: object) -> None:
    wanted = PlanDocument.model_fields["schema_version"].default
    found = content.get("schema_version") if isinstance(content, dict) else None
    if found != wanted:
        raise _refusal(
            file,
            Message(
                "its schema_version is {found}, and this program reads {wanted}",
                found=json.dumps(found, ensure_ascii=False)[:80],
                wanted=wanted,
            ),
        )


def _first_faults(error: ValidationError, most: int = 5) -> Message:
    faults = tuple(
        Message(
            "{field}: {why}",
            field=".".join(str(part) for part in fault["loc"]),
            # What our own types say may quote the value, and that may be anybody's.
            why=Message("wrong value") if fault["type"] == "value_error" else fault["msg"],
        )
        for fault in error.errors(include_input=False, include_url=False)[:most]
    )
    return Message(
        "{count} of its fields are wrong: {faults}", count=error.error_count(), faults=faults
    )


def _refusal(file: Path, why: Message) -> PlanFileError:
    return PlanFileError(Message("{file} is not a plan file: {why}", file=str(file), why=why))
