"""Somebody who looks at the database all the time, and writes down whatever must not be."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from api.store import PlanRow, RunRow, Store

_LOOK_EVERY_SECONDS = 0.03


@dataclass(frozen=True, slots=True)
class Seen:
    """A run at a moment."""

    state: str
    fence: int
    attempts: int
    begun_fence: int
    phase: str | None
    has_lease: bool
    plans: int

    @property
    def is_under_way(self) -> bool:
        """It has not ended."""
        return self.state in {"queued", "running"}

    @property
    def is_claimed(self) -> bool:
        """Somebody has it, and no worker has begun."""
        return self.state == "running" and self.begun_fence < self.fence

    @property
    def is_begun(self) -> bool:
        """A worker is at it."""
        return self.state == "running" and self.begun_fence == self.fence


@dataclass
class Observer:
    """Looks at every run some thirty times a second."""

    store: Store
    runs: dict[int, Seen] = field(default_factory=dict)
    """The latest."""
    wrongs: list[str] = field(default_factory=list)
    looks: int = 0
    steps: set[tuple[str, str]] = field(default_factory=set)
    """From which state to which runs went."""
    _over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Looks until it is told that it is over."""
        while not self._over.wait(_LOOK_EVERY_SECONDS):
            try:
                self.look()
            except OperationalError as error:
                self.wrongs.append(f"the database could not be read: {error}")

    def end(self) -> None:
        """It looks no more."""
        self._over.set()

    def look(self) -> None:
        """One look, in one statement, so that it sees one moment."""
        plans = select(func.count()).where(PlanRow.run_id == RunRow.id).scalar_subquery()
        query = select(
            RunRow.id,
            RunRow.state,
            RunRow.fence,
            RunRow.attempts,
            RunRow.begun_fence,
            RunRow.phase,
            RunRow.lease_until.is_not(None),
            plans,
        )
        with self.store.read() as session:
            found = {row[0]: Seen(*row[1:]) for row in session.execute(query)}
        self.looks += 1
        for run_id, now in found.items():
            before = self.runs.get(run_id)
            if now != before:
                self.wrongs += [f"run {run_id}: {why}" for why in _wrongs(before, now)]
                self.steps.add(("" if before is None else before.state, now.state))
        self.wrongs += [f"run {lost} is lost" for lost in self.runs.keys() - found.keys()]
        self.runs = found

    @property
    def under_way(self) -> list[Seen]:
        """The runs that have not ended."""
        return [seen for seen in self.runs.values() if seen.is_under_way]

    @property
    def ids_under_way(self) -> list[int]:
        """Theirs."""
        return [run_id for run_id, seen in self.runs.items() if seen.is_under_way]


def _wrongs(before: Seen | None, now: Seen) -> list[str]:
    """What must not be, in a run as it is now, and in how it came there."""
    wrongs = []
    if now.state not in {"queued", "running", "done"}:
        wrongs.append(f"it is {now.state}")
    if now.plans != (now.state == "done"):
        wrongs.append(f"{now.plans} plans of a run that is {now.state}")
    if now.has_lease != (now.state == "running"):
        wrongs.append(f"a lease ({now.has_lease}) of a run that is {now.state}")
    if now.attempts != now.fence or now.begun_fence > now.fence:
        wrongs.append(f"the fence is {now.fence}: {now}")
    if before is None:
        return wrongs
    if before.state == "done":
        wrongs.append(f"it was done, and became {now}")
    if now.fence < before.fence or now.begun_fence < before.begun_fence:
        wrongs.append(f"a fence went down: {before}, {now}")
    if before.state == "queued" and now.state != "queued" and now.fence == before.fence:
        wrongs.append(f"it left the queue without a claim: {before}, {now}")
    if now.state == "done" and now.begun_fence != now.fence:
        wrongs.append(f"done by nobody who began: {now}")
    return wrongs


def wait_until_done(observer: Observer, count: int, patience_seconds: float) -> bool:
    """Whether so many runs have been seen, and all of them have ended, in time."""
    until = time.monotonic() + patience_seconds
    while observer.under_way or len(observer.runs) < count:
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_EVERY_SECONDS)
    return True
