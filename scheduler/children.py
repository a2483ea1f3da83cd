"""Child processes that begin with the solvers loaded.

Loading them takes longer than many a stage. So children are forked from a server that has done it;
where there are no such servers (Windows), each child loads what it needs.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing import forkserver
from typing import Any

_LOADED = [
    "scheduler.engines.process",
    "scheduler.engines.decomposition",
    "scipy.spatial",
]
"""What the server has loaded; other engines are loaded by whoever needs them. `scipy.spatial`, for
facets of cuts, is as slow to load as it is seldom used."""


def child_context() -> Any:
    """How children are started: a context of `multiprocessing`."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_LOADED)
    return context


def make_ready() -> None:
    """The server begins to load the solvers, while other things are done."""
    if child_context().get_start_method() == "forkserver":
        forkserver.ensure_running()
