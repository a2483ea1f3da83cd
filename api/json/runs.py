"""Runs, by JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset, OwnRequest, Submitted, as_json, respond
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.problems import latest_version
from api.services.runs import (
    Run,
    RunSettings,
    State,
    as_seen_by,
    cancel,
    list_runs,
    run_by_id,
    submit_run,
    use_best,
)
from api.services.submissions import Answer, answer_once
from api.state import state_of
from providers import Record
from scheduler.outcome import NoPlan

ROUTER = APIRouter(tags=["runs"], responses=RESPONSES)


class RunSummary(Record):
    """A run in short."""

    id: int
    problem_id: int
    title: str
    state: State
    outcome: str | None
    plan_id: int | None
    created_at: dt.datetime


class RunPage(Record):
    """Some of the runs."""

    items: tuple[RunSummary, ...]
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


class GoalProgress(Record):
    """The latest of one goal."""

    name: str
    value: int | None
    """None: there is none yet, or the caller may not see it."""
    bound: int | None
    seconds: float


class RunDetail(Record):
    """A run and how far it is."""

    id: int
    problem_id: int
    problem_version_id: int
    state: State
    settings: RunSettings
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    phase: str | None
    goals: tuple[GoalProgress, ...]
    kept_plans: int
    """Better plans kept so far."""
    stop_requested: bool
    outcome: Literal["plan", "no-plan", "undecided"] | None
    plan_id: int | None
    no_plan: NoPlan | None
    error: str | None


@ROUTER.get("/runs", summary="List the runs")
def list_runs_json(
    request: Request,
    _caller: Annotated[Caller, may(Action.READ_RUN)],
    most: Most = 20,
    offset: Offset = 0,
) -> RunPage:
    """The newest first."""
    with state_of(request).store.read() as session:
        found = list_runs(session, most=most + 1, offset=offset)
    items = tuple(
        RunSummary(
            id=each.id,
            problem_id=each.problem_id,
            title=each.title,
            state=each.state,
            outcome=each.outcome,
            plan_id=each.plan_id,
            created_at=each.created_at,
        )
        for each in found[:most]
    )
    return RunPage(items=items, next_offset=offset + most if len(found) > most else None)


@ROUTER.post(
    "/problems/{problem_id}/runs",
    status_code=202,
    summary="Start a run",
    response_model=RunDetail,
    dependencies=[OwnRequest],
)
def start_run_json(
    request: Request,
    problem_id: int,
    settings: Annotated[RunSettings, as_json(RunSettings)],
    caller: Annotated[Caller, may(Action.START_RUN)],
    submission: Submitted,
) -> Response:
    """A run of the problem's latest version, in the queue."""
    state = state_of(request)

    def do(session: Session) -> Answer:
        version = latest_version(session, problem_id)
        run_id = submit_run(session, version.id, settings, caller.account_id)
        headers = {"location": f"/api/v1/runs/{run_id}"}
        return Answer(202, headers, _detail(run_by_id(session, run_id), caller).model_dump_json())

    answer = answer_once(state.store, caller.account_id, submission, do)
    state.wake()
    return respond(answer)


@ROUTER.get("/runs/{run_id}", summary="A run and how far it is")
def read_run_json(
    request: Request, run_id: int, caller: Annotated[Caller, may(Action.READ_RUN)]
) -> RunDetail:
    """With the latest value and bound of each goal."""
    with state_of(request).store.read() as session:
        return _detail(run_by_id(session, run_id), caller)


@ROUTER.post(
    "/runs/{run_id}/stop", summary="Stop, and use the best plan so far", dependencies=[OwnRequest]
)
def stop_run_json(
    request: Request, run_id: int, caller: Annotated[Caller, may(Action.STOP_RUN)]
) -> RunDetail:
    """A run under way ends soon; one in the queue is cancelled."""
    with state_of(request).store.write() as session:
        use_best(session, run_id)
        return _detail(run_by_id(session, run_id), caller)


@ROUTER.post("/runs/{run_id}/cancel", summary="Give a run up", dependencies=[OwnRequest])
def cancel_run_json(
    request: Request, run_id: int, caller: Annotated[Caller, may(Action.STOP_RUN)]
) -> RunDetail:
    """Whatever it still finds is not kept."""
    with state_of(request).store.write() as session:
        cancel(session, run_id)
        return _detail(run_by_id(session, run_id), caller)


def _detail(run: Run, caller: Caller) -> RunDetail:
    run = as_seen_by(run, caller)
    return RunDetail(
        id=run.id,
        problem_id=run.problem_id,
        problem_version_id=run.problem_version_id,
        state=run.state,
        settings=run.settings,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
        phase=run.phase,
        goals=tuple(
            GoalProgress(
                name=stage.name, value=stage.value, bound=stage.bound, seconds=stage.seconds
            )
            for stage in run.stages
        ),
        kept_plans=run.kept_plans,
        stop_requested=run.stop_requested,
        outcome=run.outcome,
        plan_id=run.plan_id,
        no_plan=run.no_plan,
        error=run.error,
    )
