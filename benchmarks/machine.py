"""What the benchmarks run on, without what would name it."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

import psutil

from benchmarks.records import Machine

_PACKAGES = ("highspy", "numpy", "ortools", "pydantic", "scipy")
_ROOT = Path(__file__).parents[1]


def describe_machine() -> Machine:
    """What there is to know of the machine that runs this."""
    return Machine(
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory_gib=round(psutil.virtual_memory().total / 2**30),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        versions=tuple((name, importlib.metadata.version(name)) for name in _PACKAGES),
    )


def load_average() -> float:
    """Processes that wanted to run, on average over the last minute."""
    return round(psutil.getloadavg()[0], 2)


def commit() -> str:
    """The commit checked out; ends in ``+`` where files differ from it."""
    revision = _git("rev-parse", "--short=12", "HEAD")
    differs = _git("status", "--porcelain", "--", ":(exclude)benchmarks/results")
    return f"{revision or 'unknown'}{'+' if differs else ''}"


def _git(*arguments: str) -> str:
    run = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", *arguments],  # noqa: S607 - wherever git is
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip()


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
