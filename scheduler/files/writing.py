"""A problem as a folder or a workbook that reads back to an equal problem."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import xlsxwriter

from providers import Record
from scheduler.files.atomic import replace_folder_atomically, write_file_atomically
from scheduler.files.cells import ANY
from scheduler.files.columns import PLAN, TABLES, Column, Table
from scheduler.files.csv_text import Cell, cell_text, csv_bytes
from scheduler.files.goal_text import blend_text, percent_text, tolerance_text
from scheduler.files.inputs import PLAN_FILE
from scheduler.files.plan_toml import TomlValue, toml_text
from scheduler.goal import Stage
from scheduler.language import Kr
from scheduler.problem import Problem
from scheduler.programme import Programme

FILES = frozenset({PLAN_FILE, *(f"{table.name}.csv" for table in TABLES if not table.in_plan)})
"""What a folder that holds a problem may consist of."""
_MADE = dt.datetime(2016, 1, 1)  # noqa: DTZ001 - the same workbook for the same problem


def write_problem(
    problem: Problem, path: Path, *, encoding: str = "utf-8-sig", delimiter: str = ";"
) -> None:
    """`problem` at `path`, whole or not at all: a workbook if it ends in ``.xlsx``, else a folder.

    Raises
    ------
    WriteRefused
        If a folder is there that holds anything but the files of a problem.
    UnicodeEncodeError
        If `encoding` lacks a character.
    """
    if path.suffix.casefold() == ".xlsx":
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file_atomically(path, workbook_bytes(problem))
        return
    with replace_folder_atomically(path, may_hold=FILES) as folder:
        (folder / PLAN_FILE).write_text(plan_text(problem), encoding="utf-8", newline="\n")
        for table in TABLES:
            if not table.in_plan and (table.required or getattr(problem, table.field)):
                header, rows = table_cells(table, getattr(problem, table.field))
                content = csv_bytes(header, rows, encoding=encoding, delimiter=delimiter)
                (folder / f"{table.name}.csv").write_bytes(content)


def plan_text(problem: Problem) -> str:
    """``plan.toml``."""
    settings = {name: _toml_value(cell) for name, cell in _settings(problem)}
    settings |= {
        table.name: []
        for table in TABLES
        if table.in_plan and table.required and table is not PLAN
        if not getattr(problem, table.field)
    }
    records = {
        table.name: [
            {column.name: _toml_cell(record, column) for column in _used_columns(table, [record])}
            for record in getattr(problem, table.field)
        ]
        for table in TABLES
        if table.in_plan and table is not PLAN
    }
    return toml_text(settings, records)


def _toml_cell(record: Record, column: Column) -> TomlValue:
    if isinstance(record, Programme) and column.kind == "volumes":
        return {str(volume.year): volume.most for volume in record.volumes}
    if isinstance(record, Stage) and column.kind == "goal" and not record.is_single:
        return {part.goal: part.weight for part in record.blend}
    if column.kind == "codes":
        return list(getattr(record, column.field))
    return _toml_value(_cell(record, column))


def _toml_value(cell: Cell) -> TomlValue:
    if isinstance(cell, Kr) and cell.ore % 100 == 0:
        return cell.ore // 100
    if isinstance(cell, bool | int):
        return cell
    return cell if isinstance(cell, str) else cell_text(cell)


def workbook_bytes(problem: Problem) -> bytes:
    """A workbook with a sheet per table."""
    content = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        workbook.set_properties({"created": _MADE})
        bold = workbook.add_format({"bold": True})
        for name, header, rows in _sheets(problem):
            sheet = workbook.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(header) - 1), 16)
            sheet.write_row(0, 0, header, bold)
            for row, cells in enumerate(rows, 1):
                for column, cell in enumerate(cells):
                    _write_cell(sheet, row, column, cell)
    return content.getvalue()


def _sheets(problem: Problem) -> Iterator[tuple[str, Sequence[str], Sequence[Sequence[Cell]]]]:
    yield PLAN.name, ("setting", "value"), list(_settings(problem))
    for table in TABLES:
        records = () if table is PLAN else getattr(problem, table.field)
        if records or (table.required and table is not PLAN):
            yield table.name, *table_cells(table, records)


def _write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell) -> None:
    match cell:
        case None:
            return
        case bool():
            sheet.write_boolean(row, column, cell)
        case int():
            sheet.write_number(row, column, cell)
        case Kr():
            sheet.write_number(row, column, cell.ore / 100)
        case tuple():
            sheet.write_string(row, column, ", ".join(cell))
        case _:
            sheet.write_string(row, column, str(cell))


def _settings(problem: Problem) -> Iterator[tuple[str, Cell]]:
    for column in PLAN.columns:
        if column.name.startswith("weights."):
            _, part, name = column.name.split(".")
            yield column.name, getattr(getattr(problem.weights, part), name)
        else:
            yield column.name, getattr(problem, column.field)


def table_cells(table: Table, records: Sequence[Record]) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows of a table: required columns, and those that say anything."""
    columns = _used_columns(table, records)
    rows = [[_cell(record, column) for column in columns] for record in records]
    return [column.name for column in columns], rows


def row_cells(record: Record, table: Table) -> list[Cell]:
    """A record in every column of its table."""
    return [_cell(record, column) for column in table.columns]


def _used_columns(table: Table, records: Sequence[Record]) -> list[Column]:
    fields = table.record.model_fields
    return [
        column
        for column in table.columns
        if column.required
        or any(
            getattr(record, column.field) != fields[column.field].default
            or (
                column.kind == "tolerance"
                and isinstance(record, Stage)
                and record.tolerance_basis_points
            )
            for record in records
        )
    ]


def _cell(record: Record, column: Column) -> Cell:
    if isinstance(record, Stage):
        return _stage_cell(record, column)
    value = getattr(record, column.field)
    match column.kind:
        case "kr":
            return None if value is None else Kr(value)
        case "volumes":
            return tuple(f"{volume.year}: {volume.most}" for volume in value)
        case "codes" | "ids" | "weeks":
            has_default = bool(record.__class__.model_fields[column.field].default)
            return ANY if has_default and not value else tuple(str(entry) for entry in value)
        case _:
            cell: Cell = value
            return cell


def _stage_cell(stage: Stage, column: Column) -> Cell:
    match column.kind:
        case "goal":
            return blend_text(stage)
        case "tolerance":
            return tolerance_text(stage)
        case _:
            return percent_text(stage.gap_basis_points)
