"""What was measured of runs, by JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from api.clock import now
from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.attempts import Ending
from api.services.measurements import list_measured_runs, measurements_of
from api.services.runs import RunSettings, State
from api.state import state_of
from providers import Record
from scheduler.engines import EngineName

ROUTER = APIRouter(tags=["measurements"], responses=RESPONSES)


class MeasuredRunSummary(Record):
    """A run with what it took."""

    id: int
    problem_id: int
    title: str
    state: State
    engine: EngineName
    created_at: dt.datetime
    seconds: float | None
    """From its start to its end, or until now; none: it has not started."""
    memory_bytes: int
    """The most that the worker and its solver have used."""
    attempts: int


class MeasuredRunPage(Record):
    """Some of the runs."""

    items: tuple[MeasuredRunSummary, ...]
    count: int
    """How many fit."""
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


class CurvePoint(Record):
    """A goal's best value and bound from a moment on."""

    seconds: float
    """Since the attempt began."""
    value: int | None
    bound: int | None
    gap: float | None
    """Their distance as a share of the value."""


class Curve(Record):
    """How a goal's value and bound moved."""

    goal: str
    points: tuple[CurvePoint, ...]


class Phase(Record):
    """A part of the run."""

    phase: str
    goal: str
    """The goal that was planned for; empty in other phases."""
    began_seconds: float
    seconds: float | None
    """None: it is under way, or nobody knows."""


class AttemptDetail(Record):
    """Somebody worked on the run, or meant to."""

    fence: int
    owner: str
    claimed_at: dt.datetime
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    ending: Ending | None
    """None: it is under way."""
    memory_bytes: int


class RunMeasurements(Record):
    """Everything that was measured of a run; phases and goals of its last attempt."""

    id: int
    state: State
    settings: RunSettings
    queued_seconds: float | None
    seconds: float | None
    memory_bytes: int
    kept_plans: int
    phases: tuple[Phase, ...]
    goals: tuple[Curve, ...]
    attempts: tuple[AttemptDetail, ...]
    error: str | None


@ROUTER.get("/measurements", summary="List runs with what they took")
def list_measurements_json(
    request: Request,
    _caller: Annotated[Caller, may(Action.READ_MEASUREMENTS)],
    state: Annotated[State | None, Query(description="Only runs in this state.")] = None,
    engine: Annotated[EngineName | None, Query(description="Only runs by this engine.")] = None,
    most: Most = 50,
    offset: Offset = 0,
) -> MeasuredRunPage:
    """The newest first."""
    with state_of(request).store.read() as session:
        runs, count = list_measured_runs(
            session, now(), state=state, engine=engine, most=most, offset=offset
        )
    return MeasuredRunPage(
        items=tuple(
            MeasuredRunSummary(
                id=run.id,
                problem_id=run.problem_id,
                title=run.title,
                state=run.state,
                engine=run.engine,
                created_at=run.created_at,
                seconds=run.seconds,
                memory_bytes=run.memory_bytes,
                attempts=run.attempts,
            )
            for run in runs
        ),
        count=count,
        next_offset=offset + most if offset + most < count else None,
    )


@ROUTER.get("/runs/{run_id}/measurements", summary="What was measured of a run")
def read_measurements_json(
    request: Request, run_id: int, _caller: Annotated[Caller, may(Action.READ_MEASUREMENTS)]
) -> RunMeasurements:
    """Phases, every point of every goal's curve, memory and attempts."""
    with state_of(request).store.read() as session:
        measured = measurements_of(session, run_id, now())
    run = measured.run
    return RunMeasurements(
        id=run.id,
        state=run.state,
        settings=run.settings,
        queued_seconds=measured.queued_seconds,
        seconds=measured.seconds,
        memory_bytes=run.memory_bytes,
        kept_plans=run.kept_plans,
        phases=tuple(
            Phase(
                phase=each.phase,
                goal=each.goal,
                began_seconds=each.began_seconds,
                seconds=each.seconds,
            )
            for each in measured.phases
        ),
        goals=tuple(
            Curve(
                goal=curve.name,
                points=tuple(
                    CurvePoint(
                        seconds=point.seconds, value=point.value, bound=point.bound, gap=point.gap
                    )
                    for point in curve.points
                ),
            )
            for curve in measured.goals
        ),
        attempts=tuple(
            AttemptDetail(
                fence=each.fence,
                owner=each.owner,
                claimed_at=each.claimed_at,
                begun_at=each.begun_at,
                ended_at=each.ended_at,
                ending=each.ending,
                memory_bytes=each.memory_bytes,
            )
            for each in measured.attempts
        ),
        error=run.error,
    )
