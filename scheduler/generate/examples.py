"""The examples of this repository, each made by a function and kept as a folder."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from scheduler.files import write_problem
from scheduler.generate.copenhagen import copenhagen_2016
from scheduler.generate.staircase import staircase
from scheduler.problem import Problem

EXAMPLES: dict[str, Callable[[], Problem]] = {
    "copenhagen-2016": copenhagen_2016,
    "staircase": staircase,
}
"""What makes the example of each name."""


def write_examples(folder: Path) -> None:
    """Each example's folder below `folder` holds what its function makes, and its README.

    Tables that a function no longer makes are removed.
    """
    for name, make in EXAMPLES.items():
        with tempfile.TemporaryDirectory() as temporary:
            fresh = Path(temporary) / name
            write_problem(make(), fresh)
            target = folder / name
            target.mkdir(parents=True, exist_ok=True)
            for stale in target.glob("*.csv"):
                stale.unlink()
            for file in fresh.iterdir():
                shutil.copyfile(file, target / file.name)
