"""Plans side by side, as buyers see them: numbers of people, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from fastapi import APIRouter, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.errors import WrongInput
from api.faults import Fault
from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.comparisons import ComparedPlan, ComparedPlans, compare_stored_plans
from api.services.sheets import comparison_csv, comparison_workbook
from api.state import state_of
from api.table_files import file_response
from scheduler.language import Language, Message, show
from scheduler.report.comparison_page import comparison_figures, comparison_totals
from scheduler.report.page import Figure, PageTable

ROUTER = APIRouter()
PlanId = Annotated[int, Field(ge=1, lt=2**31)]
PlanIds = Annotated[list[PlanId] | None, Query(alias="plan", max_length=20)]


@dataclass(frozen=True, slots=True)
class ComparisonPage:
    """What each plan costs and gives."""

    template: ClassVar[str] = "pages/comparison.html"

    plans: tuple[ComparedPlan, ...]
    totals: PageTable | None
    """None: the plans cannot be compared."""
    figures: tuple[Figure, ...]
    hides: tuple[str, ...]
    """Letters of the plans of which nothing may be shown."""
    is_rounded: bool
    """Whether any plan's amounts are."""
    scenarios_of: int | None
    """The problem whose scenarios may be chosen instead."""
    query: str
    """Names the plans in an address."""
    faults: tuple[Fault, ...]


@ROUTER.get("/comparisons")
def show_comparison(
    request: Request,
    caller: Annotated[Caller, may(Action.COMPARE_PLANS)],
    plan: PlanIds = None,
) -> Response:
    """The page; what cannot be compared is said."""
    try:
        with state_of(request).store.read() as session:
            compared = compare_stored_plans(session, plan or ())
    except WrongInput as error:
        # There is no field here to go to.
        faults = tuple(fault.model_copy(update={"field": ""}) for fault in error.faults)
        page = ComparisonPage((), None, (), (), False, None, "", faults)
        return render(request, page, caller)
    return render(request, _page(compared, language_of(request)), caller)


@ROUTER.get("/comparisons/{name}.{kind}")
def download_comparison(
    request: Request,
    name: Literal["plans"],
    kind: Literal["csv", "xlsx"],
    _caller: Annotated[Caller, may(Action.COMPARE_PLANS)],
    plan: PlanIds = None,
) -> Response:
    """The tables as a file."""
    with state_of(request).store.read() as session:
        compared = compare_stored_plans(session, plan or ())
    make = comparison_csv if kind == "csv" else comparison_workbook
    return file_response(make(compared, language_of(request)), kind, name)


def _page(compared: ComparedPlans, language: Language) -> ComparisonPage:
    totals = compared.comparison.totals
    titles = [_title(plan, language) for plan in compared.plans]
    return ComparisonPage(
        plans=compared.plans,
        totals=comparison_totals(compared.comparison, compared.letters, language),
        figures=comparison_figures(
            compared.comparison, compared.letters, titles, compared.names, language
        ),
        hides=tuple(
            letter
            for letter, total in zip(compared.letters, totals, strict=True)
            if total.is_protected
        ),
        is_rounded=any(total.rounded_to_ore > 1 for total in totals),
        scenarios_of=compared.plans[0].problem_id,
        query="&".join(f"plan={plan.plan_id}" for plan in compared.plans),
        faults=(),
    )


def _title(plan: ComparedPlan, language: Language) -> str:
    text = Message("{letter}: {title}", letter=plan.letter, title=plan.title)
    return show(text, language)
