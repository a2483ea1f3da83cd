from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2 as httpx
import psutil
import pytest
from sqlalchemy import func, select

from api.runs.cluster import cluster_client
from api.runs.dispatcher import Dispatcher
from api.services.problems import latest_version
from api.services.runs import RunSettings, run_by_id, submit_run
from api.settings import Settings
from api.store import PlanRow, RunRow, Store, open_store
from tests.api.served import served
from tests.api.site import PASSWORD, Site

_PATIENCE_SECONDS = 90


@dataclass
class Ended:
    is_done: bool = True

    def done(self) -> bool:
        return self.is_done


@dataclass
class HandMade:
    """A cluster that works at once, or never."""

    works: bool = True
    sent: list[tuple[object, ...]] = field(default_factory=list)

    def submit(self, function: Callable[..., None], /, *arguments: object, pure: bool) -> Ended:
        assert not pure
        self.sent.append(arguments)
        if self.works:
            function(*arguments)
        return Ended()


def submit(store: Store, settings: Settings, count: int = 1) -> list[int]:
    site = Site.make(store, settings)
    account = site.account("planner", "planner")
    problem = site.problem(account)
    with store.write() as session:
        version = latest_version(session, problem)
        return [submit_run(session, version.id, RunSettings(), account) for _ in range(count)]


def states(store: Store) -> list[str]:
    with store.read() as session:
        return list(session.scalars(select(RunRow.state).order_by(RunRow.id)))


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_workers_give_way_to_the_pages(settings: Settings) -> None:
    with cluster_client(settings) as cluster:
        nices = cluster.run(os.getpriority, os.PRIO_PROCESS, 0)
    assert list(nices.values()) == [max(10, os.getpriority(os.PRIO_PROCESS, 0))]


@pytest.mark.parametrize("path", ["/info/main/workers.html", "/json/counts.json", "/status"])
def test_dask_tells_nothing_to_whoever_asks(settings: Settings, path: str) -> None:
    with cluster_client(settings) as cluster:
        server = cluster.cluster.scheduler.http_server
        assert server.address == "127.0.0.1"
        answer = httpx.get(f"http://127.0.0.1:{server.port}{path}")
    assert answer.status_code == 404


def test_free_workers_get_one_run_each(store: Store, settings: Settings) -> None:
    submit(store, settings, 3)
    cluster = HandMade()
    dispatcher = Dispatcher(settings, store, lambda _: contextlib.nullcontext(cluster))
    dispatcher.look(cluster)
    assert states(store) == ["done", "queued", "queued"]
    dispatcher.look(cluster)
    dispatcher.look(cluster)
    assert states(store) == ["done"] * 3


def test_a_run_whose_worker_died_is_queued_again(store: Store, settings: Settings) -> None:
    submit(store, settings)
    cluster = HandMade(works=False)
    dispatcher = Dispatcher(settings, store, lambda _: contextlib.nullcontext(cluster))
    dispatcher.look(cluster)
    assert states(store) == ["running"]
    cluster.works = True
    dispatcher.look(cluster)
    assert states(store) == ["done"]
    assert len(cluster.sent) == 2


def test_the_loop_outlives_a_cluster_that_breaks(store: Store, settings: Settings) -> None:
    submit(store, settings)
    tries: list[int] = []

    @contextlib.contextmanager
    def connect(_settings: Settings) -> Iterator[HandMade]:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("no cluster")
        yield HandMade()

    dispatcher = Dispatcher(settings, store, connect)
    dispatcher.start()
    wait_until(lambda: states(store) == ["done"])
    dispatcher.close()
    assert len(tries) == 2


def test_a_closed_dispatcher_leaves_its_runs_to_others(store: Store, settings: Settings) -> None:
    submit(store, settings)
    cluster = HandMade(works=False)

    class Going(HandMade):
        def submit(self, function: Callable[..., None], /, *arguments: object, pure: bool) -> Ended:
            super().submit(function, *arguments, pure=pure)
            return Ended(is_done=False)

    cluster = Going(works=False)
    dispatcher = Dispatcher(settings, store, lambda _: contextlib.nullcontext(cluster))
    dispatcher.start()
    wait_until(lambda: states(store) == ["running"])
    dispatcher.close()
    assert states(store) == ["queued"]


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["web process", "worker", "engine"])
def test_a_run_survives_the_death_of_any_process(
    database: str, tmp_path: Path, victim: str
) -> None:
    environment = {
        "UNGEPLAN_DATABASE_URL": database,
        "UNGEPLAN_LEASE_SECONDS": "3",
        "UNGEPLAN_LOAD_EXAMPLES": "false",
    }
    store = open_store(database)
    with served(tmp_path, **environment) as site:
        (run_id,) = submit(store, Settings())
        wait_until(lambda: states(store) == ["running"])
        family = site.family()
        if victim == "web process":
            site.kill()
        else:
            wait_until(lambda: has_begun(store, run_id) or states(store) == ["done"])
            kill_one(site.family(), deepest=victim == "engine")
            wait_until(lambda: states(store)[0] in {"done", "failed"})
    psutil.wait_procs(family, timeout=20)
    assert [process for process in family if process.is_running()] == []
    if victim == "web process":
        with served(tmp_path, **environment):
            wait_until(lambda: states(store) == ["done"])
    with store.read() as session:
        run = run_by_id(session, run_id)
        plans = session.scalar(select(func.count()).select_from(PlanRow))
    store.close()
    assert (run.state, plans) == ("done", 1)
    assert PASSWORD


def has_begun(store: Store, run_id: int) -> bool:
    with store.read() as session:
        return run_by_id(session, run_id).started_at is not None


def kill_one(family: list[psutil.Process], *, deepest: bool) -> None:
    """The worker, or what the worker started."""
    spawned = [each for each in family if "spawn_main" in " ".join(each.cmdline())]
    with contextlib.suppress(psutil.NoSuchProcess):
        (spawned[-1] if deepest else spawned[0]).kill()
