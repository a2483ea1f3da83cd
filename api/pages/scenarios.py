"""A problem and what was made from it: choose plans to compare, or make another scenario."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from fastapi import APIRouter
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Outdated, WrongInput
from api.faults import Fault, fault_of
from api.pages.rendering import language_of, render
from api.pages.typed_values import read_ore, read_week
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, field_of, may
from api.services.problems import ProblemVersion, latest_version
from api.services.runs import STATE_LABELS
from api.services.scenarios import (
    Scenario,
    add_scenario,
    demand_same_version,
    list_family,
    scenario_problem,
)
from api.state import state_of
from providers import Name
from scheduler.changes import SetBudget
from scheduler.check import Facts
from scheduler.explain.names import Names
from scheduler.language import Kr, Language, Message, show
from scheduler.problem import Problem
from scheduler.report.views.comparison import MOST_PLANS
from scheduler.scenarios import (
    WHOLE_BASIS_POINTS,
    ChoosePeople,
    LeaveOut,
    ScalePrices,
    ScenarioChange,
    SetPrice,
    target_groups_of,
)

ROUTER = APIRouter()
_PER_CENT = re.compile(r"([+\-−]?)(\d{1,3}(?:[.,]\d{1,2})?) ?%?\Z")
_NAME: TypeAdapter[str] = TypeAdapter(Name)
_LEAST_SHARE, _MOST_SHARE = -99, 900
_TEXTS = (
    "name",
    "percent",
    "percent_programme",
    "percent_provider",
    "offer_id",
    "price",
    "line",
    "amount",
    "first_referral",
    "last_referral",
)
_LISTS = ("providers", "sites", "target_groups", "priorities")
Options = tuple[tuple[str, str], ...]
"""Keys and what they are called."""


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """A problem of the family."""

    scenario: Scenario
    state: Message | None
    """Of its latest run; none: nothing has been run."""
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class ScenariosPage:
    """The base and its scenarios."""

    template: ClassVar[str] = "pages/scenarios.html"

    problem_id: int
    problem_title: str
    lines: tuple[ScenarioLine, ...]
    most_plans: int
    can_compare: bool
    """Whether there is any plan."""
    may_make: bool
    may_run: bool


@dataclass(frozen=True, slots=True)
class NewScenarioPage:
    """What shall be otherwise."""

    template: ClassVar[str] = "pages/new_scenario.html"

    problem_id: int
    problem_title: str
    version_id: int
    """The version that somebody saw."""
    texts: Mapping[str, str]
    """What is typed, by field."""
    chosen: Mapping[str, tuple[str, ...]]
    """What is ticked, by field."""
    programmes: Options
    providers: Options
    sites: Options
    offers: Options
    lines: Options
    """Budget lines and years, with what they have now."""
    target_groups: Options
    faults: tuple[Fault, ...]


@ROUTER.get("/problems/{problem_id:int}/scenarios")
def show_scenarios(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.COMPARE_PLANS)]
) -> Response:
    """The page."""
    with state_of(request).store.read() as session:
        version = latest_version(session, problem_id)
        family = list_family(session, problem_id)
    page = ScenariosPage(
        problem_id=problem_id,
        problem_title=version.problem.title,
        lines=tuple(_line(each) for each in family),
        most_plans=MOST_PLANS,
        can_compare=any(each.plan_id for each in family),
        may_make=caller.may(Action.WRITE_SCENARIO),
        may_run=caller.may(Action.START_RUN),
    )
    return render(request, page, caller)


@ROUTER.get("/problems/{problem_id:int}/scenarios/new")
def show_new_scenario(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.WRITE_SCENARIO)]
) -> Response:
    """The form."""
    with state_of(request).store.read() as session:
        version = latest_version(session, problem_id)
    texts = dict.fromkeys(_TEXTS, "")
    chosen: dict[str, tuple[str, ...]] = dict.fromkeys(_LISTS, ())
    return render(request, _page(version, texts, chosen, (), language_of(request)), caller)


@ROUTER.post("/problems/{problem_id:int}/scenarios/new")
def send_new_scenario(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.WRITE_SCENARIO)],
    form: OwnForm,
) -> Response:
    """There is a new problem, or the form is shown again with what was typed."""
    store = state_of(request).store
    texts = {name: field_of(form, name)[:200] for name in _TEXTS}
    chosen = {name: _ticked(form, name) for name in _LISTS}
    with store.read() as session:
        version = latest_version(session, problem_id)
    try:
        seen = field_of(form, "version_id")
        with store.read() as session:
            demand_same_version(session, problem_id, int(seen) if seen.isdecimal() else 0)
        made_id = _make(request, version, texts, chosen, caller)
    except (WrongInput, Outdated) as error:
        faults = error.faults if isinstance(error, WrongInput) else (fault_of(error.message),)
        page = _page(version, texts, chosen, faults, language_of(request))
        return render(request, page, caller)
    return RedirectResponse(f"/problems/{made_id}", status_code=303)


def _make(
    request: Request,
    version: ProblemVersion,
    texts: Mapping[str, str],
    chosen: Mapping[str, tuple[str, ...]],
    caller: Caller,
) -> int:
    name, fields = read_scenario_form(texts, chosen, version.problem)
    changes = [change for _, change in fields]
    try:
        problem = scenario_problem(version, name, changes)
        with state_of(request).store.write() as session:
            made = add_scenario(session, version, problem, changes, caller.account_id)
    except WrongInput as error:
        raise WrongInput([_beside_its_field(fault, fields) for fault in error.faults]) from error
    return made.problem_id


def read_scenario_form(
    texts: Mapping[str, str], chosen: Mapping[str, tuple[str, ...]], problem: Problem
) -> tuple[str, list[tuple[str, ScenarioChange]]]:
    """The scenario's name, and each change with the field that it is told by.

    Raises
    ------
    WrongInput
        With each field that is wrong.
    """
    faults: list[Fault] = []
    name = _read_name(texts["name"], faults)
    found = [
        ("percent", _read_scaling(texts, faults)),
        ("price", _read_price(texts, problem, faults)),
        ("amount", _read_budget(texts, faults)),
        ("providers", _read_left_out(chosen)),
        ("last_referral", _read_people(texts, chosen, faults)),
    ]
    if faults:
        raise WrongInput(faults)
    return name, [(field, change) for field, change in found if change is not None]


def _read_name(text: str, faults: list[Fault]) -> str:
    try:
        return _NAME.validate_python(text)
    except ValidationError:
        faults.append(fault_of(Message("Give the scenario a name of up to 200 letters."), "name"))
        return ""


def _read_scaling(texts: Mapping[str, str], faults: list[Fault]) -> ScalePrices | None:
    text = texts["percent"]
    if not text:
        if texts["percent_programme"] or texts["percent_provider"]:
            faults.append(fault_of(Message("Say by how much their prices change."), "percent"))
        return None
    found = _PER_CENT.match(text)
    share = Decimal(found[2].replace(",", ".")) if found else Decimal(0)
    share = -share if found and found[1] in {"-", "−"} else share
    if not found or not _LEAST_SHARE <= share <= _MOST_SHARE:
        what = Message("This is a number of per cent from −99 to 900, such as 5 or −2,5.")
        faults.append(fault_of(what, "percent"))
        return None
    return ScalePrices(
        basis_points=WHOLE_BASIS_POINTS + int(share * 100),
        programme_id=texts["percent_programme"] or None,
        provider_id=texts["percent_provider"] or None,
    )


def _read_price(texts: Mapping[str, str], problem: Problem, faults: list[Fault]) -> SetPrice | None:
    offer_id, price = texts["offer_id"], read_ore(texts["price"], "price", faults)
    if not offer_id and not texts["price"]:
        return None
    if not offer_id:
        faults.append(fault_of(Message("Choose which course has this price."), "offer_id"))
        return None
    if not texts["price"]:
        faults.append(fault_of(Message("State the price."), "price"))
    if price is None:
        return None
    if price < 0:
        faults.append(fault_of(Message("A price is not below 0."), "price"))
        return None
    now = next((offer for offer in problem.offers if offer.id == offer_id), None)
    if now is None:
        faults.append(fault_of(Message("Choose one of the list."), "offer_id"))
        return None
    return SetPrice(
        offer_id=offer_id,
        price_ore=price,
        price_per=now.price_per,
        extra_week_price_ore=now.extra_week_price_ore,
    )


def _read_budget(texts: Mapping[str, str], faults: list[Fault]) -> SetBudget | None:
    line, _, year = texts["line"].rpartition("@")
    amount = read_ore(texts["amount"], "amount", faults)
    if not texts["line"] and not texts["amount"]:
        return None
    if not line or not re.fullmatch(r"\d{4}", year):
        faults.append(fault_of(Message("Choose which line and year has this amount."), "line"))
        return None
    if not texts["amount"]:
        faults.append(fault_of(Message("State the amount."), "amount"))
    if amount is None:
        return None
    if amount < 0:
        faults.append(fault_of(Message("An amount is not below 0."), "amount"))
        return None
    return SetBudget(budget_line_id=line, year=int(year), amount_ore=amount)


def _read_left_out(chosen: Mapping[str, tuple[str, ...]]) -> LeaveOut | None:
    if not chosen["providers"] and not chosen["sites"]:
        return None
    return LeaveOut(provider_ids=chosen["providers"], site_ids=chosen["sites"])


def _read_people(
    texts: Mapping[str, str], chosen: Mapping[str, tuple[str, ...]], faults: list[Fault]
) -> ChoosePeople | None:
    first = read_week(texts["first_referral"], "first_referral", faults)
    last = read_week(texts["last_referral"], "last_referral", faults)
    priorities = tuple(int(each) for each in chosen["priorities"] if each in {"1", "2", "3"})
    choice = ChoosePeople(
        target_groups=chosen["target_groups"],
        priorities=priorities,
        first_referral=first,
        last_referral=last,
    )
    return None if choice == ChoosePeople() else choice


def _ticked(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in form.getlist(name) if isinstance(value, str)))


def _beside_its_field(fault: Fault, fields: Sequence[tuple[str, ScenarioChange]]) -> Fault:
    """A fault of a change, told by the form's field instead of the change's number."""
    number, _, _ = (fault.field or "").partition(".")
    if not number.isdecimal() or int(number) >= len(fields):
        return fault
    return fault.model_copy(update={"field": fields[int(number)][0]})


def _line(scenario: Scenario) -> ScenarioLine:
    state = None if scenario.run_state is None else STATE_LABELS[scenario.run_state]
    if scenario.run_outcome == "no-plan":
        state = Message("No plan exists")
    return ScenarioLine(scenario, state, scenario.created_at)


def _page(
    version: ProblemVersion,
    texts: Mapping[str, str],
    chosen: Mapping[str, tuple[str, ...]],
    faults: tuple[Fault, ...],
    language: Language,
) -> NewScenarioPage:
    problem = version.problem
    names, facts = Names(problem), Facts(problem)
    return NewScenarioPage(
        problem_id=version.problem_id,
        problem_title=problem.title,
        version_id=version.id,
        texts=texts,
        chosen=chosen,
        programmes=tuple((each.id, each.name) for each in problem.programmes),
        providers=tuple((each.id, each.name) for each in problem.providers),
        sites=tuple((each.id, each.name) for each in problem.sites),
        offers=tuple(
            (each.id, f"{names.offer(each.id)}: {show(Kr(each.price_ore), language)}")
            for each in problem.offers
        ),
        lines=tuple(
            (
                f"{line}@{year}",
                f"{names.line(line)} {year}: {show(Kr(facts.decided(line, year)), language)}",
            )
            for line, year in sorted(facts.decided_years())
        ),
        target_groups=tuple(
            (code, show(names.code(code, "target-group"), language))
            for code in target_groups_of(problem)
        ),
        faults=faults,
    )
