"""Problems and their versions."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import NotFound
from api.services.packing import pack, unpack
from api.store import ProblemRow, ProblemVersionRow
from scheduler.files import canonical_sha256
from scheduler.language import Message
from scheduler.problem import Problem

_MOST_CACHED = 16


@dataclass(frozen=True, slots=True)
class ProblemInBrief:
    """A line of the list of problems: its latest version."""

    id: int
    title: str
    version: int
    version_id: int
    people: int
    sites: int
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ProblemVersion:
    """A version with its content."""

    id: int
    problem_id: int
    number: int
    parent_id: int | None
    sha256: str
    what_changed: str
    created_at: dt.datetime
    problem: Problem


def add_problem(
    session: Session,
    problem: Problem,
    account_id: int,
    what: str,
    parent: ProblemVersion | None = None,
) -> ProblemVersion:
    """A new problem, whose first version is `problem`, perhaps made from another's version."""
    row = ProblemRow(title=problem.title, created_by=account_id, created_at=now())
    session.add(row)
    session.flush()
    parent_id = None if parent is None else parent.id
    return _add(session, row.id, parent_id, 1, problem, account_id, what)


def add_version(
    session: Session, parent: ProblemVersion, problem: Problem, account_id: int, what: str
) -> ProblemVersion:
    """The next version of the problem that `parent` is of."""
    latest = session.scalar(
        select(func.max(ProblemVersionRow.number)).where(
            ProblemVersionRow.problem_id == parent.problem_id
        )
    )
    number = (latest or 0) + 1
    return _add(session, parent.problem_id, parent.id, number, problem, account_id, what)


def list_problems(session: Session, *, most: int = 100, offset: int = 0) -> list[ProblemInBrief]:
    """The problems that are in use, the newest first."""
    latest = (
        select(func.max(ProblemVersionRow.id).label("id"))
        .group_by(ProblemVersionRow.problem_id)
        .subquery()
    )
    rows = session.execute(
        select(ProblemRow, ProblemVersionRow)
        .join(ProblemVersionRow, ProblemVersionRow.problem_id == ProblemRow.id)
        .join(latest, latest.c.id == ProblemVersionRow.id)
        .where(ProblemRow.archived_at.is_(None))
        .order_by(ProblemVersionRow.id.desc())
        .limit(most)
        .offset(offset)
    )
    return [
        ProblemInBrief(
            problem.id,
            problem.title,
            version.number,
            version.id,
            version.people,
            version.sites,
            version.created_at,
        )
        for problem, version in rows
    ]


def latest_version(session: Session, problem_id: int) -> ProblemVersion:
    """The newest version of a problem.

    Raises
    ------
    NotFound
        If there is no such problem.
    """
    row = session.scalar(
        select(ProblemVersionRow)
        .where(ProblemVersionRow.problem_id == problem_id)
        .order_by(ProblemVersionRow.number.desc())
        .limit(1)
    )
    return _version(row)


def version_by_id(session: Session, version_id: int) -> ProblemVersion:
    """A version.

    Raises
    ------
    NotFound
        If there is none with that id.
    """
    return _version(session.get(ProblemVersionRow, version_id))


def _version(row: ProblemVersionRow | None) -> ProblemVersion:
    if row is None:
        raise NotFound(Message("There is no such problem."))
    return ProblemVersion(
        row.id,
        row.problem_id,
        row.number,
        row.parent_id,
        row.sha256,
        row.what_changed,
        row.created_at,
        _problem(row.content),
    )


def _add(
    session: Session,
    problem_id: int,
    parent_id: int | None,
    number: int,
    problem: Problem,
    account_id: int,
    what: str,
) -> ProblemVersion:
    row = ProblemVersionRow(
        problem_id=problem_id,
        number=number,
        parent_id=parent_id,
        content=pack(problem.model_dump_json()),
        sha256=canonical_sha256(problem),
        what_changed=what[:1000],
        people=len(problem.people),
        sites=len(problem.sites),
        created_by=account_id,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    return _version(row)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _problem(content: bytes) -> Problem:
    """A version never changes, so that reading it once is enough."""
    return Problem.model_validate_json(unpack(content))
