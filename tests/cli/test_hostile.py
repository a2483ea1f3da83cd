"""The program among full disks, closed pipes, poor terminals and paths that cannot be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small import small_problem

from scheduler.cli.app import run
from scheduler.files import write_problem

PROGRAM = [sys.executable, "-m", "scheduler.cli"]


@pytest.fixture
def town(tmp_path) -> Path:
    path = tmp_path / "town"
    write_problem(small_problem(), path)
    return path


def start(*arguments: str, stdout: object, **environment: str) -> tuple[int, str]:
    """The exit code, and what is said on standard error."""
    ended = subprocess.run(
        [*PROGRAM, *arguments, "--language", "en"],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
    )
    return ended.returncode, ended.stderr.decode()


@pytest.mark.parametrize(
    "arguments", [["validate", "TOWN"], ["validate", "TOWN", "--json"], ["solve", "--help"]]
)
def test_a_full_disk_under_standard_output(arguments, town) -> None:
    given = [str(town) if each == "TOWN" else each for each in arguments]
    with Path("/dev/full").open("wb") as full:
        code, said = start(*given, stdout=full)
    assert code == 2
    assert said.splitlines()[-1] == "Standard output cannot be written: the disk is full"
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "arguments", [["validate", "TOWN"], ["validate", "TOWN", "--json"], ["solve", "--help"]]
)
def test_a_reader_that_has_gone(arguments, town) -> None:
    given = [str(town) if each == "TOWN" else each for each in arguments]
    read, write = os.pipe()
    os.close(read)
    code, said = start(*given, stdout=write)
    os.close(write)
    assert code == 2
    assert said.splitlines()[-1] == "Standard output cannot be written: nobody reads it any more"
    assert "Traceback" not in said
    assert "Exception ignored" not in said


def test_results_are_kept_where_standard_output_is_full(town, tmp_path) -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = start("solve", str(town), "--out", str(tmp_path / "out"), stdout=full)
    assert code == 2
    assert "nothing was written" not in said
    assert (tmp_path / "out" / "plan.json").is_file()


def test_a_full_standard_error_changes_nothing(town) -> None:
    with Path("/dev/full").open("wb") as full:
        commands = (
            ["validate", str(town)],
            ["validate", "nowhere"],
            ["solve", str(town), "--json"],
        )
        codes = [
            subprocess.run(
                [*PROGRAM, *command], stdout=subprocess.DEVNULL, stderr=full, check=False
            ).returncode
            for command in commands
        ]
    assert codes == [0, 2, 0]


def test_faults_are_said_where_standard_output_is_full() -> None:
    with Path("/dev/full").open("wb") as full:
        code, said = start("validate", "nowhere", "--json", stdout=full)
    assert code == 2
    assert said.splitlines() == [
        "Standard output cannot be written: the disk is full",
        "nowhere: cannot be read: there is no such file or folder",
    ]


def test_a_closed_standard_output(town) -> None:
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "validate", str(town), "--json"],
        stderr=subprocess.PIPE,
        check=False,
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr.decode()


def test_a_terminal_that_knows_no_danish(town) -> None:
    ended = subprocess.run(
        [*PROGRAM, "validate", str(town)],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert b"Indsatstilbud" in ended.stdout
    assert b"planl?gges" in ended.stdout


@pytest.mark.parametrize(
    ("model", "says"),
    [
        ("people.csv", "people.csv is no file that ends in .mps"),
        ("folder.mps", "folder.mps is no file that ends in .mps"),
        ("nowhere/x.mps", "nowhere cannot be read or written: there is no such file or folder"),
    ],
)
def test_a_model_is_written_over_nothing_else(model, says, town, tmp_path, capsys) -> None:
    (tmp_path / "people.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "folder.mps").mkdir()
    given = ["solve", str(town), "--write-model", str(tmp_path / model), "--language", "en"]
    assert run(given) == 2
    assert says in capsys.readouterr().err
    assert (tmp_path / "people.csv").read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_written_is_named_and_not_its_temporary_name(tmp_path, capsys) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "x", tmp_path / ("x" * 250)):
        for suffix in ("", ".xlsx"):
            name = f"{path}{suffix}"
            assert run(["template", name, "--language", "en"]) == 2
            said = capsys.readouterr().err
            assert said.startswith((name, str(path.parent)))
            assert ".tmp" not in said
