"""The loop that hands runs to workers; every web process has one, and they need not know of each
other.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from api.runs import lease
from api.runs.lease import Claim
from api.runs.work import work
from api.settings import Settings
from api.store import Store

_LOOK_EVERY_SECONDS = 1.0
_LONGEST_SILENCE_SECONDS = 20.0
"""A look may wait for other writes; after so long something is wrong."""
_log = logging.getLogger(__name__)


class Task(Protocol):
    """Work under way."""

    def done(self) -> bool:
        """Whether it has ended, well or not."""


class Cluster(Protocol):
    """Where work can be sent, such as a Dask client."""

    def submit(self, function: Callable[..., None], /, *arguments: object, pure: bool) -> Task:
        """The work has been sent."""


@dataclass
class Dispatcher:
    """Claims runs and sends them to a cluster until it is closed.

    Parameters
    ----------
    settings
        How many runs at a time, and how long leases are.
    store
        Where the runs are.
    connect
        A context that gives the cluster.
    """

    settings: Settings
    store: Store
    connect: Callable[[Settings], AbstractContextManager[Cluster]]
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _tasks: dict[Claim, Task] = field(default_factory=dict)
    _wake: threading.Event = field(default_factory=threading.Event)
    _closing: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _looked_at: float | None = None
    """By the monotonic clock."""

    @property
    def is_alive(self) -> bool:
        """Whether the loop has looked at the runs lately, with a cluster at hand."""
        if self._looked_at is None or self._thread is None or not self._thread.is_alive():
            return False
        return time.monotonic() - self._looked_at < _LONGEST_SILENCE_SECONDS

    def start(self) -> None:
        """The loop runs in a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def close(self) -> None:
        """The loop and its cluster are gone; what was under way is taken up by the next start."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                with self.connect(self.settings) as cluster:
                    while not self._closing.is_set():
                        self.look(cluster)
                        self._looked_at = time.monotonic()
                        self._wake.wait(_LOOK_EVERY_SECONDS)
                        self._wake.clear()
                    self._give_back_all()
            except Exception:  # noqa: BLE001 - see below
                # A cluster or database that is away for a while must not end the loop.
                _log.exception("the dispatcher begins anew")
                self._tasks.clear()
                self._closing.wait(_LOOK_EVERY_SECONDS)

    def look(self, cluster: Cluster) -> None:
        """Ended work is forgotten, lost runs are queued again, and free workers get one each."""
        for claim in [claim for claim, task in self._tasks.items() if task.done()]:
            del self._tasks[claim]
            # Work that came to an end has changed the state: this finds nothing then.
            lease.give_back(self.store, claim)
        lease.return_expired(self.store)
        while len(self._tasks) < self.settings.workers:
            claim_ = lease.claim_next(self.store, self.owner, self.settings.lease_seconds)
            if claim_ is None:
                return
            self._tasks[claim_] = cluster.submit(
                work,
                self.store.engine.url.render_as_string(hide_password=False),
                claim_,
                float(self.settings.lease_seconds),
                self.settings.threads_per_run,
                pure=False,
            )

    def _give_back_all(self) -> None:
        for claim in self._tasks:
            lease.give_back(self.store, claim, "handed-back")
        self._tasks.clear()
