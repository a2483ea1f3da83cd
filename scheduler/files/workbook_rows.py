"""The rows of an Excel workbook (ECMA-376, SpreadsheetML), with values as typed in their cells.

Formulas give the value that the program which saved them left; an error stays an error. Numbers
formatted as dates are dates, numbers formatted as percentages are texts such as ``1 %``.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from scheduler.files.cells import LONGEST_CELL, ErrorCell, Raw
from scheduler.files.limits import MOST_COLUMNS
from scheduler.files.places import Refused, as_text
from scheduler.files.xml_parts import DAMAGED, Parts, StartsOnly, open_parts
from scheduler.language import Message

_MOST_SHEETS = 100
_MOST_STRINGS = 2_000_000
_MOST_STRING_CHARACTERS = 32 * 2**20
_MOST_FORMATS = 100_000
_LAST_ROW = 1_048_576
_REFERENCE = re.compile(r"([A-Z]{1,7})([0-9]{1,10})")
_NUMBER = re.compile(r"-?[0-9.]{1,40}(?:[eE][-+]?[0-9]{1,3})?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DATE_IDS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PERCENT_IDS = frozenset({9, 10})
_NOT_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_CODE = re.compile(r"[dmyhs]", re.IGNORECASE)


@dataclass(slots=True)
class Workbook:
    """A workbook: its sheets in order, and what their cells refer to."""

    parts: Parts
    sheets: dict[str, str]
    """The part that holds each sheet, by the sheet's name."""
    strings: list[str]
    formats: list[str]
    """By number of the cell format: ``date``, ``percent`` or empty."""
    first_day: dt.datetime
    """The day of the number 0."""

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Raw]]]:
        """Each row that holds anything, with its number.

        Raises
        ------
        Refused
            If the sheet cannot be read on.
        """
        reader = _SheetReader(self)
        for _ in self.parts.stream(self.sheets[sheet], reader):
            yield from reader.take()


def open_workbook(content: bytes) -> Workbook:
    """The workbook in the bytes of a file.

    Raises
    ------
    Refused
        If it cannot be read.
    """
    parts = open_parts(content)
    main = next(iter(_targets(parts, "").get("officeDocument", {}).values()), "xl/workbook.xml")
    targets = _targets(parts, main)
    index = _Index()
    _read_or_refuse(parts, main, index.begin)
    worksheets = targets.get("worksheet", {})
    workbook = Workbook(
        parts=parts,
        sheets={name: worksheets[id_] for name, id_ in index.sheets.items() if id_ in worksheets},
        strings=[],
        formats=[],
        first_day=dt.datetime(1904, 1, 1) if index.from_1904 else dt.datetime(1899, 12, 30),  # noqa: DTZ001 - cells know no time zone
    )
    for part in targets.get("sharedStrings", {}).values():
        parts.read(part, _Strings(workbook.strings))
    for part in targets.get("styles", {}).values():
        formats = _Formats(workbook.formats)
        parts.read(part, StartsOnly(formats.begin))
    return workbook


def _read_or_refuse(parts: Parts, name: str, begin: object) -> None:
    if name not in parts.names():
        raise Refused(Message("is no Excel workbook (.xlsx)"))
    parts.read(name, StartsOnly(begin))  # type: ignore[arg-type]  # a bound method


def _targets(parts: Parts, part: str) -> dict[str, dict[str, str]]:
    """The parts that `part` refers to: by kind, then by id."""
    folder, _, name = part.rpartition("/")
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, dict[str, str]] = {}

    def begin(element: str, attributes: Mapping[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
            found.setdefault(kind, {})[attributes.get("Id", "")] = target.lstrip("/")

    if relations in parts.names():
        parts.read(relations, StartsOnly(begin))
    return found


@dataclass(slots=True)
class _Index:
    """``workbook.xml``: the names of sheets, and where dates count from."""

    sheets: dict[str, str] = field(default_factory=dict)
    from_1904: bool = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            if len(self.sheets) >= _MOST_SHEETS:
                raise Refused(Message("has more than {most} sheets", most=_MOST_SHEETS))
            relation = (value for key, value in attributes.items() if key.endswith(" id"))
            self.sheets[attributes.get("name", "")] = next(relation, "")
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in {"1", "true"}


@dataclass(slots=True)
class _Formats:
    """``styles.xml``: which cell formats show dates or percentages."""

    formats: list[str]
    codes: dict[str, str] = field(default_factory=dict)
    inside: bool = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "numFmt" and len(self.codes) < _MOST_FORMATS:
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            self.inside = name == "cellXfs"
        elif name == "xf" and self.inside:
            if len(self.formats) >= _MOST_FORMATS:
                raise Refused(DAMAGED)
            self.formats.append(self._kind(attributes.get("numFmtId", "0")))

    def _kind(self, number: str) -> str:
        code = _NOT_CODE.sub("", self.codes.get(number, "")[:1000])
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0  # noqa: PLR2004 - ids are small
        if known in _DATE_IDS or (_DATE_CODE.search(code) and "General" not in code):
            return "date"
        return "percent" if known in _PERCENT_IDS or "%" in code else ""


@dataclass(slots=True)
class _Strings:
    """``sharedStrings.xml``: each text once, rich text as plain, reading aids left out."""

    strings: list[str]
    pieces: list[str] = field(default_factory=list)
    reading: bool = False
    aside: bool = False
    characters: int = 0

    def start(self, name: str, _: Mapping[str, str]) -> None:
        if name == "rPh":
            self.aside = True
        self.reading = name == "t" and not self.aside

    def end(self, name: str) -> None:
        self.reading = False
        if name == "rPh":
            self.aside = False
        elif name == "si":
            if len(self.strings) >= _MOST_STRINGS:
                raise Refused(DAMAGED)
            self.strings.append(_unescaped("".join(self.pieces)))
            self.pieces.clear()

    def text(self, text: str) -> None:
        if self.reading:
            self.characters += len(text)
            if self.characters > _MOST_STRING_CHARACTERS:
                raise Refused(Message("holds more text than is read"))
            self.pieces.append(text)


@dataclass(slots=True)
class _Cell:
    """A cell while it is read."""

    column: int
    kind: str
    style: str
    has_formula: bool = False
    has_value: bool = False
    pieces: list[str] = field(default_factory=list)
    characters: int = 0


class _SheetReader:
    """A worksheet: rows as they are completed."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._done: list[tuple[int, list[Raw]]] = []
        self._row = 0
        self._cells: list[Raw] = []
        self._cell: _Cell | None = None
        self._last_column = 0
        self._reading = False

    def take(self) -> list[tuple[int, list[Raw]]]:
        """The rows completed since the last call."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._start_cell(attributes)
        elif name == "row":
            self._start_row(attributes.get("r"))
        elif self._cell is not None:
            if name == "f":
                self._cell.has_formula = True
            elif name in {"v", "t"}:
                self._cell.has_value = True
                self._reading = True

    def end(self, name: str) -> None:
        """An element ends."""
        if name in {"v", "t"}:
            self._reading = False
        elif name == "c" and self._cell is not None:
            self._keep(self._cell)
            self._cell = None
        elif name == "row":
            if self._cells:
                self._done.append((self._row, self._cells))
            self._cells = []

    def text(self, text: str) -> None:
        """Text, in pieces."""
        if self._reading and self._cell is not None:
            left = LONGEST_CELL + 1 - self._cell.characters
            if left > 0:
                self._cell.pieces.append(text[:left])
                self._cell.characters += len(text)

    def _start_row(self, given: str | None) -> None:
        number = self._row + 1 if given is None else _small_number(given)
        if not self._row < number <= _LAST_ROW:
            raise Refused(DAMAGED)
        self._row = number
        self._last_column = 0

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        column = self._last_column + 1
        if reference is not None:
            found = _REFERENCE.fullmatch(reference)
            if found is None or int(found[2]) != self._row:
                raise Refused(DAMAGED)
            column = _column_number(found[1])
        if column <= self._last_column:
            raise Refused(DAMAGED)
        self._last_column = column
        self._cell = _Cell(column, attributes.get("t", "n"), attributes.get("s", ""))

    def _keep(self, cell: _Cell) -> None:
        value = self._value(cell)
        if value is None:
            return
        if cell.column > MOST_COLUMNS:
            raise Refused(
                Message(
                    "row {row} has a value beyond column {most}, the last that is read",
                    row=str(self._row),
                    most=MOST_COLUMNS,
                )
            )
        self._cells.extend([None] * (cell.column - 1 - len(self._cells)))
        self._cells.append(value)

    def _value(self, cell: _Cell) -> Raw:  # noqa: PLR0911 - one type of cell a line
        if not cell.has_value:
            return ErrorCell("") if cell.has_formula else None
        text = "".join(cell.pieces)
        if cell.has_formula and not text and cell.kind != "str":
            return ErrorCell("")
        match cell.kind:
            case "s":
                return self._shared(text)
            case "str" | "inlineStr":
                return _unescaped(text) or None
            case "b":
                return text.strip() == "1"
            case "e":
                return ErrorCell(text or "#")
            case "d":
                return _iso_date(text)
            case _:
                return self._number(text.strip(), cell.style)

    def _shared(self, text: str) -> str:
        index = _small_number(text.strip())
        if index >= len(self._workbook.strings):
            raise Refused(DAMAGED)
        return self._workbook.strings[index]

    def _number(self, text: str, style: str) -> Raw:
        if not text:
            return None
        if not _NUMBER.fullmatch(text) or text.count(".") > 1:
            raise Refused(DAMAGED)
        number = float(text)
        shows = self._format(style)
        if shows == "date":
            return _day_of_number(number, self._workbook.first_day)
        if shows == "percent":
            return f"{as_text(round(number * 100, 9))} %"
        return int(number) if number.is_integer() and abs(number) < 10**15 else number

    def _format(self, style: str) -> str:
        index = _small_number(style) if style else 0
        formats = self._workbook.formats
        return formats[index] if index < len(formats) else ""


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _small_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10):  # noqa: PLR2004 - no count in a workbook is longer
        raise Refused(DAMAGED)
    return int(text)


def _day_of_number(number: float, first_day: dt.datetime) -> Raw:
    """A date, with its time of day to the second; a number beyond the calendar stays one."""
    try:
        return first_day + dt.timedelta(seconds=round(number * 86_400))
    except OverflowError:
        return number


def _iso_date(text: str) -> Raw:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
