"""How the program speaks: in which language, and where to."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from scheduler.errors import OutputFailed
from scheduler.language import Message
from scheduler.os_errors import word_os_error

if TYPE_CHECKING:
    from rich.console import RenderableType

    from scheduler.language import Language

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
        with _whatever_becomes_of(to_stderr=self.as_json):
            self.console.print(Text(message.render(self.language)), soft_wrap=True)

    def warn(self, message: Message) -> None:
        """`message` on standard error."""
        with _whatever_becomes_of(to_stderr=True):
            self.side.print(Text(message.render(self.language)), soft_wrap=True)

    def show(self, renderable: RenderableType) -> None:
        """A table or the like."""
        with _whatever_becomes_of(to_stderr=self.as_json):
            self.console.print(renderable)

    def show_aside(self, renderable: RenderableType, *, soft_wrap: bool = False) -> None:
        """A table or the like on standard error."""
        with _whatever_becomes_of(to_stderr=True):
            self.side.print(renderable, soft_wrap=soft_wrap)


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
    """`content` on standard output as it stands.

    Raises
    ------
    OutputFailed
        If it cannot be written.
    """
    with _whatever_becomes_of(to_stderr=False):
        if sys.stdout is None:
            raise OSError(errno.EBADF, "")
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def accept_every_character() -> None:
    """Characters that the terminal's encoding lacks are written as question marks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def word_output_failure(error: OSError) -> Message:
    """That standard output took nothing, or not all."""
    return Message("Standard output cannot be written: {why}", why=word_os_error(error))


@contextmanager
def _whatever_becomes_of(*, to_stderr: bool) -> Iterator[None]:
    """A stream that takes nothing more is left alone; of standard error nobody can be told.

    Raises
    ------
    OutputFailed
        If it is standard output.
    """
    try:
        yield
    except OSError as error:
        _discard(sys.stderr if to_stderr else sys.stdout)
        if not to_stderr:
            raise OutputFailed(word_output_failure(error)) from error


def _discard(stream: TextIO | None) -> None:
    """What is left in the stream's buffer goes nowhere, so that leaving does not fail on it."""
    if stream is None:
        return
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
