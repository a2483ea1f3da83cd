"""Ctrl-C: the first ends the work in good order, the second at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import FrameType
from typing import TypeVar

from scheduler.cli.exit_code import ExitCode
from scheduler.progress import ShouldStop

Result = TypeVar("Result")
_LOOK_EVERY_SECONDS = 0.2


def run_interruptible(
    work: Callable[[ShouldStop], Result], when_asked: Callable[[], None]
) -> Result:
    """What `work` returns; it is asked to stop when Ctrl-C is pressed.

    `work` runs in a thread, so that the main thread can hear Ctrl-C while a solver works.

    Parameters
    ----------
    work
        Is given a function that says whether to stop.
    when_asked
        Called once, soon after the first Ctrl-C. A second one ends the process.
    """
    asked = threading.Event()
    result: Future[Result] = Future()

    def hear(_signal: int, _frame: FrameType | None) -> None:
        if asked.is_set():
            end_at_once()
        asked.set()

    def run() -> None:
        try:
            result.set_result(work(asked.is_set))
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            result.set_exception(error)

    before = signal.signal(signal.SIGINT, hear)
    try:
        thread = threading.Thread(target=run, name="work", daemon=True)
        thread.start()
        while thread.is_alive() and not asked.is_set():
            thread.join(_LOOK_EVERY_SECONDS)
        if asked.is_set():
            when_asked()
        while thread.is_alive():
            thread.join(_LOOK_EVERY_SECONDS)
    finally:
        signal.signal(signal.SIGINT, before)
    return result.result()


def end_at_once() -> None:
    """The process and the solvers it started are gone."""
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(ExitCode.ABORTED)
