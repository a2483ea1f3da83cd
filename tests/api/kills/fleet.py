"""Every process of an installation on one database, and the supervisor that starts again what
ended, as an operator's would.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.api.served import ROOT, UNMEASURED

_MARK = "KILLS_MARK"
"""A variable that descendants inherit, so that orphans are found whoever their parent is."""
_LOOK_EVERY_SECONDS = 0.05
_PATIENCE_SECONDS = 90


@dataclass
class Member:
    """A process that the operator starts, and starts again whenever it ended."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    port: int
    mark: str = ""
    starts: int = 0
    rests_until: float = 0.0
    """It is not started before, by the monotonic clock."""
    _process: subprocess.Popen[bytes] | None = None

    @property
    def is_up(self) -> bool:
        """Whether the process is there; it may not answer yet."""
        return self._process is not None and self._process.poll() is None

    @property
    def answers(self) -> bool:
        """Whether somebody listens on its port; always where it has none."""
        if not self.port:
            return self.is_up
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return self.is_up
        return False

    def start(self) -> None:
        """A new process, with a mark of its own."""
        self.starts += 1
        self.mark = f"{secrets.token_hex(8)}-{self.name}-{self.starts}"
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env={**UNMEASURED, **self.environment, _MARK: self.mark},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> bool:
        """Whether it was there to be killed."""
        if self._process is None or self._process.poll() is not None:
            return False
        self._process.kill()
        self._process.wait()
        return True

    def end(self) -> None:
        """It has ended as Ctrl-C ends it."""
        if self._process is not None and self.is_up:
            self._process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=_PATIENCE_SECONDS)

    def workers(self) -> list[psutil.Process]:
        """The Dask workers' processes below it."""
        return [] if self._process is None else _spawned(self._process.pid)

    def engines(self) -> list[psutil.Process]:
        """The engines' processes below those."""
        return [engine for worker in self.workers() for engine in _spawned(worker.pid)]


@dataclass
class Fleet:
    """Two web processes on one database: one with workers of its own, one that sends runs to a Dask
    cluster that is there.
    """

    webs: list[Member]
    scheduler: Member
    worker: Member
    _over: threading.Event = field(default_factory=threading.Event)
    _marks: set[str] = field(default_factory=set)
    _starting: threading.Lock = field(default_factory=threading.Lock)

    @property
    def members(self) -> list[Member]:
        """All that an operator starts."""
        return [*self.webs, self.scheduler, self.worker]

    @property
    def answering(self) -> list[Member]:
        """The web processes that can be asked now."""
        return [web for web in self.webs if web.answers]

    def supervise(self) -> None:
        """What ended is started again, until the fleet is at an end."""
        while not self._over.is_set():
            for member in self.members:
                with self._starting:
                    is_wanted = not self._over.is_set() and not member.is_up
                    if is_wanted and time.monotonic() >= member.rests_until:
                        member.start()
                        self._marks.add(member.mark)
            self._over.wait(_LOOK_EVERY_SECONDS)

    def end(self) -> None:
        """Everything that was started has ended, and nothing is started again."""
        with self._starting:
            self._over.set()
        for member in self.members:
            member.end()

    def orphans(self) -> list[str]:
        """The processes of members that have ended, still there after a while."""
        with self._starting:
            living = {member.mark for member in self.members if member.is_up}
            ended = self._marks - living
        left = [each for each in _marked(ended) if not _has_ended(each)]
        _, left = psutil.wait_procs(left, timeout=20)
        return [_described(each) for each in left if not _has_ended(each)]

    def clear_away(self) -> None:
        """Nothing is left, whatever happened."""
        self._over.set()
        for member in self.members:
            member.kill()
        for process in _marked(self._marks):
            with contextlib.suppress(psutil.Error):
                process.kill()


@contextmanager
def fleet(folder: Path, database: str, lease_seconds: int) -> Iterator[Fleet]:
    """The fleet, under way; nothing of it is left afterwards."""
    dask = [sys.executable, "-m", "dask"]
    scheduler_port, *web_ports = _free_ports(3)
    address = f"tcp://127.0.0.1:{scheduler_port}"
    settings = {
        "UNGEPLAN_DATABASE_URL": database,
        "UNGEPLAN_LEASE_SECONDS": str(lease_seconds),
        "UNGEPLAN_LOAD_EXAMPLES": "false",
        "UNGEPLAN_THREADS_PER_RUN": "1",
    }
    webs = [
        Member(
            f"web-{number}",
            [sys.executable, "-m", "scheduler.cli", "serve", "--port", str(port)],
            settings | ({"UNGEPLAN_DASK_SCHEDULER": address} if number else {}),
            folder / f"web-{number}.log",
            port,
        )
        for number, port in enumerate(web_ports)
    ]
    here = ["--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    one = ["--nworkers", "1", "--nthreads", "1", "--memory-limit", "0"]
    scheduler = Member(
        "scheduler",
        [*dask, "scheduler", *here, "--port", str(scheduler_port)],
        {},
        folder / "scheduler.log",
        scheduler_port,
    )
    worker = Member(
        "worker",
        [*dask, "worker", address, *here, *one, "--local-directory", str(folder)],
        {"DASK_DISTRIBUTED__WORKER__DAEMON": "false"},
        folder / "worker.log",
        0,
    )
    whole = Fleet(webs, scheduler, worker)
    supervisor = threading.Thread(target=whole.supervise, name="supervisor", daemon=True)
    supervisor.start()
    try:
        _wait_until_up(whole)
        yield whole
    finally:
        whole._over.set()
        supervisor.join()
        whole.clear_away()


def _wait_until_up(whole: Fleet) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not all(member.answers for member in whole.members):
        assert time.monotonic() < until, [each.log.read_text() for each in whole.members]
        time.sleep(_LOOK_EVERY_SECONDS)


def _spawned(parent: int) -> list[psutil.Process]:
    """Children made by `multiprocessing`, without those that only count its resources."""
    found = []
    with contextlib.suppress(psutil.Error):
        for child in psutil.Process(parent).children():
            with contextlib.suppress(psutil.Error):
                if "spawn_main" in " ".join(child.cmdline()):
                    found.append(child)
    return found


def _marked(marks: set[str]) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.uids().real == os.getuid() and process.environ().get(_MARK) in marks:
                found.append(process)
    return found


def _has_ended(process: psutil.Process) -> bool:
    with contextlib.suppress(psutil.Error):
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def _described(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return f"{process.pid}: {' '.join(process.cmdline())}"
    return f"{process.pid}"


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports
