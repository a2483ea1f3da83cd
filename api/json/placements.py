"""The placements of a plan, by JSON, CSV and workbook."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.json.accepting import TABLE_RESPONSES, FileLanguage, WantedForm
from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.plans import note_lookup, plan_by_id
from api.services.sheets import placements_file
from api.state import state_of
from api.table_files import file_response
from providers import Record
from scheduler.outcome import DecidedPlacement

ROUTER = APIRouter(prefix="/plans", tags=["plans"], responses=RESPONSES)
Id = Annotated[str, Query(max_length=64, description="Only placements with this id.")]


class PlacementPage(Record):
    """Some of the placements."""

    items: tuple[DecidedPlacement, ...]
    count: int
    """How many fit."""
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


@ROUTER.get(
    "/{plan_id}/placements",
    summary="The placements of a plan",
    response_model=PlacementPage,
    responses=TABLE_RESPONSES,
)
def list_placements_json(
    request: Request,
    plan_id: int,
    form: WantedForm,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
    provider: Id = "",
    site: Id = "",
    offer: Id = "",
    most: Most = 50,
    offset: Offset = 0,
    language: FileLanguage = "da",
) -> Response:
    """Who starts where and when; as a file all that fit. It is written down who saw them."""
    action = Action.READ_PERSON if form == "json" else Action.DOWNLOAD_PERSON
    caller.demand(action)
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        note_lookup(session, caller, action, plan.problem_version_id)
    rows = tuple(
        row
        for row in plan.document.placements
        if provider in {"", row.provider_id}
        and site in {"", row.site_id}
        and offer in {"", row.offer_id}
    )
    if form != "json":
        document = plan.document.model_copy(update={"placements": rows})
        content = placements_file(plan.problem, document, language, is_csv=form == "csv")
        return file_response(content, form, f"placements-{plan_id}")
    end = offset + most
    page = PlacementPage(
        items=rows[offset:end], count=len(rows), next_offset=end if end < len(rows) else None
    )
    headers = {"vary": "accept"}
    return Response(page.model_dump_json(), media_type="application/json", headers=headers)
