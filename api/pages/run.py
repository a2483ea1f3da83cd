"""A run: how far it is, and what came out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.pages.rendering import render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, may
from api.services.differences import plan_before
from api.services.runs import STATE_LABELS, Run, StageProgress, as_seen_by, run_by_id, use_best
from api.state import state_of
from scheduler.language import Kr, Message, Share
from scheduler.report.label import Label
from scheduler.report.views.goals import stage_label

ROUTER = APIRouter()
PHASE_LABELS = {
    "compile": Message("Finding possible placements"),
    "solve": Message("Planning"),
    "check": Message("Checking the plan against every rule"),
    "explain": Message("Finding out why people wait"),
}


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """A goal's latest, as texts."""

    label: Label
    value: object
    bound: object
    gap: object
    seconds: int


@dataclass(frozen=True, slots=True)
class RunProgress:
    """Where a run is."""

    run: Run
    state: Message
    doing: Message | None
    """What it does now."""
    goals: tuple[GoalProgress, ...]
    sees_goals: bool
    may_stop: bool
    sees_plan: bool
    compares: bool
    """Whether the caller sees the plan in numbers, beside others."""
    has_earlier_plan: bool
    """Whether there is an older plan of the problem to compare with."""


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run and how far it is."""

    template: ClassVar[str] = "pages/run.html"

    progress: RunProgress
    sees_problem: bool
    sees_measurements: bool


@dataclass(frozen=True, slots=True)
class RunProgressPart:
    """The part of the page that changes while the run goes on."""

    template: ClassVar[str] = "parts/run_progress.html"

    progress: RunProgress


@ROUTER.get("/runs/{run_id:int}")
def show_run(
    request: Request, run_id: int, caller: Annotated[Caller, may(Action.READ_RUN)]
) -> Response:
    """The page."""
    page = RunPage(
        _progress(request, run_id, caller),
        caller.may(Action.READ_PROBLEM),
        caller.may(Action.READ_MEASUREMENTS),
    )
    return render(request, page, caller)


@ROUTER.get("/runs/{run_id:int}/progress")
def show_run_progress(
    request: Request, run_id: int, caller: Annotated[Caller, may(Action.READ_RUN)]
) -> Response:
    """The part that changes, to be put in its place; once the run has ended, the whole page."""
    progress = _progress(request, run_id, caller)
    answer = render(request, RunProgressPart(progress), caller)
    if progress.run.has_ended:
        answer.headers["hx-refresh"] = "true"
    return answer


@ROUTER.post("/runs/{run_id:int}/stop")
def send_stop(
    request: Request,
    run_id: int,
    _caller: Annotated[Caller, may(Action.STOP_RUN)],
    _form: OwnForm,
) -> Response:
    """The run ends with the best plan so far."""
    with state_of(request).store.write() as session:
        use_best(session, run_id)
    return RedirectResponse(f"/runs/{run_id}", status_code=303)


def _progress(request: Request, run_id: int, caller: Caller) -> RunProgress:
    with state_of(request).store.read() as session:
        run = as_seen_by(run_by_id(session, run_id), caller)
        earlier = run.plan_id and plan_before(session, run.problem_id, run.plan_id)
    return RunProgress(
        run=run,
        state=STATE_LABELS[run.state],
        doing=PHASE_LABELS.get(run.phase or ""),
        goals=tuple(_goal(stage) for stage in run.stages),
        sees_goals=caller.may(Action.READ_GOALS),
        may_stop=caller.may(Action.STOP_RUN) and not run.has_ended,
        sees_plan=caller.may(Action.READ_PLAN),
        compares=caller.may(Action.COMPARE_PLANS),
        has_earlier_plan=bool(earlier),
    )


def _goal(stage: StageProgress) -> GoalProgress:
    gap: object = "–"
    if stage.value is not None and stage.bound is not None:
        gap = Share(abs(stage.bound - stage.value) / max(1, abs(stage.value)))
    return GoalProgress(
        label=stage_label(stage.name),
        value=in_unit(stage.value, stage.name),
        bound=in_unit(stage.bound, stage.name),
        gap=gap,
        seconds=int(stage.seconds),
    )


def in_unit(value: int | None, stage_name: str) -> object:
    """A goal's number as it is shown."""
    if value is None:
        return "–"
    return Kr(value) if stage_name == "cost" else value
