"""Accounts: who there is, and the log-in."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import WrongInput
from api.faults import fault_of
from api.security.passwords import (
    LEAST_CHARACTERS,
    MOST_CHARACTERS,
    hash_password,
    is_password,
    make_password,
)
from api.security.permissions import Role
from api.security.sessions import begin_session, end_old_sessions
from api.security.throttle import forget_failures, note_failure, refuse_if_too_early
from api.settings import Settings
from api.store import AccountRow, Store
from scheduler.language import Message

FIRST_ACCOUNT = "administrator"


def add_account(session: Session, name: str, roles: Collection[Role], password: str) -> AccountRow:
    """A new account.

    Raises
    ------
    WrongInput
        If the password is too short.
    """
    refuse_short_password(password, "password")
    row = AccountRow(
        name=name.strip().lower(),
        roles=" ".join(sorted(roles)),
        password_hash=hash_password(password),
        created_at=now(),
    )
    session.add(row)
    session.flush()
    return row


def refuse_short_password(password: str, field: str) -> None:
    """The password is as long as passwords must be, and no longer than is read.

    Raises
    ------
    WrongInput
        If it is not.
    """
    if len(password) < LEAST_CHARACTERS:
        fault = Message("A password has at least {least} characters.", least=LEAST_CHARACTERS)
        raise WrongInput([fault_of(fault, field)])
    if len(password) > MOST_CHARACTERS:
        fault = Message("A password has at most {most} characters.", most=MOST_CHARACTERS)
        raise WrongInput([fault_of(fault, field)])


def add_first_account(session: Session) -> tuple[AccountRow, str] | None:
    """The first account and its password, where there is none yet.

    It is an administrator, and a planner too, so that there is something to see.
    """
    if session.scalar(select(func.count()).select_from(AccountRow)):
        return None
    password = make_password()
    return add_account(session, FIRST_ACCOUNT, ("administrator", "planner"), password), password


def log_in(store: Store, settings: Settings, name: str, password: str, address: str) -> str | None:
    """The token of a new session; none where name and password do not go together.

    Raises
    ------
    TooManyAttempts
        If the last failure is too recent.
    """
    name = name.strip().lower()
    with store.read() as session:
        refuse_if_too_early(session, name, address)
        account = session.scalar(select(AccountRow).where(AccountRow.name == name))
    kept = account.password_hash if account is not None and account.is_active else None
    is_right = is_password(password, kept)
    with store.write() as session:
        # Again, under the lock: many at the same time shall not each have a free try.
        refuse_if_too_early(session, name, address)
        if not is_right or account is None:
            note_failure(session, name, address)
            return None
        forget_failures(session, name, address)
        end_old_sessions(session, settings)
        return begin_session(session, account.id)
