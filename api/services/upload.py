"""Files that somebody sends become a problem, or a list of what is wrong with them.

They are read in a child process, which is given so much memory and so much time and no more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from api.errors import WrongInput
from api.faults import Fault, fault_of
from api.services.upload_zip import bare_name
from api.settings import Settings
from scheduler.files.columns import TABLES
from scheduler.files.inputs import PLAN_FILE
from scheduler.files.price_list import PriceList
from scheduler.language import Message
from scheduler.problem import Problem

_READER = "api.services.upload_process"
_PRICE_READER = "api.services.price_upload_process"
_NAMES = frozenset({PLAN_FILE, *(f"{name}.csv" for t in TABLES for name in (t.name, *t.aliases))})


def read_upload(files: Mapping[str, bytes], settings: Settings) -> Problem:
    """The problem in a workbook, or in CSV files and a ``plan.toml``, perhaps zipped.

    Parameters
    ----------
    files
        By the names that they were sent under.
    settings
        How much time and memory there is.

    Raises
    ------
    WrongInput
        With everything that is wrong.
    """
    _refuse_strange_names(files)
    with tempfile.TemporaryDirectory(prefix="ungeplan-upload-") as place:
        folder = Path(place)
        for name, content in files.items():
            (folder / bare_name(name)).write_bytes(content)
        alone = sorted((*folder.glob("*.xlsx"), *folder.glob("*.zip")))
        answer = _ask_child(_READER, alone[0] if alone else folder, settings)
    if "problem" in answer:
        return Problem.model_validate_json(json.dumps(answer["problem"]))
    raise WrongInput([Fault.model_validate(fault) for fault in answer["faults"]])


def read_price_upload(files: Mapping[str, bytes], settings: Settings) -> tuple[str, PriceList]:
    """The name of a CSV file of prices or contracts, and what it says.

    Raises
    ------
    WrongInput
        With everything that is wrong.
    """
    if len(files) != 1 or not bare_name(next(iter(files))).endswith(".csv"):
        raise _wrong(Message("Choose one CSV file, of prices or of contracts."))
    ((name, content),) = files.items()
    with tempfile.TemporaryDirectory(prefix="ungeplan-upload-") as place:
        path = Path(place) / bare_name(name)
        path.write_bytes(content)
        answer = _ask_child(_PRICE_READER, path, settings)
    if "list" in answer:
        return path.name, PriceList.model_validate_json(json.dumps(answer["list"]))
    raise WrongInput([Fault.model_validate(fault) for fault in answer["faults"]])


def _refuse_strange_names(files: Mapping[str, bytes]) -> None:
    if not files:
        raise _wrong(Message("Choose a workbook, or the CSV files and the plan.toml of a plan."))
    names = sorted(bare_name(name) for name in files)
    if len(set(names)) < len(files):
        raise _wrong(Message("Two of the files have the same name."))
    whole = [name for name in names if name.endswith((".xlsx", ".zip"))]
    strange = strange_names(name for name in names if name not in whole)
    if strange:
        raise _wrong(Message("{files}: not a file of a plan.", files=strange[:5]))
    if whole and len(files) > 1:
        raise _wrong(Message("Send one workbook alone, or CSV files with a plan.toml."))


def strange_names(names: Iterable[str]) -> tuple[str, ...]:
    """Those that no file of a plan has."""
    return tuple(name for name in names if name not in _NAMES)


def _ask_child(module: str, path: Path, settings: Settings) -> dict[str, Any]:
    command = [
        sys.executable,
        "-m",
        module,
        str(path),
        str(settings.upload_memory_megabytes),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and a path that we made
            command, capture_output=True, timeout=settings.upload_seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        seconds = settings.upload_seconds
        what = Message("Reading took more than {seconds} seconds.", seconds=seconds)
        raise _wrong(what) from error
    if done.returncode != 0 or not done.stdout:
        most = settings.upload_memory_megabytes
        raise _wrong(Message("It cannot be read within {most} MB of memory.", most=most))
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _wrong(message: Message) -> WrongInput:
    return WrongInput([fault_of(message, "files")])
