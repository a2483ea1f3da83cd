"""No solver goes on when whoever asked it has been killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
ASK_AND_WAIT = """
import subprocess, sys, time
from scheduler.engines.process import EngineProcess
if __name__ == "__main__":
    with EngineProcess("greedy", None, lambda: False) as engine:
        # Somebody else holds the pipe: its end tells the engine nothing, as when it is busy.
        holder = subprocess.Popen(["sleep", "600"], pass_fds=[engine._pipe.fileno()])
        sys.stdout.write(f"{engine._child.pid} {holder.pid}\\n")
        sys.stdout.flush()
        time.sleep(600)
"""


def test_an_engine_ends_with_whoever_asked_it(tmp_path: Path) -> None:
    script = tmp_path / "ask.py"
    script.write_text(ASK_AND_WAIT, encoding="utf-8")
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    asker = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**unmeasured, "PYTHONPATH": str(ROOT)},
    )
    assert asker.stdout is not None
    engine, holder = (psutil.Process(int(pid)) for pid in asker.stdout.readline().split())
    asker.kill()
    asker.wait()
    asker.stdout.close()
    gone, _ = psutil.wait_procs([engine], timeout=30)
    holder.kill()
    assert gone == [engine]
