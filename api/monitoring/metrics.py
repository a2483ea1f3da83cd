"""``/metrics``: what is measured, as Prometheus reads it."""

from __future__ import annotations

import hmac

from fastapi import APIRouter
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api.settings import Settings, is_loopback
from api.state import state_of

ROUTER = APIRouter()


@ROUTER.get("/metrics")
def show_metrics(request: Request) -> Response:
    """The figures, for whoever has the token; without one set, for this machine alone."""
    state = state_of(request)
    if not _may_read(request, state.settings):
        return PlainTextResponse(
            "Metrics are for this machine alone, or for whoever has UNGEPLAN_METRICS_TOKEN.\n",
            403,
        )
    return Response(
        generate_latest(state.measured),
        headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4},
    )


def _may_read(request: Request, settings: Settings) -> bool:
    if settings.metrics_token:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        right = settings.metrics_token.encode()
        return scheme.casefold() == "bearer" and hmac.compare_digest(token.strip().encode(), right)
    # Behind a proxy everybody may seem to be on this machine.
    is_direct = not settings.public_url and "x-forwarded-for" not in request.headers
    return is_direct and request.client is not None and is_loopback(request.client.host)
