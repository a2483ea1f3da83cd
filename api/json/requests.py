"""What JSON routes demand of a request beyond who sends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Header, Query
from pydantic import BeforeValidator, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api.errors import WrongInput
from api.faults import fault_of
from api.security.requests import CSRF_HEADER, refuse_foreign_token
from api.services.submissions import Answer, Submission, submission_of
from providers import Record
from scheduler.language import Message


def refuse_unsafe_without_token(request: Request) -> None:
    """A change comes from a program with an API token, or from a page of this session."""
    refuse_foreign_token(request, request.headers.get(CSRF_HEADER, ""))


OwnRequest = Depends(refuse_unsafe_without_token)
"""For routes that change something; comes after the caller."""
Most = Annotated[int, Query(ge=1, le=100, description="How many to list at most.")]
Offset = Annotated[int, Query(ge=0, le=10**6, description="How many to leave out first.")]


async def read_submission(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=128,
            pattern="^[!-~]+$",
            description="A key of your own, such as a UUID. The same key with the same request"
            " gets the same answer for a day, and nothing is done twice.",
        ),
    ] = None,
) -> Submission:
    """What was sent, and the key that stands for it."""
    path = request.url.path
    return submission_of(idempotency_key, request.method, path, await request.body())


Submitted = Annotated[Submission, Depends(read_submission)]
"""For routes that must not do the same thing twice."""


def respond(answer: Answer) -> Response:
    """The answer as it is sent; whether it is a repeated one stands in a header."""
    repeated = {"idempotent-replayed": "true"} if answer.is_repeated else {}
    headers = {**answer.headers, **repeated}
    return Response(answer.body, answer.status, headers, media_type="application/json")


def as_json(record: type[Record]) -> BeforeValidator:
    """To be written ``Annotated[Problem, as_json(Problem)]``.

    Records are strict, and only JSON knows that a list stands for a tuple.
    """
    return BeforeValidator(_reader(record))


def _reader(record: type[Record]) -> Callable[[object], object]:
    def read(value: object) -> object:
        if isinstance(value, record):
            return value
        try:
            return record.model_validate_json(json.dumps(value))
        except ValidationError as error:
            faults = error.errors(include_input=False, include_url=False, include_context=False)
            raise WrongInput(
                [
                    fault_of(
                        Message("{what}", what=fault["msg"]),
                        ".".join(str(part) for part in fault["loc"]),
                    )
                    for fault in faults
                ]
            ) from error

    return read
