"""The people, sites and offers of a problem: to search, sort, filter and page through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import language_of, render
from api.pages.sheets import SheetView, view_sheet
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.plans import note_lookup
from api.services.problem_tables import TableName, sheet_of
from api.services.problems import latest_version
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter()
TITLES: dict[TableName, Message] = {
    "people": Message("Young people"),
    "sites": Message("Sites"),
    "offers": Message("Offers"),
}


@dataclass(frozen=True, slots=True)
class ProblemTablePage:
    """One table of a problem."""

    template: ClassVar[str] = "pages/problem_table.html"

    problem_id: int
    problem_title: str
    is_confidential: bool
    table: SheetView


@ROUTER.get("/problems/{problem_id:int}/people")
def show_people(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PERSON)]
) -> Response:
    """Everybody in the problem; that they are looked at is written down."""
    return _show(request, problem_id, "people", caller)


@ROUTER.get("/problems/{problem_id:int}/sites")
def show_sites(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PROBLEM)]
) -> Response:
    """Where courses happen."""
    return _show(request, problem_id, "sites", caller)


@ROUTER.get("/problems/{problem_id:int}/offers")
def show_offers(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PROBLEM)]
) -> Response:
    """What can be had."""
    return _show(request, problem_id, "offers", caller)


def _show(request: Request, problem_id: int, name: TableName, caller: Caller) -> Response:
    is_confidential = name == "people"
    with state_of(request).store.write() as session:
        version = latest_version(session, problem_id)
        if is_confidential:
            note_lookup(session, caller, Action.READ_PERSON, version.id)
    may_change = name == "sites" and caller.may(Action.WRITE_PROBLEM)
    base = f"/problems/{problem_id}"
    table = view_sheet(
        request,
        sheet_of(version, name, language_of(request)),
        TITLES[name],
        lambda row: f"{base}/people/{row.id}" if name == "people" else "",
        lambda row: f"{base}/changes/capacity?site_id={row.id}" if may_change else "",
    )
    page = ProblemTablePage(problem_id, version.problem.title, is_confidential, table)
    return render(request, page, caller)
