"""Changes of a problem, by JSON: each is made to a version that the caller names."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Header, Response
from starlette.requests import Request

from api.errors import NoVersionNamed
from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset, OwnRequest, as_json
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.changes import AnyChange, change_problem, list_versions, tag_of
from api.services.plans import note_lookup
from api.services.problems import latest_version
from api.state import state_of
from providers import Record
from scheduler.language import LocalText, Message

ROUTER = APIRouter(prefix="/problems", tags=["problems"], responses=RESPONSES)
IfMatch = Annotated[
    str | None,
    Header(description="The `ETag` of the version that was seen. Another's edit is never undone."),
]


class ChangeRequest(Record):
    """What shall be otherwise."""

    change: AnyChange
    """One change."""


class VersionDetail(Record):
    """A version in short."""

    id: int
    problem_id: int
    version: int
    """1, 2, 3 …"""
    sha256: str
    """Of the canonical input, as ``plan.json`` states it."""


class VersionLine(Record):
    """A line of a problem's history."""

    id: int
    version: int
    parent: int | None
    """The version that it was made from; none: the first, or made from another problem."""
    what: LocalText
    """What was changed."""
    by: str
    at: dt.datetime
    sha256: str


class VersionPage(Record):
    """Some of the versions."""

    items: tuple[VersionLine, ...]
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


@ROUTER.post(
    "/{problem_id}/changes",
    status_code=201,
    summary="Change a problem",
    dependencies=[OwnRequest],
)
def change_problem_json(
    request: Request,
    response: Response,
    problem_id: int,
    asked: Annotated[ChangeRequest, as_json(ChangeRequest)],
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
    if_match: IfMatch = None,
) -> VersionDetail:
    """A new version with the change, if the one that was seen is still the latest."""
    if if_match is None:
        raise NoVersionNamed(Message("Send the ETag of the problem that you saw in If-Match."))
    base = if_match.strip().removeprefix("W/").strip('"')
    store = state_of(request).store
    version = change_problem(store, problem_id, base, asked.change, caller.account_id)
    response.headers["etag"] = f'"{tag_of(version)}"'
    response.headers["location"] = f"/api/v1/problems/{problem_id}"
    return VersionDetail(
        id=version.id,
        problem_id=version.problem_id,
        version=version.number,
        sha256=version.sha256,
    )


@ROUTER.get("/{problem_id}/versions", summary="The versions of a problem")
def list_versions_json(
    request: Request,
    response: Response,
    problem_id: int,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
    most: Most = 20,
    offset: Offset = 0,
) -> VersionPage:
    """The newest first; pins name people, so that it is written down who saw them."""
    with state_of(request).store.write() as session:
        latest = latest_version(session, problem_id)
        found = list_versions(session, latest, most=most + 1, offset=offset)
        note_lookup(session, caller, Action.READ_PERSON, latest.id)
    response.headers["etag"] = f'"{tag_of(latest)}"'
    items = tuple(
        VersionLine(
            id=each.id,
            version=each.number,
            parent=each.parent_number,
            what=each.what.local(),
            by=each.by,
            at=each.at,
            sha256=each.sha256,
        )
        for each in found[:most]
    )
    return VersionPage(items=items, next_offset=offset + most if len(found) > most else None)
