"""Tables of a problem as texts."""

from __future__ import annotations

from scheduler.files.columns import TABLES
from scheduler.files.csv_text import cell_text
from scheduler.files.writing import table_cells
from scheduler.language import Language
from scheduler.problem import Problem
from scheduler.report.page import PageTable


def first_rows(problem: Problem, name: str, most: int, language: Language) -> PageTable:
    """The first rows of a table: the columns that say anything, named as in the empty tables."""
    table = next(table for table in TABLES if table.name == name)
    names, rows = table_cells(table, getattr(problem, table.field)[:most])
    columns = {column.name: column for column in table.columns}
    header = [columns[name].header(language) for name in names]
    return PageTable(
        caption=table.title(language).capitalize(),
        headers=tuple(header),
        is_number=(False,) * len(header),
        rows=tuple(tuple(cell_text(cell) for cell in row) for row in rows),
    )
