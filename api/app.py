"""The application, put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Lifespan

import api.json
import api.monitoring
import api.pages
from api.errors import NotFound, RequestRefused
from api.json.problem_details import (
    ProblemDetails,
    break_down_json,
    refuse_invalid,
    refuse_json,
)
from api.monitoring.measuring import Measurements, MeasureRequests
from api.pages.errors import break_down_page, refuse_page
from api.routers import routers_of
from api.runs.dispatcher import Dispatcher
from api.security.headers import BodyLimit, SecurityHeaders
from api.settings import Settings
from api.state import State
from api.store import Store
from api.texts import add_texts
from scheduler.language import Message

_HERE = Path(__file__).parent
_JSON = "/api/v1"
_MEGABYTE = 2**20
_FORM_BYTES = 64 * 2**10
"""What a form may hold beside its files."""


def make_app(settings: Settings, store: Store, dispatcher: Dispatcher | None = None) -> FastAPI:
    """The application.

    Parameters
    ----------
    settings
        How it runs.
    store
        With its tables made.
    dispatcher
        Started and closed with the application; none: runs stay in the queue.
    """
    add_texts()
    app = FastAPI(
        title="Ungeplan",
        summary="Plans courses for young people: the same as the pages, for programs.",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{_JSON}/openapi.json",
        lifespan=_lifespan(dispatcher),
    )
    is_dispatching = _is_dispatching(dispatcher)
    measurements = Measurements(store, is_dispatching)
    app.state.ungeplan = State(
        settings, store, _wake(dispatcher), is_dispatching, measurements.registry
    )
    _add_routes(app)
    _describe_faults(app)
    _add_errors(app)
    hosts = ["127.0.0.1", "localhost", "::1", "[::1]", settings.host]
    hosts += [urlsplit(settings.public_url).hostname or "localhost"]
    if settings.allow_plain_http or settings.tls_certificate is not None:
        hosts = ["*"]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(BodyLimit, most_bytes=settings.upload_megabytes * _MEGABYTE + _FORM_BYTES)
    app.add_middleware(SecurityHeaders, is_https=settings.is_https)
    app.add_middleware(MeasureRequests, requests=measurements.requests)
    return app


def _add_routes(app: FastAPI) -> None:
    v1 = APIRouter(prefix=_JSON)
    for router in routers_of(api.json):
        v1.include_router(router)
    app.include_router(v1)
    for package in (api.monitoring, api.pages):
        for router in routers_of(package):
            app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")


def _describe_faults(app: FastAPI) -> None:
    """The OpenAPI document has the record of what went wrong, which no route answers with."""
    schema = app.openapi

    def openapi() -> dict[str, object]:
        described = schema()
        schemas = described.setdefault("components", {}).setdefault("schemas", {})
        own = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(own.pop("$defs", {}))
        schemas["ProblemDetails"] = own
        return described

    app.openapi = openapi  # type: ignore[method-assign]


def _add_errors(app: FastAPI) -> None:
    def refuse(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestRefused)
        return refuse_json(error) if _is_json(request) else refuse_page(request, error)

    def refuse_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == NotFound.status:
            return refuse(request, NotFound(Message("There is no such page.")))
        return refuse(request, _other(error.status_code))

    def refuse_schema(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        if _is_json(request):
            return refuse_invalid(error)
        return refuse_page(request, NotFound(Message("There is no such page.")))

    def break_down(request: Request, _error: Exception) -> Response:
        return break_down_json() if _is_json(request) else break_down_page(request)

    app.add_exception_handler(RequestRefused, refuse)
    app.add_exception_handler(HTTPException, refuse_http)
    app.add_exception_handler(RequestValidationError, refuse_schema)
    app.add_exception_handler(Exception, break_down)


def _other(status: int) -> RequestRefused:
    """A refusal by the framework, such as of a method."""
    refused = RequestRefused(Message("The request cannot be understood"))
    refused.status = status  # type: ignore[misc]
    return refused


def _is_json(request: Request) -> bool:
    return request.url.path.startswith(f"{_JSON}/")


def _wake(dispatcher: Dispatcher | None) -> Callable[[], None]:
    return dispatcher.wake if dispatcher is not None else lambda: None


def _is_dispatching(dispatcher: Dispatcher | None) -> Callable[[], bool]:
    return lambda: dispatcher is not None and dispatcher.is_alive


def _lifespan(dispatcher: Dispatcher | None) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if dispatcher is not None:
            dispatcher.start()
        try:
            yield
        finally:
            if dispatcher is not None:
                dispatcher.close()

    return lifespan
