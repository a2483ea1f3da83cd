"""The people, sites and offers of a problem, by JSON: searched, sorted, chosen and in parts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.changes import tag_of
from api.services.listing import Query as Asked
from api.services.plans import note_lookup
from api.services.problem_tables import TableName, sheet_of
from api.services.problems import latest_version
from api.state import state_of
from providers import Offer, Record, Site
from scheduler.person import Person

ROUTER = APIRouter(prefix="/problems", tags=["problems"], responses=RESPONSES)
Search = Annotated[str, Query(max_length=100, description="Words that must all stand in the row.")]
Sort = Annotated[
    str, Query(max_length=40, description="A column's name; after `-` the last come first.")
]
Code = Annotated[str, Query(max_length=64, description="Only rows with this code or id.")]


class PersonPage(Record):
    """Some of the people."""

    items: tuple[Person, ...]
    count: int
    """How many fit."""
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


class SitePage(Record):
    """Some of the sites."""

    items: tuple[Site, ...]
    count: int
    """How many fit."""
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


class OfferPage(Record):
    """Some of the offers."""

    items: tuple[Offer, ...]
    count: int
    """How many fit."""
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


@ROUTER.get("/{problem_id}/people", summary="The people of a problem")
def list_people_json(
    request: Request,
    response: Response,
    problem_id: int,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
    search: Search = "",
    sort: Sort = "",
    target_group: Code = "",
    priority: Code = "",
    need: Code = "",
    area: Code = "",
    pin: Code = "",
    most: Most = 50,
    offset: Offset = 0,
) -> PersonPage:
    """Of the latest version; it is written down who saw them."""
    filters = {
        "target_group": target_group,
        "priority": priority,
        "need": need,
        "area": area,
        "pin": pin,
    }
    asked = Asked(search, sort, filters, most, offset)
    return PersonPage(**_found(request, response, problem_id, "people", asked, caller))


@ROUTER.get("/{problem_id}/sites", summary="The sites of a problem")
def list_sites_json(
    request: Request,
    response: Response,
    problem_id: int,
    caller: Annotated[Caller, may(Action.READ_PROBLEM)],
    search: Search = "",
    sort: Sort = "",
    provider: Code = "",
    task: Code = "",
    target_group: Code = "",
    area: Code = "",
    most: Most = 50,
    offset: Offset = 0,
) -> SitePage:
    """Of the latest version."""
    filters = {"provider": provider, "task": task, "target_group": target_group, "area": area}
    asked = Asked(search, sort, filters, most, offset)
    return SitePage(**_found(request, response, problem_id, "sites", asked, caller))


@ROUTER.get("/{problem_id}/offers", summary="The offers of a problem")
def list_offers_json(
    request: Request,
    response: Response,
    problem_id: int,
    caller: Annotated[Caller, may(Action.READ_PROBLEM)],
    search: Search = "",
    sort: Sort = "",
    programme: Code = "",
    provider: Code = "",
    intake: Code = "",
    most: Most = 50,
    offset: Offset = 0,
) -> OfferPage:
    """Of the latest version."""
    filters = {"programme": programme, "provider": provider, "intake": intake}
    asked = Asked(search, sort, filters, most, offset)
    return OfferPage(**_found(request, response, problem_id, "offers", asked, caller))


def _found(
    request: Request,
    response: Response,
    problem_id: int,
    name: TableName,
    asked: Asked,
    caller: Caller,
) -> dict[str, Any]:
    with state_of(request).store.write() as session:
        version = latest_version(session, problem_id)
        if name == "people":
            note_lookup(session, caller, Action.READ_PERSON, version.id)
    response.headers["etag"] = f'"{tag_of(version)}"'
    found = sheet_of(version, name, "en").find(asked)
    end = asked.offset + asked.most
    return {
        "items": found.rows,
        "count": found.count,
        "next_offset": end if end < found.count else None,
    }
