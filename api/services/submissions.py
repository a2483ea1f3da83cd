"""A submit with an idempotency key is answered once; sent again, it gets the same answer.

Programs send a key of their own with whatever must not be done twice. The answer is kept in the
transaction that does it, so that either both are there or none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import KeyUsedOtherwise
from api.services.packing import pack, unpack
from api.store import IdempotencyRow, Store
from scheduler.language import Message

KEPT = dt.timedelta(hours=24)
"""An answer may hold people's data, so that it is not kept for longer than retries take."""


@dataclass(frozen=True, slots=True)
class Submission:
    """Something that was sent, and the key that stands for it."""

    key: str | None
    sha256: str
    """Of what was sent, and where to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: str
    """JSON."""
    is_repeated: bool = False
    """It was kept from the first time."""


class _TakenError(Exception):
    """Somebody sent that key before."""


def submission_of(key: str | None, method: str, path: str, body: bytes) -> Submission:
    """What was sent, by its hash."""
    digest = hashlib.sha256(f"{method} {path}\n".encode() + body)
    return Submission(key, digest.hexdigest())


def answer_once(
    store: Store, account_id: int, submission: Submission, do: Callable[[Session], Answer]
) -> Answer:
    """What `do` answers, or what it answered when the same was sent before.

    Parameters
    ----------
    store
        Where answers are kept.
    account_id
        Who sends it: each account has keys of its own.
    submission
        What was sent; without a key it is done every time.
    do
        Does what is asked for, in the transaction that it is given.

    Raises
    ------
    KeyUsedOtherwise
        If something else was sent with that key.
    """
    if submission.key is None:
        with store.write() as session:
            return do(session)
    try:
        with store.write() as session:
            row = _claim(session, account_id, submission.key, submission.sha256)
            answer = do(session)
            row.status = answer.status
            row.answer = pack(json.dumps({"headers": dict(answer.headers), "body": answer.body}))
            row.location = answer.headers.get("location", "")
            return answer
    except _TakenError:
        return _kept(store, account_id, submission.key, submission.sha256)


def _claim(session: Session, account_id: int, key: str, sha256: str) -> IdempotencyRow:
    """The key, which is this transaction's; whoever sends it meanwhile waits for its end."""
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < now() - KEPT))
    if session.get(IdempotencyRow, (account_id, key)) is not None:
        raise _TakenError
    row = IdempotencyRow(
        account_id=account_id,
        key=key,
        request_sha256=sha256,
        status=0,
        location="",
        answer=b"",
        created_at=now(),
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise _TakenError from error
    return row


def _kept(store: Store, account_id: int, key: str, sha256: str) -> Answer:
    with store.read() as session:
        row = session.get_one(IdempotencyRow, (account_id, key))
    if row.request_sha256 != sha256:
        raise KeyUsedOtherwise(
            Message("That Idempotency-Key was sent before, with something else.")
        )
    kept = json.loads(unpack(row.answer))
    return Answer(row.status, kept["headers"], kept["body"], is_repeated=True)
