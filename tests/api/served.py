"""``ungeplan serve`` in a process of its own, as people start it."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 60
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
"""A process that is killed cannot say what it has covered."""


@dataclass
class Served:
    """The pages of a running application."""

    address: str
    password: str
    process: subprocess.Popen[str]

    def family(self) -> list[psutil.Process]:
        """The processes that it started, and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def kill(self) -> None:
        """It is gone, with no chance to tidy up."""
        self.process.kill()
        self.process.wait()


@contextmanager
def served(folder: Path, **environment: str) -> Iterator[Served]:
    """The application, while the block lasts; nothing of it is left afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = folder / f"serve-{port}.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "scheduler.cli", "serve", "--port", port, "--language", "en"],
            cwd=ROOT,
            env={
                **UNMEASURED,
                "UNGEPLAN_DATA_FOLDER": str(folder),
                # A machine that tests keep busy reads slowly.
                "UNGEPLAN_UPLOAD_SECONDS": "60",
                **environment,
            },
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(port, process, log)
        found = re.search(r"password (\S+)", log.read_text(encoding="utf-8"))
        yield Served(address, found[1] if found else "", process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(port: str, process: subprocess.Popen[str], log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", int(port)), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"it did not start:\n{log.read_text(encoding='utf-8')}")
