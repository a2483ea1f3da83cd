"""Tables of a problem as texts."""

from __future__ import annotations

from scheduler.files.columns import TABLES
from scheduler.files.csv_text import cell_text
from scheduler.files.writing import table_cells
from scheduler.problem import Problem
from scheduler.report.page import PageTable


def first_rows(problem: Problem, name: str, most: int) -> PageTable:
    """The first rows of a table, with the columns that say anything, as a CSV file shows them."""
    table = next(table for table in TABLES if table.name == name)
    header, rows = table_cells(table, getattr(problem, table.field)[:most])
    return PageTable(
        caption=f"{name}.csv",
        headers=tuple(header),
        is_number=(False,) * len(header),
        rows=tuple(tuple(cell_text(cell) for cell in row) for row in rows),
    )
