"""Versions of a problem: changes make new ones, and each can be taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.errors import Conflict, NotFound, Outdated, WrongInput
from api.faults import fault_of
from api.services.problems import ProblemVersion, add_version, latest_version, version_by_id
from api.store import AccountRow, ProblemRow, ProblemVersionRow, Store
from providers import Record
from scheduler.changes import (
    Change,
    FixPlacement,
    ForbidPlacement,
    RemovePin,
    SetBudget,
    SetCapacity,
    apply_change,
    describe_change,
    take_back,
)
from scheduler.errors import ChangeRefused
from scheduler.language import Message
from scheduler.problem import Problem


class TakeBack(Record):
    """What a version changed is as it was before; later changes are kept."""

    kind: Literal["take-back"] = "take-back"
    version: Annotated[int, Field(ge=2, le=10**6)]
    """The version's number."""


AnyChange = Annotated[
    FixPlacement | ForbidPlacement | RemovePin | SetCapacity | SetBudget | TakeBack,
    Field(discriminator="kind"),
]


class ListedChanges(Record):
    """A list of changes in short; the list itself stands in a table of its own."""

    kind: Literal["listed"] = "listed"
    prices: Annotated[int, Field(ge=0)] = 0
    """Prices that were changed."""
    contracts: Annotated[int, Field(ge=0)] = 0
    """Contracts whose terms were changed."""
    scenario_of: Annotated[int, Field(ge=1)] | None = None
    """The problem that a scenario was made from."""

    def say(self) -> Message:
        """In words."""
        if self.scenario_of is not None:
            return Message("Scenario made from problem {number}", number=str(self.scenario_of))
        return Message(
            "Changed: {prices} prices, and the terms of {contracts} contracts",
            prices=self.prices,
            contracts=self.contracts,
        )


_ANY: TypeAdapter[Change | TakeBack | ListedChanges] = TypeAdapter(
    Annotated[
        FixPlacement
        | ForbidPlacement
        | RemovePin
        | SetCapacity
        | SetBudget
        | TakeBack
        | ListedChanges,
        Field(discriminator="kind"),
    ]
)


@dataclass(frozen=True, slots=True)
class VersionInBrief:
    """A line of a problem's history."""

    id: int
    number: int
    parent_number: int | None
    """None: the first, or made from another problem."""
    what: Message
    """What was changed."""
    by: str
    at: dt.datetime
    sha256: str


def tag_of(version: ProblemVersion) -> str:
    """What a problem's version is known by in ``ETag`` and ``If-Match``."""
    return f"{version.id}-{version.sha256[:16]}"


def change_problem(
    store: Store, problem_id: int, base: str, change: Change | TakeBack, account_id: int
) -> ProblemVersion:
    """A new version with the change.

    It is worked out before the database is locked; whoever was faster makes it outdated.

    Parameters
    ----------
    store
        Where the problem is.
    problem_id
        Which problem.
    base
        The `tag_of` the version that somebody saw when they decided.
    change
        What to change.
    account_id
        Who changes it.

    Raises
    ------
    NotFound, WrongInput
        If there is no such problem, or the change is wrong.
    Outdated
        If it is not the latest version.
    Conflict
        If what is to be taken back has been changed since.
    """
    with store.read() as session:
        seen = latest_version(session, problem_id)
        demand_latest(seen, base)
        problem = _changed(session, seen, change)
    with store.write() as session:
        lock_latest(session, problem_id, base)
        return add_version(session, seen, problem, account_id, change.model_dump_json())


def lock_latest(session: Session, problem_id: int, base: str) -> ProblemVersion:
    """The latest version, which nobody else can follow up until the transaction ends.

    Raises
    ------
    Outdated
        If it is not the one that somebody saw.
    """
    # Others wait here, where the database does not let one write at a time anyway.
    session.scalar(select(ProblemRow).where(ProblemRow.id == problem_id).with_for_update())
    latest = latest_version(session, problem_id)
    demand_latest(latest, base)
    return latest


def list_versions(
    session: Session, latest: ProblemVersion, *, most: int = 20, offset: int = 0
) -> list[VersionInBrief]:
    """The versions of the problem that `latest` is of, the newest first."""
    rows = session.execute(
        select(ProblemVersionRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == ProblemVersionRow.created_by)
        .where(ProblemVersionRow.problem_id == latest.problem_id)
        .order_by(ProblemVersionRow.number.desc())
        .limit(most)
        .offset(offset)
    ).all()
    parents = [row.parent_id for row, _ in rows if row.parent_id is not None]
    found = session.execute(
        select(ProblemVersionRow.id, ProblemVersionRow.number).where(
            ProblemVersionRow.id.in_(parents),
            ProblemVersionRow.problem_id == latest.problem_id,
        )
    )
    numbers = {row.id: row.number for row in found}
    return [
        VersionInBrief(
            id=row.id,
            number=row.number,
            parent_number=numbers.get(row.parent_id or 0),
            what=say_what_changed(row.what_changed, latest.problem),
            by=name,
            at=row.created_at,
            sha256=row.sha256,
        )
        for row, name in rows
    ]


def count_versions(session: Session, problem_id: int) -> int:
    """How many versions a problem has."""
    of_problem = ProblemVersionRow.problem_id == problem_id
    return session.scalar(select(func.count()).where(of_problem)) or 0


def say_what_changed(stored: str, problem: Problem) -> Message:
    """What a version's ``what_changed`` says: a change, or the words of whoever uploaded it."""
    try:
        change = _ANY.validate_json(stored)
    except ValidationError:
        return Message("Read from {what}", what=stored)
    if isinstance(change, ListedChanges):
        return change.say()
    if isinstance(change, TakeBack):
        return Message("Version {number} is taken back", number=str(change.version))
    return describe_change(change, problem)


def demand_latest(version: ProblemVersion, base: str) -> None:
    """It is the version that somebody saw.

    Raises
    ------
    Outdated
        If it is not.
    """
    if tag_of(version) != base:
        raise Outdated(
            Message(
                "Somebody has changed the problem in the meantime. Look again, and decide again."
            )
        )


def _changed(session: Session, seen: ProblemVersion, change: Change | TakeBack) -> Problem:
    try:
        if isinstance(change, TakeBack):
            return _taken_back(session, seen, change.version)
        return apply_change(seen.problem, change)
    except ChangeRefused as error:
        if isinstance(change, TakeBack):
            raise Conflict(error.faults[0][1]) from error
        raise WrongInput([fault_of(text, field) for field, text in error.faults]) from error


def _taken_back(session: Session, seen: ProblemVersion, number: int) -> Problem:
    row = session.scalar(
        select(ProblemVersionRow).where(
            ProblemVersionRow.problem_id == seen.problem_id, ProblemVersionRow.number == number
        )
    )
    if row is None or row.parent_id is None:
        raise NotFound(Message("There is no such version to take back."))
    after, before = version_by_id(session, row.id), version_by_id(session, row.parent_id)
    return take_back(before.problem, after.problem, seen.problem)
