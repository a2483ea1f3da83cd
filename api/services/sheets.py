"""Tables as files that a spreadsheet opens; rows of people are stamped."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Literal

import xlsxwriter

from api.services.comparisons import ComparedPlans
from providers import Record
from scheduler.files.columns import OFFERS, PEOPLE, SITES
from scheduler.files.columns import Table as InputTable
from scheduler.files.csv_text import Cell, csv_bytes
from scheduler.files.price_list import LISTS, ListName, price_list_cells
from scheduler.files.writing import table_cells
from scheduler.language import Kr, Language, Message, show
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.comparison_tables import (
    groups_table,
    lines_table,
    money_table,
    providers_table,
    totals_table,
)
from scheduler.report.table import Kind, Table, csv_cell
from scheduler.report.tables import STAMP, start_table

RecordsName = Literal["people", "sites", "offers"]
_TABLES: dict[RecordsName, InputTable] = {"people": PEOPLE, "sites": SITES, "offers": OFFERS}
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
"""A name, headers and rows."""
_NO_DATE = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - document properties know no time zones
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_WIDEST = 44


def price_csv(problem: Problem, name: ListName) -> bytes:
    """A list of prices or contracts, to be changed and sent back."""
    return csv_bytes(*price_list_cells(problem, name))


def price_workbook(problem: Problem) -> bytes:
    """Prices and contracts, a sheet each."""
    return workbook((name, *price_list_cells(problem, name)) for name in LISTS)


def records_file(
    name: RecordsName, records: Sequence[Record], language: Language, *, is_csv: bool
) -> bytes:
    """Rows of an input table, as the table is read; people's are stamped."""
    header, rows = table_cells(_TABLES[name], records)
    if name == "people":
        header, rows = stamped(header, rows, language)
    return csv_bytes(header, rows) if is_csv else workbook([(name, header, rows)])


def placements_file(
    problem: Problem, document: PlanDocument, language: Language, *, is_csv: bool
) -> bytes:
    """The start list of the placements in a document, stamped."""
    header, rows = stamped(*_cells(start_table(problem, document), language), language)
    return csv_bytes(header, rows) if is_csv else workbook([("placements", header, rows)])


def stamped(
    header: list[str], rows: Sequence[list[Cell]], language: Language
) -> tuple[list[str], list[list[Cell]]]:
    """Each row says that it is confidential."""
    stamp = STAMP.render(language)
    return (
        [*header, Message("Confidentiality").render(language)],
        [[*row, stamp] for row in rows],
    )


def comparison_workbook(compared: ComparedPlans, language: Language) -> bytes:
    """The tables of a comparison, a sheet each; the first says which plan is which."""
    plans = Message("Plans").render(language)
    return workbook(
        (
            (plans, *_plan_cells(compared, language)),
            *(
                (title.render(language), *_cells(table, language))
                for title, table in comparison_tables(compared)
            ),
        )
    )


def comparison_csv(compared: ComparedPlans, language: Language) -> bytes:
    """Every number of a comparison in a row of its own: table, row, number, value."""
    heads = (Message("Table"), Message("Row"), Message("Number"), Message("Value"))
    header = [head.render(language) for head in heads]
    rows: list[list[Cell]] = []
    for plan in compared.plans:
        title = f"{plan.title} (plan {plan.plan_id})"
        rows.append([Message("Plans").render(language), plan.letter, "", title])
    for caption, table in comparison_tables(compared):
        headers, cells = _cells(table, language)
        labels = sum(column.kind in {"text", "clause"} for column in table.columns)
        labels = 1 if table.columns[0].header == Message("Number") else labels
        for row in cells:
            label = " · ".join(str(cell) for cell in row[:labels])
            for name, cell in zip(headers[labels:], row[labels:], strict=True):
                rows.append([caption.render(language), label, name, cell])
    return csv_bytes(header, rows)


def comparison_tables(compared: ComparedPlans) -> tuple[tuple[Message, Table[Any]], ...]:
    """The tables with their titles, in the order that they are shown."""
    args = (compared.comparison, compared.letters)
    return (
        (Message("In all"), totals_table(*args)),
        (Message("By target group"), groups_table(*args, compared.names)),
        (Message("Courses"), lines_table(*args, compared.names)),
        (Message("Money"), money_table(*args, compared.names)),
        (Message("Who delivers"), providers_table(*args, compared.names)),
    )


def _plan_cells(compared: ComparedPlans, language: Language) -> tuple[list[str], list[list[Cell]]]:
    heads = (Message("Letter"), Message("Title"), Message("Plan"), Message("What is otherwise"))
    rows: list[list[Cell]] = [
        [plan.letter, plan.title, plan.plan_id, "; ".join(show(c, language) for c in plan.changes)]
        for plan in compared.plans
    ]
    return [head.render(language) for head in heads], rows


def _cells(table: Table[Any], language: Language) -> tuple[list[str], list[list[Cell]]]:
    rows = [
        [_cell(column.kind, column.value(row), language) for column in table.columns]
        for row in table.rows
    ]
    return list(table.headers(language)), rows


def _cell(kind: Kind, value: Any, language: Language) -> Cell:
    if isinstance(value, Kr | int) and kind == "text":
        return value
    return None if value is None else csv_cell(kind, value, language)


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """A workbook with plain sheets: headers, frozen; texts that are never formulas."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        book.set_properties({"created": _NO_DATE})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0.00"})
        for name, headers, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 1)
            for column, header in enumerate(headers):
                sheet.write_string(0, column, header, bold)
                sheet.set_column(column, column, min(_WIDEST, max(14, len(header))))
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, money)
    return content.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, money: Any) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, cell)
        case int() | Decimal():
            sheet.write_number(row, column, cell)
        case Kr():
            sheet.write_number(row, column, cell.ore / 100, money)
        case tuple():
            sheet.write_string(row, column, ", ".join(cell))
        case _:
            sheet.write_string(row, column, str(cell))
