"""One's own account: another password, and tokens for one's programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import TooManyAttempts, WrongInput
from api.faults import Fault, fault_of
from api.pages.rendering import render
from api.security.caller import Caller
from api.security.cookies import set_session_cookie
from api.security.passwords import LEAST_CHARACTERS
from api.security.permissions import ROLE_LABELS, ROLES, Action, Role
from api.security.requests import OwnForm, field_of, may
from api.services.own_account import (
    TOKEN_DAYS,
    ApiToken,
    change_password,
    list_api_tokens,
    make_api_token,
    revoke_api_token,
)
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter()


@dataclass(frozen=True, slots=True)
class MePage:
    """Who somebody is, and the tokens of their programs."""

    template: ClassVar[str] = "pages/me.html"

    name: str
    roles: tuple[Role, ...]
    role_labels: Mapping[Role, Message]
    has_changed_password: bool
    """Just now."""
    tokens: tuple[ApiToken, ...]
    days: tuple[int, ...]
    label: str
    chosen_days: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class PasswordPage:
    """Another password; nothing that was typed is shown again."""

    template: ClassVar[str] = "pages/password.html"

    name: str
    must_change: bool
    least: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class NewTokenPage:
    """A token, shown this once."""

    template: ClassVar[str] = "pages/new_token.html"

    label: str
    days: int
    token: str
    address: str
    """Of a question to try it with."""


@ROUTER.get("/me")
def show_me(
    request: Request,
    caller: Annotated[Caller, may(Action.OWN_SESSION)],
    changed: str = "",
) -> Response:
    """The page."""
    return _show(request, caller, has_changed_password=changed == "password")


@ROUTER.get("/me/password")
def show_password(
    request: Request, caller: Annotated[Caller, may(Action.OWN_PASSWORD)]
) -> Response:
    """The form."""
    return _show_password(request, caller, ())


@ROUTER.post("/me/password")
def send_password(
    request: Request, caller: Annotated[Caller, may(Action.OWN_PASSWORD)], form: OwnForm
) -> Response:
    """The new password holds and other log-ins are over, or the form is shown again."""
    state = state_of(request)
    new, again = field_of(form, "new"), field_of(form, "again")
    if new != again:
        fault = fault_of(Message("This is not the same as the new password."), "again")
        return _show_password(request, caller, (fault,))
    address = request.client.host if request.client else ""
    try:
        token = change_password(state.store, caller, field_of(form, "current"), new, address)
    except WrongInput as error:
        return _show_password(request, caller, error.faults)
    except TooManyAttempts as error:
        return _show_password(request, caller, (fault_of(error.message, "current"),))
    answer = RedirectResponse("/me?changed=password", status_code=303)
    set_session_cookie(answer, token, state.settings)
    return answer


@ROUTER.get("/me/tokens")
def show_tokens(_caller: Annotated[Caller, may(Action.OWN_SESSION)]) -> Response:
    """They stand on the page itself; a form that was wrong leaves its address behind."""
    return RedirectResponse("/me", status_code=303)


@ROUTER.post("/me/tokens")
def send_token(
    request: Request, caller: Annotated[Caller, may(Action.OWN_SESSION)], form: OwnForm
) -> Response:
    """The token is made and shown, or the form is shown again."""
    state = state_of(request)
    label, days = field_of(form, "label"), field_of(form, "days")
    number = int(days) if days.isascii() and days.isdigit() and len(days) < len("10000") else 0
    try:
        with state.store.write() as session:
            token = make_api_token(session, caller, label, number)
    except WrongInput as error:
        return _show(request, caller, label=label, days=days, faults=error.faults)
    address = f"{state.settings.origin}/api/v1/problems"
    return render(request, NewTokenPage(label, number, token, address), caller)


@ROUTER.post("/me/tokens/{token_id:int}/revoke")
def send_revoke(
    request: Request,
    token_id: int,
    caller: Annotated[Caller, may(Action.OWN_SESSION)],
    _form: OwnForm,
) -> Response:
    """The token is good for nothing any more."""
    with state_of(request).store.write() as session:
        revoke_api_token(session, caller, token_id)
    return RedirectResponse("/me", status_code=303)


def _show(
    request: Request,
    caller: Caller,
    *,
    has_changed_password: bool = False,
    label: str = "",
    days: str = "90",
    faults: tuple[Fault, ...] = (),
) -> Response:
    with state_of(request).store.read() as session:
        tokens = list_api_tokens(session, caller.account_id)
    page = MePage(
        name=caller.name,
        roles=tuple(role for role in ROLES if role in caller.roles),
        role_labels=ROLE_LABELS,
        has_changed_password=has_changed_password,
        tokens=tokens,
        days=TOKEN_DAYS,
        label=label,
        chosen_days=days,
        faults=faults,
    )
    return render(request, page, caller)


def _show_password(request: Request, caller: Caller, faults: tuple[Fault, ...]) -> Response:
    page = PasswordPage(caller.name, caller.must_change_password, LEAST_CHARACTERS, faults)
    return render(request, page, caller)
