"""What the repository promises about itself."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-benchmarks.lock")
MACHINE_PATHS = re.compile(r"/(?:root|work|home/\w+|Users/\w+|opt/\w+|tmp/w)/[\w.]")
OURS = {"api", "providers", "scheduler"}
COME_WITH = {
    "argon2": "argon2-cffi",
    "dask": "distributed",
    "markupsafe": "jinja2",
    "prometheus_client": "prometheus-client",
    "pydantic_core": "pydantic",
    "starlette": "fastapi",
}
"""Modules that a package we ask for is imported by, or brings along and documents as its own."""
LOADED_BY_OTHERS = {"python-multipart"}
"""FastAPI reads forms with it."""
HOST = re.compile(r"https?://|(?:^|\s)--(?:extra-)?index-url|(?:^|\s)--find-links|@\s*file:")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", read(lock), flags=re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_name_no_hosts(lock: str) -> None:
    assert HOST.search(read(lock)) is None


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    entries = re.split(r"^(?=[\w.-]+==)", read(lock), flags=re.MULTILINE)[1:]
    assert len(entries) == len(pins(lock)) > 15
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_lock_files_agree() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_everything_asked_for_is_locked() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    wanted = {
        "requirements.lock": project["project"]["dependencies"]
        + project["build-system"]["requires"],
        "requirements-dev.lock": project["project"]["optional-dependencies"]["dev"],
    }
    for lock, requirements in wanted.items():
        names = {re.match(r"[\w-]+", each)[0] for each in requirements}
        assert names <= pins(lock).keys()


def test_what_the_program_imports_is_what_it_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))
    asked = {re.match(r"[\w-]+", each)[0] for each in project["project"]["dependencies"]}
    files = [path for path in tracked() if path.suffix == ".py"]
    ours = [path for path in files if path.relative_to(ROOT).parts[0] in OURS]
    names = {COME_WITH.get(name, name) for path in ours for name in imported(path)}
    assert names - sys.stdlib_module_names - OURS == asked - LOADED_BY_OTHERS


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
        elif isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)


def test_no_file_names_the_machine_it_was_made_on() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix not in {".xlsx", ".png"} and path != Path(__file__)
        if MACHINE_PATHS.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def test_the_version_is_the_same_everywhere() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert f"softwareVersion: {version}\n" in read("publiccode.yml")


def test_ci_runs_the_command_that_the_front_page_names() -> None:
    commands = [
        line
        for line in read(".ci/run").splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["make test"]
    assert "$ make test" in read("README.md")


def test_the_makefile_has_every_target_that_its_head_names() -> None:
    makefile = read("Makefile")
    named = re.findall(r"^#   make ([\w-]+)", makefile, flags=re.MULTILINE)
    targets = re.findall(r"^([\w-]+):", makefile, flags=re.MULTILINE)
    assert {"demo", "test"} < set(named) <= set(targets)
    phony = re.search(r"^\.PHONY: (.*)", makefile, flags=re.MULTILINE)
    assert set(phony[1].split()) == set(named)


def test_before_a_commit_the_same_tools_run_as_in_make_lint() -> None:
    hooks = read(".pre-commit-config.yaml")
    lint = read("Makefile").partition("\nlint:")[2].partition("\n\n")[0]
    for tool in re.findall(r"\$\(BIN\)/([\w-]+)", lint):
        assert f".venv/bin/{tool}" in hooks, tool
    assert "http" not in hooks
