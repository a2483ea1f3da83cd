"""Problems, by JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset, OwnRequest, Submitted, as_json, respond
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.changes import tag_of
from api.services.plans import note_lookup
from api.services.problems import ProblemVersion, add_problem, latest_version, list_problems
from api.services.submissions import Answer, answer_once
from api.state import state_of
from providers import Record
from scheduler.problem import Problem

ROUTER = APIRouter(prefix="/problems", tags=["problems"], responses=RESPONSES)


class ProblemSummary(Record):
    """A problem in numbers."""

    id: int
    title: str
    version: int
    """1, 2, 3 …"""
    version_id: int
    people: int | None
    """None: the caller may not see people."""
    sites: int
    created_at: dt.datetime


class ProblemPage(Record):
    """Some of the problems."""

    items: tuple[ProblemSummary, ...]
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


class ProblemDetail(Record):
    """A version of a problem, whole."""

    id: int
    version: int
    version_id: int
    sha256: str
    """Of the canonical input, as ``plan.json`` states it."""
    problem: Problem


@ROUTER.get("", summary="List the problems")
def list_problems_json(
    request: Request,
    caller: Annotated[Caller, may(Action.READ_PROBLEM)],
    most: Most = 20,
    offset: Offset = 0,
) -> ProblemPage:
    """The newest first."""
    sees_people = caller.may(Action.READ_PERSON)
    with state_of(request).store.read() as session:
        found = list_problems(session, most=most + 1, offset=offset)
    items = tuple(
        ProblemSummary(
            id=each.id,
            title=each.title,
            version=each.version,
            version_id=each.version_id,
            people=each.people if sees_people else None,
            sites=each.sites,
            created_at=each.created_at,
        )
        for each in found[:most]
    )
    return ProblemPage(items=items, next_offset=offset + most if len(found) > most else None)


@ROUTER.post(
    "",
    status_code=201,
    summary="Store a problem",
    response_model=ProblemDetail,
    dependencies=[OwnRequest],
)
def add_problem_json(
    request: Request,
    problem: Annotated[Problem, as_json(Problem)],
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
    submission: Submitted,
) -> Response:
    """The first version of a new problem."""

    def do(session: Session) -> Answer:
        version = add_problem(session, problem, caller.account_id, "JSON")
        headers = {
            "location": f"/api/v1/problems/{version.problem_id}",
            "etag": f'"{tag_of(version)}"',
        }
        return Answer(201, headers, detail_of(version).model_dump_json())

    return respond(answer_once(state_of(request).store, caller.account_id, submission, do))


@ROUTER.get("/{problem_id}", summary="The latest version of a problem")
def read_problem_json(
    request: Request,
    response: Response,
    problem_id: int,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
) -> ProblemDetail:
    """With its rows of people, so that it is written down who saw them."""
    with state_of(request).store.write() as session:
        version = latest_version(session, problem_id)
        note_lookup(session, caller, Action.READ_PERSON, version.id)
    response.headers["etag"] = f'"{tag_of(version)}"'
    return detail_of(version)


def detail_of(version: ProblemVersion) -> ProblemDetail:
    """The version as it is sent."""
    return ProblemDetail(
        id=version.problem_id,
        version=version.number,
        version_id=version.id,
        sha256=version.sha256,
        problem=version.problem,
    )
