"""What was measured of runs: phases, goals over time, memory and attempts; nothing about people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast, get_args

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from api.services.attempts import Ending
from api.services.runs import Run, RunSettings, State, run_by_id
from api.store import ProblemRow, ProblemVersionRow, RunAttemptRow, RunProgressRow, RunRow
from scheduler.engines import EngineName

ENGINES: tuple[EngineName, ...] = get_args(EngineName)


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """A line of the list of runs."""

    id: int
    problem_id: int
    title: str
    state: State
    engine: EngineName
    created_at: dt.datetime
    seconds: float | None
    """From its start to its end, or until now; none: it has not started."""
    memory_bytes: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Point:
    """A goal's best value and bound at a moment."""

    seconds: float
    value: int | None
    bound: int | None

    @property
    def gap(self) -> float | None:
        """Their distance as a share of the value; none where one is not known."""
        if self.value is None or self.bound is None:
            return None
        return abs(self.bound - self.value) / max(1, abs(self.value))


@dataclass(frozen=True, slots=True)
class GoalCurve:
    """How a goal's value and bound moved."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class PhaseTime:
    """A part of a run and how long it took."""

    phase: str
    goal: str
    """The goal that was planned for; empty in other phases."""
    began_seconds: float
    """Since the attempt began."""
    seconds: float | None
    """None: it is under way, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody worked on a run, or meant to."""

    fence: int
    owner: str
    """The dispatcher that claimed it."""
    claimed_at: dt.datetime
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    ending: Ending | None
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything that was measured of a run; phases and goals of its last attempt."""

    run: Run
    queued_seconds: float | None
    """From being asked for to its start."""
    seconds: float | None
    phases: tuple[PhaseTime, ...]
    goals: tuple[GoalCurve, ...]
    attempts: tuple[Attempt, ...]


def list_measured_runs(
    session: Session,
    now: dt.datetime,
    *,
    state: State | None = None,
    engine: EngineName | None = None,
    most: int = 50,
    offset: int = 0,
) -> tuple[list[MeasuredRun], int]:
    """Runs that fit, the newest first, and how many there are in all."""
    conditions: list[ColumnElement[bool]] = []
    if state is not None:
        conditions.append(RunRow.state == state)
    if engine is not None:
        # Settings are stored as pydantic writes them, without spaces.
        conditions.append(RunRow.settings.contains(f'"engine":"{engine}"', autoescape=True))
    count = session.scalar(select(func.count()).select_from(RunRow).where(*conditions)) or 0
    rows = session.execute(
        select(RunRow, ProblemRow)
        .join(ProblemVersionRow, ProblemVersionRow.id == RunRow.problem_version_id)
        .join(ProblemRow, ProblemRow.id == ProblemVersionRow.problem_id)
        .where(*conditions)
        .order_by(RunRow.id.desc())
        .limit(most)
        .offset(offset)
    )
    return [_measured(run, problem, now) for run, problem in rows], count


def measurements_of(session: Session, run_id: int, now: dt.datetime) -> Measurements:
    """What was measured of a run until now.

    Raises
    ------
    NotFound
        If there is no such run.
    """
    run = run_by_id(session, run_id)
    attempts = tuple(
        session.scalars(
            select(RunAttemptRow)
            .where(RunAttemptRow.run_id == run_id)
            .order_by(RunAttemptRow.fence)
        )
    )
    begun = session.get_one(RunRow, run_id).begun_fence
    progress = session.scalars(
        select(RunProgressRow)
        .where(RunProgressRow.run_id == run_id, RunProgressRow.fence == begun)
        .order_by(RunProgressRow.id)
    ).all()
    last = next((each for each in attempts if each.fence == begun), None)
    return Measurements(
        run=run,
        queued_seconds=_between(run.created_at, run.started_at),
        seconds=_between(run.started_at, run.finished_at or now),
        phases=_phases(progress, last),
        goals=_curves(progress),
        attempts=tuple(_attempt(each) for each in attempts),
    )


def _measured(run: RunRow, problem: ProblemRow, now: dt.datetime) -> MeasuredRun:
    return MeasuredRun(
        id=run.id,
        problem_id=problem.id,
        title=problem.title,
        state=cast("State", run.state),
        engine=RunSettings.model_validate_json(run.settings).engine,
        created_at=run.created_at,
        seconds=_between(run.started_at, run.finished_at or now),
        memory_bytes=run.memory_bytes,
        attempts=run.attempts,
    )


def _phases(
    progress: Sequence[RunProgressRow], attempt: RunAttemptRow | None
) -> tuple[PhaseTime, ...]:
    begins = [
        row
        for before, row in pairwise([None, *progress])
        if row is not None and (before is None or _part(before) != _part(row))
    ]
    end = None if attempt is None else _between(attempt.begun_at, attempt.ended_at)
    ends = [*(row.seconds for row in begins[1:]), end]
    return tuple(
        PhaseTime(
            phase=row.phase,
            goal=row.stage_name if row.phase == "solve" else "",
            began_seconds=row.seconds,
            seconds=None if until is None else max(0.0, until - row.seconds),
        )
        for row, until in zip(begins, ends, strict=False)
    )


def _part(row: RunProgressRow) -> tuple[str, int]:
    return row.phase, row.stage_index


def _curves(progress: Sequence[RunProgressRow]) -> tuple[GoalCurve, ...]:
    rows = [row for row in progress if row.stages > 0]
    stages = sorted({(row.stage_index, row.stage_name) for row in rows})
    return tuple(
        GoalCurve(
            name,
            tuple(
                Point(row.seconds, row.value, row.bound) for row in rows if row.stage_index == index
            ),
        )
        for index, name in stages
    )


def _attempt(row: RunAttemptRow) -> Attempt:
    return Attempt(
        fence=row.fence,
        owner=row.owner,
        claimed_at=row.claimed_at,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        ending=cast("Ending | None", row.ending),
        memory_bytes=row.memory_bytes,
    )


def _between(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())
