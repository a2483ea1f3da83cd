"""The attempts at a run: who began when, and how each came to an end."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from api.clock import now
from api.store import RunAttemptRow

Ending = Literal[
    "done", "failed", "cancelled", "engine-died", "worker-gone", "lease-ran-out", "restored"
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
