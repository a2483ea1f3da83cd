"""Plans, with the problem that they answer; each look at people is written down."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.clock import now
from api.errors import NotFound
from api.security.caller import Caller
from api.services.packing import unpack
from api.services.problems import version_by_id
from api.services.runs import RunSettings, problem_of_run
from api.store import LookupRow, PlanRow, RunRow
from scheduler.language import Message
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.views.books import Books

_MOST_CACHED = 8


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan with its problem and books."""

    id: int
    run_id: int
    problem_id: int
    problem_version_id: int
    sha256: str
    created_at: dt.datetime
    problem: Problem
    document: PlanDocument
    books: Books


def plan_by_id(session: Session, plan_id: int) -> StoredPlan:
    """A plan.

    Raises
    ------
    NotFound
        If there is none with that id.
    """
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise NotFound(Message("There is no such plan."))
    version = version_by_id(session, row.problem_version_id)
    run = session.get_one(RunRow, row.run_id)
    problem = problem_of_run(version.problem, RunSettings.model_validate_json(run.settings))
    books = _books(_Same(row.sha256, problem, row.document))
    return StoredPlan(
        id=row.id,
        run_id=row.run_id,
        problem_id=version.problem_id,
        problem_version_id=version.id,
        sha256=row.sha256,
        created_at=row.created_at,
        problem=problem,
        document=books.document,
        books=books,
    )


def plan_json_by_id(session: Session, plan_id: int) -> bytes:
    """``plan.json`` of a plan.

    Raises
    ------
    NotFound
        If there is none with that id.
    """
    row = session.get(PlanRow, plan_id)
    if row is None:
        raise NotFound(Message("There is no such plan."))
    return unpack(row.document)


def note_lookup(
    session: Session, caller: Caller, what: str, version_id: int, person_id: str | None = None
) -> None:
    """It is written down that the caller saw a person or a list of everybody, or took a file."""
    session.add(
        LookupRow(
            account_id=caller.account_id,
            at=now(),
            what=what,
            problem_version_id=version_id,
            person_id=person_id,
        )
    )


class _Same:
    """What the books are made from, alike where the plan's hash is."""

    __slots__ = ("document", "problem", "sha256")

    def __init__(self, sha256: str, problem: Problem, document: bytes) -> None:
        self.sha256, self.problem, self.document = sha256, problem, document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _books(same: _Same) -> Books:
    """A plan never changes, so that adding it up once is enough."""
    return Books(same.problem, PlanDocument.model_validate_json(unpack(same.document)))
