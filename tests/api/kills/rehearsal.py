"""Runs while processes are killed, and what is left in the end."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from api.security.api_tokens import issue_api_token
from api.services.accounts import add_account
from api.services.problems import add_problem
from api.store import Store
from tests.api.kills.fleet import Fleet, Member, fleet
from tests.api.kills.observer import Observer, wait_until_done
from tests.api.kills.schedule import Kill, Victim, draw_schedule
from tests.api.kills.sender import Sender
from tests.api.site import PASSWORD, small_problem

_LEASE_SECONDS = 4
_MOST_UNDER_WAY = 3
_MOST_STRIKES = 2
"""While a run has been there for as many, nothing is killed: one whose engine died five times, or
that five workers did not survive, has failed, as it should."""
_MOMENT_SECONDS = 6.0
"""A moment that does not come in time is not waited for any longer."""
_END_SECONDS = 180.0


@dataclass(frozen=True)
class Rehearsal:
    """What came of it."""

    kills: Counter[str]
    """By victim."""
    moments: Counter[str]
    """Those that were waited for and came."""
    sent: int
    broken_requests: int
    answers: dict[str, set[int]]
    looks: int
    steps: set[tuple[str, str]]
    wrongs: list[str]
    stuck: int
    orphans: list[str]
    seconds: float


def rehearse(database: str, store: Store, folder: Path, seed: int, rounds: int) -> Rehearsal:
    """As many runs as rounds, and at least one kill in each."""
    began = time.monotonic()
    token, problem_id = _make_ready(store)
    observer = Observer(store)
    strikes = _Strikes(observer)
    kills, moments = Counter[str](), Counter[str]()
    watching = threading.Thread(target=observer.watch, name="observer", daemon=True)
    watching.start()
    sent = 0
    try:
        with fleet(folder, database, _LEASE_SECONDS) as whole:
            sender = Sender(whole, token, problem_id)
            for number, kill in enumerate(draw_schedule(seed, rounds)):
                strikes.wait_until_calm()
                if kill.sent_first:
                    sender.send(f"run-{number}", kill.sends)
                if _wait(lambda k=kill: _has_come(observer, k), _MOMENT_SECONDS):
                    moments[kill.moment] += 1
                time.sleep(kill.pause_seconds)
                with strikes.counted():
                    kills[kill.victim] += _strike(whole, kill)
                if kill.moment == "again while it starts":
                    strikes.wait_until_spared()
                    time.sleep(kill.rest_seconds + kill.pause_seconds)
                    with strikes.counted():
                        kills[kill.victim] += _strike(whole, kill)
                if not kill.sent_first:
                    sender.send(f"run-{number}", kill.sends)
                sent += kill.sends
            sender.wait()
            is_done = wait_until_done(observer, rounds, _END_SECONDS)
            stuck = 0 if is_done else len(observer.under_way)
            orphans = whole.orphans()
            whole.end()
            orphans += whole.orphans()
            sender.close()
    finally:
        observer.end()
        watching.join()
    return Rehearsal(
        kills,
        moments,
        sent,
        sender.broken,
        dict(sender.answers),
        observer.looks,
        observer.steps,
        observer.wrongs + sender.wrongs,
        stuck,
        orphans,
        time.monotonic() - began,
    )


def _make_ready(store: Store) -> tuple[str, int]:
    with store.write() as session:
        planner = add_account(session, "planner", ["planner"], PASSWORD)
        problem = add_problem(session, small_problem(), planner.id, "test").problem_id
        return issue_api_token(session, planner.id, "kills", days=1), problem


@dataclass
class _Strikes:
    """How many there were while each run was under way, so that none has more than it may."""

    observer: Observer
    seen: Counter[int] = field(default_factory=Counter)

    def wait_until_calm(self) -> None:
        """Few runs are under way, and none that has been struck too often."""
        _wait(lambda: len(self.observer.under_way) < _MOST_UNDER_WAY, _END_SECONDS)
        self.wait_until_spared()

    def wait_until_spared(self) -> None:
        """No run is under way that has been struck too often."""
        _wait(self._are_few, _END_SECONDS)

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """There is one in the block, which may wait for something to strike."""
        before = set(self.observer.ids_under_way)
        yield
        self.seen.update(before.union(self.observer.ids_under_way))

    def _are_few(self) -> bool:
        return all(self.seen[run_id] < _MOST_STRIKES for run_id in self.observer.ids_under_way)


def _has_come(observer: Observer, kill: Kill) -> bool:
    """Whether some run is where the kill waits for it to be."""
    match kill.moment:
        case "claimed":
            return any(seen.is_claimed for seen in observer.under_way)
        case "begun":
            return any(seen.is_begun for seen in observer.under_way)
        case "solving":
            return any(seen.phase == "solve" for seen in observer.under_way)
        case "ending":
            return any(seen.phase in {"check", "explain"} for seen in observer.under_way)
        case _:
            return True


def _strike(whole: Fleet, kill: Kill) -> int:
    """How many processes were killed, or put to sleep."""
    members: dict[Victim, list[Member]] = {
        "web with workers": whole.webs[:1],
        "web with a cluster": whole.webs[1:],
        "Dask scheduler": [whole.scheduler],
        "nanny": [whole.worker],
        "machine": whole.members,
    }
    if kill.victim in members:
        return _kill_members(members[kill.victim], kill)
    workers = [whole.webs[0], whole.worker]
    if kill.victim == "engine":
        return _hit_one(lambda: [one for each in workers for one in each.engines()], kill, _kill)
    hit = _kill if kill.victim == "worker" else _put_to_sleep
    return _hit_one(lambda: [one for each in workers for one in each.workers()], kill, hit)


def _kill(process: psutil.Process) -> None:
    process.kill()


def _put_to_sleep(process: psutil.Process) -> None:
    """It falls silent until others have given it up, and then goes on as if nothing had been."""
    process.suspend()

    def wake_up() -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.resume()

    threading.Timer(_LEASE_SECONDS + 2, wake_up).start()


def _kill_members(members: list[Member], kill: Kill) -> int:
    for member in members:
        member.rests_until = time.monotonic() + kill.rest_seconds
    killed = [member.kill() for member in members]
    return int(any(killed))


def _hit_one(
    find: Callable[[], list[psutil.Process]], kill: Kill, hit: Callable[[psutil.Process], None]
) -> int:
    found = list[psutil.Process]()

    def is_there() -> bool:
        found[:] = find()
        return bool(found)

    if not _wait(is_there, _MOMENT_SECONDS):
        return 0
    try:
        hit(found[kill.draw % len(found)])
    except psutil.NoSuchProcess:
        return 0
    return 1


def _wait(is_so: Callable[[], bool], patience_seconds: float) -> bool:
    """Whether it came to be so in time."""
    until = time.monotonic() + patience_seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
