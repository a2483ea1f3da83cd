"""Accounts as an administrator sees to them: made, given roles, locked, let in again."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import Conflict, NotFound, Outdated, WrongInput
from api.faults import Fault, fault_of
from api.security.api_tokens import revoke_api_tokens_of
from api.security.caller import Caller
from api.security.passwords import hash_password, make_password
from api.security.permissions import Action, Role
from api.security.sessions import end_sessions_of
from api.store import AccountRow, Store
from scheduler.cpr import looks_like_cpr
from scheduler.language import Message

_NAME = re.compile(r"[0-9a-zæøåäöüé][0-9a-zæøåäöüé._@\-]{1,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """An account, without its password."""

    id: int
    name: str
    roles: tuple[Role, ...]
    is_active: bool
    must_change_password: bool
    created_at: dt.datetime
    tag: str
    """Changes with roles and state."""


def list_accounts(session: Session, *, most: int = 200, offset: int = 0) -> tuple[Account, ...]:
    """Everybody, by name."""
    rows = session.scalars(select(AccountRow).order_by(AccountRow.name).limit(most).offset(offset))
    return tuple(_account(row) for row in rows)


def account_by_id(session: Session, account_id: int) -> Account:
    """An account.

    Raises
    ------
    NotFound
        If there is none with that id.
    """
    return _account(_row(session, account_id))


def make_account(
    store: Store, caller: Caller, name: str, roles: Collection[Role]
) -> tuple[Account, str]:
    """A new account, and a password that its owner must change at the first log-in.

    Raises
    ------
    WrongInput
        If the name is taken or no name, or the roles do not go together.
    """
    caller.demand(Action.MANAGE_ACCOUNTS)
    name = name.strip().lower()
    faults = [*_name_faults(name), *_role_faults(roles)]
    if faults:
        raise WrongInput(faults)
    password = make_password()
    kept = hash_password(password)
    try:
        with store.write() as session:
            row = AccountRow(
                name=name,
                roles=_joined(roles),
                password_hash=kept,
                created_at=now(),
                must_change_password=True,
            )
            session.add(row)
            session.flush()
            return _account(row), password
    except IntegrityError as error:
        taken = Message("There is an account of that name already.")
        raise WrongInput([fault_of(taken, "name")]) from error


def change_account(
    session: Session,
    caller: Caller,
    account_id: int,
    seen: str,
    roles: Collection[Role],
    *,
    is_active: bool,
) -> Account:
    """The account has those roles, and is locked or not; who is locked is logged in nowhere.

    Parameters
    ----------
    session
        A transaction that writes.
    caller
        Who asks.
    account_id
        Whose account.
    seen
        The tag of the account that was seen.
    roles
        All of them.
    is_active
        False locks it.

    Raises
    ------
    NotFound
        If there is no such account.
    Outdated
        If it has been changed since it was seen.
    Conflict
        If nobody would be left who can see to accounts, or it is the caller's own.
    WrongInput
        If the roles do not go together.
    """
    caller.demand(Action.MANAGE_ACCOUNTS)
    # All of them, so that two administrators cannot lock each other at the same time.
    rows = {row.id: row for row in session.scalars(select(AccountRow).with_for_update())}
    row = rows.get(account_id)
    if row is None:
        raise NotFound(Message("There is no such account."))
    if _account(row).tag != seen:
        raise Outdated(Message("Somebody else has changed the account. Look again."))
    faults = [*_role_faults(roles)]
    if faults:
        raise WrongInput(faults)
    if account_id == caller.account_id and not (is_active and "administrator" in roles):
        raise Conflict(Message("Another administrator must lock you, or take the role from you."))
    row.roles, row.is_active = _joined(roles), is_active
    if not is_active:
        end_sessions_of(session, account_id)
    session.flush()
    return _account(row)


def reset_password(store: Store, caller: Caller, account_id: int) -> tuple[Account, str]:
    """A password for one log-in; sessions and API tokens of the account are over.

    Raises
    ------
    NotFound
        If there is no such account.
    Conflict
        If it is the caller's own.
    """
    caller.demand(Action.MANAGE_ACCOUNTS)
    if account_id == caller.account_id:
        raise Conflict(Message("Change your own password on your own page."))
    password = make_password()
    kept = hash_password(password)
    with store.write() as session:
        row = _row(session, account_id)
        row.password_hash, row.must_change_password = kept, True
        end_sessions_of(session, account_id)
        revoke_api_tokens_of(session, account_id)
        session.flush()
        return _account(row), password


def _row(session: Session, account_id: int) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise NotFound(Message("There is no such account."))
    return row


def _account(row: AccountRow) -> Account:
    state = f"{row.id} {row.roles} {row.is_active}"
    return Account(
        id=row.id,
        name=row.name,
        roles=tuple(cast("list[Role]", row.roles.split())),
        is_active=row.is_active,
        must_change_password=row.must_change_password,
        created_at=row.created_at,
        tag=hashlib.sha256(state.encode()).hexdigest()[:16],
    )


def _joined(roles: Collection[Role]) -> str:
    return " ".join(sorted(set(roles)))


def _name_faults(name: str) -> Iterator[Fault]:
    if looks_like_cpr(name):
        yield fault_of(Message("That looks like a CPR number. Choose another name."), "name")
    elif not _NAME.fullmatch(name):
        what = Message("A name has 2 to 64 letters and digits, and perhaps . _ @ or - between.")
        yield fault_of(what, "name")


def _role_faults(roles: Collection[Role]) -> Iterator[Fault]:
    if not roles:
        yield fault_of(Message("Choose a role at least."), "roles")
    if "auditor" in roles and len(set(roles)) > 1:
        what = Message("An auditor changes nothing, and has no other role.")
        yield fault_of(what, "roles")
