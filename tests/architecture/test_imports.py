from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_imports_run_one_way() -> None:
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    assert "0 broken" in run.stdout


def test_the_command_line_starts_without_loading_a_solver() -> None:
    loaded = "import sys, scheduler.cli.app; print(*sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    modules = set(run.stdout.split())
    assert "scheduler.cli.solve" in modules
    assert modules & {"ortools", "highspy", "scipy", "pandas", "numpy"} == set()
