"""Decisions on plans, by JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.json.requests import OwnRequest, Submitted, as_json, respond
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.approvals import (
    Decided,
    Decision,
    Override,
    Verdict,
    decide,
    list_decisions,
)
from api.services.plans import note_lookup, plan_by_id
from api.services.submissions import Answer, answer_once
from api.state import state_of
from providers import Record

ROUTER = APIRouter(prefix="/plans", tags=["plans"], responses=RESPONSES)


class DecisionDetail(Record):
    """A decision that was made."""

    number: int
    """1, 2, 3 … within the plan; the last one holds."""
    verdict: Verdict
    by: str
    """The name of the account."""
    at: dt.datetime
    note: str | None
    """Why; none: the caller may not see people."""
    overrides: tuple[Override, ...] | None
    """Whose place is decided otherwise; none: the caller may not see people."""


class DecisionList(Record):
    """The decisions on a plan."""

    items: tuple[DecisionDetail, ...]
    """The newest first."""


@ROUTER.get("/{plan_id}/decisions", summary="The decisions on a plan")
def list_decisions_json(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> DecisionList:
    """Who decided what and when; notes and overrides only for who may see people."""
    sees_people = caller.may(Action.READ_PERSON)
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        if sees_people:
            note_lookup(session, caller, Action.READ_PERSON, plan.problem_version_id)
        found = list_decisions(session, plan_id)
    return DecisionList(items=tuple(_detail(each, sees_people=sees_people) for each in found))


@ROUTER.post(
    "/{plan_id}/decisions",
    status_code=201,
    summary="Decide on a plan",
    response_model=DecisionDetail,
    dependencies=[OwnRequest],
)
def decide_json(
    request: Request,
    plan_id: int,
    decision: Annotated[Decision, as_json(Decision)],
    caller: Annotated[Caller, may(Action.DECIDE_PLAN)],
    submission: Submitted,
) -> Response:
    """Another person than the plan's maker approves, declines or withdraws; the plan stays."""

    def do(session: Session) -> Answer:
        made = decide(session, caller, plan_id, decision)
        headers = {"location": f"/api/v1/plans/{plan_id}/decisions"}
        return Answer(201, headers, _detail(made, sees_people=True).model_dump_json())

    return respond(answer_once(state_of(request).store, caller.account_id, submission, do))


def _detail(decided: Decided, *, sees_people: bool) -> DecisionDetail:
    return DecisionDetail(
        number=decided.number,
        verdict=decided.verdict,
        by=decided.by,
        at=decided.at,
        note=decided.note if sees_people else None,
        overrides=decided.overrides if sees_people else None,
    )
