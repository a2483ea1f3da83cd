"""How much memory a process and its children hold at most while something runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

_LOOK_EVERY_SECONDS = 0.05
_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Peak:
    """The most memory held, in MiB of resident memory."""

    own_mib: int
    """By the process itself."""
    children_mib: int
    """By its children together."""


class MemoryWatch:
    """Looks at the memory of this process and its children twenty times a second; a context.

    A peak shorter than that can be missed. Memory that children share is counted in each.
    """

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory", daemon=True)
        self._own = self._children = 0
        self.children_now = 0
        """Bytes that children held when last looked at."""

    def __enter__(self) -> Self:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._look()

    @property
    def peak(self) -> Peak:
        """The most so far."""
        return Peak(self._own // _MIB, self._children // _MIB)

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_SECONDS):
            self._look()

    def _look(self) -> None:
        self._own = max(self._own, self._process.memory_info().rss)
        self.children_now = sum(map(_memory_of, self._process.children(recursive=True)))
        self._children = max(self._children, self.children_now)


def _memory_of(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
