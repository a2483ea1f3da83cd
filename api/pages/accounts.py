"""Accounts, for administrators: who may log in, and as what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Conflict, Outdated, WrongInput
from api.faults import Fault, fault_of
from api.pages.rendering import render
from api.security.caller import Caller
from api.security.permissions import ROLE_LABELS, ROLES, Action, Role
from api.security.requests import OwnForm, field_of, may
from api.services.account_administration import (
    Account,
    account_by_id,
    change_account,
    list_accounts,
    make_account,
    reset_password,
)
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter()
ROLE_NOTES: Mapping[Role, Message] = {
    "planner": Message("uploads, changes and plans; sees people"),
    "approver": Message("decides on plans that others made; sees people"),
    "buyer": Message("prices, scenarios and comparisons; sees numbers of people only"),
    "finance": Message("money by line and month; sees no people"),
    "engineer": Message("how runs go; sees no people"),
    "auditor": Message("sees everything and changes nothing"),
    "administrator": Message("sees to accounts; sees no people"),
}


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """Everybody who may log in, or could once."""

    template: ClassVar[str] = "pages/accounts.html"

    accounts: tuple[Account, ...]
    role_labels: Mapping[Role, Message]


@dataclass(frozen=True, slots=True)
class NewAccountPage:
    """A name and roles, as typed."""

    template: ClassVar[str] = "pages/new_account.html"

    name: str
    chosen: frozenset[str]
    role_labels: Mapping[Role, Message]
    role_notes: Mapping[Role, Message]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account, and what can be done with it."""

    template: ClassVar[str] = "pages/account.html"

    account: Account
    is_own: bool
    chosen: frozenset[str]
    is_active: bool
    """As typed."""
    role_labels: Mapping[Role, Message]
    role_notes: Mapping[Role, Message]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class OneTimePasswordPage:
    """A password for one log-in, shown this once."""

    template: ClassVar[str] = "pages/one_time_password.html"

    account: Account
    password: str


@ROUTER.get("/accounts")
def show_accounts(
    request: Request, caller: Annotated[Caller, may(Action.MANAGE_ACCOUNTS)]
) -> Response:
    """The list."""
    with state_of(request).store.read() as session:
        found = list_accounts(session, most=1000)
    return render(request, AccountsPage(found, ROLE_LABELS), caller)


@ROUTER.get("/accounts/new")
def show_new_account(
    request: Request, caller: Annotated[Caller, may(Action.MANAGE_ACCOUNTS)]
) -> Response:
    """The form."""
    page = NewAccountPage("", frozenset(), ROLE_LABELS, ROLE_NOTES, ())
    return render(request, page, caller)


@ROUTER.post("/accounts/new")
def send_new_account(
    request: Request, caller: Annotated[Caller, may(Action.MANAGE_ACCOUNTS)], form: OwnForm
) -> Response:
    """The account is made and its password shown, or the form is shown again."""
    name, roles = field_of(form, "name"), _roles(form)
    try:
        account, password = make_account(state_of(request).store, caller, name, roles)
    except WrongInput as error:
        page = NewAccountPage(name, frozenset(roles), ROLE_LABELS, ROLE_NOTES, error.faults)
        return render(request, page, caller)
    return render(request, OneTimePasswordPage(account, password), caller)


@ROUTER.get("/accounts/{account_id:int}")
def show_account(
    request: Request, account_id: int, caller: Annotated[Caller, may(Action.MANAGE_ACCOUNTS)]
) -> Response:
    """The page."""
    with state_of(request).store.read() as session:
        account = account_by_id(session, account_id)
    return _show(request, caller, account, frozenset(account.roles), account.is_active)


@ROUTER.post("/accounts/{account_id:int}")
def send_account(
    request: Request,
    account_id: int,
    caller: Annotated[Caller, may(Action.MANAGE_ACCOUNTS)],
    form: OwnForm,
) -> Response:
    """Roles and lock are as sent, or the form is shown again."""
    roles, is_active = _roles(form), field_of(form, "lock") != "locked"
    seen = field_of(form, "seen")
    store = state_of(request).store
    try:
        with store.write() as session:
            change_account(session, caller, account_id, seen, roles, is_active=is_active)
    except (WrongInput, Conflict, Outdated) as error:
        faults = error.faults if isinstance(error, WrongInput) else (fault_of(error.message),)
        with store.read() as session:
            account = account_by_id(session, account_id)
        return _show(request, caller, account, frozenset(roles), is_active, faults)
    return RedirectResponse("/accounts", status_code=303)


@ROUTER.post("/accounts/{account_id:int}/password")
def send_reset(
    request: Request,
    account_id: int,
    caller: Annotated[Caller, may(Action.MANAGE_ACCOUNTS)],
    _form: OwnForm,
) -> Response:
    """A new password is made and shown."""
    account, password = reset_password(state_of(request).store, caller, account_id)
    return render(request, OneTimePasswordPage(account, password), caller)


def _show(
    request: Request,
    caller: Caller,
    account: Account,
    chosen: frozenset[str],
    is_active: bool,  # noqa: FBT001 - as typed
    faults: tuple[Fault, ...] = (),
) -> Response:
    page = AccountPage(
        account=account,
        is_own=account.id == caller.account_id,
        chosen=chosen,
        is_active=is_active,
        role_labels=ROLE_LABELS,
        role_notes=ROLE_NOTES,
        faults=faults,
    )
    return render(request, page, caller)


def _roles(form: FormData) -> list[Role]:
    sent = set(form.getlist("roles"))
    return [role for role in ROLES if role in sent]
