"""Plans side by side, by JSON, CSV and workbook: numbers of people, never persons."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api.json.accepting import TABLE_RESPONSES, FileLanguage, WantedForm
from api.json.problem_details import RESPONSES
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.comparisons import ComparedPlan, ComparedPlans, compare_stored_plans
from api.services.sheets import comparison_csv, comparison_workbook
from api.state import state_of
from api.table_files import file_response
from providers import Record
from scheduler.language import Language, LocalText, show
from scheduler.outcome import Proof
from scheduler.report.label import Label
from scheduler.report.views.comparison import MOST_PLANS

ROUTER = APIRouter(prefix="/comparisons", tags=["scenarios"], responses=RESPONSES)
Numbers = tuple[int | None, ...]
"""One for each plan; null: not shown, since it would tell of fewer than 5 people."""
_TOTALS: dict[str, Any] = {
    "letter": "A",
    "plan_id": 3,
    "problem_id": 2,
    "title": "Prices 5 % higher",
    "changes": [{"da": "Alle priser +5 %", "en": "All prices +5 %"}],
    "people": 220,
    "placed": 179,
    "waiting": 41,
    "cost_ore": 313_500_000,
    "cost_per_course_ore": 1_751_396,
    "left_ore": 1_500_000,
    "rounded_to_ore": 1,
    "proof": "optimal",
}
_EXAMPLE: dict[str, Any] = {
    "plans": [_TOTALS],
    "groups": [
        {"groups": [{"da": "autisme", "en": "autism"}], "placed": [179], "waiting": [41]},
    ],
    "lines": [
        {
            "lines": ["Bought courses"],
            "years": [2016],
            "is_pot": False,
            "courses": [119],
            "cost_per_course_ore": [2_100_000],
            "decided_ore": [250_000_000],
            "planned_ore": [249_900_000],
            "left_ore": [100_000],
        }
    ],
    "providers": [{"lines": ["Bought courses"], "providers": ["Enterprise"], "courses": [119]}],
}


class PlanTotals(Record):
    """A plan in all; null is not shown, since it would tell of fewer than 5 people."""

    letter: str
    """Stands for the plan in CSV and workbook."""
    plan_id: int
    problem_id: int
    title: str
    changes: tuple[LocalText, ...]
    """What is otherwise than in the problem that its problem was made from."""
    people: int
    """Who seek a place."""
    placed: int | None
    waiting: int | None
    cost_ore: int | None
    """For new courses and shortfalls."""
    cost_per_course_ore: int | None
    left_ore: int | None
    """What programmes could still be paid with."""
    rounded_to_ore: int
    """Amounts of the plan are rounded where they would tell of few people; 1: none is."""
    proof: Proof


class GroupNumbers(Record):
    """Target groups that are shown together; people of several are a group of their own."""

    groups: tuple[LocalText, ...]
    placed: Numbers
    waiting: Numbers


class LineNumbers(Record):
    """Budget lines and years that are shown together."""

    lines: tuple[str, ...]
    years: tuple[int, ...]
    is_pot: bool
    """Whether it holds what other lines pay, which have rows of their own."""
    courses: Numbers
    """New courses that start in these years."""
    cost_per_course_ore: Numbers
    """Of those, over all years in which they are paid."""
    decided_ore: Numbers
    planned_ore: Numbers
    """Paid in these years for new courses and shortfalls."""
    left_ore: Numbers


class ProviderNumbers(Record):
    """Providers that are shown together, within the lines that pay them."""

    lines: tuple[str, ...]
    providers: tuple[str, ...]
    courses: Numbers


class ComparisonDetail(Record):
    """Plans side by side; numbers are in the order of the plans."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    plans: tuple[PlanTotals, ...]
    groups: tuple[GroupNumbers, ...]
    lines: tuple[LineNumbers, ...]
    providers: tuple[ProviderNumbers, ...]


@ROUTER.get(
    "",
    summary="Plans side by side",
    response_model=ComparisonDetail,
    responses=TABLE_RESPONSES,
)
def compare_plans_json(
    request: Request,
    form: WantedForm,
    _caller: Annotated[Caller, may(Action.COMPARE_PLANS)],
    plan: Annotated[
        list[Annotated[int, Field(ge=1, lt=2**31)]],
        Query(max_length=MOST_PLANS, description="The plans' ids, for the same people."),
    ] = [],  # noqa: B006 - FastAPI copies it
    language: FileLanguage = "da",
) -> ComparisonDetail | Response:
    """One to five of them; counts under 5 are shown together with others, or not at all."""
    with state_of(request).store.read() as session:
        compared = compare_stored_plans(session, plan)
    if form != "json":
        return _file(compared, form == "csv", language)
    return _detail(compared)


def _file(compared: ComparedPlans, is_csv: bool, language: Language) -> Response:  # noqa: FBT001
    if is_csv:
        return file_response(comparison_csv(compared, language), "csv", "comparison")
    return file_response(comparison_workbook(compared, language), "xlsx", "comparison")


def _detail(compared: ComparedPlans) -> ComparisonDetail:
    comparison, names = compared.comparison, compared.names
    return ComparisonDetail(
        plans=tuple(_totals(compared, number, plan) for number, plan in enumerate(compared.plans)),
        groups=tuple(
            GroupNumbers(
                groups=tuple(_local(names.group(code)) for code in row.groups),
                placed=row.placed,
                waiting=row.waiting,
            )
            for row in comparison.groups
        ),
        lines=tuple(
            LineNumbers(
                lines=tuple(names.line(line) for line in row.lines),
                years=row.years,
                is_pot=row.is_pot,
                courses=row.courses,
                cost_per_course_ore=row.cost_per_course_ore,
                decided_ore=row.decided_ore,
                planned_ore=row.planned_ore,
                left_ore=row.left_ore,
            )
            for row in comparison.lines
        ),
        providers=tuple(
            ProviderNumbers(
                lines=tuple(names.line(line) for line in row.lines),
                providers=tuple(names.provider(each) for each in row.providers),
                courses=row.courses,
            )
            for row in comparison.providers
        ),
    )


def _totals(compared: ComparedPlans, number: int, plan: ComparedPlan) -> PlanTotals:
    total = compared.comparison.totals[number]
    return PlanTotals(
        letter=plan.letter,
        plan_id=plan.plan_id,
        problem_id=plan.problem_id,
        title=plan.title,
        changes=tuple(change.local() for change in plan.changes),
        people=total.people,
        placed=total.placed,
        waiting=total.waiting,
        cost_ore=total.cost_ore,
        cost_per_course_ore=total.cost_per_course_ore,
        left_ore=total.left_ore,
        rounded_to_ore=total.rounded_to_ore,
        proof=total.proof,
    )


def _local(label: Label) -> LocalText:
    return LocalText(da=show(label, "da"), en=show(label, "en"))
