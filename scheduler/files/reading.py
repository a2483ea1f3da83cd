"""From a folder or a workbook to a problem, or to every fault in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from providers import Week
from scheduler.check import pin_faults
from scheduler.errors import InputError
from scheduler.faults import Fault, find_faults, name_people
from scheduler.files.columns import PLAN, STAGES, TABLES
from scheduler.files.inputs import open_input
from scheduler.files.places import Faults
from scheduler.files.settings_reading import SettingsRead, read_settings
from scheduler.files.table_reading import Everything, RowBudget, TableRead, read_table
from scheduler.language import Message
from scheduler.problem import Problem

_WEEKS = ("as_of", "first_start", "last_start")


def read_problem(path: Path) -> Problem:
    """The problem in a folder (``plan.toml`` and CSV files) or an Excel workbook (``.xlsx``).

    Raises
    ------
    InputError
        If anything is wrong, with a message for each fault.
    """
    faults = Faults()
    given = open_input(path, faults)
    settings = read_settings(given, faults)
    budget = RowBudget()
    tables = {
        table.field: read_table(given.grids[table.field], faults, budget)
        for table in TABLES
        if table.field in given.grids
    }
    fields: dict[str, Any] = {name: tuple(table.records) for name, table in tables.items()}
    fields |= settings.values
    if not fields.get("stages"):
        fields.pop("stages", None)
    unread: dict[str, Collection[str]] = {
        name: table.unread for name, table in tables.items() if table.unread
    }
    unread |= {name: Everything() for name in given.unreadable}
    if settings.unread:
        unread["plan"] = settings.unread
    _tell(find_faults(_stand_in(fields), unread), settings, tables, faults)
    if faults:
        raise InputError(faults.messages())
    problem = Problem(**fields)
    _tell(name_people(problem, pin_faults(problem)), settings, tables, faults)
    if faults:
        raise InputError(faults.messages())
    return problem


def _stand_in(fields: Mapping[str, Any]) -> Problem:
    """A problem of what could be read, to find contradictions in."""
    weeks = [fields[name] for name in _WEEKS if name in fields] or [Week.of(2000, 1)]
    tables: dict[str, Any] = {table.field: () for table in TABLES if table not in {PLAN, STAGES}}
    missing = {"title": "…", **dict.fromkeys(_WEEKS, weeks[0])}
    return Problem.model_construct(**{**tables, **missing, **fields})


def _tell(
    found: Iterable[Fault],
    settings: SettingsRead,
    tables: Mapping[str, TableRead],
    faults: Faults,
) -> None:
    """Contradictions between records as faults of the cells that they were read from."""
    for fault in found:
        if fault.row is None:
            row, column = settings.place(fault.field)
            source, order = settings.source, (0, row or 0, 0)
        else:
            read = tables[fault.table]
            row, column = read.rows[fault.row], read.header(fault.field)
            source, order = read.source, read.order(row, fault.field)
        if fault.value:
            faults.add(source.at_value(row, column, fault.value, fault.expected), order)
        else:
            what = Message("expected {expected}", expected=fault.expected)
            faults.add(source.at(row, column, what), order)
