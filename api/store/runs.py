"""Runs: what was asked for, how far it is, and what came out."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.base import AccountKey, Base

RUN_STATES = ("queued", "running", "done", "failed", "cancelled")


class RunRow(Base, kw_only=True):
    """One solving.

    ``fence`` goes up whenever the run changes hands. Whoever works on it states the fence that it
    was given in each write, so that a worker that was given up for dead can change nothing.
    """

    __tablename__ = "runs"
    __table_args__ = (
        CheckConstraint(f"state IN {RUN_STATES}", name="state_is_known"),
        CheckConstraint("(state = 'running') = (lease_until IS NOT NULL)", name="lease_if_running"),
        Index("ix_runs_state_id", "state", "id"),
        # For the decisions on plans to refer to: nobody decides on what they asked for.
        Index("uq_runs_id_created_by", "id", "created_by", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    problem_version_id: Mapped[int] = mapped_column(ForeignKey("problem_versions.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    settings: Mapped[str] = mapped_column(Text)
    """A `api.services.runs.RunSettings` as JSON."""
    created_by: Mapped[AccountKey]
    created_at: Mapped[dt.datetime]
    fence: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    """How often somebody began to work on it."""
    owner: Mapped[str | None] = mapped_column(String(64), default=None)
    """The dispatcher that claimed it."""
    lease_until: Mapped[dt.datetime | None] = mapped_column(default=None)
    begun_fence: Mapped[int] = mapped_column(default=0)
    """The fence under which a worker began; a task handed out twice begins once."""
    stop_requested: Mapped[bool] = mapped_column(default=False)
    """Somebody asked to use the best plan so far."""
    started_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    finished_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    phase: Mapped[str | None] = mapped_column(String(20), default=None)
    memory_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    """The most that the worker and its solver have used."""
    outcome: Mapped[str | None] = mapped_column(String(10), default=None)
    """``plan``, ``no-plan`` or ``undecided`` once it is done."""
    outcome_document: Mapped[bytes | None] = mapped_column(default=None)
    """Where there is no plan: the outcome as JSON, compressed by zlib."""
    error: Mapped[str | None] = mapped_column(String(400), default=None)
    """Why it failed; names no person."""


class RunAttemptRow(Base, kw_only=True):
    """Somebody claimed a run; every fence has one."""

    __tablename__ = "run_attempts"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("runs.id"), primary_key=True, autoincrement=False
    )
    fence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(String(64))
    """The dispatcher that claimed it."""
    claimed_at: Mapped[dt.datetime]
    begun_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    """When a worker began."""
    ended_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    ending: Mapped[str | None] = mapped_column(String(20), default=None)
    """A `api.services.attempts.Ending`."""
    memory_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    """The most that the worker and its solver have used."""


class RunProgressRow(Base, kw_only=True):
    """Where a run was at a moment: the latest value and bound of each goal, and how they moved."""

    __tablename__ = "run_progress"
    __table_args__ = (Index("ix_run_progress_run_id_id", "run_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    fence: Mapped[int]
    seconds: Mapped[float]
    """Since the run started."""
    phase: Mapped[str] = mapped_column(String(20))
    stage_index: Mapped[int]
    stages: Mapped[int]
    stage_name: Mapped[str]
    value: Mapped[int | None] = mapped_column(BigInteger)
    bound: Mapped[int | None] = mapped_column(BigInteger)


class RunPlanRow(Base, kw_only=True):
    """A better plan, checked, kept while the run goes on."""

    __tablename__ = "run_plans"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), index=True)
    fence: Mapped[int]
    seconds: Mapped[float]
    goals: Mapped[str] = mapped_column(Text)
    """A `scheduler.outcome.GoalValues` as JSON."""
    placements: Mapped[bytes]
    """A `scheduler.plan.Plan` as JSON, compressed by zlib."""
