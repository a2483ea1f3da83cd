"""The people, sites and offers of a problem: to search, sort, filter and page through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.listing import Query, Sheet
from api.services.plans import note_lookup
from api.services.problem_tables import TableName, sheet_of
from api.services.problems import latest_version
from api.state import state_of
from scheduler.language import Message
from scheduler.report.table import NUMBER_KINDS

ROUTER = APIRouter()
ROWS_A_PAGE = 50
_MOST_PAGES = 10_000
_MOST_LETTERS = 100
TITLES: dict[TableName, Message] = {
    "people": Message("Young people"),
    "sites": Message("Sites"),
    "offers": Message("Offers"),
}


@dataclass(frozen=True, slots=True)
class FilterField:
    """A choice that narrows the table."""

    name: str
    label: Message
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class Header:
    """A column's header, which sorts by it."""

    name: str
    label: Message
    is_number: bool
    is_whole: bool
    """Whether its cells stay on one line: ids and weeks."""
    direction: str
    """``ascending``, ``descending`` or empty, as ``aria-sort`` says it."""
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row as shown."""

    cells: tuple[str, ...]
    href: str
    """Where its first cell leads; empty: nowhere."""
    change_href: str
    """Where it is changed; empty: nowhere."""


@dataclass(frozen=True, slots=True)
class ProblemTablePage:
    """One table of a problem."""

    template: ClassVar[str] = "pages/problem_table.html"

    problem_id: int
    problem_title: str
    path: str
    title: Message
    is_confidential: bool
    search: str
    sort: str
    filters: tuple[FilterField, ...]
    headers: tuple[Header, ...]
    lines: tuple[Line, ...]
    count: int
    """Rows that fit."""
    count_all: int
    first: int
    """The first of them on this page, from 1."""
    previous_href: str
    """Empty: this is the first page."""
    next_href: str


@ROUTER.get("/problems/{problem_id:int}/people")
def show_people(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PERSON)]
) -> Response:
    """Everybody in the problem; that they are looked at is written down."""
    return _show(request, problem_id, "people", caller)


@ROUTER.get("/problems/{problem_id:int}/sites")
def show_sites(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PROBLEM)]
) -> Response:
    """Where courses happen."""
    return _show(request, problem_id, "sites", caller)


@ROUTER.get("/problems/{problem_id:int}/offers")
def show_offers(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PROBLEM)]
) -> Response:
    """What can be had."""
    return _show(request, problem_id, "offers", caller)


def _show(request: Request, problem_id: int, name: TableName, caller: Caller) -> Response:
    is_confidential = name == "people"
    with state_of(request).store.write() as session:
        version = latest_version(session, problem_id)
        if is_confidential:
            note_lookup(session, caller, Action.READ_PERSON, version.id)
    sheet = sheet_of(version, name, language_of(request))
    asked = _Asked.of(request, sheet)
    found = sheet.find(asked.query())
    path = f"/problems/{problem_id}/{name}"
    last = asked.page * ROWS_A_PAGE
    page = ProblemTablePage(
        problem_id=problem_id,
        problem_title=version.problem.title,
        path=path,
        title=TITLES[name],
        is_confidential=is_confidential,
        search=asked.search,
        sort=asked.sort,
        filters=tuple(
            FilterField(each.name, each.label, sheet.choices[each.name], asked.filters[each.name])
            for each in sheet.filters
            if sheet.choices[each.name]
        ),
        headers=tuple(_header(column, asked, path) for column in sheet.columns),
        lines=tuple(
            _line(sheet, row, name, problem_id, may_change=caller.may(Action.WRITE_PROBLEM))
            for row in found.rows
        ),
        count=found.count,
        count_all=len(sheet.rows),
        first=last - ROWS_A_PAGE + 1,
        previous_href=asked.address(path, page=asked.page - 1) if asked.page > 1 else "",
        next_href=asked.address(path, page=asked.page + 1) if last < found.count else "",
    )
    return render(request, page, caller)


def _header(column: Any, asked: _Asked, path: str) -> Header:
    is_up, is_down = asked.sort == column.name, asked.sort == f"-{column.name}"
    return Header(
        name=column.name,
        label=column.header,
        is_number=column.kind in NUMBER_KINDS,
        is_whole=column.kind == "week" or column.name == "id",
        direction="ascending" if is_up else "descending" if is_down else "",
        href=asked.address(path, sort=f"-{column.name}" if is_up else column.name),
    )


def _line(
    sheet: Sheet[Any], row: Any, name: TableName, problem_id: int, *, may_change: bool
) -> Line:
    change = f"/problems/{problem_id}/changes/capacity?site_id={row.id}"
    return Line(
        cells=sheet.cells(row),
        href=f"/problems/{problem_id}/people/{row.id}" if name == "people" else "",
        change_href=change if name == "sites" and may_change else "",
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an address asks for; what means nothing is left out."""

    search: str
    sort: str
    filters: dict[str, str]
    page: int

    @classmethod
    def of(cls, request: Request, sheet: Sheet[Any]) -> _Asked:
        given = request.query_params
        sort, page = given.get("sort", ""), given.get("page", "1")
        known = {column.name for column in sheet.columns}
        is_page = page.isascii() and page.isdecimal() and 0 < int(page[:6]) <= _MOST_PAGES
        return cls(
            search=given.get("search", "").strip()[:_MOST_LETTERS],
            sort=sort if sort.removeprefix("-") in known else "",
            filters={each.name: given.get(each.name, "") for each in sheet.filters},
            page=int(page[:6]) if is_page else 1,
        )

    def query(self) -> Query:
        """The same for the service."""
        offset = (self.page - 1) * ROWS_A_PAGE
        return Query(self.search, self.sort, self.filters, ROWS_A_PAGE, offset)

    def address(self, path: str, *, sort: str | None = None, page: int = 1) -> str:
        """The address of the same rows in another order, or of another page."""
        said = {
            "search": self.search,
            **self.filters,
            "sort": self.sort if sort is None else sort,
            "page": str(page) if page > 1 else "",
        }
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{query}" if query else path
