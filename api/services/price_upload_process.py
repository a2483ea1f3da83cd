"""The child that reads a price list: ``python -m …price_upload_process PATH MEGABYTES``.

Prints one JSON object: the list, or the faults.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from api.faults import fault_of
from api.services.upload_process import MEGABYTE, limit_memory, run
from scheduler.errors import InputError
from scheduler.files.price_list import read_price_list


def main(path: Path, megabytes: int) -> None:
    """Reads the file at `path`, and prints what it says."""
    limit_memory(megabytes * MEGABYTE)
    try:
        given = read_price_list(path.name, path.read_bytes())
    except InputError as error:
        faults = [fault_of(message).model_dump(mode="json") for message in error.messages]
        text = json.dumps({"faults": faults})
    else:
        text = json.dumps({"list": given.model_dump(mode="json")})
    sys.stdout.write(text)


if __name__ == "__main__":
    run(main)
