"""The commands of the front page run as written and say what is shown."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from scheduler.cli.app import run

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```console\n\$ (?P<command>.*)\n(?P<shown>[^`]*)```$", re.MULTILINE)
COMMANDS = [
    (found["command"], found["shown"])
    for found in BLOCK.finditer((ROOT / "README.md").read_text(encoding="utf-8"))
]


def test_the_two_commands_come_first() -> None:
    assert [command for command, _ in COMMANDS[:2]] == ["make demo", "make test"]


def test_commands_run_as_written_and_show_what_is_shown(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    ours = [(command, shown) for command, shown in COMMANDS if command.startswith("ungeplan ")]
    assert len(ours) >= 3
    for command, shown in ours:
        assert run(shlex.split(command)[1:]) == 0, command
        assert lines(capsys.readouterr().out) == lines(shown), command


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


@pytest.mark.slow
def test_the_demo_says_what_is_shown(tmp_path, monkeypatch, capsys) -> None:
    shown = dict(COMMANDS)["make demo"]
    monkeypatch.chdir(tmp_path)
    assert run(["demo"]) == 0
    said = capsys.readouterr().out
    assert (tmp_path / "out" / "copenhagen-2016" / "report.html").is_file()
    start = next(line for line in lines(shown) if "unge får en plads" in line)
    assert start in lines(said)
    assert os.path.join("out", "copenhagen-2016") in said  # noqa: PTH118 - as it is printed
