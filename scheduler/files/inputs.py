"""What there is to read: the tables of a folder or a workbook, and the settings of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.cpr import looks_like_cpr
from scheduler.faults import did_you_mean
from scheduler.files.cells import Raw, is_blank
from scheduler.files.columns import PLAN, TABLES, Table, columns_by_name, plain
from scheduler.files.csv_rows import csv_rows
from scheduler.files.limits import MOST_FILE_BYTES
from scheduler.files.places import Faults, Refused, Source, as_text
from scheduler.files.plan_toml import flatten, parse_toml
from scheduler.files.workbook_rows import Workbook, open_workbook
from scheduler.language import Message
from scheduler.os_errors import word_os_error

PLAN_FILE = "plan.toml"
_BY_NAME: Mapping[str, Table] = {
    plain(name): table for table in TABLES for name in (table.name, *table.aliases)
}
_OTHER_WORKBOOKS = frozenset({".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods"})


@dataclass(slots=True)
class Grid:
    """A table as found: rows of cells, the header first."""

    table: Table
    source: Source
    rows: Iterable[tuple[int, Sequence[Raw]]]
    """Each with its number, as Excel counts."""
    is_csv: bool = False


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the plan as found."""

    name: str
    value: Raw
    row: int | None = None
    """In a sheet: its row."""


@dataclass(slots=True)
class Input:
    """Everything found in a folder or workbook."""

    settings_source: Source
    settings: list[Setting] | None = None
    """None where they could not be read."""
    grids: dict[str, Grid] = field(default_factory=dict)
    """By the field of `Problem`."""
    unreadable: set[str] = field(default_factory=set)
    """Fields of `Problem` whose tables are not there but should be."""


def open_input(path: Path, faults: Faults) -> Input:
    """What there is to read at `path`; faults of whole files are added to `faults`."""
    try:
        if path.is_dir():
            return _open_folder(path, faults)
        return _open_workbook(path, faults)
    except OSError as error:
        faults.add(Source(path.name).at(None, None, _cannot_read(error)))
    except Refused as refused:
        faults.add(Source(path.name).at(None, None, refused.what))
    found = Input(Source(path.name), unreadable={table.field for table in TABLES})
    found.unreadable.add("plan")
    return found


# Folders


def _open_folder(folder: Path, faults: Faults) -> Input:
    found = Input(Source(PLAN_FILE, "keys"))
    for path in sorted(folder.iterdir()):
        if path.suffix.casefold() == ".csv" and not path.name.startswith("."):
            _open_csv(path, found, faults)
    plan = folder / PLAN_FILE
    if plan.is_file():
        _open_plan(plan, found, faults)
    else:
        _tell(faults, PLAN_FILE, Message("the file is missing"))
        found.unreadable.update(table.field for table in TABLES if table.in_plan)
    for table in TABLES:
        if table.required and not table.in_plan and table.field not in found.grids:
            if table.field not in found.unreadable:
                _tell(faults, f"{table.name}.csv", Message("the file is missing"))
            found.unreadable.add(table.field)
    return found


def _open_csv(path: Path, found: Input, faults: Faults) -> None:
    table = _BY_NAME.get(plain(path.stem))
    if table is None or table.in_plan:
        _tell(faults, path.name, _no_table(path.stem, in_plan=False))
        return
    if table.field in found.grids:
        other = found.grids[table.field].source.file
        _tell(faults, path.name, Message("{other} is the same table", other=other))
        return
    try:
        content = _content(path)
        rows = csv_rows(content, lambda header: _known(table, header))
    except (Refused, OSError) as error:
        what = error.what if isinstance(error, Refused) else _cannot_read(error)
        _tell(faults, path.name, what)
        found.unreadable.add(table.field)
        return
    found.grids[table.field] = Grid(table, Source(path.name), rows, is_csv=True)


def _known(table: Table, header: Sequence[str]) -> int:
    names = columns_by_name(table)
    return sum(plain(name) in names for name in header)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise Refused(Message("is no file"))
    if path.stat().st_size > MOST_FILE_BYTES:
        raise Refused(Message("is larger than {most} bytes", most=MOST_FILE_BYTES))
    return path.read_bytes()


def _cannot_read(error: OSError) -> Message:
    return Message("cannot be read: {reason}", reason=word_os_error(error))


def _tell(faults: Faults, file: str, what: Message) -> None:
    faults.add(Source(file).at(None, None, what))


def _no_table(name: str, *, in_plan: bool) -> Message:
    if looks_like_cpr(name):
        return Message("the name looks like a CPR number, which has no place here")
    tables = [table.name for table in TABLES if in_plan or not table.in_plan]
    nearest = did_you_mean(plain(name), tables)
    if nearest is None:
        return Message("no table has this name; tables are {tables}", tables=tuple(tables))
    return Message("no table has this name; did you mean “{nearest}”?", nearest=nearest)


def _open_plan(path: Path, found: Input, faults: Faults) -> None:
    try:
        tables = parse_toml(_content(path))
    except (Refused, OSError) as error:
        what = error.what if isinstance(error, Refused) else _cannot_read(error)
        _tell(faults, PLAN_FILE, what)
        found.unreadable.update(table.field for table in TABLES if table.in_plan)
        return
    settings: dict[str, object] = {}
    for key, value in tables.items():
        table = _BY_NAME.get(plain(key))
        if table is None or table is PLAN or not table.in_plan:
            settings[key] = value
        elif isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
            source = Source(PLAN_FILE, "record", key)
            found.grids[table.field] = Grid(table, source, _record_rows(value))
        else:
            expected = Message("tables, each under a line [[{table}]]", table=table.name)
            faults.add(found.settings_source.at_value(None, key, value, expected))
            found.unreadable.add(table.field)
    found.settings = [Setting(name, value) for name, value in flatten(settings)]
    for table in TABLES:
        needed = table.required and table.in_plan and table is not PLAN
        if needed and table.field not in found.grids and table.field not in found.unreadable:
            what = Message("no line [[{table}]] is there", table=table.name)
            _tell(faults, PLAN_FILE, what)
            found.unreadable.add(table.field)


def _record_rows(records: Sequence[Mapping[str, Raw]]) -> Iterator[tuple[int, Sequence[Raw]]]:
    """Tables of TOML as rows: the keys of all of them, then the values of each."""
    keys = list(dict.fromkeys(key for record in records for key in record))
    yield 0, keys
    for number, record in enumerate(records, 1):
        yield number, [record.get(key) for key in keys]


# Workbooks


def _open_workbook(path: Path, faults: Faults) -> Input:
    suffix = path.suffix.casefold()
    if suffix in _OTHER_WORKBOOKS:
        raise Refused(Message("is a workbook of another kind; save it as .xlsx"))
    if path.exists() and suffix != ".xlsx":
        raise Refused(Message("is neither a folder nor a workbook (.xlsx)"))
    workbook = open_workbook(_content(path) if path.exists() else path.read_bytes())
    found = Input(Source(path.name, "settings", PLAN.name))
    for sheet in workbook.sheets:
        _open_sheet(path.name, workbook, sheet, found, faults)
    for table in TABLES:
        if table.required and table.field not in found.grids and not _has_settings(table, found):
            if table.field not in found.unreadable:
                what = Message("the sheet {sheet} is missing", sheet=table.name)
                _tell(faults, path.name, what)
            found.unreadable.add(table.field)
    return found


def _has_settings(table: Table, found: Input) -> bool:
    return table is PLAN and found.settings is not None


def _open_sheet(file: str, workbook: Workbook, sheet: str, found: Input, faults: Faults) -> None:
    table = _BY_NAME.get(plain(sheet))
    source = Source(file, part=sheet)
    if table is None:
        if next(workbook.rows(sheet), None) is not None:
            faults.add(source.at(None, None, _no_table(sheet, in_plan=True)))
    elif table is PLAN:
        found.settings_source = Source(file, "settings", sheet)
        _open_settings(workbook, sheet, found, faults)
    elif table.field in found.grids:
        other = found.grids[table.field].source.part
        faults.add(source.at(None, None, Message("{other} is the same table", other=other)))
    else:
        found.grids[table.field] = Grid(table, source, workbook.rows(sheet))


_HEADINGS = (("setting", "indstilling"), ("value", "værdi"))
_MOST_SETTINGS = 1_000


def _open_settings(workbook: Workbook, sheet: str, found: Input, faults: Faults) -> None:
    """A sheet of two columns, setting and value."""
    rows = workbook.rows(sheet)
    first: tuple[int, Sequence[Raw]] = next(rows, (1, []))
    given = [plain(as_text(raw)) for raw in first[1][: len(_HEADINGS)]]
    is_right = len(given) == len(_HEADINGS) and all(
        name in names for name, names in zip(given, _HEADINGS, strict=True)
    )
    if not is_right:
        what = Message("the first row has to be: setting, value")
        faults.add(found.settings_source.at(1, None, what))
        found.unreadable.add(PLAN.field)
        return
    found.settings = []
    for row, cells in rows:
        name, value = (*cells, None, None)[:2]
        if len(found.settings) >= _MOST_SETTINGS:
            raise Refused(Message("there are more than {most} rows", most=_MOST_SETTINGS))
        for beyond in cells[2:]:
            if not is_blank(beyond):
                expected = Message("nothing beside a setting and its value")
                faults.add(found.settings_source.at_value(row, None, beyond, expected))
        if not is_blank(name):
            found.settings.append(Setting(as_text(name).strip(), value, row))
        elif not is_blank(value):
            expected = Message("the name of a setting before the value")
            faults.add(found.settings_source.at_value(row, None, value, expected))
