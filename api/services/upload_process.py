"""The child that reads an upload: ``python -m api.services.upload_process PATH MEGABYTES``.

Prints one JSON object: the problem, or the faults.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

from api.faults import fault_of
from api.services.upload import strange_names
from api.services.upload_zip import unpack_zip
from scheduler.errors import InputError
from scheduler.files import read_problem
from scheduler.language import Message

MEGABYTE = 2**20


def main(path: Path, megabytes: int) -> None:
    """Reads the folder, workbook or zip file at `path`, and prints what it found."""
    limit_memory(megabytes * MEGABYTE)
    try:
        problem = read_problem(_files_of(path))
    except InputError as error:
        faults = [fault_of(message).model_dump(mode="json") for message in error.messages]
        text = json.dumps({"faults": faults})
    else:
        text = json.dumps({"problem": problem.model_dump(mode="json")})
    sys.stdout.write(text)


def _files_of(path: Path) -> Path:
    """The workbook or folder itself, or what is in a zip file."""
    if path.suffix != ".zip":
        return path
    folder = unpack_zip(path)
    strange = strange_names(sorted(each.name for each in folder.iterdir()))
    if strange:
        raise InputError([Message("{files}: not a file of a plan.", files=strange[:5])])
    return folder


def limit_memory(limit: int) -> None:
    """Asking for more fails; where the system knows no such limit, the time limit is left."""
    # A library that is out of memory would ask for more to say where, and can hang there.
    os.putenv("RUST_BACKTRACE", "0")
    with contextlib.suppress(ImportError):
        import resource  # noqa: PLC0415 - not on every system

        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def run(read: Callable[[Path, int], None]) -> None:
    """Reads what the command line names; a child that has no memory left ends at once."""
    try:
        read(Path(sys.argv[1]), int(sys.argv[2]))
    except MemoryError:
        # Whatever runs at the end of a process would ask for memory as well.
        os._exit(1)


if __name__ == "__main__":
    run(main)
