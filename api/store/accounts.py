"""Who may come in, and who is in."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from api.store.base import AccountKey, Base


class AccountRow(Base, kw_only=True):
    """Somebody who may log in."""

    __tablename__ = "accounts"
    __table_args__ = (CheckConstraint("name = lower(name)", name="name_is_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    """What is typed at the log-in, in lower case."""
    roles: Mapped[str]
    """Names of `api.security.permissions.Role`, with spaces between."""
    password_hash: Mapped[str]
    created_at: Mapped[dt.datetime]
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The password was made by an administrator, and lets its owner do nothing but change it."""


class SessionRow(Base, kw_only=True):
    """Somebody who is logged in with a browser."""

    __tablename__ = "sessions"

    token_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Of the token in the cookie; the token itself is kept nowhere."""
    account_id: Mapped[AccountKey]
    csrf_token: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]


class ApiTokenRow(Base, kw_only=True):
    """A program that may act for somebody."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[AccountKey]
    label: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class LoginFailureRow(Base, kw_only=True):
    """Log-ins that failed in a row, by name or by name and address."""

    __tablename__ = "login_failures"

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[dt.datetime]


class LookupRow(Base, kw_only=True):
    """Who looked at which person, and when."""

    __tablename__ = "lookups"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    account_id: Mapped[AccountKey]
    at: Mapped[dt.datetime]
    what: Mapped[str] = mapped_column(String(40))
    """The action, such as ``plan.read``, and after a colon the file that was taken."""
    problem_version_id: Mapped[int] = mapped_column(ForeignKey("problem_versions.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(String(64), default=None, index=True)
    """None: a list of everybody in the problem."""


class IdempotencyRow(Base, kw_only=True):
    """A submit that has been answered; sent again, it gets the same answer."""

    __tablename__ = "idempotency_keys"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    location: Mapped[str]
    answer: Mapped[bytes]
    created_at: Mapped[dt.datetime]
