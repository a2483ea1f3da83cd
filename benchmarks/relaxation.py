"""The linear relaxation of the whole model alone, solved by HiGHS in a process of its own."""

from __future__ import annotations

import math
import multiprocessing
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from scheduler.engines import Task
from scheduler.formulation import Formulation
from scheduler.progress import ShouldStop

_POLL_SECONDS = 0.05
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A stage's relaxation."""

    bound: int
    """Its value, rounded down to what a plan can reach; in floating point, so no proof."""
    seconds: float
    """From the start of all stages to the end of this one."""


@dataclass(frozen=True, slots=True)
class RelaxedStages:
    """The relaxations of the stages, as far as they went."""

    stages: tuple[Relaxed, ...]
    fault: str = ""
    """Why there are no more, where it is for lack of neither time nor memory."""


def relax_whole(
    formulation: Formulation,
    tasks: Sequence[Task],
    *,
    seconds: float | None,
    should_stop: ShouldStop,
) -> RelaxedStages:
    """The relaxation of each stage in turn, as far as the time goes.

    The floors of each task are those that a run kept, so that the bounds are comparable. HiGHS
    chooses its method, and has the threads of the task.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    began = time.monotonic()
    child = context.Process(target=_serve, args=(theirs, formulation, tuple(tasks)), daemon=True)
    child.start()
    theirs.close()
    found: list[Relaxed] = []
    fault = ""
    try:
        while len(found) < len(tasks):
            late = seconds is not None and time.monotonic() - began > seconds
            if late or should_stop():
                break
            if ours.poll(_POLL_SECONDS):
                told: int | str = ours.recv()
                if isinstance(told, str):
                    fault = told
                    break
                found.append(Relaxed(told, time.monotonic() - began))
    except EOFError:
        # For lack of memory perhaps: what it told stands.
        fault = "the process ended by itself"
    finally:
        if child.is_alive():
            child.kill()
        child.join()
        ours.close()
    return RelaxedStages(tuple(found), fault)


def _serve(pipe: Connection, formulation: Formulation, tasks: tuple[Task, ...]) -> None:
    from scheduler.engines.forms import Form  # noqa: PLC0415 - with the solver
    from scheduler.engines.highs import load, new_highs  # noqa: PLC0415 - loads a solver

    threading.Thread(target=_end_with_parent, name="end-with-parent", daemon=True).start()
    form = Form(formulation, "weekly")
    every = np.arange(formulation.option_count)
    for task in tasks:
        highs = new_highs(threads=task.threads, parallel="on", random_seed=task.seed)
        load(highs, form.over(task, every), integer=False)
        highs.run()
        status = highs.modelStatusToString(highs.getModelStatus())
        if status != "Optimal":
            pipe.send(f"HiGHS ended it as {status}")
            return
        value = -highs.getInfo().objective_function_value
        pipe.send(math.floor(value + _SLACK * max(1.0, abs(value))))


def _end_with_parent() -> None:
    """Whoever asked has been killed: nobody waits for the answer any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
