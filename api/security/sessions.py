"""Sessions of browsers: rows that end by themselves."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import cast

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from api.clock import now
from api.security.caller import Caller
from api.security.permissions import Role
from api.security.tokens import make_token, token_sha256
from api.settings import Settings
from api.store import AccountRow, SessionRow, Store

_SEEN_EVERY = dt.timedelta(seconds=60)
"""A session is noted as seen no more often than this: reading pages should not write."""


def begin_session(session: Session, account_id: int) -> str:
    """The token of a new session; it goes into the cookie and nowhere else."""
    token = make_token()
    session.add(
        SessionRow(
            token_sha256=token_sha256(token),
            account_id=account_id,
            csrf_token=make_token(),
            created_at=now(),
            seen_at=now(),
        )
    )
    return token


def end_session(session: Session, token: str) -> None:
    """The token stands for nobody any more."""
    session.execute(delete(SessionRow).where(SessionRow.token_sha256 == token_sha256(token)))


def end_sessions_of(session: Session, account_id: int) -> None:
    """The account is logged in nowhere any more."""
    session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))


def end_old_sessions(session: Session, settings: Settings) -> None:
    """Sessions past their limits are gone."""
    session.execute(
        delete(SessionRow).where(
            or_(
                SessionRow.seen_at < now() - dt.timedelta(minutes=settings.session_idle_minutes),
                SessionRow.created_at < now() - dt.timedelta(hours=settings.session_hours),
            )
        )
    )


def caller_of_session(store: Store, token: str, settings: Settings) -> Caller | None:
    """Who the token stands for; none where the session has ended."""
    with store.read() as session:
        row = session.get(SessionRow, token_sha256(token))
        account = None if row is None else session.get(AccountRow, row.account_id)
    if row is None or account is None or not account.is_active or _has_ended(row, settings):
        return None
    if now() - row.seen_at > _SEEN_EVERY:
        with store.write() as session:
            seen = session.get(SessionRow, row.token_sha256)
            if seen is not None:
                seen.seen_at = now()
    return caller_of(account, row.csrf_token)


def caller_of(account: AccountRow, csrf_token: str | None) -> Caller:
    """The account as somebody who asks."""
    roles = cast("frozenset[Role]", frozenset(account.roles.split()))
    return Caller(account.id, account.name, roles, csrf_token, account.must_change_password)


def is_csrf_token(caller: Caller, sent: str) -> bool:
    """Whether a form was made for this session."""
    return caller.csrf_token is not None and secrets.compare_digest(
        caller.csrf_token.encode(), sent.encode()
    )


def _has_ended(row: SessionRow, settings: Settings) -> bool:
    idle = dt.timedelta(minutes=settings.session_idle_minutes)
    whole = dt.timedelta(hours=settings.session_hours)
    return now() - row.seen_at > idle or now() - row.created_at > whole
