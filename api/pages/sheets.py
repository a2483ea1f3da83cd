"""A table that somebody searches, filters, sorts and pages through, as a page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from api.services.listing import Query, Sheet
from scheduler.language import Message
from scheduler.report.table import NUMBER_KINDS

ROWS_A_PAGE = 50
_MOST_PAGES = 10_000
_MOST_LETTERS = 100


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
    is_prose: bool
    """Whether its cells are sentences, which need width."""
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
class SheetView:
    """The part of a table that an address asks for."""

    path: str
    title: Message
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


def view_sheet(
    request: Request,
    sheet: Sheet[Any],
    title: Message,
    href_of: Callable[[Any], str],
    change_href_of: Callable[[Any], str] = lambda _: "",
) -> SheetView:
    """What the request's address asks for; the functions say where a row leads."""
    asked = _Asked.of(request, sheet)
    found = sheet.find(asked.query())
    path = request.url.path
    last = asked.page * ROWS_A_PAGE
    return SheetView(
        path=path,
        title=title,
        search=asked.search,
        sort=asked.sort,
        filters=tuple(
            FilterField(each.name, each.label, sheet.choices[each.name], asked.filters[each.name])
            for each in sheet.filters
            if sheet.choices[each.name]
        ),
        headers=tuple(_header(column, asked, path) for column in sheet.columns),
        lines=tuple(
            Line(sheet.cells(row), href_of(row), change_href_of(row)) for row in found.rows
        ),
        count=found.count,
        count_all=len(sheet.rows),
        first=last - ROWS_A_PAGE + 1,
        previous_href=asked.address(path, page=asked.page - 1) if asked.page > 1 else "",
        next_href=asked.address(path, page=asked.page + 1) if last < found.count else "",
    )


def _header(column: Any, asked: _Asked, path: str) -> Header:
    is_up, is_down = asked.sort == column.name, asked.sort == f"-{column.name}"
    return Header(
        name=column.name,
        label=column.header,
        is_number=column.kind in NUMBER_KINDS,
        is_whole=column.kind == "week" or column.name == "id",
        is_prose=column.kind == "prose",
        direction="ascending" if is_up else "descending" if is_down else "",
        href=asked.address(path, sort=f"-{column.name}" if is_up else column.name),
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
