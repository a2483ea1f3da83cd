"""A problem from files, by JSON: a workbook, CSV files, or these in one zip file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api.errors import RequestRefused
from api.json.problem_details import RESPONSES
from api.json.problems import ProblemDetail, detail_of
from api.json.requests import OwnRequest, Submitted, respond
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may, read_form, refuse_if_too_large
from api.services.changes import tag_of
from api.services.problems import add_problem
from api.services.submissions import Answer, answer_once
from api.services.upload import read_upload
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter(prefix="/problems", tags=["problems"], responses=RESPONSES)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
_NAMES = {XLSX: "plan.xlsx", ZIP: "plan.zip"}
_FORM = "multipart/form-data"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILES = {
    "type": "object",
    "required": ["files"],
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "description": "One .xlsx or .zip file, or .csv files with a plan.toml.",
        }
    },
}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {_FORM: {"schema": _FILES}, XLSX: _BINARY, ZIP: _BINARY},
    }
}


async def read_files(request: Request) -> AsyncIterator[dict[str, bytes]]:
    """The files that were sent, by their names.

    Raises
    ------
    TooLarge, RequestRefused
        If there is too much, or the content type is none of those that are read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind in _NAMES:
        content = await request.body()
        refuse_if_too_large(request)
        yield {_NAMES[kind]: content}
    elif kind == _FORM:
        async for form in read_form(request):
            yield await _files_of(form)
    else:
        raise RequestRefused(
            Message(
                "Send a workbook, a zip file, or files as multipart/form-data, and say so in "
                "Content-Type."
            )
        )


async def _files_of(form: FormData) -> dict[str, bytes]:
    uploads = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
    return {each.filename: await each.read() for each in uploads if each.filename}


@ROUTER.post(
    "/upload",
    status_code=201,
    summary="Store a problem from files",
    response_model=ProblemDetail,
    dependencies=[OwnRequest],
    openapi_extra=_BODY,
)
def upload_problem_json(
    request: Request,
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
    submission: Submitted,
    files: Annotated[dict[str, bytes], Depends(read_files)],
) -> Response:
    """The first version of a new problem; every fault of the files is told with its cell."""
    state = state_of(request)
    problem = read_upload(files, state.settings)

    def do(session: Session) -> Answer:
        version = add_problem(session, problem, caller.account_id, ", ".join(sorted(files)))
        headers = {
            "location": f"/api/v1/problems/{version.problem_id}",
            "etag": f'"{tag_of(version)}"',
        }
        return Answer(201, headers, detail_of(version).model_dump_json())

    return respond(answer_once(state.store, caller.account_id, submission, do))
