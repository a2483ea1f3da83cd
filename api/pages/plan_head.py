"""What stands above each page of a plan: which plan, and the way to its other pages."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from api.pages.rendering import language_of
from api.security.caller import Caller
from api.security.permissions import Action
from api.services.approvals import Decided, list_decisions, may_decide_on
from api.services.plans import StoredPlan
from api.state import state_of
from providers import Week
from scheduler.language import Message
from scheduler.report.page import subtitle

_PAGES: tuple[tuple[str, Message, Action], ...] = (
    ("", Message("In brief"), Action.READ_PLAN),
    ("/starts", Message("Who starts"), Action.READ_PERSON),
    ("/waiting", Message("Who waits"), Action.READ_PLAN),
    ("/weeks", Message("Week by week"), Action.READ_PLAN),
    ("/places", Message("Places in use"), Action.READ_PLAN),
    ("/money", Message("Money"), Action.READ_PLAN),
    ("/groups", Message("Target groups"), Action.READ_PLAN),
)


@dataclass(frozen=True, slots=True)
class PlanTab:
    """A page of the plan."""

    href: str
    label: Message | str
    is_here: bool


@dataclass(frozen=True, slots=True)
class PlanHead:
    """Which plan is shown, and what else there is of it."""

    plan_id: int
    run_id: int
    problem_id: int
    title: str
    subtitle: str
    first_start: Week
    sees_people: bool
    decided: Decided | None
    """The last decision; none: nobody has decided yet."""
    may_decide: bool
    tabs: tuple[PlanTab, ...]


def head_of(plan: StoredPlan, request: Request, caller: Caller) -> PlanHead:
    """With the pages that the caller may see."""
    base = f"/plans/{plan.id}"
    with state_of(request).store.read() as session:
        decided = next(iter(list_decisions(session, plan.id)), None)
        may_decide = may_decide_on(session, caller, plan)
    return PlanHead(
        plan_id=plan.id,
        run_id=plan.run_id,
        problem_id=plan.problem_id,
        title=plan.document.title,
        subtitle=subtitle(plan.books, language_of(request)),
        first_start=plan.document.first_start,
        sees_people=caller.may(Action.READ_PERSON),
        decided=decided,
        may_decide=may_decide,
        tabs=tuple(
            PlanTab(f"{base}{path}", label, request.url.path == f"{base}{path}")
            for path, label, action in _PAGES
            if caller.may(action)
        ),
    )
