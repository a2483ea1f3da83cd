"""What people see where a request is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import MustChangePassword, NotLoggedIn, RequestRefused, WrongInput
from api.pages.rendering import render
from api.security.caller import Caller
from scheduler.language import Message


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Why it cannot be shown."""

    template: ClassVar[str] = "pages/error.html"

    title: Message
    message: Message


def refuse_page(request: Request, error: RequestRefused) -> Response:
    """The error as a page, or the log-in where somebody must show who they are."""
    if isinstance(error, NotLoggedIn):
        here = request.url.path if request.method == "GET" else "/"
        where = f"/login?next={quote(here)}"
        if request.headers.get("hx-request") == "true":
            return Response(status_code=401, headers={"hx-redirect": "/login"})
        return RedirectResponse(where, status_code=303)
    if isinstance(error, MustChangePassword):
        where = "/me/password"
        if request.headers.get("hx-request") == "true":
            return Response(status_code=403, headers={"hx-redirect": where})
        return RedirectResponse(where, status_code=303)
    message = error.message
    if isinstance(error, WrongInput) and error.faults:
        message = Message("{what}", what=error.faults[0].text)
    # Whoever is logged in keeps the way to everything else.
    caller: Caller | None = getattr(request.state, "caller", None)
    return render(request, ErrorPage(error.title, message), caller, status=error.status)


def break_down_page(request: Request) -> Response:
    """Something failed that nobody foresaw."""
    page = ErrorPage(
        Message("Something went wrong"),
        Message("It is not your fault. Try again, and tell whoever runs Ungeplan if it goes on."),
    )
    return render(request, page, status=500)
