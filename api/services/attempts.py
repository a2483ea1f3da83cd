"""The attempts at a run: who began when, and how each came to an end."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.store import RunAttemptRow

Ending = Literal[
    "done",
    "failed",
    "cancelled",
    "engine-died",
    "worker-gone",
    "lease-ran-out",
    "handed-back",
    "restored",
]


def begin_attempt(session: Session, run_id: int, fence: int, owner: str) -> None:
    """Somebody has claimed the run."""
    session.add(RunAttemptRow(run_id=run_id, fence=fence, owner=owner, claimed_at=now()))


def end_attempt(session: Session, run_id: int, ending: Ending) -> None:
    """The attempt under way is over; nothing where there is none."""
    session.execute(
        update(RunAttemptRow)
        .where(RunAttemptRow.run_id == run_id, RunAttemptRow.ended_at.is_(None))
        .values(ended_at=now(), ending=ending)
    )


def count_attempts(session: Session, run_id: int, *endings: Ending, begun: bool = False) -> int:
    """How many attempts ended so; where `begun`, of those that a worker had begun.

    A claim that nobody began on says nothing of the run: its web process was killed, or it waited
    for a worker in a cluster that has too few.
    """
    attempts = (
        select(func.count())
        .select_from(RunAttemptRow)
        .where(RunAttemptRow.run_id == run_id, RunAttemptRow.ending.in_(endings))
    )
    if begun:
        attempts = attempts.where(RunAttemptRow.begun_at.is_not(None))
    return session.scalar(attempts) or 0
