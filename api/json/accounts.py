"""Accounts and one's own, by JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Header, Response
from starlette.requests import Request

from api.errors import NoVersionNamed
from api.json.problem_details import RESPONSES
from api.json.requests import Most, Offset, OwnRequest, as_json
from api.security.caller import Caller
from api.security.permissions import ROLES, Action, Role
from api.security.requests import may
from api.services.account_administration import (
    Account,
    account_by_id,
    change_account,
    list_accounts,
    make_account,
    reset_password,
)
from api.services.own_account import list_api_tokens, revoke_api_token
from api.state import state_of
from providers import Record
from scheduler.language import Message

ROUTER = APIRouter(tags=["accounts"], responses=RESPONSES)
Manager = Annotated[Caller, may(Action.MANAGE_ACCOUNTS)]
Own = Annotated[Caller, may(Action.OWN_SESSION)]
IfMatch = Annotated[
    str | None,
    Header(description="The `ETag` of the account that was seen. Another's edit is never undone."),
]


class AccountDetail(Record):
    """Somebody who may log in."""

    id: int
    name: str
    roles: tuple[Role, ...]
    is_active: bool
    """False: locked."""
    must_change_password: bool
    """The password was made by others, and is good for nothing but to be changed."""
    created_at: dt.datetime


class AccountPage(Record):
    """Some of the accounts."""

    items: tuple[AccountDetail, ...]
    """By name."""
    next_offset: int | None
    """Where the next ones begin; none: there are no more."""


class NewAccount(Record):
    """An account that shall be."""

    name: str
    """What is typed at the log-in; kept in lower case."""
    roles: tuple[Role, ...]


class AccountChange(Record):
    """What an account shall be."""

    roles: tuple[Role, ...]
    """All of them."""
    is_active: bool
    """False locks it: nobody can log in with it, and its tokens do not work."""


class OneTimePassword(Record):
    """A password that is shown this once."""

    account: AccountDetail
    password: str
    """Must be changed at the first log-in."""


class Me(Record):
    """Who asks."""

    name: str
    roles: tuple[Role, ...]


class TokenDetail(Record):
    """An API token, without what it is."""

    id: int
    label: str
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None
    """None: it was not revoked."""


class TokenList(Record):
    """One's own tokens."""

    items: tuple[TokenDetail, ...]
    """The newest first."""


@ROUTER.get("/accounts", summary="The accounts")
def list_accounts_json(
    request: Request, _caller: Manager, most: Most = 50, offset: Offset = 0
) -> AccountPage:
    """Everybody who may log in, or could once."""
    with state_of(request).store.read() as session:
        found = list_accounts(session, most=most + 1, offset=offset)
    end = offset + most
    return AccountPage(
        items=tuple(_detail(each) for each in found[:most]),
        next_offset=end if len(found) > most else None,
    )


@ROUTER.post("/accounts", status_code=201, summary="Make an account", dependencies=[OwnRequest])
def make_account_json(
    request: Request,
    response: Response,
    new: Annotated[NewAccount, as_json(NewAccount)],
    caller: Manager,
) -> OneTimePassword:
    """With a password for one log-in, which is in this answer and nowhere else."""
    account, password = make_account(state_of(request).store, caller, new.name, new.roles)
    response.headers["location"] = f"/api/v1/accounts/{account.id}"
    response.headers["etag"] = f'"{account.tag}"'
    return OneTimePassword(account=_detail(account), password=password)


@ROUTER.get("/accounts/{account_id}", summary="An account")
def read_account_json(
    request: Request, response: Response, account_id: int, _caller: Manager
) -> AccountDetail:
    """Its ``ETag`` is needed to change it."""
    with state_of(request).store.read() as session:
        account = account_by_id(session, account_id)
    response.headers["etag"] = f'"{account.tag}"'
    return _detail(account)


@ROUTER.put(
    "/accounts/{account_id}", summary="Change or lock an account", dependencies=[OwnRequest]
)
def change_account_json(
    request: Request,
    response: Response,
    account_id: int,
    change: Annotated[AccountChange, as_json(AccountChange)],
    caller: Manager,
    if_match: IfMatch = None,
) -> AccountDetail:
    """The account as it is now."""
    if if_match is None:
        raise NoVersionNamed(Message("Send the ETag of the account that you saw in If-Match."))
    seen = if_match.strip().removeprefix("W/").strip('"')
    with state_of(request).store.write() as session:
        account = change_account(
            session, caller, account_id, seen, change.roles, is_active=change.is_active
        )
    response.headers["etag"] = f'"{account.tag}"'
    return _detail(account)


@ROUTER.post(
    "/accounts/{account_id}/password", summary="Make a new password", dependencies=[OwnRequest]
)
def reset_password_json(request: Request, account_id: int, caller: Manager) -> OneTimePassword:
    """For one log-in; sessions and tokens of the account are over."""
    account, password = reset_password(state_of(request).store, caller, account_id)
    return OneTimePassword(account=_detail(account), password=password)


@ROUTER.get("/me", summary="Who asks")
def read_me_json(caller: Own) -> Me:
    """The account that the token or session stands for."""
    return Me(name=caller.name, roles=tuple(role for role in ROLES if role in caller.roles))


@ROUTER.get("/me/tokens", summary="One's own API tokens")
def list_tokens_json(request: Request, caller: Own) -> TokenList:
    """Those that were revoked too. They are made on one's own page only."""
    with state_of(request).store.read() as session:
        found = list_api_tokens(session, caller.account_id)
    return TokenList(
        items=tuple(
            TokenDetail(
                id=each.id,
                label=each.label,
                created_at=each.created_at,
                expires_at=each.expires_at,
                revoked_at=each.revoked_at,
            )
            for each in found
        )
    )


@ROUTER.delete(
    "/me/tokens/{token_id}",
    status_code=204,
    summary="Revoke one of one's own API tokens",
    dependencies=[OwnRequest],
)
def revoke_token_json(request: Request, token_id: int, caller: Own) -> Response:
    """It stands for nobody any more."""
    with state_of(request).store.write() as session:
        revoke_api_token(session, caller, token_id)
    return Response(status_code=204)


def _detail(account: Account) -> AccountDetail:
    return AccountDetail(
        id=account.id,
        name=account.name,
        roles=account.roles,
        is_active=account.is_active,
        must_change_password=account.must_change_password,
        created_at=account.created_at,
    )
