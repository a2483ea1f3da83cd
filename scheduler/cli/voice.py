"""How the program speaks: in which language, and where to."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scheduler.language import Language, Message

_WIDTH_OF_FILES = 100
"""Columns where the output goes to a file or another program."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Says things in one language; with `as_json`, standard output is left to the result."""

    language: Language = "da"
    as_json: bool = False

    @property
    def console(self) -> Console:
        """Where people read results: standard output, or standard error with `as_json`."""
        return make_console(to_stderr=self.as_json)

    @property
    def side(self) -> Console:
        """Where people read progress and faults: standard error."""
        return make_console(to_stderr=True)

    def say(self, message: Message) -> None:
        """`message` as lines of their own, never cut or wrapped."""
        self.console.print(Text(message.render(self.language)), soft_wrap=True)

    def warn(self, message: Message) -> None:
        """`message` on standard error."""
        self.side.print(Text(message.render(self.language)), soft_wrap=True)

    def show(self, renderable: RenderableType) -> None:
        """A table or the like."""
        self.console.print(renderable)


def make_console(*, to_stderr: bool) -> Console:
    """A console that takes text as it stands: no markup, no colours of its own."""
    console = Console(stderr=to_stderr, markup=False, emoji=False, highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    return console


def write_json(content: object) -> None:
    """`content` on standard output as JSON; always UTF-8, whatever the terminal is set to."""
    write_bytes((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


def write_bytes(content: bytes) -> None:
    """`content` on standard output as it stands."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
