"""The front page: problems, and what was run lately."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.approvals import Verdict, verdicts_of
from api.services.problems import ProblemInBrief, list_problems
from api.services.runs import STATE_LABELS, RunInBrief, list_runs
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter()


@dataclass(frozen=True, slots=True)
class FrontPage:
    """Where everybody begins."""

    template: ClassVar[str] = "pages/front.html"

    problems: tuple[ProblemInBrief, ...]
    runs: tuple[tuple[RunInBrief, Message], ...]
    """Each with what its state is called."""
    verdicts: Mapping[int, Verdict | None]
    """What was decided last on their plans."""
    may_upload: bool
    may_run: bool
    sees_problems: bool
    sees_runs: bool
    sees_people: bool
    """Whether everybody may be counted: a difference would tell how few seek no place."""
    sees_accounts: bool


@ROUTER.get("/")
def show_front(request: Request, caller: Annotated[Caller, may(Action.OWN_SESSION)]) -> Response:
    """The page."""
    sees_problems, sees_runs = caller.may(Action.READ_PROBLEM), caller.may(Action.READ_RUN)
    with state_of(request).store.read() as session:
        problems = list_problems(session) if sees_problems else []
        runs = list_runs(session) if sees_runs else []
        plans = [run.plan_id for run in runs] if caller.may(Action.READ_PLAN) else []
        verdicts = verdicts_of(session, plans)
    page = FrontPage(
        problems=tuple(problems),
        runs=tuple((run, run_label(run)) for run in runs),
        verdicts=verdicts,
        may_upload=caller.may(Action.WRITE_PROBLEM),
        may_run=caller.may(Action.START_RUN),
        sees_problems=sees_problems,
        sees_runs=sees_runs,
        sees_people=caller.may(Action.READ_PERSON),
        sees_accounts=caller.may(Action.MANAGE_ACCOUNTS),
    )
    return render(request, page, caller)


def run_label(run: RunInBrief) -> Message:
    """A run's state, or what came out of it."""
    match run.outcome:
        case "no-plan":
            return Message("No plan exists")
        case "undecided":
            return Message("No plan was found in time")
        case _:
            return STATE_LABELS[run.state]
