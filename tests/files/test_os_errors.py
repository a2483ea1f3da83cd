"""What the operating system says, in words of our own."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from scheduler.cli.app import run
from scheduler.os_errors import word_os_error


@pytest.mark.parametrize(
    ("number", "english", "danish"),
    [
        (errno.ENOENT, "there is no such file or folder", "der er ingen fil eller mappe"),
        (errno.EACCES, "access to it is denied", "der er ikke adgang"),
        (errno.ENOSPC, "the disk is full", "disken er fuld"),
        (errno.EISDIR, "it is a folder", "det er en mappe"),
    ],
)
def test_what_is_common_is_said_in_both_languages(number: int, english: str, danish: str) -> None:
    said = word_os_error(OSError(number, os.strerror(number)))
    assert str(said) == english
    assert danish in said.render("da")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.EDEADLK, "Resource deadlock avoided"), "Resource deadlock avoided"),
        (OSError(errno.EDEADLK, "a {brace}"), "a {brace}"),
        (OSError("nothing known"), "OSError"),
    ],
)
def test_what_is_rare_is_said_as_the_system_does(error: OSError, said: str) -> None:
    assert str(word_os_error(error)) == said


def test_a_planner_reads_danish_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["validate", str(tmp_path / "none"), "--language", "da"]) == 2
    assert "none: kan ikke læses: der er ingen fil eller mappe med det navn" in (
        capsys.readouterr().err
    )
