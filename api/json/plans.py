"""Plans, by JSON: each is a ``plan.json``, byte for byte."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.json.problem_details import RESPONSES
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.plans import note_lookup, plan_by_id, plan_json_by_id
from api.state import state_of
from scheduler.outcome import PlanDocument

ROUTER = APIRouter(prefix="/plans", tags=["plans"], responses=RESPONSES)


@ROUTER.get("/{plan_id}", summary="A plan", response_model=PlanDocument)
def read_plan_json(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PERSON)]
) -> Response:
    """``plan.json``; it has rows of people, so that it is written down who saw them."""
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        note_lookup(session, caller, Action.READ_PERSON, plan.problem_version_id)
        content = plan_json_by_id(session, plan_id)
    headers = {"etag": f'"{plan.sha256}"'}
    return Response(content, media_type="application/json", headers=headers)
