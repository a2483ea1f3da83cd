"""The Dask cluster that runs are worked on: our own, or one by address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import dask
from distributed import Client, LocalCluster, Nanny, Worker, WorkerPlugin
from distributed.security import Security

from api.settings import Settings

_NICENESS = 10
_SETTINGS = {
    # Each engine runs in a child process of the worker, which daemons cannot have.
    "distributed.worker.daemon": False,
    # A run whose worker died is given out anew by us, under a new fence; never by Dask.
    "distributed.scheduler.allowed-failures": 0,
    # Workers write nothing to disk and are not judged by memory: a run may use what it needs.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    # Dask's own pages tell whoever asks what tasks were given, dashboard or not: there are none.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.event-loop": "asyncio",
    "distributed.scheduler.dashboard.status.task-stream-length": 0,
}


@contextmanager
def cluster_client(settings: Settings) -> Iterator[Client]:
    """A client of the cluster, for as long as the block lasts."""
    with dask.config.set(_SETTINGS):
        if settings.dask_scheduler:
            with Client(settings.dask_scheduler, security=_security(settings)) as client:
                yield client
            return
        with (
            LocalCluster(
                n_workers=settings.workers,
                threads_per_worker=1,
                processes=True,
                worker_class=Nanny,
                host="127.0.0.1",
                # Its server is there all the same; any port, so that two need not fight for one.
                dashboard_address="127.0.0.1:0",
                scheduler_kwargs={"dashboard": False},
                memory_limit=None,
                silence_logs="CRITICAL",
            ) as cluster,
            Client(cluster) as client,
        ):
            # Also for workers that take the place of others that died.
            client.register_plugin(_Polite())
            yield client


class _Polite(WorkerPlugin):
    """Workers and their solvers let the pages go first where there are too few cores for all."""

    name = "polite"

    def setup(self, worker: Worker) -> None:
        """Called in each worker as it starts."""
        del worker
        # Only root may be asked to be less polite than it was started.
        os.setpriority(os.PRIO_PROCESS, 0, max(_NICENESS, os.getpriority(os.PRIO_PROCESS, 0)))


def _security(settings: Settings) -> Security | None:
    if settings.dask_tls_ca is None:
        return None
    return Security(
        require_encryption=True,
        tls_ca_file=str(settings.dask_tls_ca),
        tls_client_cert=str(settings.dask_tls_certificate),
        tls_client_key=str(settings.dask_tls_key),
    )
