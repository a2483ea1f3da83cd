"""Prices of offers and terms of contracts: a table to type in, and files both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Conflict, NotFound, Outdated, WrongInput
from api.faults import Fault, fault_of
from api.pages.new_problem import files_of
from api.pages.rendering import language_of, render
from api.pages.typed_values import read_ore, read_week, read_whole
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, field_of, may
from api.services.changes import tag_of
from api.services.price_lists import PriceChange, change_prices, read_price_file
from api.services.problems import ProblemVersion, latest_version
from api.services.sheets import price_csv, price_workbook
from api.state import state_of
from api.table_files import file_response
from providers import Contract
from scheduler.files.csv_text import cell_text
from scheduler.files.price_list import ListName, PriceRow, price_rows
from scheduler.language import Kr, Language, Message, show
from scheduler.scenarios import SetPrice, SetTerms

ROUTER = APIRouter()
_ROWS_A_PAGE = 50
_MOST_LETTERS = 60
PRICE_FIELDS = ("price", "per", "extra")
_TERMS = (
    "name",
    "first_week",
    "last_week",
    "least_courses",
    "most_courses",
    "least_ore",
    "most_ore",
    "least_applies",
    "take_or_pay",
    "shortfall_course_ore",
    "shortfall_budget_line_id",
)
_WEEKS = frozenset({"first_week", "last_week"})
_WHOLE = frozenset({"least_courses", "most_courses"})
_IF_EMPTY = {"least_courses": 0, "least_ore": 0, "least_applies": "if-used"}
_ORE = frozenset({"least_ore", "most_ore", "shortfall_course_ore"})


@dataclass(frozen=True, slots=True)
class PriceLine:
    """An offer's price, as it is typed."""

    key: str
    """Begins the names of its fields."""
    row: PriceRow
    values: Mapping[str, str]
    """What stands in its fields."""
    was: str
    """What stood there, in one."""


@dataclass(frozen=True, slots=True)
class PricesPage:
    """What everything costs."""

    template: ClassVar[str] = "pages/prices.html"

    problem_id: int
    problem_title: str
    base: str
    """The version that somebody saw."""
    lines: tuple[PriceLine, ...]
    count: int
    """How many fit what is searched for."""
    search: str
    page: int
    pages: int
    contracts: tuple[tuple[str, tuple[str, ...]], ...]
    """Ids, and what is shown of each."""
    may_change: bool
    was_saved: bool
    most_megabytes: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ContractPage:
    """The terms of a contract."""

    template: ClassVar[str] = "pages/contract.html"

    problem_id: int
    problem_title: str
    base: str
    contract_id: str
    title: str
    """What the contract is called, before anything is typed."""
    provider: str
    typed: Mapping[str, str]
    lines: tuple[tuple[str, str], ...]
    """Budget lines that can pay a shortfall."""
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Which part of the list somebody looks at."""

    search: str = ""
    page: int = 1


@ROUTER.get("/problems/{problem_id:int}/prices")
def show_prices(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.READ_PROBLEM)],
    search: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=10**4)] = 1,
    saved: Literal["", "1"] = "",
) -> Response:
    """The page."""
    version = _latest(request, problem_id)
    shown = Shown(search, page)
    return _prices(request, version, shown, {}, (), caller, was_saved=bool(saved))


@ROUTER.post("/problems/{problem_id:int}/prices")
def send_prices(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.WRITE_PRICE)],
    form: OwnForm,
) -> Response:
    """There is a new version with the prices, or the page is shown again with what was typed."""
    version = _latest(request, problem_id)
    number = read_whole(field_of(form, "page"), "page", [])
    shown = Shown(field_of(form, "search")[:100], max(1, min(number or 1, 10**4)))
    typed = _typed(form, version)
    try:
        changes = read_prices_form(typed, version)
        _change(request, problem_id, field_of(form, "base"), changes, caller)
    except (WrongInput, Outdated) as error:
        faults = error.faults if isinstance(error, WrongInput) else (fault_of(error.message),)
        return _prices(request, _latest(request, problem_id), shown, typed, faults, caller)
    return RedirectResponse(f"/problems/{problem_id}/prices?saved=1", status_code=303)


@ROUTER.post("/problems/{problem_id:int}/prices/file")
def send_price_file(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.WRITE_PRICE)],
    form: OwnForm,
) -> Response:
    """There is a new version with what the file says, or its faults are shown by cell."""
    version = _latest(request, problem_id)
    try:
        files = files_of(form, "files")
        changes = read_price_file(files, version.problem, state_of(request).settings)
        _change(request, problem_id, field_of(form, "base"), changes, caller)
    except WrongInput as error:
        faults = tuple(_of_file(fault) for fault in error.faults)
        return _prices(request, version, Shown(), {}, faults, caller)
    except Outdated as error:
        version = _latest(request, problem_id)
        return _prices(request, version, Shown(), {}, (fault_of(error.message),), caller)
    return RedirectResponse(f"/problems/{problem_id}/prices?saved=1", status_code=303)


@ROUTER.get("/problems/{problem_id:int}/prices/{name}.{kind}")
def download_prices(
    request: Request,
    problem_id: int,
    name: Literal["prices", "contracts"],
    kind: Literal["csv", "xlsx"],
    _caller: Annotated[Caller, may(Action.READ_PROBLEM)],
) -> Response:
    """A list to be changed and sent back; a workbook has both."""
    problem = _latest(request, problem_id).problem
    listed: ListName = name
    content = price_csv(problem, listed) if kind == "csv" else price_workbook(problem)
    return file_response(content, kind, f"{name}-{problem_id}")


@ROUTER.get("/problems/{problem_id:int}/contracts/{contract_id}")
def show_contract(
    request: Request,
    problem_id: int,
    contract_id: str,
    caller: Annotated[Caller, may(Action.WRITE_PRICE)],
) -> Response:
    """The form with the terms as they are."""
    version = _latest(request, problem_id)
    contract = _contract(version, contract_id)
    return render(request, _contract_page(version, contract, _as_typed(contract), ()), caller)


@ROUTER.post("/problems/{problem_id:int}/contracts/{contract_id}")
def send_contract(
    request: Request,
    problem_id: int,
    contract_id: str,
    caller: Annotated[Caller, may(Action.WRITE_PRICE)],
    form: OwnForm,
) -> Response:
    """There is a new version with the terms, or the form is shown again with what was typed."""
    version = _latest(request, problem_id)
    contract = _contract(version, contract_id)
    typed = {name: field_of(form, name)[:200] for name in _TERMS}
    try:
        terms = read_contract_form(typed, contract)
        _change(request, problem_id, field_of(form, "base"), (terms,), caller)
    except (WrongInput, Outdated) as error:
        faults = error.faults if isinstance(error, WrongInput) else (fault_of(error.message),)
        latest = _latest(request, problem_id)
        page = _contract_page(latest, contract, typed, tuple(_of_term(each) for each in faults))
        return render(request, page, caller)
    return RedirectResponse(f"/problems/{problem_id}/prices?saved=1", status_code=303)


def read_prices_form(
    typed: Mapping[str, Mapping[str, str]], version: ProblemVersion
) -> tuple[PriceChange, ...]:
    """The prices that the fields say; faults have the names of the fields.

    Raises
    ------
    WrongInput
        With each field that is wrong.
    """
    faults: list[Fault] = []
    rows = {row.id: row for row in price_rows(version.problem)}
    changes: list[PriceChange] = []
    for offer_id, values in typed.items():
        own: list[Fault] = []
        change = _read_price(offer_id, values, own)
        faults += [_naming(rows[offer_id], fault) for fault in own]
        if change is not None:
            changes.append(change)
    if not faults and not changes:
        faults.append(fault_of(Message("No price is otherwise than before.")))
    if faults:
        raise WrongInput(faults)
    return tuple(changes)


def _read_price(offer_id: str, values: Mapping[str, str], faults: list[Fault]) -> SetPrice | None:
    names = {each: f"{each}-{offer_id}" for each in PRICE_FIELDS}
    price = read_ore(values["price"], names["price"], faults)
    extra = read_ore(values["extra"], names["extra"], faults)
    if not values["price"]:
        faults.append(fault_of(Message("State the price."), names["price"]))
    for name, ore in (("price", price), ("extra", extra)):
        if ore is not None and ore < 0:
            faults.append(fault_of(Message("A price is not below 0."), names[name]))
    if price is None or faults:
        return None
    return SetPrice(
        offer_id=offer_id,
        price_ore=price,
        price_per="week" if values["per"] == "week" else "course",
        extra_week_price_ore=extra,
    )


def _naming(row: PriceRow, fault: Fault) -> Fault:
    """The fault with what it is about, since a summary stands far from its cell."""
    text = Message("{offer}: {fault}", offer=row.name or row.id, fault=fault.text)
    return fault_of(text, fault.field)


def read_contract_form(typed: Mapping[str, str], contract: Contract) -> SetTerms:
    """The contract with the terms that the fields say.

    Raises
    ------
    WrongInput
        With each field that is wrong.
    """
    faults: list[Fault] = []
    values = {name: _read_term(name, typed[name], faults) for name in _TERMS}
    missing = [name for name in _TERMS if name in _WEEKS and not typed[name]]
    faults += [fault_of(Message("Fill this in."), name) for name in missing]
    wrong = {fault.field for fault in faults}
    try:
        terms = Contract(id=contract.id, provider_id=contract.provider_id, **values)
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False, include_context=False):
            name = str(each["loc"][0]) if each["loc"] else ""
            if name not in wrong:
                what = Message("This cannot be so. Look at how it is written.")
                faults.append(fault_of(what, name))
    if faults:
        raise WrongInput(faults)
    return SetTerms(contract=terms)


def _read_term(name: str, text: str, faults: list[Fault]) -> Any:
    """What stands in a field; where nothing does, what that means."""
    if name in _WEEKS:
        return read_week(text, name, faults)
    if name in _WHOLE:
        return read_whole(text, name, faults) if text else _IF_EMPTY.get(name)
    if name in _ORE:
        return read_ore(text, name, faults) if text else _IF_EMPTY.get(name)
    if name == "take_or_pay":
        return text == "yes"
    return text or _IF_EMPTY.get(name)


def _change(
    request: Request,
    problem_id: int,
    base: str,
    changes: tuple[PriceChange, ...],
    caller: Caller,
) -> None:
    """The changes are made; nothing is said where everything is so already."""
    try:
        change_prices(state_of(request).store, problem_id, base, changes, caller.account_id)
    except Conflict as error:
        raise WrongInput([fault_of(error.message)]) from error
    except WrongInput as error:
        raise WrongInput([_of_form(fault, changes) for fault in error.faults]) from error


def _of_form(fault: Fault, changes: tuple[PriceChange, ...]) -> Fault:
    """A fault of a change, told by the field it was typed in."""
    number, _, name = (fault.field or "").partition(".")
    if not number.isdecimal() or int(number) >= len(changes):
        return fault
    change = changes[int(number)]
    if isinstance(change, SetPrice):
        fields = {"price_ore": "price", "price_per": "per", "extra_week_price_ore": "extra"}
        return fault.model_copy(update={"field": f"{fields.get(name, 'price')}-{change.offer_id}"})
    return fault.model_copy(update={"field": name})


def _of_term(fault: Fault) -> Fault:
    name = (fault.field or "").removeprefix("contract.")
    return fault.model_copy(update={"field": name if name in _TERMS else ""})


def _of_file(fault: Fault) -> Fault:
    """A fault without a cell is told at the field that the file was chosen in."""
    return fault if fault.file is not None else fault.model_copy(update={"field": "files"})


def _latest(request: Request, problem_id: int) -> ProblemVersion:
    with state_of(request).store.read() as session:
        return latest_version(session, problem_id)


def _typed(form: FormData, version: ProblemVersion) -> dict[str, dict[str, str]]:
    """By offer, what was typed; whoever stands as they were shown is left as they are now."""
    found = {}
    for offer in version.problem.offers:
        if f"price-{offer.id}" not in form:
            continue
        values = {
            name: field_of(form, f"{name}-{offer.id}")[:_MOST_LETTERS] for name in PRICE_FIELDS
        }
        if _as_one(values) != field_of(form, f"was-{offer.id}"):
            found[offer.id] = values
    return found


def _as_one(values: Mapping[str, str]) -> str:
    return "|".join(values[name] for name in PRICE_FIELDS)


def _prices(
    request: Request,
    version: ProblemVersion,
    shown: Shown,
    typed: Mapping[str, Mapping[str, str]],
    faults: tuple[Fault, ...],
    caller: Caller,
    *,
    was_saved: bool = False,
) -> Response:
    words = shown.search.casefold().split()
    rows = [
        row
        for row in price_rows(version.problem)
        if all(word in f"{row.id}\n{row.name}\n{row.provider}".casefold() for word in words)
    ]
    pages = max(1, -(-len(rows) // _ROWS_A_PAGE))
    number = min(shown.page, pages)
    part = rows[(number - 1) * _ROWS_A_PAGE : number * _ROWS_A_PAGE]
    page = PricesPage(
        problem_id=version.problem_id,
        problem_title=version.problem.title,
        base=tag_of(version),
        lines=tuple(_line(row, typed) for row in part),
        count=len(rows),
        search=shown.search,
        page=number,
        pages=pages,
        contracts=_contract_rows(version, language_of(request)),
        may_change=caller.may(Action.WRITE_PRICE),
        was_saved=was_saved,
        most_megabytes=state_of(request).settings.upload_megabytes,
        faults=faults,
    )
    return render(request, page, caller)


def _line(row: PriceRow, typed: Mapping[str, Mapping[str, str]]) -> PriceLine:
    now = _price_typed(row)
    return PriceLine(row.id, row, typed.get(row.id, now), _as_one(now))


def _price_typed(row: PriceRow) -> dict[str, str]:
    return {
        "price": _kr(row.price_ore),
        "per": row.price_per,
        "extra": _kr(row.extra_week_price_ore),
    }


def _kr(ore: int | None) -> str:
    """As somebody types it: without marks between thousands."""
    return "" if ore is None else cell_text(Kr(ore)).removesuffix(",00")


def _contract_rows(
    version: ProblemVersion, language: Language
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    providers = {each.id: each.name for each in version.problem.providers}
    return tuple(
        (
            contract.id,
            (
                contract.name or contract.id,
                providers[contract.provider_id],
                show(contract.first_week, language),
                show(contract.last_week, language),
                show(contract.least_courses, language),
                _or_dash(contract.most_courses, language),
                "–" if contract.most_ore is None else show(Kr(contract.most_ore), language),
            ),
        )
        for contract in version.problem.contracts
    )


def _or_dash(value: int | None, language: Language) -> str:
    return "–" if value is None else show(value, language)


def _contract(version: ProblemVersion, contract_id: str) -> Contract:
    found = [each for each in version.problem.contracts if each.id == contract_id]
    if not found:
        raise NotFound(Message("There is no such contract."))
    return found[0]


def _as_typed(contract: Contract) -> dict[str, str]:
    def text(name: str) -> str:
        value = getattr(contract, name)
        if name in _ORE:
            return "" if not value and name == "least_ore" else _kr(value)
        if isinstance(value, bool):
            return "yes" if value else ""
        return "" if value is None else str(value)

    return {name: text(name) for name in _TERMS}


def _contract_page(
    version: ProblemVersion,
    contract: Contract,
    typed: Mapping[str, str],
    faults: tuple[Fault, ...],
) -> ContractPage:
    problem = version.problem
    return ContractPage(
        problem_id=version.problem_id,
        problem_title=problem.title,
        base=tag_of(version),
        contract_id=contract.id,
        title=contract.name or contract.id,
        provider=next(each.name for each in problem.providers if each.id == contract.provider_id),
        typed=typed,
        lines=tuple((line.id, line.name) for line in problem.budget_lines),
        faults=faults,
    )
