"""Decisions on a plan: what was decided, and a form for another person than the plan's maker."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, cast

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Conflict, WrongInput
from api.faults import Fault, fault_of
from api.pages.rendering import render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, field_of, may
from api.services.approvals import (
    OVERRIDE_LABELS,
    Decided,
    Decision,
    Override,
    OverrideKind,
    Verdict,
    decide,
    list_decisions,
    may_decide_on,
    other_approved_plans,
)
from api.services.plans import StoredPlan, note_lookup, plan_by_id
from api.services.problems import latest_version
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter()
_MORE_LINES, _MOST_LINES = 3, 200
_FIELD = re.compile(r"overrides\.(\d+)\.(\w+)")


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """A line of the form, as typed."""

    person: str = ""
    what: str = ""
    reason: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was said in it."""
        return not (self.person or self.what or self.reason)


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """What was typed."""

    verdict: str
    note: str
    lines: tuple[OverrideLine, ...]
    """With empty ones to fill in."""


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    """What was decided, by whom and when; and what the caller may decide."""

    template: ClassVar[str] = "pages/decisions.html"

    plan_id: int
    problem_id: int
    problem_title: str
    sees_people: bool
    may_decide: bool
    is_maker: bool
    """An approver who had a hand in the plan."""
    decisions: tuple[Decided, ...]
    """The newest first."""
    others_approved: tuple[int, ...]
    """Other plans of the problem that are approved."""
    is_outdated: bool
    """The problem has been changed since."""
    people: tuple[str, ...]
    """Ids to choose from."""
    labels: Mapping[OverrideKind, Message]
    form: DecisionForm
    faults: tuple[Fault, ...]


@ROUTER.get("/plans/{plan_id:int}/decisions")
def show_decisions(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """The page."""
    return _show(request, caller, plan_id, DecisionForm("", "", (OverrideLine(),)), ())


@ROUTER.post("/plans/{plan_id:int}/decisions")
def send_decision(
    request: Request,
    plan_id: int,
    caller: Annotated[Caller, may(Action.DECIDE_PLAN)],
    form: OwnForm,
) -> Response:
    """The decision is kept, or the form is shown again with what was typed."""
    typed = DecisionForm(field_of(form, "verdict"), field_of(form, "note"), _lines(form))
    if field_of(form, "more"):
        lines = (*typed.lines, *(OverrideLine(),) * _MORE_LINES)[:_MOST_LINES]
        more = DecisionForm(typed.verdict, typed.note, lines)
        return _show(request, caller, plan_id, more, ())
    try:
        decision = _decision(typed)
        with state_of(request).store.write() as session:
            decide(session, caller, plan_id, decision)
    except WrongInput as error:
        said = [index for index, line in enumerate(typed.lines) if not line.is_empty]
        faults = tuple(_in_form(fault, said) for fault in error.faults)
        return _show(request, caller, plan_id, typed, faults)
    except Conflict as error:
        fault = fault_of(error.message, "verdict-approved")
        return _show(request, caller, plan_id, typed, (fault,))
    return RedirectResponse(f"/plans/{plan_id}/decisions", status_code=303)


def _lines(form: FormData) -> tuple[OverrideLine, ...]:
    found: list[OverrideLine] = []
    while f"person-{len(found)}" in form and len(found) < _MOST_LINES:
        index = len(found)
        parts = (field_of(form, f"{name}-{index}") for name in ("person", "what", "reason"))
        found.append(OverrideLine(*parts))
    return tuple(found)


def _decision(typed: DecisionForm) -> Decision:
    if typed.verdict not in {"approved", "declined", "withdrawn"}:
        raise WrongInput([fault_of(Message("Choose what you decide."), "verdict-approved")])
    faults = [
        fault_of(Message("Choose what happens instead."), f"what-{index}")
        for index, line in enumerate(typed.lines)
        if not line.is_empty and line.what not in OVERRIDE_LABELS
    ]
    if faults:
        raise WrongInput(faults)
    return Decision(
        verdict=cast("Verdict", typed.verdict),
        note=typed.note,
        overrides=tuple(
            Override(
                person_id=line.person, what=cast("OverrideKind", line.what), reason=line.reason
            )
            for line in typed.lines
            if not line.is_empty
        ),
    )


def _in_form(fault: Fault, said: list[int]) -> Fault:
    """The fault at the field of the form that it is about."""
    found = _FIELD.fullmatch(fault.field)
    if fault.field == "overrides":
        return fault.model_copy(update={"field": f"person-{said[0]}"})
    if found is None:
        return fault
    name = "person" if found[2] == "person_id" else found[2]
    return fault.model_copy(update={"field": f"{name}-{said[int(found[1])]}"})


def _show(
    request: Request,
    caller: Caller,
    plan_id: int,
    form: DecisionForm,
    faults: tuple[Fault, ...],
) -> Response:
    sees_people = caller.may(Action.READ_PERSON)
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        if sees_people:
            note_lookup(session, caller, Action.READ_PLAN, plan.problem_version_id)
        may_decide = may_decide_on(session, caller, plan)
        latest = latest_version(session, plan.problem_id)
        page = DecisionsPage(
            plan_id=plan.id,
            problem_id=plan.problem_id,
            problem_title=plan.problem.title,
            sees_people=sees_people,
            may_decide=may_decide,
            is_maker=caller.may(Action.DECIDE_PLAN) and not may_decide,
            decisions=list_decisions(session, plan_id),
            others_approved=other_approved_plans(session, plan),
            is_outdated=latest.id != plan.problem_version_id,
            people=_people(plan) if may_decide and sees_people else (),
            labels=OVERRIDE_LABELS,
            form=form,
            faults=faults,
        )
    return render(request, page, caller)


def _people(plan: StoredPlan) -> tuple[str, ...]:
    placed = (row.person_id for row in plan.document.placements)
    waiting = (row.person_id for row in plan.document.waiting)
    return tuple(sorted((*placed, *waiting)))
