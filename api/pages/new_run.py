"""A run is started: which goals in which order, how close, how long."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import WrongInput
from api.faults import Fault, fault_of
from api.pages.rendering import render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, field_of, may
from api.services.problems import ProblemVersion, latest_version
from api.services.runs import RunSettings, last_settings, submit_run
from api.state import state_of
from scheduler.goal import GOAL_NAMES, GoalName, Stage
from scheduler.language import Message
from scheduler.problem import Problem
from scheduler.report.views.goals import GOAL_LABELS, stage_label

ROUTER = APIRouter()
_PER_CENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%?")
_MOST_BASIS_POINTS = 10_000
_MOST_MINUTES = 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class NewRunPage:
    """What shall be solved, and how well."""

    template: ClassVar[str] = "pages/new_run.html"

    version: ProblemVersion
    goals_given: tuple[str | Message, ...]
    """The problem's own goals, in order."""
    goals: tuple[tuple[GoalName, Message], ...]
    """All there are."""
    typed: Mapping[str, str]
    """What stands in the fields."""
    faults: tuple[Fault, ...]


@ROUTER.get("/problems/{problem_id:int}/runs/new")
def show_new_run(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.START_RUN)]
) -> Response:
    """The form."""
    with state_of(request).store.read() as session:
        version = latest_version(session, problem_id)
        last = last_settings(session, problem_id)
    return render(request, _page(version, _as_last(version.problem, last), ()), caller)


@ROUTER.post("/problems/{problem_id:int}/runs/new")
def send_new_run(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.START_RUN)],
    form: OwnForm,
) -> Response:
    """The run is in the queue, or the form is shown again with what was typed."""
    state = state_of(request)
    with state.store.read() as session:
        version = latest_version(session, problem_id)
    typed = {name: field_of(form, name) for name in _as_given(version.problem)}
    try:
        settings = read_run_form(typed, version.problem)
    except WrongInput as error:
        return render(request, _page(version, typed, error.faults), caller)
    with state.store.write() as session:
        run_id = submit_run(session, version.id, settings, caller.account_id)
    state.wake()
    return RedirectResponse(f"/runs/{run_id}", status_code=303)


def read_run_form(typed: Mapping[str, str], problem: Problem) -> RunSettings:
    """The settings that the fields say.

    Raises
    ------
    WrongInput
        With each field that is wrong.
    """
    faults: list[Fault] = []
    stages = None if typed["order"] != "own" else _read_stages(typed, problem, faults)
    gap = _read_gap(typed["gap"], faults)
    minutes = _read_minutes(typed["minutes"], faults)
    if faults:
        raise WrongInput(faults)
    return RunSettings(
        gap_basis_points=gap,
        time_limit_seconds=None if minutes is None else 60 * minutes,
        stages=stages,
    )


def _read_stages(
    typed: Mapping[str, str], problem: Problem, faults: list[Fault]
) -> tuple[Stage, ...] | None:
    places = {goal: typed[f"goal-{goal}"] for goal in GOAL_NAMES if typed[f"goal-{goal}"]}
    first = f"goal-{GOAL_NAMES[0]}"
    if not places:
        faults.append(fault_of(Message("Choose at least one goal."), first))
        return None
    if len(set(places.values())) < len(places) or not set(places.values()) <= set("1234"):
        faults.append(fault_of(Message("Give each goal a place of its own."), first))
        return None
    own = {stage.blend[0].goal: stage for stage in problem.stages if stage.is_single}
    ordered = sorted(places, key=lambda goal: places[goal])
    return tuple(own.get(goal) or Stage.single(goal) for goal in ordered)


def _read_gap(text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    found = _PER_CENT.fullmatch(text)
    basis_points = int(Decimal(found[1].replace(",", ".")) * 100) if found else -1
    if not 0 <= basis_points <= _MOST_BASIS_POINTS:
        what = Message("The gap is a number of per cent from 0 to 100, such as 1 or 0.5.")
        faults.append(fault_of(what, "gap"))
    return basis_points


def _read_minutes(text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    minutes = int(text) if text.isdecimal() and len(text) < len(str(_MOST_MINUTES)) + 1 else 0
    if not 1 <= minutes <= _MOST_MINUTES:
        what = Message(
            "The time is a whole number of minutes from 1 to {most}.", most=_MOST_MINUTES
        )
        faults.append(fault_of(what, "minutes"))
    return minutes


def _as_given(problem: Problem) -> dict[str, str]:
    """The fields as they stand at first: the problem's own goals."""
    goals = [stage.blend[0].goal for stage in problem.stages if stage.is_single]
    places = {goal: str(place) for place, goal in enumerate(goals, start=1)}
    return {
        "order": "given",
        "gap": "",
        "minutes": "10",
        **{f"goal-{goal}": places.get(goal, "") for goal in GOAL_NAMES},
    }


def _as_last(problem: Problem, last: RunSettings | None) -> dict[str, str]:
    """The fields as they were for the problem's last run; the first time, as the problem says."""
    typed = _as_given(problem)
    if last is None:
        return typed
    gap = last.gap_basis_points
    typed["gap"] = "" if gap is None else f"{Decimal(gap) / 100:f}".replace(".", ",")
    seconds = last.time_limit_seconds
    typed["minutes"] = "" if seconds is None else str(max(1, round(seconds / 60)))
    if last.stages is not None:
        goals = [stage.blend[0].goal for stage in last.stages if stage.is_single]
        places = {goal: str(place) for place, goal in enumerate(goals, start=1)}
        typed |= {"order": "own", **{f"goal-{goal}": places.get(goal, "") for goal in GOAL_NAMES}}
    return typed


def _page(
    version: ProblemVersion, typed: Mapping[str, str], faults: tuple[Fault, ...]
) -> NewRunPage:
    return NewRunPage(
        version=version,
        goals_given=tuple(
            label if isinstance(label, Message | str) else str(label)
            for label in (stage_label(stage.name) for stage in version.problem.stages)
        ),
        goals=tuple((goal, GOAL_LABELS[goal]) for goal in GOAL_NAMES),
        typed=typed,
        faults=faults,
    )
