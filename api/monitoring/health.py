"""Whether the application lives, and whether it can do its work; anybody may ask."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse

from api.services.readiness import readiness
from api.state import state_of

ROUTER = APIRouter()


@ROUTER.get("/healthz")
def show_health() -> PlainTextResponse:
    """The process lives. Nothing else is asked, so that nothing else can make it be restarted."""
    return PlainTextResponse("ok\n")


@ROUTER.get("/readyz")
def show_readiness(request: Request) -> JSONResponse:
    """Status 200 where requests and runs can be served, 503 where not, and what is missing."""
    state = state_of(request)
    found = readiness(state.store, state.is_dispatching)
    return JSONResponse(
        {
            "ready": found.is_ready,
            "database": found.database,
            "migrations": found.migrations,
            "dispatcher": found.dispatcher,
        },
        200 if found.is_ready else 503,
    )
