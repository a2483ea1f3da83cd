"""Empty tables to fill in."""

from __future__ import annotations

import io
from pathlib import Path

import xlsxwriter

from scheduler.files.atomic import refuse_existing, replace_folder_atomically, write_file_atomically
from scheduler.files.columns import PLAN, STAGES, TABLES, Column, Table
from scheduler.files.csv_text import csv_bytes
from scheduler.files.inputs import PLAN_FILE
from scheduler.language import Language

_WEIGHTS = "weights."
_NARROWEST = 14


def write_template(path: Path, language: Language) -> None:
    """Empty tables at `path`: a workbook if it ends in ``.xlsx``, else a folder.

    Headers are Danish in Danish. Settings and records of ``plan.toml`` are always English.

    Raises
    ------
    WriteRefused
        If a file or a folder that is not empty is there: tables filled in are never lost.
    """
    refuse_existing(path)
    if path.suffix.casefold() == ".xlsx":
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file_atomically(path, _workbook(language))
        return
    with replace_folder_atomically(path) as folder:
        (folder / PLAN_FILE).write_text(_plan_toml(), encoding="utf-8", newline="\n")
        for table in TABLES:
            if not table.in_plan:
                content = csv_bytes(_header(table, language), [])
                (folder / f"{table.name}.csv").write_bytes(content)


def _header(table: Table, language: Language) -> list[str]:
    return [column.header(language) for column in table.columns]


def _workbook(language: Language) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        needed = workbook.add_format({"bold": True, "bg_color": "#DDEBF7"})
        optional = workbook.add_format({"italic": True})
        sheet = workbook.add_worksheet(PLAN.name)
        sheet.set_column(0, 1, 2 * _NARROWEST)
        sheet.write_row(0, 0, ("setting", "value"))
        for row, column in enumerate(_settings(), 1):
            sheet.write_string(row, 0, column.header(language), needed)
        for table in TABLES:
            if table not in {PLAN, STAGES}:
                sheet = workbook.add_worksheet(table.name)
                sheet.freeze_panes(1, 0)
                for index, column in enumerate(table.columns):
                    name = column.header(language)
                    sheet.set_column(index, index, max(_NARROWEST, len(name) + 2))
                    sheet.write_string(0, index, name, needed if column.required else optional)
    return content.getvalue()


def _settings() -> list[Column]:
    """The settings that have no default."""
    return [column for column in PLAN.columns if not column.name.startswith(_WEIGHTS)]


def _plan_toml() -> str:
    lines = [f'{column.name} = ""  # {column.description}' for column in _settings()]
    for table in TABLES:
        if table.in_plan and table not in {PLAN, STAGES}:
            lines += ["", f"[[{table.name}]]  # {table.description}"]
            lines += [
                f'{"" if column.required else "# "}{column.name} = ""  # {column.description}'
                for column in table.columns
            ]
    return "\n".join(lines) + "\n"
