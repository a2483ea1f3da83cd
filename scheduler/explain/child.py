"""Explaining why no plan exists in a child process, so that it can be stopped."""

from __future__ import annotations

import contextlib
import signal
from multiprocessing.connection import Connection

from scheduler.children import child_context
from scheduler.errors import EngineDied, EngineFailed
from scheduler.explain.conflict import Explained, TellExplained, explain_conflict
from scheduler.problem import Problem
from scheduler.progress import ShouldStop

_POLL_SECONDS = 0.1


def explain_in_child(
    problem: Problem, tell: TellExplained, should_stop: ShouldStop
) -> tuple[Explained, bool]:
    """What is known of why the problem has no plan, and whether the search for it was stopped.

    Parameters
    ----------
    tell
        Called with what is known so far, each time something has been tried.
    should_stop
        Asked ten times a second; true ends the child.

    Raises
    ------
    EngineFailed
        If an engine breaks down or contradicts itself; `EngineDied` if its process is gone.
    """
    context = child_context()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_serve, args=(theirs, problem), daemon=True)
    child.start()
    theirs.close()
    known = Explained()
    tell(known)
    try:
        while True:
            told = _wait(ours, should_stop)
            if told is None:
                return known, True
            match told:
                case Explained():
                    known = told
                    tell(known)
                case str():
                    raise EngineFailed(told)
                case _:
                    return known, False
    except (EOFError, OSError) as error:
        # Half-way through what it says, it leaves a message without an end.
        child.join()
        raise EngineDied(
            f"the search for a conflict ended by itself (exit code {child.exitcode})"
        ) from error
    finally:
        child.kill()
        child.join()
        ours.close()


def _wait(pipe: Connection, should_stop: ShouldStop) -> Explained | str | bool | None:
    """What the child tells next; none where it has to be ended."""
    while not pipe.poll(_POLL_SECONDS):
        if should_stop():
            return None
    told: Explained | str | bool = pipe.recv()
    return None if should_stop() else told


def _serve(pipe: Connection, problem: Problem) -> None:
    """The child's life: what is known so far, again and again; then true, or what broke."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError):
        try:
            explain_conflict(problem, tell=pipe.send)
        except Exception as error:  # noqa: BLE001 - whatever breaks in there is told
            pipe.send(f"{type(error).__name__}: {error}")
        else:
            pipe.send(True)
