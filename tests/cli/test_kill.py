"""However a run dies, no half-written result lies where a result should be."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scheduler.outcome import PlanDocument
from scheduler.report import RESULT_FILES, read_plan, write_results
from tests.report.city import make_city

ROOT = Path(__file__).parents[2]
UNMEASURED = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
"""A process that is killed cannot say what it has covered."""

WRITE_FOR_EVER = """
import sys
from pathlib import Path
from scheduler.report import write_results
from tests.report.city import make_city

problem, document = make_city()
titles = ["first", "second"]
while True:
    for title in titles:
        changed = document.model_copy(update={"title": title})
        write_results(problem, changed, Path(sys.argv[1]), language="en")
        sys.stdout.write(title + "\\n")
        sys.stdout.flush()
"""


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=UNMEASURED,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """The process and its children are gone, with no chance to tidy up."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def whole_plan(folder: Path) -> PlanDocument | None:
    """The plan in the folder, which is whole; none where there is no folder."""
    if not folder.exists():
        return None
    assert sorted(file.name for file in folder.iterdir()) == sorted(RESULT_FILES)
    assert all(file.stat().st_size for file in folder.iterdir())
    return read_plan(folder)


def test_killed_while_writing_over_a_result(tmp_path: Path) -> None:
    draw = random.Random(1)
    folder = tmp_path / "out"
    found = []
    for _ in range(8):
        writer = start("-c", WRITE_FOR_EVER, str(folder))
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"first\n"
        time.sleep(draw.uniform(0, 0.4))
        kill(writer)
        plan = whole_plan(folder)
        found.append(None if plan is None else plan.title)
    assert set(found) <= {None, "first", "second"}
    assert len(set(found) - {None}) == 2, "the kills hit too few moments to mean anything"
    problem, document = make_city()
    write_results(problem, document, folder)
    assert whole_plan(folder) == document
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"], "nothing is left behind"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1])
def test_killed_at_some_moment_of_a_run(
    share: float, staircase: Path, seconds: float, tmp_path: Path
) -> None:
    problem, document = make_city()
    folder = tmp_path / "out"
    write_results(problem, document, folder)
    run = start("-m", "scheduler.cli", "solve", str(staircase), "--out", str(folder))
    time.sleep(share * seconds)
    kill(run)
    plan = whole_plan(folder)
    assert plan is None or plan == document or len(plan.placements) == 185


@pytest.fixture(scope="module")
def staircase() -> Path:
    return ROOT / "examples" / "staircase"


@pytest.fixture(scope="module")
def seconds(staircase: Path, tmp_path_factory) -> float:
    """How long a run takes that nobody kills."""
    began = time.monotonic()
    run = start(
        "-m", "scheduler.cli", "solve", str(staircase), "--out", str(tmp_path_factory.mktemp("run"))
    )
    assert run.stdout is not None
    run.stdout.read()
    kill(run)
    assert run.returncode == 0
    return time.monotonic() - began
