"""The workbook: its sheets in order, and what it says about itself."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from xlsxwriter import Workbook

from scheduler.language import Language, Message, show
from scheduler.report.label import Label
from scheduler.report.table import Table
from scheduler.report.tables import (
    STAMP,
    budget_table,
    provider_columns,
    start_table,
    waiting_table,
)
from scheduler.report.views.books import Books
from scheduler.report.views.money import money_by_year, payments_by_month
from scheduler.report.views.occupancy import occupancy
from scheduler.report.views.people import starts_by_provider
from scheduler.report.workbook.finance import write_finance
from scheduler.report.workbook.leader import write_leader
from scheduler.report.workbook.names import sheet_names
from scheduler.report.workbook.occupancy import write_occupancy
from scheduler.report.workbook.sheet import Sheet

Writer = Callable[[Sheet], object]
SheetPlan = tuple[Label, Label, Writer]
"""Name, heading and writer of a sheet."""

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_NO_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - document properties know no time zones


def plan_workbook(books: Books, language: Language) -> bytes:
    """A workbook with a sheet for each reader; the same plan always gives the same bytes."""
    return sheets_workbook(books, _sheets(books), language)


def leader_workbook(books: Books, language: Language) -> bytes:
    """The leader's page alone; nobody stands on it."""
    write = partial(write_leader, books=books)
    sheets = [(Message("Leader's page"), books.document.title, write)]
    return sheets_workbook(books, sheets, language, stamp=None)


def finance_workbook(books: Books, language: Language) -> bytes:
    """Money by line and month, and by line and year; nobody stands in it."""
    return sheets_workbook(books, _finance_sheets(books), language, stamp=None)


def table_workbook(books: Books, heading: Message, table: Table[Any], language: Language) -> bytes:
    """One table with rows of people."""
    return sheets_workbook(books, [(heading, heading, partial(Sheet.table, table=table))], language)


def sheets_workbook(
    books: Books, sheets: Sequence[SheetPlan], language: Language, stamp: Message | None = STAMP
) -> bytes:
    """A workbook with some sheets of a plan.

    Parameters
    ----------
    books
        The plan.
    sheets
        What to write.
    language
        Of everything.
    stamp
        Stands on every sheet; none where there are no rows of people.
    """
    file = io.BytesIO()
    titles = [show(title, language) for title, _, _ in sheets]
    with Workbook(file, _OPTIONS) as book:
        book.set_properties(_properties(books, language, stamp))
        for name, (_, heading, write) in zip(sheet_names(titles), sheets, strict=True):
            title = books.document.title
            write(Sheet(book, name, show(heading, language), title, language, stamp))
    return file.getvalue()


def _sheets(books: Books) -> list[SheetPlan]:
    problem, document = books.problem, books.document
    return [
        (Message("Leader's page"), document.title, partial(write_leader, books=books)),
        (
            Message("Start list"),
            Message("Start list"),
            partial(Sheet.table, table=start_table(problem, document).without_details()),
        ),
        (
            Message("Waiting list"),
            Message("Waiting list"),
            partial(Sheet.table, table=waiting_table(problem, document)),
        ),
        *_finance_sheets(books),
        *(
            (
                Message("Use of {resource}", resource=resource.label),
                Message("Use by site and week: {resource}", resource=resource.label),
                partial(write_occupancy, resource=resource),
            )
            for resource in occupancy(books)
        ),
        *(
            (
                provider.provider,
                Message("Starts at {provider}", provider=provider.provider),
                partial(Sheet.table, table=Table(provider_columns(), provider.starts)),
            )
            for provider in starts_by_provider(problem, document)
        ),
    ]


def _finance_sheets(books: Books) -> list[SheetPlan]:
    return [
        (
            Message("Finance by month"),
            Message("What each budget line pays, by the month of the week's Thursday, kr"),
            partial(write_finance, payments=payments_by_month(books)),
        ),
        (
            Message("Finance by year"),
            Message("Money by budget line and year"),
            partial(Sheet.table, table=budget_table(money_by_year(books))),
        ),
    ]


def _properties(books: Books, language: Language, stamp: Message | None) -> dict[str, object]:
    said = "" if stamp is None else stamp.render(language)
    return {
        "title": books.document.title,
        "subject": Message("Plan report").render(language),
        "author": "Ungeplan",
        "category": said,
        "keywords": said,
        "status": said,
        "created": _created(books.document.provenance.started_at),
    }


def _created(started_at: str) -> dt.datetime:
    """When the run started, so that the bytes depend on the plan alone."""
    try:
        return dt.datetime.fromisoformat(started_at).replace(tzinfo=None)
    except ValueError:
        return _NO_DATE
