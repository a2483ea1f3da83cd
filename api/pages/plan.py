"""A plan in brief: what was decided, how good it is, and pictures that lead on to the rest."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.plan_head import PlanHead, head_of
from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.plan_tables import SamePlan
from api.services.plans import plan_by_id
from api.state import state_of
from scheduler.language import Language, show
from scheduler.report.notices import notices, sentence
from scheduler.report.page import (
    Figure,
    PageTable,
    figures_of,
    goals_in_order,
    money_figure,
    overview_figure,
    provenance_facts,
    reasons_figure,
)
from scheduler.report.proof_wording import word_proof
from scheduler.report.views.goals import goal_rows
from scheduler.report.views.headline import headline

ROUTER = APIRouter()
_MOST_CACHED = 16


@dataclass(frozen=True, slots=True)
class GoalInWords:
    """A goal, what the plan reaches of it, and how good that is."""

    label: str
    meaning: str
    value: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """What a planner reads first."""

    sentence: str
    key_figures: tuple[tuple[str, str, str], ...]
    """Label, value and note of each."""
    notices: tuple[str, ...]
    """What a reader must know before trusting the numbers."""
    goals: tuple[GoalInWords, ...]
    numbers: PageTable
    """The goals with bound, gap and floor."""
    overview: Figure
    """How full the sites are."""
    money: Figure
    reasons: Figure | None
    provenance: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The first page of a plan."""

    template: ClassVar[str] = "pages/plan.html"

    head: PlanHead
    summary: PlanSummary


@ROUTER.get("/plans/{plan_id:int}")
def show_plan(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """The page; it has no rows of people, and no small counts for those who may not see them."""
    with state_of(request).store.read() as session:
        plan = plan_by_id(session, plan_id)
    safe = not caller.may(Action.READ_PERSON)
    summary = _summary(SamePlan(plan), language_of(request), safe=safe)
    return render(request, PlanPage(head_of(plan, request, caller), summary), caller)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _summary(same: SamePlan, language: Language, *, safe: bool) -> PlanSummary:
    """A plan never changes, so that drawing it once is enough."""
    books = same.plan.books
    key = headline(books)
    return PlanSummary(
        sentence=sentence(key).render(language),
        key_figures=figures_of(key, language),
        notices=tuple(notice.render(language) for notice in notices(books)),
        goals=tuple(
            GoalInWords(
                label=show(row.label, language),
                meaning=show(row.meaning, language),
                value=show(row.value, language),
                said=tuple(message.render(language) for message in word_proof(row)),
            )
            for row in goal_rows(books.document)
        ),
        numbers=goals_in_order(books, language),
        overview=overview_figure(books, language),
        money=money_figure(books, language),
        reasons=reasons_figure(books, language, safe=safe),
        provenance=provenance_facts(books.document.provenance, language),
    )
