"""Two plans side by side."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.security.caller import Caller
from api.security.permissions import Action
from api.services.changes import say_what_changed
from api.services.plans import StoredPlan, note_lookup, plan_by_id
from api.services.problems import ProblemVersion, version_by_id
from api.store import PlanRow, ProblemVersionRow
from scheduler.language import Message
from scheduler.report.views.difference import Difference, difference


@dataclass(frozen=True, slots=True)
class PlanInBrief:
    """A plan of the same problem."""

    id: int
    version: int
    placed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class TwoPlans:
    """What a plan does differently from another."""

    before: StoredPlan
    after: StoredPlan
    difference: Difference
    changes: tuple[Message, ...]
    """What was changed in the problem between them, where it is the same problem.

    Pins name people, so that it is empty for those who may not see them.
    """


def compare_plans(session: Session, caller: Caller, before_id: int, after_id: int) -> TwoPlans:
    """From one plan to another; that people are looked at is written down for both.

    Raises
    ------
    NotFound
        If one of them is not there.
    """
    before, after = plan_by_id(session, before_id), plan_by_id(session, after_id)
    changes: tuple[Message, ...] = ()
    if caller.may(Action.READ_PERSON):
        for version_id in sorted({before.problem_version_id, after.problem_version_id}):
            note_lookup(session, caller, Action.READ_PLAN, version_id)
        changes = _changes_between(session, before, after)
    return TwoPlans(before, after, difference(before.books, after.books), changes)


def other_plans(session: Session, plan: StoredPlan, *, most: int = 50) -> list[PlanInBrief]:
    """The other plans of the same problem, the newest first."""
    rows = session.execute(
        select(PlanRow, ProblemVersionRow.number)
        .join(ProblemVersionRow, ProblemVersionRow.id == PlanRow.problem_version_id)
        .where(ProblemVersionRow.problem_id == plan.problem_id, PlanRow.id != plan.id)
        .order_by(PlanRow.id.desc())
        .limit(most)
    )
    return [PlanInBrief(row.id, number, row.placed, row.waiting) for row, number in rows]


def plan_before(session: Session, problem_id: int, plan_id: int) -> int | None:
    """The id of the latest plan of the problem that is older than the plan, if there is one."""
    return session.scalar(
        select(PlanRow.id)
        .join(ProblemVersionRow, ProblemVersionRow.id == PlanRow.problem_version_id)
        .where(ProblemVersionRow.problem_id == problem_id, PlanRow.id < plan_id)
        .order_by(PlanRow.id.desc())
        .limit(1)
    )


def _changes_between(
    session: Session, before: StoredPlan, after: StoredPlan
) -> tuple[Message, ...]:
    if before.problem_id != after.problem_id:
        return ()
    first: ProblemVersion = version_by_id(session, before.problem_version_id)
    last: ProblemVersion = version_by_id(session, after.problem_version_id)
    rows = session.scalars(
        select(ProblemVersionRow.what_changed)
        .where(
            ProblemVersionRow.problem_id == after.problem_id,
            ProblemVersionRow.number > min(first.number, last.number),
            ProblemVersionRow.number <= max(first.number, last.number),
        )
        .order_by(ProblemVersionRow.number)
    )
    return tuple(say_what_changed(row, last.problem) for row in rows)
