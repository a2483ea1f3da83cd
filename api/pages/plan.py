"""A plan: who starts where and when, what it costs, how full it is, and who waits and why."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.approvals import Decided, list_decisions, may_decide_on
from api.services.plans import StoredPlan, note_lookup, plan_by_id
from api.state import state_of
from scheduler.language import Language
from scheduler.report.page import ReportPage, report_page

ROUTER = APIRouter()
_MOST_CACHED = 8


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What the report shows, and where to go from it."""

    template: ClassVar[str] = "pages/plan.html"

    plan_id: int
    run_id: int
    problem_id: int
    decided: Decided | None
    """The last decision; none: nobody has decided yet."""
    may_decide: bool
    report: ReportPage


@ROUTER.get("/plans/{plan_id:int}")
def show_plan(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """The page; without people for those who may not see them."""
    with_persons = caller.may(Action.READ_PERSON)
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        if with_persons:
            note_lookup(session, caller, Action.READ_PLAN, plan.problem_version_id)
        decided = next(iter(list_decisions(session, plan_id)), None)
        may_decide = may_decide_on(session, caller, plan)
    report = _report(_Shown(plan), language_of(request), with_persons=with_persons)
    page = PlanPage(plan.id, plan.run_id, plan.problem_id, decided, may_decide, report)
    return render(request, page, caller)


class _Shown:
    """A plan, alike where its hash is."""

    __slots__ = ("plan",)

    def __init__(self, plan: StoredPlan) -> None:
        self.plan = plan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Shown) and self.plan.sha256 == other.plan.sha256

    def __hash__(self) -> int:
        return hash(self.plan.sha256)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _report(shown: _Shown, language: Language, *, with_persons: bool) -> ReportPage:
    """A plan never changes, so that drawing it once is enough."""
    return report_page(shown.plan.books, language, with_persons=with_persons)
