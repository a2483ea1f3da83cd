"""A problem is changed: its history, and a form for each kind of change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.errors import Conflict, NotFound, Outdated, WrongInput
from api.faults import Fault, fault_of
from api.pages.rendering import language_of, render
from api.pages.typed_values import read_ore, read_week, read_whole
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import OwnForm, field_of, may
from api.services.changes import (
    TakeBack,
    VersionInBrief,
    change_problem,
    count_versions,
    list_versions,
    tag_of,
)
from api.services.plans import note_lookup
from api.services.problem_tables import PIN_LABELS
from api.services.problems import ProblemVersion, latest_version
from api.state import state_of
from scheduler.changes import (
    FixPlacement,
    ForbidPlacement,
    RemovePin,
    SetBudget,
    SetCapacity,
    movement_kinds,
    say_weeks,
)
from scheduler.check import Facts
from scheduler.explain.names import Names
from scheduler.files.numbers import parse_whole
from scheduler.language import Kr, Language, Message, show
from scheduler.problem import Problem
from scheduler.report.page import PageTable

ROUTER = APIRouter()
FormKind = Literal["fix", "forbid", "capacity", "budget"]
_VERSIONS_A_PAGE = 50
TITLES: dict[FormKind, Message] = {
    "fix": Message("Fix a placement"),
    "forbid": Message("Rule a placement out"),
    "capacity": Message("Change how much a site can take"),
    "budget": Message("Change an amount of money"),
}
EXPLANATIONS: dict[FormKind, Message] = {
    "fix": Message(
        "The next plan gives the person this place. An earlier fixed place of theirs is given up."
    ),
    "forbid": Message("The next plan gives the person none of the places that fit these fields."),
    "capacity": Message("It holds for the weeks given, whatever was said of them before."),
    "budget": Message(
        "State what the line has in all that year. The difference becomes a decided movement."
    ),
}
_FIELDS: dict[FormKind, tuple[str, ...]] = {
    "fix": ("person_id", "offer_id", "start", "reason"),
    "forbid": ("person_id", "offer_id", "start", "reason"),
    "capacity": ("site_id", "resource", "first_week", "last_week", "amount"),
    "budget": ("budget_line_id", "year", "amount_ore", "movement_kind"),
}
_MOST_LETTERS = 200


@dataclass(frozen=True, slots=True)
class FormField:
    """A field of a form."""

    name: str
    label: Message
    hint: Message | None
    options: tuple[tuple[str, str], ...]
    """Empty: something is typed."""
    inputmode: str
    is_short: bool
    value: str


@dataclass(frozen=True, slots=True)
class ChangePage:
    """What shall be otherwise."""

    template: ClassVar[str] = "pages/change.html"

    problem_id: int
    problem_title: str
    kind: FormKind
    title: Message
    explanation: Message
    base: str
    """The version that somebody saw."""
    fields: tuple[FormField, ...]
    now: PageTable | None
    """How it is now."""
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What was changed, by whom and when."""

    template: ClassVar[str] = "pages/changes.html"

    problem_id: int
    problem_title: str
    base: str
    versions: tuple[VersionInBrief, ...]
    older_page: int | None
    """The page with the older ones; none: there are none."""
    forms: tuple[tuple[FormKind, Message], ...]
    may_change: bool
    may_run: bool
    faults: tuple[Fault, ...]


@ROUTER.get("/problems/{problem_id:int}/changes")
def show_changes(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PERSON)]
) -> Response:
    """The versions of the problem; pins name people, so that the look is written down."""
    return _history(request, problem_id, caller, ())


@ROUTER.get("/problems/{problem_id:int}/changes/{kind}")
def show_change(
    request: Request,
    problem_id: int,
    kind: FormKind,
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
) -> Response:
    """The form, filled in as far as the address says."""
    with state_of(request).store.read() as session:
        version = latest_version(session, problem_id)
    given = request.query_params
    typed = {name: given.get(name, "")[:_MOST_LETTERS] for name in _FIELDS[kind]}
    if kind == "capacity" and not typed["resource"]:
        typed["resource"] = "places"
    if kind == "budget" and not typed["movement_kind"]:
        typed["movement_kind"] = "supplementary"
    page = _page(version, kind, typed, (), language_of(request), caller)
    return render(request, page, caller)


@ROUTER.post("/problems/{problem_id:int}/changes/take-back")
def send_take_back(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
    form: OwnForm,
) -> Response:
    """What a version changed is as before, or it is said why it cannot be."""
    number = parse_whole(field_of(form, "version"))
    if number is None or not 1 < number < 10**6:
        raise NotFound(Message("There is no such version to take back."))
    change = TakeBack(version=number)
    return _change_and_show(request, problem_id, caller, field_of(form, "base"), change)


@ROUTER.post("/problems/{problem_id:int}/changes/remove-pin")
def send_remove_pin(
    request: Request,
    problem_id: int,
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
    form: OwnForm,
) -> Response:
    """What was fixed or ruled out is open again."""
    faults: list[Fault] = []
    values = {name: field_of(form, name) for name in ("pin_kind", "person_id", "offer_id")}
    start = read_week(field_of(form, "start"), "start", faults)
    change = _record(RemovePin, {**values, "start": start}, faults)
    if faults:
        return _history(request, problem_id, caller, tuple(faults))
    return _change_and_show(request, problem_id, caller, field_of(form, "base"), change)


@ROUTER.post("/problems/{problem_id:int}/changes/{kind}")
def send_change(
    request: Request,
    problem_id: int,
    kind: FormKind,
    caller: Annotated[Caller, may(Action.WRITE_PROBLEM)],
    form: OwnForm,
) -> Response:
    """There is a new version, or the form is shown again with what was typed."""
    state = state_of(request)
    typed = _typed(form, kind)
    try:
        change = read_change(kind, typed)
        change_problem(state.store, problem_id, field_of(form, "base"), change, caller.account_id)
    except (WrongInput, Outdated) as error:
        faults = error.faults if isinstance(error, WrongInput) else (fault_of(error.message),)
        with state.store.read() as session:
            version = latest_version(session, problem_id)
        page = _page(version, kind, typed, faults, language_of(request), caller)
        return render(request, page, caller)
    return RedirectResponse(f"/problems/{problem_id}/changes", status_code=303)


def read_change(
    kind: FormKind, typed: Mapping[str, str]
) -> FixPlacement | ForbidPlacement | SetCapacity | SetBudget:
    """The change that the fields say.

    Raises
    ------
    WrongInput
        With each field that is wrong.
    """
    faults: list[Fault] = []
    values: dict[str, Any] = dict(typed)
    for name in ("start", "first_week", "last_week"):
        if name in typed:
            values[name] = read_week(typed[name], name, faults)
    for name in ("amount", "year"):
        if name in typed:
            values[name] = read_whole(typed[name], name, faults)
    if "amount_ore" in typed:
        values["amount_ore"] = read_ore(typed["amount_ore"], "amount_ore", faults)
    records: dict[FormKind, Any] = {
        "fix": FixPlacement,
        "forbid": ForbidPlacement,
        "capacity": SetCapacity,
        "budget": SetBudget,
    }
    change: FixPlacement | ForbidPlacement | SetCapacity | SetBudget
    change = _record(records[kind], values, faults)
    if faults:
        raise WrongInput(faults)
    return change


def _typed(form: FormData, kind: FormKind) -> dict[str, str]:
    return {name: field_of(form, name) for name in _FIELDS[kind]}


def _record(record: Any, values: Mapping[str, Any], faults: list[Fault]) -> Any:
    """The record, or faults of its fields; a field that is wrong already is not told again."""
    wrong = {fault.field for fault in faults}
    given = {name: value for name, value in values.items() if value not in {"", None}}
    try:
        return record(**given)
    except ValidationError as error:
        for each in error.errors(include_input=False, include_url=False, include_context=False):
            name = str(each["loc"][0]) if each["loc"] else ""
            if name not in wrong:
                text = (
                    Message("Fill this in.")
                    if each["type"] == "missing"
                    else Message("This cannot be so. Look at how it is written.")
                )
                faults.append(fault_of(text, name))
        return None


def _change_and_show(
    request: Request, problem_id: int, caller: Caller, base: str, change: TakeBack | RemovePin
) -> Response:
    """The change is made, or the history says why not."""
    try:
        change_problem(state_of(request).store, problem_id, base, change, caller.account_id)
    except WrongInput as error:
        faults = tuple(Fault(text=fault.text) for fault in error.faults)
        return _history(request, problem_id, caller, faults)
    except (Conflict, Outdated) as error:
        return _history(request, problem_id, caller, (fault_of(error.message),))
    return RedirectResponse(f"/problems/{problem_id}/changes", status_code=303)


def _history(
    request: Request, problem_id: int, caller: Caller, faults: tuple[Fault, ...]
) -> Response:
    number = parse_whole(request.query_params.get("page", "1")) or 1
    page_number = min(max(1, number), 10**4)
    offset = (page_number - 1) * _VERSIONS_A_PAGE
    with state_of(request).store.write() as session:
        latest = latest_version(session, problem_id)
        versions = list_versions(session, latest, most=_VERSIONS_A_PAGE, offset=offset)
        count = count_versions(session, problem_id)
        note_lookup(session, caller, Action.READ_PERSON, latest.id)
    page = ChangesPage(
        problem_id=problem_id,
        problem_title=latest.problem.title,
        base=tag_of(latest),
        versions=tuple(versions),
        older_page=page_number + 1 if offset + len(versions) < count else None,
        forms=tuple(TITLES.items()),
        may_change=caller.may(Action.WRITE_PROBLEM),
        may_run=caller.may(Action.START_RUN),
        faults=faults,
    )
    return render(request, page, caller)


def _page(
    version: ProblemVersion,
    kind: FormKind,
    typed: Mapping[str, str],
    faults: tuple[Fault, ...],
    language: Language,
    caller: Caller,
) -> ChangePage:
    known = {field.name for field in _form(version.problem, kind, typed, language)}
    return ChangePage(
        problem_id=version.problem_id,
        problem_title=version.problem.title,
        kind=kind,
        title=TITLES[kind],
        explanation=EXPLANATIONS[kind],
        base=tag_of(version),
        fields=_form(version.problem, kind, typed, language),
        now=_now(version.problem, kind, typed, language)
        if caller.may(Action.READ_PERSON)
        else None,
        # A link to a field that is not there would lead nowhere.
        faults=tuple(
            fault if fault.field in known else fault.model_copy(update={"field": ""})
            for fault in faults
        ),
    )


def _form(
    problem: Problem, kind: FormKind, typed: Mapping[str, str], language: Language
) -> tuple[FormField, ...]:
    names = Names(problem)

    def text(
        name: str,
        label: Message,
        hint: Message | None = None,
        mode: str = "",
        *,
        short: bool = False,
    ) -> FormField:
        return FormField(name, label, hint, (), mode, short, typed[name])

    def choice(name: str, label: Message, options: list[tuple[str, str]]) -> FormField:
        ordered = sorted(options, key=lambda option: (option[0] != "", option[1].casefold()))
        return FormField(name, label, None, tuple(ordered), "", False, typed[name])

    week_hint = Message("Such as 2016-W27. Empty: any week.")
    match kind:
        case "fix" | "forbid":
            offers = [(offer.id, _offer_name(problem, names, offer.id)) for offer in problem.offers]
            nothing = Message("Choose") if kind == "fix" else Message("any offer")
            return (
                text("person_id", Message("Person"), Message("The pseudonymous id.")),
                choice("offer_id", Message("Offer"), [("", show(nothing, language)), *offers]),
                text("start", Message("Start week"), week_hint, short=True),
                text("reason", Message("Why"), Message("Seen by other planners. Names no one.")),
            )
        case "capacity":
            sites = [(site.id, site.name) for site in problem.sites]
            codes = {"places", *(row.resource for row in problem.capacity)}
            codes |= {row.resource for row in problem.uses}
            resources = [
                (code, show(names.code(code, "resource"), language)) for code in sorted(codes)
            ]
            none = ("", show(Message("Choose"), language))
            return (
                choice("site_id", Message("Site"), [none, *sites]),
                choice("resource", Message("Of what"), resources),
                text(
                    "first_week",
                    Message("First week"),
                    Message("Such as 2016-W27. Empty: from the beginning."),
                    short=True,
                ),
                text(
                    "last_week",
                    Message("Last week"),
                    Message("Such as 2016-W40. Empty: for ever."),
                    short=True,
                ),
                text("amount", Message("How much each week"), None, "numeric", short=True),
            )
        case "budget":
            lines = [(line.id, line.name) for line in problem.budget_lines]
            kinds = [
                (code, show(names.code(code, "movement-kind"), language))
                for code in movement_kinds(problem)
            ]
            none = ("", show(Message("Choose"), language))
            return (
                choice("budget_line_id", Message("Budget line"), [none, *lines]),
                text("year", Message("Year"), None, "numeric", short=True),
                text(
                    "amount_ore",
                    Message("Amount in all, kr"),
                    Message("Such as 2500000 or 2500000,50."),
                    "decimal",
                ),
                choice("movement_kind", Message("Kind of decision"), kinds),
            )


def _offer_name(problem: Problem, names: Names, offer_id: str) -> str:
    name = names.offer(offer_id)
    site = next(names.site(offer.site_id) for offer in problem.offers if offer.id == offer_id)
    return name if name == site else f"{name} – {site}"


def _now(
    problem: Problem, kind: FormKind, typed: Mapping[str, str], language: Language
) -> PageTable | None:
    names = Names(problem)

    def table(
        caption: Message, headers: tuple[Message, ...], rows: list[tuple[object, ...]]
    ) -> PageTable | None:
        if not rows:
            return None
        return PageTable(
            caption=caption.render(language),
            headers=tuple(header.render(language) for header in headers),
            is_number=tuple(isinstance(value, int | Kr) for value in rows[0]),
            rows=tuple(tuple(show(value, language) for value in row) for row in rows),
        )

    match kind:
        case "fix" | "forbid":
            pins = [pin for pin in problem.pins if pin.person_id == typed["person_id"]]
            return table(
                Message("Fixed and ruled out for the person now"),
                (Message("What"), Message("Offer"), Message("Start")),
                [
                    (
                        PIN_LABELS[pin.kind],
                        names.offer(pin.offer_id) if pin.offer_id else Message("any offer"),
                        pin.start or Message("any week"),
                    )
                    for pin in pins
                ],
            )
        case "capacity":
            site = next((site for site in problem.sites if site.id == typed["site_id"]), None)
            if site is None:
                return None
            rows = sorted(
                (row for row in problem.capacity if row.site_id == site.id),
                key=lambda row: (row.resource, row.first_week.ordinal if row.first_week else 0),
            )
            return table(
                Message("What {site} can take now", site=site.name),
                (Message("Weeks"), Message("Of what"), Message("Each week")),
                [
                    (Message("all other weeks"), names.code("places", "resource"), site.places),
                    *(
                        (
                            say_weeks(row.first_week, row.last_week),
                            names.code(row.resource, "resource"),
                            row.amount,
                        )
                        for row in rows
                    ),
                ],
            )
        case "budget":
            facts = Facts(problem)
            return table(
                Message("Decided money now"),
                (Message("Budget line"), Message("Year"), Message("Amount")),
                [
                    (names.line(line_id), str(year), Kr(facts.decided(line_id, year)))
                    for line_id, year in sorted(facts.decided_years())
                ],
            )
