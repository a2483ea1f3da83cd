"""The log-in, the log-out, and the choice of language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import TooManyAttempts
from api.faults import Fault, fault_of
from api.pages.rendering import render
from api.security.caller import Caller
from api.security.cookies import (
    delete_session_cookie,
    session_cookie_name,
    set_language_cookie,
    set_session_cookie,
)
from api.security.permissions import Action
from api.security.requests import AnyForm, OwnForm, field_of, may, refuse_other_sites
from api.security.sessions import end_session
from api.services.accounts import log_in
from api.state import state_of
from scheduler.language import Language, Message

ROUTER = APIRouter()


@dataclass(frozen=True, slots=True)
class LoginPage:
    """Who somebody is."""

    template: ClassVar[str] = "pages/login.html"

    name: str
    """As typed before."""
    next: str
    """Where to go afterwards."""
    faults: tuple[Fault, ...]


@ROUTER.get("/login")
def show_login(request: Request, next: str = "/") -> Response:  # noqa: A002 - a word of addresses
    """The form."""
    return render(request, LoginPage("", own_path(next), ()))


@ROUTER.post("/login")
def send_login(request: Request, form: AnyForm) -> Response:
    """Logs in, or shows the form again."""
    refuse_other_sites(request)
    state = state_of(request)
    name, where = field_of(form, "name"), own_path(field_of(form, "next"))
    address = request.client.host if request.client else ""
    try:
        token = log_in(state.store, state.settings, name, field_of(form, "password"), address)
    except TooManyAttempts as error:
        page = LoginPage(name, where, (fault_of(error.message, "name"),))
        return render(request, page)
    if token is None:
        wrong = fault_of(Message("The name and the password do not go together."), "name")
        return render(request, LoginPage(name, where, (wrong,)))
    answer = RedirectResponse(where, status_code=303)
    set_session_cookie(answer, token, state.settings)
    return answer


@ROUTER.post("/logout")
def send_logout(
    request: Request,
    _caller: Annotated[Caller, may(Action.OWN_PASSWORD)],
    _form: OwnForm,
) -> Response:
    """The session is over."""
    state = state_of(request)
    token = request.cookies.get(session_cookie_name(state.settings), "")
    with state.store.write() as session:
        end_session(session, token)
    answer = RedirectResponse("/login", status_code=303)
    delete_session_cookie(answer, state.settings)
    return answer


@ROUTER.post("/language")
def send_language(request: Request, form: AnyForm) -> Response:
    """The pages speak that language from now on."""
    refuse_other_sites(request)
    answer = RedirectResponse(own_path(field_of(form, "next")), status_code=303)
    language: Language = "en" if field_of(form, "language") == "en" else "da"
    set_language_cookie(answer, language, state_of(request).settings)
    return answer


def own_path(path: str) -> str:
    """The path, if it leads to a page of ours; else the front page."""
    is_ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if is_ours and path.isprintable() else "/"
