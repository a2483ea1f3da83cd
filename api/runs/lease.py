"""Who works on which run, so that none is lost and none is done twice.

A dispatcher claims a queued run: the run's fence goes up, and a lease begins. Whoever works on it
renews the lease and states the fence in every write. Once a lease has run out, the run goes back to
the queue and its next claim raises the fence: the earlier worker, should it still live, changes
nothing any more, since its writes match no row.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, exists, select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.services.attempts import Ending, begin_attempt, count_attempts, end_attempt
from api.store import RunAttemptRow, RunRow, Store

MOST_WORKER_DEATHS = 5
"""A run that so many workers began and did not survive has failed."""
MOST_ENGINE_DEATHS = 5
"""So has one whose engine's process ended by itself so often."""
REST_AFTER_DEATH = dt.timedelta(seconds=5)
"""A run whose engine's process ended by itself is left alone for as long: what ended it, such as
other programs that need the memory, may be over by then."""
MOST_WORKERS_GONE = 40
"""So has one whose work ended so often without a word, even that it began: the cluster cannot do it
at all."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a run, for as long as nobody else has a higher fence."""

    run_id: int
    fence: int


class Fenced(Exception):  # noqa: N818 - it says what happened
    """Somebody else has the run now, or it has ended."""


def claim_next(store: Store, owner: str, lease_seconds: float) -> Claim | None:
    """The oldest run in the queue is the owner's; none where the queue is empty or rests."""
    with store.write() as session:
        queued = session.execute(
            select(RunRow.id, RunRow.fence)
            .where(RunRow.state == "queued", ~_rests())
            .order_by(RunRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if queued is None:
            return None
        claim = Claim(queued.id, queued.fence + 1)
        session.execute(
            update(RunRow)
            .where(RunRow.id == queued.id)
            .values(
                state="running",
                owner=owner,
                fence=claim.fence,
                attempts=RunRow.attempts + 1,
                lease_until=_until(lease_seconds),
                phase=None,
            )
        )
        begin_attempt(session, claim.run_id, claim.fence, owner)
        return claim


def return_expired(store: Store) -> int:
    """How many runs went back to the queue, or failed, since their leases have run out."""
    with store.read() as session:
        late = list(session.scalars(select(RunRow.id).where(_is_late()).limit(100)))
    with store.write() as session:
        return sum(_give_back(session, run_id, _is_late(), "lease-ran-out") for run_id in late)


def give_back(
    store: Store, claim: Claim, ending: Literal["worker-gone", "handed-back"] = "worker-gone"
) -> None:
    """The run goes back to the queue: whoever worked on it is gone, or hands it back in order."""
    with store.write() as session:
        _give_back(session, claim.run_id, _holds(claim), ending)


def begin(session: Session, claim: Claim) -> RunRow:
    """The run, on which work begins now.

    Raises
    ------
    Fenced
        If the claim is void, or was used before.
    """
    change(session, claim, RunRow.begun_fence < claim.fence, begun_fence=claim.fence)
    row = session.get_one(RunRow, claim.run_id)
    if row.started_at is None:
        row.started_at = now()
    session.get_one(RunAttemptRow, (claim.run_id, claim.fence)).begun_at = now()
    return row


def renew(store: Store, claim: Claim, lease_seconds: float, memory_bytes: int = 0) -> bool:
    """Whether somebody asked to use the best; the lease lasts anew.

    Raises
    ------
    Fenced
        If the claim is void.
    """
    with store.write() as session:
        row = session.scalar(select(RunRow).where(_holds(claim)).with_for_update())
        if row is None:
            raise Fenced
        row.lease_until = _until(lease_seconds)
        row.memory_bytes = max(row.memory_bytes, memory_bytes)
        attempt = session.get_one(RunAttemptRow, (claim.run_id, claim.fence))
        attempt.memory_bytes = max(attempt.memory_bytes, memory_bytes)
        return row.stop_requested


def finish(session: Session, claim: Claim, state: Literal["done", "failed"], **values: Any) -> None:
    """The run has ended, in the transaction that holds its result.

    Raises
    ------
    Fenced
        If the claim is void: nothing of the transaction is kept.
    """
    over = {"lease_until": None, "finished_at": now(), "phase": None}
    change(session, claim, state=state, **over, **values)
    end_attempt(session, claim.run_id, state)


def try_again(store: Store, claim: Claim, why: str) -> None:
    """The run is queued again, since its engine died; it has failed if it was tried often enough.

    Raises
    ------
    Fenced
        If the claim is void.
    """
    with store.write() as session:
        change(session, claim, state="queued", lease_until=None, owner=None, phase=None)
        end_attempt(session, claim.run_id, "engine-died")
        tries = count_attempts(session, claim.run_id, "engine-died")
        if tries < MOST_ENGINE_DEATHS:
            return
        _give_up(session, claim.run_id, f"{why}; tried {tries} times")


def change(session: Session, claim: Claim, *conditions: ColumnElement[bool], **values: Any) -> None:
    """The run's row has these values.

    Raises
    ------
    Fenced
        If the claim is void.
    """
    result = session.execute(update(RunRow).where(_holds(claim), *conditions).values(**values))
    if not _rows(result):
        raise Fenced


def _give_back(
    session: Session, run_id: int, condition: ColumnElement[bool], ending: Ending
) -> int:
    """A run under way is queued again; one that too many workers did not survive has failed."""
    again = session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, condition, RunRow.state == "running")
        .values(state="queued", lease_until=None, owner=None)
    )
    if not _rows(again):
        return 0
    end_attempt(session, run_id, ending)
    deaths = count_attempts(session, run_id, "worker-gone", "lease-ran-out", begun=True)
    gone = count_attempts(session, run_id, "worker-gone")
    if deaths >= MOST_WORKER_DEATHS:
        _give_up(session, run_id, f"{deaths} workers began, and none came to an end")
    elif gone >= MOST_WORKERS_GONE:
        _give_up(session, run_id, f"sent to {gone} workers, and none came to an end")
    return 1


def _give_up(session: Session, run_id: int, why: str) -> None:
    """A run that the transaction has just put back has failed instead; its claims are void."""
    session.execute(
        update(RunRow)
        .where(RunRow.id == run_id)
        .values(state="failed", finished_at=now(), error=why[:400], fence=RunRow.fence + 1)
    )


def _holds(claim: Claim) -> ColumnElement[bool]:
    return and_(RunRow.id == claim.run_id, RunRow.fence == claim.fence, RunRow.state == "running")


def _is_late() -> ColumnElement[bool]:
    return and_(RunRow.state == "running", RunRow.lease_until < now())


def _rests() -> ColumnElement[bool]:
    return exists().where(
        RunAttemptRow.run_id == RunRow.id,
        RunAttemptRow.ending == "engine-died",
        RunAttemptRow.ended_at > now() - REST_AFTER_DEATH,
    )


def _until(lease_seconds: float) -> dt.datetime:
    return now() + dt.timedelta(seconds=lease_seconds)


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
