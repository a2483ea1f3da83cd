"""What JSON routes demand of a request beyond who sends it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from starlette.requests import Request

from api.security.requests import CSRF_HEADER, refuse_foreign_token


def refuse_unsafe_without_token(request: Request) -> None:
    """A change comes from a program with an API token, or from a page of this session."""
    refuse_foreign_token(request, request.headers.get(CSRF_HEADER, ""))


OwnRequest = Depends(refuse_unsafe_without_token)
"""For routes that change something; comes after the caller."""
Most = Annotated[int, Query(ge=1, le=100, description="How many to list at most.")]
Offset = Annotated[int, Query(ge=0, le=10**6, description="How many to leave out first.")]
