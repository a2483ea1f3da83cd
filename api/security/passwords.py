"""Passwords: hashed by argon2, made of words that can be read aloud where we make them."""

from __future__ import annotations

import functools
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST_CHARACTERS = 12
"""Of a password that somebody chooses."""
MOST_CHARACTERS = 256
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LETTERS = 5, 4
# Each hash takes 64 MiB; many at a time must not take all memory.
_TURNS = threading.Semaphore(2)


def make_password() -> str:
    """A password of 99 random bits, such as ``h7kp-2mdx-…``, without letters that look alike."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS)
    )


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _TURNS:
        return _hasher().hash(password)


def is_password(password: str, kept: str | None) -> bool:
    """Whether it is the password; takes as long where there is no such account (`kept` is none)."""
    if len(password) > MOST_CHARACTERS:
        return False
    with _TURNS:
        try:
            return _hasher().verify(kept or _nobodys(), password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


@functools.cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@functools.cache
def _nobodys() -> str:
    return _hasher().hash(secrets.token_urlsafe())
