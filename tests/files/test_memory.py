"""Nasty files take little memory, and end in faults."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.files.folder import Folder
from tests.files.nasty import CSV, QUICK, SLOW

ROOT = Path(__file__).parents[2]
MOST_GROWTH_MIB = 512
MEASURE = """
import resource, sys
from pathlib import Path
from scheduler.errors import InputError
from scheduler.files import read_problem

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024

before = peak()
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
try:
    read_problem(Path(sys.argv[1]))
    print("read")
except InputError as error:
    print(*error.messages, sep=" | ")
print(peak() - before)
"""


def measured(path: Path) -> tuple[str, int]:
    """What is said of the file, and by how many MiB memory grew."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=300,
    )
    said, growth = done.stdout.splitlines()
    return said, int(growth)


@pytest.mark.parametrize(
    ("content", "said"), [case[1:] for case in QUICK], ids=[c[0] for c in QUICK]
)
def test_a_nasty_workbook(content: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content())
    told, growth = measured(path)
    assert said in told.split(" | ")
    assert growth <= MOST_GROWTH_MIB


@pytest.mark.slow
@pytest.mark.parametrize(("content", "said"), [case[1:] for case in SLOW], ids=[c[0] for c in SLOW])
def test_a_nasty_workbook_that_takes_long(
    content: Callable[[], bytes], said: str, tmp_path: Path
) -> None:
    test_a_nasty_workbook(content, said, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("content", "said"), [case[1:] for case in CSV], ids=[c[0] for c in CSV])
def test_a_nasty_csv_file(content: Callable[[], bytes], said: str, tmp_path: Path) -> None:
    folder = Folder()
    folder.files["people.csv"] = content()
    told, growth = measured(folder.write(tmp_path))
    assert said in told.split(" | ")
    assert growth <= MOST_GROWTH_MIB
