"""Decisions on plans: another person approves, declines or withdraws, and the history is kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import Conflict, NotAllowed, WrongInput
from api.faults import Fault, fault_of
from api.security.caller import Caller
from api.security.permissions import Action
from api.services.plans import StoredPlan, plan_by_id
from api.store import AccountRow, ApprovalRow, OverrideRow, PlanRow, ProblemVersionRow, RunRow
from providers import Record
from scheduler.cpr import looks_like_cpr, mask
from scheduler.language import Message
from scheduler.outcome import PlanDocument

Verdict = Literal["approved", "declined", "withdrawn"]
OverrideKind = Literal["no-place", "other-place", "place"]
OVERRIDE_LABELS: Mapping[OverrideKind, Message] = {
    "no-place": Message("Does not get the place"),
    "other-place": Message("Gets another place or another time"),
    "place": Message("Gets a place, though the plan lets the person wait"),
}
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MOST_CHARACTERS = 1000
_MOST_OVERRIDES = 200


class Override(Record):
    """Where the decision differs from what the plan proposes."""

    person_id: str
    """Somebody of the plan."""
    what: OverrideKind
    """What happens instead."""
    reason: str
    """Why; nothing that identifies the person."""


class Decision(Record):
    """What somebody decides on a plan."""

    verdict: Verdict
    note: str = ""
    """Why; needed unless the plan is approved."""
    overrides: tuple[Override, ...] = ()
    """Only where the plan is approved: each person whose place is decided otherwise."""


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was made."""

    number: int
    """1, 2, 3 … within the plan."""
    verdict: Verdict
    note: str
    by: str
    at: dt.datetime
    overrides: tuple[Override, ...]


def decide(session: Session, caller: Caller, plan_id: int, decision: Decision) -> Decided:
    """The decision is kept beside the plan, which stays as it is.

    Raises
    ------
    NotFound
        If there is no such plan.
    NotAllowed
        If the caller is no approver, or had a hand in the plan.
    Conflict
        If it does not go with the decision before.
    WrongInput
        If a reason is missing, or an override does not go with the plan.
    """
    caller.demand(Action.DECIDE_PLAN)
    # Others wait here, where the database does not let one write at a time anyway.
    session.scalar(select(PlanRow.id).where(PlanRow.id == plan_id).with_for_update())
    plan = plan_by_id(session, plan_id)
    if caller.account_id in makers_of(session, plan):
        raise NotAllowed(
            Message(
                "You asked for this plan, or changed what it was made from. Another person decides."
            )
        )
    before = list_decisions(session, plan_id)
    last = before[0] if before else None
    _refuse_out_of_turn(last.verdict if last else None, decision.verdict)
    faults = [*_faults(decision, plan.document)]
    if faults:
        raise WrongInput(faults)
    _add(session, caller, plan, last.number + 1 if last else 1, decision)
    return list_decisions(session, plan_id)[0]


def list_decisions(session: Session, plan_id: int) -> tuple[Decided, ...]:
    """The decisions on a plan, the newest first."""
    rows = session.execute(
        select(ApprovalRow, AccountRow.name)
        .join(AccountRow, AccountRow.id == ApprovalRow.decided_by)
        .where(ApprovalRow.plan_id == plan_id)
        .order_by(ApprovalRow.number.desc())
    ).all()
    return tuple(
        Decided(
            number=row.number,
            verdict=cast("Verdict", row.verdict),
            note=row.note,
            by=name,
            at=row.decided_at,
            overrides=_overrides(session, row.id),
        )
        for row, name in rows
    )


def approval_in_force(session: Session, plan_id: int) -> Decided | None:
    """The approval of a plan; none where it is not approved, or not any more."""
    decisions = list_decisions(session, plan_id)
    return decisions[0] if decisions and decisions[0].verdict == "approved" else None


def verdicts_of(session: Session, plan_ids: Collection[int | None]) -> dict[int, Verdict | None]:
    """What was decided last on each of the plans; none: nothing yet."""
    known = {plan_id for plan_id in plan_ids if plan_id is not None}
    last = (
        select(ApprovalRow.plan_id, func.max(ApprovalRow.number).label("number"))
        .where(ApprovalRow.plan_id.in_(known))
        .group_by(ApprovalRow.plan_id)
        .subquery()
    )
    rows = session.execute(
        select(ApprovalRow.plan_id, ApprovalRow.verdict).join(
            last,
            (last.c.plan_id == ApprovalRow.plan_id) & (last.c.number == ApprovalRow.number),
        )
    )
    found = {plan_id: cast("Verdict", verdict) for plan_id, verdict in rows}
    return {plan_id: found.get(plan_id) for plan_id in known}


def other_approved_plans(session: Session, plan: StoredPlan) -> tuple[int, ...]:
    """Other plans of the same problem that are approved now."""
    ids = session.scalars(
        select(PlanRow.id)
        .join(ProblemVersionRow, ProblemVersionRow.id == PlanRow.problem_version_id)
        .where(ProblemVersionRow.problem_id == plan.problem_id, PlanRow.id != plan.id)
    ).all()
    verdicts = verdicts_of(session, ids)
    return tuple(sorted(each for each in ids if verdicts[each] == "approved"))


def may_decide_on(session: Session, caller: Caller, plan: StoredPlan) -> bool:
    """Whether the caller is an approver who had no hand in the plan."""
    return caller.may(Action.DECIDE_PLAN) and caller.account_id not in makers_of(session, plan)


def makers_of(session: Session, plan: StoredPlan) -> frozenset[int]:
    """The accounts that asked for the plan's run, or wrote a version that it was made from."""
    makers = {session.get_one(RunRow, plan.run_id).created_by}
    version_id: int | None = plan.problem_version_id
    while version_id is not None:
        found = session.execute(
            select(ProblemVersionRow.created_by, ProblemVersionRow.parent_id).where(
                ProblemVersionRow.id == version_id
            )
        ).one()
        makers.add(found.created_by)
        version_id = found.parent_id
    return frozenset(makers)


def _add(
    session: Session, caller: Caller, plan: StoredPlan, number: int, decision: Decision
) -> None:
    run = session.get_one(RunRow, plan.run_id)
    row = ApprovalRow(
        plan_id=plan.id,
        run_id=run.id,
        planned_by=run.created_by,
        number=number,
        verdict=decision.verdict,
        decided_by=caller.account_id,
        decided_at=now(),
        note=decision.note.strip(),
    )
    session.add(row)
    session.flush()
    for each in decision.overrides:
        session.add(
            OverrideRow(
                approval_id=row.id,
                person_id=each.person_id,
                what=each.what,
                reason=each.reason.strip(),
            )
        )
    session.flush()


def _refuse_out_of_turn(before: Verdict | None, wanted: Verdict) -> None:
    if wanted == "withdrawn" and before != "approved":
        raise Conflict(Message("The plan is not approved, so that nothing can be withdrawn."))
    if wanted != "withdrawn" and before == "approved":
        raise Conflict(Message("The plan is approved already. Withdraw the approval first."))
    if wanted == "declined" == before:
        raise Conflict(Message("The plan is declined already."))


def _faults(decision: Decision, document: PlanDocument) -> Iterator[Fault]:
    if decision.verdict != "approved" and not decision.note.strip():
        yield fault_of(Message("Say why."), "note")
    yield from _text_faults(decision.note, "note")
    if decision.overrides and decision.verdict != "approved":
        what = Message("Only an approval can decide otherwise for some people.")
        yield fault_of(what, "overrides")
    if len(decision.overrides) > _MOST_OVERRIDES:
        what = Message(
            "At most {most} people can be decided on otherwise. Make another plan instead.",
            most=_MOST_OVERRIDES,
        )
        yield fault_of(what, "overrides")
        return
    placed = frozenset(row.person_id for row in document.placements)
    waiting = frozenset(row.person_id for row in document.waiting)
    seen: set[str] = set()
    for index, each in enumerate(decision.overrides):
        yield from _override_faults(each, f"overrides.{index}", placed, waiting, seen)
        seen.add(each.person_id)


def _override_faults(
    override: Override,
    field: str,
    placed: frozenset[str],
    waiting: frozenset[str],
    seen: set[str],
) -> Iterator[Fault]:
    # Anything can stand in the field, also a number that must not be shown.
    person = mask(override.person_id[:64])
    is_placed = override.person_id in placed
    if not is_placed and override.person_id not in waiting:
        yield fault_of(Message("{person} is not in the plan.", person=person), f"{field}.person_id")
    elif is_placed and override.what == "place":
        what = Message("The plan gives {person} a place already.", person=person)
        yield fault_of(what, f"{field}.what")
    elif not is_placed and override.what != "place":
        what = Message("The plan gives {person} no place.", person=person)
        yield fault_of(what, f"{field}.what")
    if override.person_id in seen:
        what = Message("{person} stands here twice.", person=person)
        yield fault_of(what, f"{field}.person_id")
    if not override.reason.strip():
        what = Message("Give the reason for {person}.", person=person)
        yield fault_of(what, f"{field}.reason")
    yield from _text_faults(override.reason, f"{field}.reason")


def _text_faults(text: str, field: str) -> Iterator[Fault]:
    if _UNREADABLE.search(text):
        yield fault_of(Message("Something here is no letter. Write the text again."), field)
    if len(text) > _MOST_CHARACTERS:
        yield fault_of(Message("At most {most} characters.", most=_MOST_CHARACTERS), field)
    if looks_like_cpr(text):
        what = Message("Something here looks like a CPR number. Write the person's id instead.")
        yield fault_of(what, field)


def _overrides(session: Session, approval_id: int) -> tuple[Override, ...]:
    rows = session.scalars(
        select(OverrideRow)
        .where(OverrideRow.approval_id == approval_id)
        .order_by(OverrideRow.person_id)
    )
    return tuple(
        Override(person_id=row.person_id, what=cast("OverrideKind", row.what), reason=row.reason)
        for row in rows
    )
