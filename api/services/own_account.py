"""What people do for their own account: another password, and tokens for their programs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import NotAllowed, NotFound, WrongInput
from api.faults import fault_of
from api.security.api_tokens import issue_api_token
from api.security.caller import Caller
from api.security.passwords import hash_password, is_password
from api.security.sessions import begin_session, end_sessions_of
from api.security.throttle import forget_failures, note_failure, refuse_if_too_early
from api.services.accounts import refuse_short_password
from api.store import AccountRow, ApiTokenRow, Store
from scheduler.cpr import looks_like_cpr
from scheduler.language import Message

TOKEN_DAYS = (30, 90, 365)
"""How long a token can be good for."""
_MOST_TOKENS = 20
_MOST_LABEL = 60
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token, without what it is."""

    id: int
    label: str
    created_at: dt.datetime
    expires_at: dt.datetime
    revoked_at: dt.datetime | None

    @property
    def is_valid(self) -> bool:
        """Whether it still stands for somebody."""
        return self.revoked_at is None and self.expires_at > now()


def change_password(store: Store, caller: Caller, current: str, new: str, address: str) -> str:
    """The new password holds, and the token of a new session; all earlier sessions are over.

    Raises
    ------
    WrongInput
        If the current password is wrong, or the new one is too short or the same.
    TooManyAttempts
        If it was wrong too often.
    """
    refuse_short_password(new, "new")
    if new == current:
        raise WrongInput(
            [fault_of(Message("Choose another password than the current one."), "new")]
        )
    with store.read() as session:
        refuse_if_too_early(session, caller.name, address)
        kept = session.get_one(AccountRow, caller.account_id).password_hash
    is_right = is_password(current, kept)
    hashed = hash_password(new) if is_right else ""
    with store.write() as session:
        refuse_if_too_early(session, caller.name, address)
        row = session.get_one(AccountRow, caller.account_id)
        if is_right and row.password_hash == kept:
            forget_failures(session, caller.name, address)
            row.password_hash, row.must_change_password = hashed, False
            end_sessions_of(session, caller.account_id)
            return begin_session(session, caller.account_id)
        note_failure(session, caller.name, address)
    raise WrongInput([fault_of(Message("That is not your current password."), "current")])


def list_api_tokens(session: Session, account_id: int) -> tuple[ApiToken, ...]:
    """The account's tokens, the newest first."""
    rows = session.scalars(
        select(ApiTokenRow)
        .where(ApiTokenRow.account_id == account_id)
        .order_by(ApiTokenRow.id.desc())
    )
    return tuple(
        ApiToken(row.id, row.label, row.created_at, row.expires_at, row.revoked_at) for row in rows
    )


def make_api_token(session: Session, caller: Caller, label: str, days: int) -> str:
    """A new token; it is kept nowhere, so that it can be shown just now.

    Raises
    ------
    NotAllowed
        If a program asks: a token must not make others that outlive it.
    WrongInput
        If label or days will not do, or there are too many.
    """
    label = label.strip()
    if not 0 < len(label) <= _MOST_LABEL or _UNREADABLE.search(label):
        what = Message("Say in at most {most} characters what it is for.", most=_MOST_LABEL)
        raise WrongInput([fault_of(what, "label")])
    if looks_like_cpr(label):
        what = Message("Something here looks like a CPR number. Write the person's id instead.")
        raise WrongInput([fault_of(what, "label")])
    if days not in TOKEN_DAYS:
        raise WrongInput([fault_of(Message("Choose how long it is good for."), "days")])
    valid = select(func.count()).where(
        ApiTokenRow.account_id == caller.account_id,
        ApiTokenRow.revoked_at.is_(None),
        ApiTokenRow.expires_at > now(),
    )
    if (session.scalar(valid) or 0) >= _MOST_TOKENS:
        what = Message("You have {most} tokens already. Revoke one first.", most=_MOST_TOKENS)
        raise WrongInput([fault_of(what, "label")])
    if caller.csrf_token is None:
        raise NotAllowed(Message("Tokens are made on your own page, not by programs."))
    return issue_api_token(session, caller.account_id, label, days)


def revoke_api_token(session: Session, caller: Caller, token_id: int) -> None:
    """The token stands for nobody any more.

    Raises
    ------
    NotFound
        If the caller has no such token.
    """
    row = session.get(ApiTokenRow, token_id)
    if row is None or row.account_id != caller.account_id:
        raise NotFound(Message("You have no such token."))
    if row.revoked_at is None:
        row.revoked_at = now()
