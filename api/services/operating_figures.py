"""Figures of the whole application, for those who operate it; none of them is about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Integer, func, select, text
from sqlalchemy.orm import Session

from api.clock import now
from api.store import PlanRow, ProblemVersionRow, RunRow
from api.store.runs import RUN_STATES


@dataclass(frozen=True, slots=True)
class OperatingFigures:
    """What is in the database."""

    runs: Mapping[str, int]
    """By state; each state is there."""
    repeated_attempts: int
    """How often a run was begun again, since a worker or a solver was gone."""
    oldest_queued_seconds: float
    """How long the first run in the queue has waited; 0 where it is empty."""
    last_run_seconds: float | None
    """From the start to the end of the run that ended last; none has yet."""
    last_run_memory_bytes: int | None
    problem_versions: int
    plans: int
    database_bytes: int


def operating_figures(session: Session) -> OperatingFigures:
    """The figures now."""
    counts = session.execute(select(RunRow.state, func.count()).group_by(RunRow.state)).tuples()
    queued = session.scalar(select(func.min(RunRow.created_at)).where(RunRow.state == "queued"))
    last = session.scalar(
        select(RunRow)
        .where(RunRow.finished_at.is_not(None), RunRow.started_at.is_not(None))
        .order_by(RunRow.finished_at.desc())
        .limit(1)
    )
    seconds = None
    if last is not None and last.finished_at is not None and last.started_at is not None:
        seconds = (last.finished_at - last.started_at).total_seconds()
    return OperatingFigures(
        runs=dict.fromkeys(RUN_STATES, 0) | dict(counts.all()),
        repeated_attempts=session.scalar(
            select(func.sum(RunRow.attempts - 1, type_=Integer)).where(RunRow.attempts > 1)
        )
        or 0,
        oldest_queued_seconds=0.0 if queued is None else (now() - queued).total_seconds(),
        last_run_seconds=seconds,
        last_run_memory_bytes=None if last is None else last.memory_bytes,
        problem_versions=session.scalar(select(func.count()).select_from(ProblemVersionRow)) or 0,
        plans=session.scalar(select(func.count()).select_from(PlanRow)) or 0,
        database_bytes=_database_bytes(session),
    )


def _database_bytes(session: Session) -> int:
    if session.get_bind().dialect.name == "postgresql":
        return int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    pages = session.scalar(text("PRAGMA page_count")) or 0
    return int(pages) * int(session.scalar(text("PRAGMA page_size")) or 0)
