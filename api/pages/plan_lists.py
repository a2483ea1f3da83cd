"""Who starts where and when, and who waits and why: the rows of people in a plan."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.plan_head import PlanHead, head_of
from api.pages.rendering import language_of, render
from api.pages.sheets import SheetView, view_sheet
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.plan_tables import PlanTableName, SamePlan, sheet_of_plan
from api.services.plans import StoredPlan, note_lookup, plan_by_id
from api.state import state_of
from scheduler.language import Language, Message
from scheduler.report.page import (
    Figure,
    PageTable,
    disclosure,
    obstacles,
    reason_meanings,
    reasons_figure,
    ruled_out_facts,
)

ROUTER = APIRouter()
_MOST_CACHED = 16
_TITLES: dict[PlanTableName, Message] = {
    "starts": Message("Start list"),
    "waiting": Message("Waiting list"),
}


@dataclass(frozen=True, slots=True)
class PlanStartsPage:
    """The start list."""

    template: ClassVar[str] = "pages/plan_starts.html"

    head: PlanHead
    table: SheetView


@dataclass(frozen=True, slots=True)
class WhyPeopleWait:
    """The reasons, in numbers."""

    figure: Figure | None
    """None: nobody waits."""
    meanings: tuple[tuple[str, str], ...]
    obstacles: PageTable | None
    ruled_out: PageTable | None
    disclosure: str
    """What was left out to protect people, else empty."""


@dataclass(frozen=True, slots=True)
class PlanWaitingPage:
    """The waiting list, and what stands in the way."""

    template: ClassVar[str] = "pages/plan_waiting.html"

    head: PlanHead
    why: WhyPeopleWait
    table: SheetView | None
    """None: the reader may not see people."""


@ROUTER.get("/plans/{plan_id:int}/starts")
def show_starts(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PERSON)]
) -> Response:
    """Everyone who gets a place; that they are looked at is written down."""
    plan = _look_up(request, plan_id, caller)
    page = PlanStartsPage(head_of(plan, request, caller), _view(request, plan, "starts"))
    return render(request, page, caller)


@ROUTER.get("/plans/{plan_id:int}/waiting")
def show_waiting(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """Why people wait; who they are only for those who may see them, which is written down."""
    plan = _look_up(request, plan_id, caller)
    sees_people = caller.may(Action.READ_PERSON)
    page = PlanWaitingPage(
        head=head_of(plan, request, caller),
        why=_why(SamePlan(plan), language_of(request), safe=not sees_people),
        table=_view(request, plan, "waiting") if sees_people else None,
    )
    return render(request, page, caller)


def _look_up(request: Request, plan_id: int, caller: Caller) -> StoredPlan:
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        if caller.may(Action.READ_PERSON):
            note_lookup(session, caller, Action.READ_PERSON, plan.problem_version_id)
    return plan


def _view(request: Request, plan: StoredPlan, name: PlanTableName) -> SheetView:
    def href_of(row: Any) -> str:
        return f"/plans/{plan.id}/people/{row.person_id}"

    sheet = sheet_of_plan(plan, name, language_of(request))
    return view_sheet(request, sheet, _TITLES[name], href_of)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _why(same: SamePlan, language: Language, *, safe: bool) -> WhyPeopleWait:
    books = same.plan.books
    return WhyPeopleWait(
        figure=reasons_figure(books, language, safe=safe),
        meanings=reason_meanings(books, language),
        obstacles=obstacles(books, language, safe=safe),
        ruled_out=ruled_out_facts(books, language, safe=safe),
        disclosure=disclosure(language) if safe else "",
    )
