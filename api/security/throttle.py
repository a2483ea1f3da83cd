"""After failed log-ins the next one has to wait, longer each time."""

from __future__ import annotations

import datetime as dt
import hashlib
import math

from sqlalchemy.orm import Session

from api.clock import now
from api.errors import TooManyAttempts
from api.store import LoginFailureRow
from scheduler.language import Message

_FREE_BY_ADDRESS = 3
"""Failures by one name from one address that cost nothing."""
_FREE_BY_NAME = 20
"""Failures by one name from anywhere: many, so that others cannot lock somebody out."""
_LONGEST_SECONDS = 900
_FORGOTTEN = dt.timedelta(hours=24)


def refuse_if_too_early(session: Session, name: str, address: str) -> None:
    """Enough time has passed since the last failure.

    Raises
    ------
    TooManyAttempts
        If it has not; says how long to wait.
    """
    waits = [_wait_seconds(session, key, free) for key, free in _keys(name, address)]
    if max(waits) > 0:
        raise TooManyAttempts(
            Message(
                "Too many failed log-ins. Try again in {seconds} seconds.",
                seconds=math.ceil(max(waits)),
            )
        )


def note_failure(session: Session, name: str, address: str) -> None:
    """One more log-in has failed."""
    for key, _ in _keys(name, address):
        row = session.get(LoginFailureRow, key)
        if row is None:
            session.add(LoginFailureRow(key_sha256=key, failures=1, last_at=now()))
        else:
            row.failures = row.failures + 1 if now() - row.last_at < _FORGOTTEN else 1
            row.last_at = now()


def forget_failures(session: Session, name: str, address: str) -> None:
    """A log-in from that address has succeeded."""
    row = session.get(LoginFailureRow, _keys(name, address)[0][0])
    if row is not None:
        session.delete(row)


def _keys(name: str, address: str) -> tuple[tuple[str, int], tuple[str, int]]:
    def key(*parts: str) -> str:
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    return (key(name, address), _FREE_BY_ADDRESS), (key(name), _FREE_BY_NAME)


def _wait_seconds(session: Session, key: str, free: int) -> float:
    row = session.get(LoginFailureRow, key)
    if row is None or row.failures < free or now() - row.last_at >= _FORGOTTEN:
        return 0.0
    wait = min(float(_LONGEST_SECONDS), 2.0 ** min(30, row.failures - free))
    return wait - (now() - row.last_at).total_seconds()
