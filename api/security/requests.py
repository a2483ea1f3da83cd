"""From a request to somebody who may do what it asks; every route declares its action by `may`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from api.errors import (
    MustChangePassword,
    NotAllowed,
    NotFound,
    NotLoggedIn,
    RequestRefused,
    TooLarge,
)
from api.security.api_tokens import caller_of_api_token
from api.security.caller import Caller
from api.security.cookies import session_cookie_name
from api.security.permissions import Action
from api.security.sessions import caller_of_session, is_csrf_token
from api.state import state_of
from scheduler.language import Message

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "x-csrf-token"
_TEXT_IDS = frozenset({"person_id"})
_LARGEST_NUMBER = 2**63 - 1
_MOST_FIELDS = 2000
_MOST_FILES = 40


@dataclass(frozen=True, slots=True)
class Demand:
    """A dependency: the caller, who may do the action; the same class is found again by tests."""

    action: Action

    def __call__(self, request: Request) -> Caller:
        """Who asks.

        Raises
        ------
        NotLoggedIn, MustChangePassword, NotAllowed
            If they may not, or the request was made by another site.
        """
        caller = _caller(request)
        if caller is None:
            raise NotLoggedIn(Message("Log in, and try again."))
        if caller.must_change_password and self.action is not Action.OWN_PASSWORD:
            raise MustChangePassword(
                Message("Your password was made by others. Choose one of your own first.")
            )
        request.state.caller = caller
        caller.demand(self.action)
        _refuse_impossible_numbers(request)
        return caller


def may(action: Action) -> Any:
    """To be written ``caller: Annotated[Caller, may(Action.READ_PLAN)]``."""
    return Depends(Demand(action))


def _refuse_impossible_numbers(request: Request) -> None:
    """No row has a number that no database can hold; asking for one would break the query."""
    for name, value in request.path_params.items():
        is_number = name.endswith("_id") and name not in _TEXT_IDS and f"{value}".isdecimal()
        if is_number and int(value) > _LARGEST_NUMBER:
            raise NotFound(Message("There is no such page."))


def _caller(request: Request) -> Caller | None:
    state = state_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.casefold() == "bearer":
        return caller_of_api_token(state.store, token.strip())
    if request.method not in SAFE_METHODS:
        refuse_other_sites(request)
    cookie = request.cookies.get(session_cookie_name(state.settings))
    return caller_of_session(state.store, cookie, state.settings) if cookie else None


def refuse_other_sites(request: Request) -> None:
    """The browser says that our own page sent this.

    Raises
    ------
    NotAllowed
        If another site did, or the browser does not say.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        origin = request.headers.get("origin")
        is_ours = origin is not None and origin == f"{request.url.scheme}://{request.url.netloc}"
        is_ours = is_ours or (origin is not None and origin == state_of(request).settings.origin)
    if not is_ours:
        raise NotAllowed(Message("This was not sent from a page of Ungeplan."))


async def read_form(request: Request) -> AsyncIterator[FormData]:
    """The fields of a form, within limits, until the answer is sent.

    Raises
    ------
    TooLarge, RequestRefused
        If there is too much of it, or it is no form.
    """
    try:
        form = await request.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS)
    except Exception as error:
        refuse_if_too_large(request)
        raise RequestRefused(Message("The form cannot be read.")) from error
    try:
        refuse_if_too_large(request)
        yield form
    finally:
        await form.close()


AnyForm = Annotated[FormData, Depends(read_form)]
"""The fields of a form, whoever made it."""


def read_own_form(request: Request, form: AnyForm) -> FormData:
    """The fields of a form that was made for this very session.

    Raises
    ------
    NotAllowed
        If it was not.
    """
    sent = form.get(CSRF_FIELD) or request.headers.get(CSRF_HEADER, "")
    refuse_foreign_token(request, sent if isinstance(sent, str) else "")
    return form


def refuse_foreign_token(request: Request, sent: str) -> None:
    """What was sent is this session's token, or the caller is a program and needs none.

    Raises
    ------
    NotAllowed
        If it is not.
    """
    if request.headers.get("authorization"):
        return
    caller = _caller(request)
    if caller is None:
        raise NotLoggedIn(Message("Log in, and try again."))
    if not is_csrf_token(caller, sent):
        raise NotAllowed(
            Message("The form is from an earlier log-in. Open the page again, and send it again.")
        )


def refuse_if_too_large(request: Request) -> None:
    """The whole of what was sent has been read.

    Raises
    ------
    TooLarge
        If it was more than is read.
    """
    if request.scope.get("ungeplan_too_large"):
        most = state_of(request).settings.upload_megabytes
        raise TooLarge(Message("At most {most} MB can be sent at a time.", most=most))


OwnForm = Annotated[FormData, Depends(read_own_form)]
"""The fields of a form that was made for this session; comes after the caller."""


def field_of(form: FormData, name: str) -> str:
    """A field's text; empty where it was not sent."""
    value = form.get(name, "")
    return "" if isinstance(value, UploadFile) else value.strip()
