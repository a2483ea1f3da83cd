"""API tokens: what programs show instead of a password."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.security.caller import Caller
from api.security.sessions import caller_of
from api.security.tokens import make_api_token, token_sha256
from api.store import AccountRow, ApiTokenRow, Store


def issue_api_token(session: Session, account_id: int, label: str, days: int) -> str:
    """A new token; shown once."""
    token = make_api_token()
    session.add(
        ApiTokenRow(
            account_id=account_id,
            label=label,
            token_sha256=token_sha256(token),
            created_at=now(),
            expires_at=now() + dt.timedelta(days=days),
        )
    )
    return token


def revoke_api_tokens_of(session: Session, account_id: int) -> None:
    """No token of the account stands for anybody any more."""
    session.execute(
        update(ApiTokenRow)
        .where(ApiTokenRow.account_id == account_id, ApiTokenRow.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def caller_of_api_token(store: Store, token: str) -> Caller | None:
    """Who the token stands for; none where it is unknown, revoked or too old."""
    with store.read() as session:
        found = session.execute(
            select(ApiTokenRow, AccountRow)
            .join(AccountRow, AccountRow.id == ApiTokenRow.account_id)
            .where(ApiTokenRow.token_sha256 == token_sha256(token))
        ).one_or_none()
    if found is None:
        return None
    row, account = found
    if row.revoked_at is not None or row.expires_at <= now() or not account.is_active:
        return None
    return caller_of(account, None)
