"""Secrets that stand for somebody: given out once, kept as hashes."""

from __future__ import annotations

import hashlib
import secrets

API_TOKEN_PREFIX = "ungeplan_"  # noqa: S105 - no secret
"""Lets people and scanners see what a token is for."""


def make_token() -> str:
    """256 random bits as text."""
    return secrets.token_urlsafe(32)


def make_api_token() -> str:
    """A token for a program."""
    return API_TOKEN_PREFIX + make_token()


def token_sha256(token: str) -> str:
    """What is kept of a token; it is random, so that a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()
