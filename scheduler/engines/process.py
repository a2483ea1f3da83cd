"""An engine in a child process, so that whatever it does can be stopped.

The child is told one stage at a time and tells each better plan as it finds it. Stopping it kills
it: what it has told so far is all that is needed.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal, Self

import numpy as np

from scheduler.children import child_context
from scheduler.engines import Answer, Chosen, EngineName, Task, make_engine
from scheduler.errors import EngineDied, EngineFailed
from scheduler.formulation import Formulation
from scheduler.progress import ShouldStop

_GRACE_SECONDS = 2.0
"""How long past its time limit a child may go on before it is ended."""
_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class _Told:
    """A message from the child."""

    kind: Literal["ready", "news", "answer", "failed"]
    chosen: Chosen | None = None
    bound: int | None = None
    answer: Answer | None = None
    text: str = ""


class EngineProcess:
    """An engine at work in a child process; use it as a context.

    The child is given the formulation while whoever asks for it goes on.

    Parameters
    ----------
    name
        Which engine.
    formulation
        What all stages share.
    should_stop
        Asked ten times a second; true ends the child.
    """

    def __init__(self, name: EngineName, formulation: Formulation, should_stop: ShouldStop) -> None:
        self._name = name
        self._formulation = formulation
        self._should_stop = should_stop
        self._best: Chosen | None = None
        self._sender = ThreadPoolExecutor(1)
        self._start()

    def _start(self) -> None:
        context = child_context()
        self._pipe, theirs = context.Pipe()
        self._child = context.Process(target=_serve, args=(theirs, self._name), daemon=True)
        self._child.start()
        theirs.close()
        # Packed before anybody goes on: what is remembered in it meanwhile would break the packing.
        self._sent = self._sender.submit(_send_arrays, self._pipe, _packed(self._formulation))
        self._is_late = False
        """Whether the child had to be ended since a stage's time was up."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def is_alive(self) -> bool:
        """Whether another stage can be solved; a child that was late is replaced then."""
        return self._is_late or self._child.is_alive()

    @property
    def best(self) -> Chosen | None:
        """The best plan of the stage under way; what `tell` has just been told the value of."""
        return self._best

    def end(self) -> None:
        """The child is gone."""
        if self._child.is_alive():
            self._child.kill()
        self._child.join()
        # What is still being sent ends with the child.
        self._sender.shutdown()
        self._pipe.close()

    def solve(self, task: Task, tell: Callable[[int | None, int | None], None]) -> Answer:
        """The answer for a stage; the best so far where the child had to be ended.

        Parameters
        ----------
        tell
            Called with the best value and bound so far.

        Raises
        ------
        EngineDied
            If the child ended by itself.
        EngineFailed
            If the engine broke down and said so.
        """
        best, bound = task.start, None
        deadline = None if task.seconds is None else time.monotonic() + task.seconds
        if self._is_late:
            self._pipe.close()
            self._start()
        with self._deadly():
            self._sent.result()
            self._pipe.send(task)
        while True:
            with self._deadly():
                told = self._wait(deadline)
            if told is None:
                # Until it is gone it counts as alive, and would be given the next stage.
                self._child.kill()
                self._child.join()
                self._is_late = not self._should_stop()
                status: Literal["unknown", "feasible"] = "unknown" if best is None else "feasible"
                return Answer(status, best, bound, clock=True)
            if told.kind == "answer" and told.answer is not None:
                return told.answer
            if told.kind == "failed":
                raise EngineFailed(told.text)
            best = self._better(task, best, told.chosen)
            bound = told.bound if bound is None or told.bound is None else min(bound, told.bound)
            self._best = best
            value = None if best is None else task.value(self._formulation, best)
            tell(value, bound)

    @contextlib.contextmanager
    def _deadly(self) -> Iterator[None]:
        """A pipe that breaks says that the child is dead."""
        try:
            yield
        except (EOFError, OSError) as error:
            # A child that dies before it has read what it was sent resets the connection; one that
            # dies half-way through what it says leaves a message without an end.
            self._child.join()
            raise EngineDied(
                f"the engine's process ended by itself (exit code {self._child.exitcode})"
            ) from error

    def _wait(self, deadline: float | None) -> _Told | None:
        """What the child tells next; none where it has to be ended."""
        while not self._pipe.poll(_POLL_SECONDS):
            late = deadline is not None and time.monotonic() > deadline + _GRACE_SECONDS
            if late or self._should_stop():
                return None
        told = self._pipe.recv()
        assert isinstance(told, _Told)
        return told

    def _better(self, task: Task, best: Chosen | None, found: Chosen | None) -> Chosen | None:
        if best is None or found is None:
            return found if best is None else best
        value, known = (task.value(self._formulation, one) for one in (found, best))
        return found if value > known else best


@dataclass(frozen=True, slots=True)
class _Packed:
    """Something that is mostly arrays, none of which is copied (PEP 574)."""

    rest: bytes
    contents: list[memoryview]


def _packed(value: object) -> _Packed:
    buffers: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(value, protocol=5, buffer_callback=buffers.append)
    return _Packed(rest, [buffer.raw() for buffer in buffers])


def _send_arrays(pipe: Connection, packed: _Packed) -> None:
    pipe.send((packed.rest, [content.nbytes for content in packed.contents]))
    for content in packed.contents:
        pipe.send_bytes(content)


def _receive_arrays(pipe: Connection) -> Any:
    rest, sizes = pipe.recv()
    buffers = [np.empty(size, dtype=np.uint8) for size in sizes]
    for buffer in buffers:
        pipe.recv_bytes_into(buffer)
    return pickle.loads(rest, buffers=buffers)  # noqa: S301 - from our own parent


def _serve(pipe: Connection, name: EngineName) -> None:
    """The child's life: stage by stage, until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    engine = make_engine(name)
    with contextlib.suppress(EOFError, ConnectionError):
        formulation = _receive_arrays(pipe)
        while True:
            task = pipe.recv()
            try:
                answer = engine.solve(
                    formulation,
                    task,
                    lambda chosen, bound: pipe.send(_Told("news", chosen, bound)),
                )
            except Exception as error:  # noqa: BLE001 - whatever breaks in there is told
                pipe.send(_Told("failed", text=f"{type(error).__name__}: {error}"))
            else:
                pipe.send(_Told("answer", answer=answer))


def _end_with_parent() -> None:
    """Whoever asked has been killed: nobody waits for the answer any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
