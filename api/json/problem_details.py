"""Errors as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.responses import JSONResponse

from api.errors import RequestRefused, WrongInput
from api.faults import Fault, fault_of
from providers import Record
from scheduler.language import LocalText, Message

MEDIA_TYPE = "application/problem+json"


class ProblemDetails(Record):
    """Why a request was refused."""

    type: str = "about:blank"
    """What kind of problem it is; the status says it all so far."""
    title: str
    """In short, in English."""
    status: int
    """The HTTP status."""
    detail: LocalText
    """In words, in each language."""
    faults: tuple[Fault, ...] = Field(default=())
    """Everything that is wrong with the input, each with its place."""


RESPONSES: dict[int | str, dict[str, object]] = {
    status: {
        "description": text,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
    for status, text in {
        400: "The request cannot be understood",
        401: "Log in first",
        403: "The role does not allow it",
        404: "Not found",
        406: "Not in that format",
        409: "It cannot be done now",
        412: "It has changed since you looked",
        413: "Too much at once",
        422: "Some of the input is wrong",
        428: "Say in If-Match which version you saw",
    }.items()
}


def refuse_json(error: RequestRefused) -> JSONResponse:
    """The error for a program."""
    faults = error.faults if isinstance(error, WrongInput) else ()
    details = ProblemDetails(
        title=str(error.title), status=error.status, detail=error.message.local(), faults=faults
    )
    return _answer(details)


def refuse_invalid(error: RequestValidationError) -> JSONResponse:
    """A request that does not fit its schema; what stood in it is not echoed."""
    faults = tuple(
        fault_of(
            Message("{what}", what=str(each["msg"])), ".".join(str(part) for part in each["loc"])
        )
        for each in error.errors()
    )
    return refuse_json(WrongInput(faults))


def break_down_json() -> JSONResponse:
    """Something failed that nobody foresaw."""
    text = Message("Something went wrong")
    return _answer(ProblemDetails(title=str(text), status=500, detail=text.local()))


def _answer(details: ProblemDetails) -> JSONResponse:
    headers = {"www-authenticate": "Bearer"} if details.status == 401 else {}  # noqa: PLR2004
    return JSONResponse(
        details.model_dump(mode="json"), details.status, headers, media_type=MEDIA_TYPE
    )
