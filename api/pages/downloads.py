"""Downloads: what can be taken along of a plan, by whom it is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.attachments import attach
from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.downloads import (
    FinanceFile,
    Offered,
    OpenFile,
    Part,
    PersonFile,
    ProviderFile,
    list_files,
    take_file,
    take_provider_file,
)
from api.state import state_of
from scheduler.language import Message

ROUTER = APIRouter()
_FORMATS: Mapping[str, Message] = {
    "xlsx": Message("Excel"),
    "csv": Message("CSV"),
    "html": Message("Web page"),
    "ics": Message("Calendar"),
    "json": Message("JSON"),
    "zip": Message("Zip"),
}
"""In the order in which they are offered."""
_TITLES: Mapping[str, tuple[Message, Message]] = {
    "start-list": (
        Message("Start list"),
        Message("Who starts where and when, with points and price."),
    ),
    "waiting-list": (Message("Waiting list"), Message("Who waits, and why.")),
    "decided-otherwise": (
        Message("Decided otherwise"),
        Message("Those who get something else than the plan says, and the reason."),
    ),
    "starts": (
        Message("Calendar of starts"),
        Message("A day for each start, with the person's id and the site, and nothing more."),
    ),
    "plan": (
        Message("The whole plan"),
        Message("As it was made: a workbook with a sheet for each reader, or everything as JSON."),
    ),
    "report-with-persons": (
        Message("Report with people"),
        Message("To print: the report below, and the start list and the waiting list."),
    ),
    "bundle": (
        Message("Auditor's bundle"),
        Message(
            "Input, plan, check, decisions and hashes. “ungeplan replay” plans it again and sees"
            " that the same plan comes out."
        ),
    ),
    "finance": (
        Message("Finance by line and month"),
        Message("What each line pays for enrolments and for new placements."),
    ),
    "budget": (
        Message("Finance by line and year"),
        Message("Decided, reserved, committed, planned and left."),
    ),
    "leader": (
        Message("Leader's page"),
        Message("Key figures, goals, money and groups on one sheet."),
    ),
    "report": (Message("Report"), Message("To print: figures and pictures of the whole plan.")),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A format of a file."""

    label: Message
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A file, in each of its formats."""

    title: Message
    note: Message
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ProviderLine:
    """A provider's own list."""

    provider: str
    starts: int
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class DownloadsPage:
    """The files that the caller may take."""

    template: ClassVar[str] = "pages/downloads.html"

    plan_id: int
    problem_id: int
    problem_title: str
    is_approved: bool
    otherwise: int
    """How many are decided on otherwise; 0 where the caller may not see people."""
    person_lines: tuple[Line, ...]
    provider_lines: tuple[ProviderLine, ...]
    finance_lines: tuple[Line, ...]
    open_lines: tuple[Line, ...]


@ROUTER.get("/plans/{plan_id:int}/downloads")
def show_downloads(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """The page."""
    with state_of(request).store.read() as session:
        shelf = list_files(session, caller, plan_id)
    sees_people = caller.may(Action.DOWNLOAD_PERSON)
    page = DownloadsPage(
        plan_id=plan_id,
        problem_id=shelf.plan.problem_id,
        problem_title=shelf.plan.problem.title,
        is_approved=shelf.approval is not None,
        otherwise=len(shelf.approval.overrides) if shelf.approval and sees_people else 0,
        person_lines=_lines(plan_id, shelf.offered, "person-files"),
        provider_lines=tuple(
            ProviderLine(
                each.provider,
                len(each.starts),
                _links(plan_id, [f for f in shelf.offered if f.provider_id == each.provider_id]),
            )
            for each in shelf.providers
        ),
        finance_lines=_lines(plan_id, shelf.offered, "finance-files"),
        open_lines=_lines(plan_id, shelf.offered, "files"),
    )
    return render(request, page, caller)


@ROUTER.get("/plans/{plan_id:int}/files/{name}")
def take_open_file(
    request: Request,
    plan_id: int,
    name: OpenFile,
    caller: Annotated[Caller, may(Action.READ_PLAN)],
) -> Response:
    """A file that reveals nobody."""
    return _taken(request, caller, plan_id, "files", name)


@ROUTER.get("/plans/{plan_id:int}/finance-files/{name}")
def take_finance_file(
    request: Request,
    plan_id: int,
    name: FinanceFile,
    caller: Annotated[Caller, may(Action.DOWNLOAD_FINANCE)],
) -> Response:
    """A file about money."""
    return _taken(request, caller, plan_id, "finance-files", name)


@ROUTER.get("/plans/{plan_id:int}/person-files/{name}")
def take_person_file(
    request: Request,
    plan_id: int,
    name: PersonFile,
    caller: Annotated[Caller, may(Action.DOWNLOAD_PERSON)],
) -> Response:
    """A file with rows of people."""
    return _taken(request, caller, plan_id, "person-files", name)


@ROUTER.get("/plans/{plan_id:int}/person-files/providers/{provider_id}/{name}")
def take_own_file(
    request: Request,
    plan_id: int,
    provider_id: str,
    name: ProviderFile,
    caller: Annotated[Caller, may(Action.DOWNLOAD_PERSON)],
) -> Response:
    """A provider's own list."""
    with state_of(request).store.write() as session:
        make = take_provider_file(session, caller, plan_id, provider_id, name)
    return attach(make(language_of(request)))


def _taken(request: Request, caller: Caller, plan_id: int, part: Part, name: str) -> Response:
    with state_of(request).store.write() as session:
        make = take_file(session, caller, plan_id, part, name)
    return attach(make(language_of(request)))


def _lines(plan_id: int, offered: Sequence[Offered], part: Part) -> tuple[Line, ...]:
    by_title: dict[str, list[Offered]] = {}
    for file in offered:
        if file.part == part and not file.provider_id:
            by_title.setdefault(file.name.rpartition(".")[0], []).append(file)
    return tuple(Line(*_TITLES[stem], _links(plan_id, files)) for stem, files in by_title.items())


def _links(plan_id: int, files: Sequence[Offered]) -> tuple[Link, ...]:
    by_format = {file.name.rpartition(".")[2]: file for file in files}
    return tuple(
        Link(label, f"/plans/{plan_id}/{by_format[suffix].path}")
        for suffix, label in _FORMATS.items()
        if suffix in by_format
    )
