"""A table, read: its records, and where each of them and of their fields stands."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from providers import Record
from scheduler.files.cells import Raw, is_blank, parse_cell
from scheduler.files.columns import STAGES, TABLES, Column, Table, columns_by_name, plain
from scheduler.files.goal_text import Tolerance, make_stage
from scheduler.files.inputs import Grid
from scheduler.files.limits import MOST_COLUMNS, MOST_ROWS, MOST_ROWS_IN_ALL
from scheduler.files.names import unknown_name
from scheduler.files.places import MOST_COUNTED, Faults, Order, Refused, Source, as_text
from scheduler.language import Message

_NUMBERS = {table.field: number for number, table in enumerate(TABLES)}
_MOST_REMEMBERED = 20_000
_NAMELESS = "…"
"""Stands for a row that was not read and has no id."""


class Everything(frozenset[str]):
    """The ids of a table of which nothing is known: any may be there."""

    def __contains__(self, _: object) -> bool:
        return True

    def __len__(self) -> int:
        return 1


@dataclass(slots=True)
class RowBudget:
    """Rows that may still be read, of all tables together."""

    left: int = MOST_ROWS_IN_ALL


@dataclass(slots=True)
class TableRead:
    """The records of a table, and where each of them and of their fields stands."""

    table: Table
    source: Source
    records: list[Record] = field(default_factory=list)
    rows: array[int] = field(default_factory=lambda: array("L"))
    """The row of each record."""
    headers: dict[str, str] = field(default_factory=dict)
    """By field: the header as written."""
    numbers: dict[str, int] = field(default_factory=dict)
    """By field: the number of the column."""
    columns: list[Column | None] = field(default_factory=list)
    """By number of the column; none where its header is empty, unknown or there twice."""
    ignored: set[int] = field(default_factory=set)
    """Numbers of the columns whose header is unknown or there twice."""
    unread: set[str] | Everything = field(default_factory=set)
    """Ids of the rows that could not be read."""

    def order(self, row: int, name: str | int) -> Order:
        """Where a fault there is told."""
        number = self.numbers.get(name, MOST_COLUMNS) if isinstance(name, str) else name
        return (_NUMBERS[self.table.field], row, number)

    def header(self, name: str) -> str:
        """The header of a field as written, or as it would be."""
        column = self.table.column_of(name)
        return self.headers.get(name) or (column.name if column else name)


def read_table(grid: Grid, faults: Faults, budget: RowBudget) -> TableRead:
    """The table; what is wrong with it is added to `faults`."""
    read = TableRead(grid.table, grid.source)
    try:
        rows = iter(grid.rows)
        _read_header(read, next(rows, (1, [])), faults)
        _read_rows(read, _limited(rows, budget), faults, is_csv=grid.is_csv)
    except Refused as refused:
        read.unread = Everything()
        faults.add(grid.source.at(None, None, refused.what), read.order(0, 0))
    return read


def _limited(
    rows: Iterator[tuple[int, Sequence[Raw]]], budget: RowBudget
) -> Iterator[tuple[int, Sequence[Raw]]]:
    for count, row in enumerate(rows, 1):
        budget.left -= 1
        if count > MOST_ROWS:
            raise Refused(Message("there are more than {most} rows", most=MOST_ROWS))
        if budget.left < 0:
            raise Refused(
                Message("there are more than {most} rows in all tables", most=MOST_ROWS_IN_ALL)
            )
        yield row


def _read_header(read: TableRead, first: tuple[int, Sequence[Raw]], faults: Faults) -> None:
    row, cells = first[0], _without_blank_end(first[1])
    if not cells and read.source.style == "table":
        raise Refused(Message("there is no header row"))
    if len(cells) > MOST_COLUMNS:
        raise Refused(Message("there are more than {most} columns", most=MOST_COLUMNS))
    names = columns_by_name(read.table)
    place = row if read.source.style == "table" else None
    for number, raw in enumerate(cells):
        header = "" if is_blank(raw) else as_text(raw).strip()
        column = names.get(plain(header))
        expected = None
        if column is not None and column.field in read.headers:
            other = read.headers[column.field]
            expected = Message("each column once; {other} is the same", other=other)
        elif column is None and header:
            what = Message("the name of a column of {table}", table=read.table.name)
            expected = unknown_name(header, read.table, what)
        if expected is not None:
            faults.add(read.source.at_value(place, header, header, expected), read.order(0, number))
            read.ignored.add(number)
            column = None
        if column is not None:
            read.headers[column.field] = header
            read.numbers[column.field] = number
        read.columns.append(column)
    if read.source.style == "table":
        _tell_missing(read, row, faults)


def _tell_missing(read: TableRead, row: int, faults: Faults) -> None:
    for column in read.table.columns:
        if column.required and column.field not in read.headers:
            what = Message("the column {name} is missing", name=column.name)
            faults.add(read.source.at(row, None, what), read.order(0, ""))


def _without_blank_end(cells: Sequence[Raw]) -> Sequence[Raw]:
    end = len(cells)
    while end and is_blank(cells[end - 1]):
        end -= 1
    return cells[:end]


def _read_rows(
    read: TableRead,
    rows: Iterator[tuple[int, Sequence[Raw]]],
    faults: Faults,
    *,
    is_csv: bool,
) -> None:
    parse = _Parser()
    has_all = read.source.style == "record" or all(
        column.field in read.headers for column in read.table.columns if column.required
    )
    for row, given in rows:
        cells = _without_blank_end(given)
        if not cells:
            continue
        if faults.count > MOST_COUNTED:
            read.unread = Everything()
            return
        told = faults.count
        if is_csv and len(given) < len(read.columns):
            _tell_short(read, row, len(given), faults)
        values = _read_row(read, row, cells, parse, faults)
        if has_all and told == faults.count:
            _make_record(read, row, values, faults)
        if not has_all or told < faults.count:
            assert isinstance(read.unread, set)
            read.unread.add(str(values.get("id") or values.get("code") or _NAMELESS))


def _tell_short(read: TableRead, row: int, count: int, faults: Faults) -> None:
    what = Message(
        "the row has {count} cells, but the header {columns}",
        count=count,
        columns=len(read.columns),
    )
    faults.add(read.source.at(row, None, what), read.order(row, 0))


def _read_row(
    read: TableRead, row: int, cells: Sequence[Raw], parse: _Parser, faults: Faults
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for number, raw in enumerate(cells):
        if is_blank(raw):
            continue
        column = read.columns[number] if number < len(read.columns) else None
        if column is None:
            if number not in read.ignored:
                message = Message("nothing in a column without a header")
                faults.add(read.source.at_value(row, None, raw, message), read.order(row, number))
            continue
        values[column.field] = None
        try:
            values[column.field] = parse(raw, column)
        except Refused as refused:
            header = read.headers[column.field]
            message = read.source.at_value(row, header, raw, refused.what)
            faults.add(message, read.order(row, number))
    for column in read.table.columns:
        is_there = column.field in read.headers or read.source.style == "record"
        if column.required and is_there and column.field not in values:
            message = Message("a value is missing")
            header = read.header(column.field)
            faults.add(read.source.at(row, header, message), read.order(row, column.field))
    return values


def _make_record(read: TableRead, row: int, values: dict[str, Any], faults: Faults) -> None:
    if read.table is STAGES:
        tolerance = values.get("tolerance", Tolerance())
        try:
            record: Record = make_stage(
                values["blend"], tolerance, values.get("gap_basis_points", 0)
            )
        except Refused as refused:
            message = read.source.at_value(
                row, read.header("tolerance"), tolerance.shown, refused.what
            )
            faults.add(message, read.order(row, "tolerance"))
            return
    else:
        record = read.table.record(**values)
    read.records.append(record)
    read.rows.append(row)


class _Parser:
    """`parse_cell`, which remembers the texts it has read."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], object] = {}

    def __call__(self, raw: Raw, column: Column) -> object:
        if not isinstance(raw, str):
            return parse_cell(raw, column)
        key = (column.field, raw)
        if key not in self._known:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = parse_cell(raw, column)
        return self._known[key]
