"""Writes the real output of the front page's commands under them: `make front-page`."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tempfile
from pathlib import Path

from scheduler.cli.app import run

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```console\n\$ (?P<command>.*)\n[^`]*```")
STAND_INS = {"make demo": "ungeplan demo"}
"""What a command runs in the end."""


def main() -> None:
    """README.md shows what its commands print now."""
    page = ROOT / "README.md"
    text = page.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("examples").symlink_to(ROOT / "examples")
        shown = BLOCK.sub(_with_output, text)
    page.write_text(shown, encoding="utf-8", newline="\n")


def _with_output(block: re.Match[str]) -> str:
    program, *arguments = shlex.split(STAND_INS.get(block["command"], block["command"]))
    if program != "ungeplan":
        return block[0]
    buffer = io.BytesIO()
    # Kept by name: a wrapper that nobody holds closes what it wraps.
    terminal = io.TextIOWrapper(buffer, "utf-8", write_through=True)
    with contextlib.redirect_stdout(terminal):
        run(arguments)
    lines = [line.rstrip() for line in buffer.getvalue().decode().splitlines()]
    output = re.sub(r"\n\n+", "\n\n", "\n".join(lines)).strip()
    return f"```console\n$ {block['command']}\n{output}\n```"


if __name__ == "__main__":
    main()
