"""The people, sites and offers of a problem, by JSON: searched, sorted, chosen and in parts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.json.accepting import (
    TABLE_RESPONSES,
    FileLanguage,
    WantedForm,
)
from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.changes import tag_of
from api.services.listing import Found
from api.services.listing import Query as Asked
from api.services.plans import note_lookup
from api.services.problem_tables import TableName, sheet_of
from api.services.problems import ProblemVersion, latest_version
from api.services.sheets import RecordsName, records_file
from api.state import state_of
from api.table_files import Form, file_response
from providers import Offer, Record, Site
from scheduler.language import Language
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


@ROUTER.get(
    "/{problem_id}/people",
    summary="The people of a problem",
    response_model=PersonPage,
    responses=TABLE_RESPONSES,
)
def list_people_json(
    request: Request,
    problem_id: int,
    form: WantedForm,
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
    language: FileLanguage = "da",
) -> Response:
    """Of the latest version; as a file all that fit. It is written down who saw them."""
    filters = {
        "target_group": target_group,
        "priority": priority,
        "need": need,
        "area": area,
        "pin": pin,
    }
    asked = Asked(search, sort, filters, most, offset)
    found, version = _found(request, problem_id, "people", asked, caller, form)
    if form != "json":
        return _file("people", found, version, form, language)
    return _page(PersonPage, found, version, asked)


@ROUTER.get(
    "/{problem_id}/sites",
    summary="The sites of a problem",
    response_model=SitePage,
    responses=TABLE_RESPONSES,
)
def list_sites_json(
    request: Request,
    problem_id: int,
    form: WantedForm,
    caller: Annotated[Caller, may(Action.READ_PROBLEM)],
    search: Search = "",
    sort: Sort = "",
    provider: Code = "",
    task: Code = "",
    target_group: Code = "",
    area: Code = "",
    most: Most = 50,
    offset: Offset = 0,
    language: FileLanguage = "da",
) -> Response:
    """Of the latest version; as a file all that fit."""
    filters = {"provider": provider, "task": task, "target_group": target_group, "area": area}
    asked = Asked(search, sort, filters, most, offset)
    found, version = _found(request, problem_id, "sites", asked, caller, form)
    if form != "json":
        return _file("sites", found, version, form, language)
    return _page(SitePage, found, version, asked)


@ROUTER.get(
    "/{problem_id}/offers",
    summary="The offers of a problem",
    response_model=OfferPage,
    responses=TABLE_RESPONSES,
)
def list_offers_json(
    request: Request,
    problem_id: int,
    form: WantedForm,
    caller: Annotated[Caller, may(Action.READ_PROBLEM)],
    search: Search = "",
    sort: Sort = "",
    programme: Code = "",
    provider: Code = "",
    intake: Code = "",
    most: Most = 50,
    offset: Offset = 0,
    language: FileLanguage = "da",
) -> Response:
    """Of the latest version; as a file all that fit."""
    filters = {"programme": programme, "provider": provider, "intake": intake}
    asked = Asked(search, sort, filters, most, offset)
    found, version = _found(request, problem_id, "offers", asked, caller, form)
    if form != "json":
        return _file("offers", found, version, form, language)
    return _page(OfferPage, found, version, asked)


def _found(
    request: Request, problem_id: int, name: TableName, asked: Asked, caller: Caller, form: Form
) -> tuple[Found[Any], ProblemVersion]:
    action = Action.READ_PERSON if form == "json" else Action.DOWNLOAD_PERSON
    if name == "people":
        caller.demand(action)
    with state_of(request).store.write() as session:
        version = latest_version(session, problem_id)
        if name == "people":
            note_lookup(session, caller, action, version.id)
    if form != "json":
        asked = replace(asked, offset=0, most=len(version.problem.people) + 10**6)
    return sheet_of(version, name, "en").find(asked), version


def _page(
    page: Callable[..., Record], found: Found[Any], version: ProblemVersion, asked: Asked
) -> Response:
    end = asked.offset + asked.most
    body = page(items=found.rows, count=found.count, next_offset=end if end < found.count else None)
    headers = {"etag": f'"{tag_of(version)}"', "vary": "accept"}
    return Response(body.model_dump_json(), media_type="application/json", headers=headers)


def _file(
    name: RecordsName,
    found: Found[Any],
    version: ProblemVersion,
    form: Form,
    language: Language,
) -> Response:
    content = records_file(name, found.rows, language, is_csv=form == "csv")
    answer = file_response(content, form, f"{name}-{version.problem_id}")
    answer.headers["etag"] = f'"{tag_of(version)}-{form}-{language}"'
    return answer
