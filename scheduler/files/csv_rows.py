"""The rows of a CSV file, whichever way Excel or another program wrote it.

The encoding is UTF-8 or UTF-16 as the byte order mark says; else UTF-8 where every byte fits; else
Windows-1252. The separator is the one of ``;``, tab and ``,`` that makes most known names of the
header line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator

from scheduler.files.csv_text import as_it_was
from scheduler.files.limits import MOST_ROW_CHARACTERS
from scheduler.files.places import Refused
from scheduler.language import Message

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_NOT_IN_1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SEPARATORS = (";", "\t", ",")


def csv_rows(
    content: bytes, known_names: Callable[[list[str]], int]
) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number as Excel counts it; the header is row 1.

    Parameters
    ----------
    known_names
        How many of these header cells are known.

    Raises
    ------
    Refused
        As soon as a row cannot be read: nothing after it can.
    """
    encoding = _encoding(content)
    _refuse_null(content, encoding)
    text = io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")
    first = text.readline(MOST_ROW_CHARACTERS)
    separator = max(_SEPARATORS, key=lambda mark: known_names(_header(first, mark)))
    text.seek(0)
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    number = 0
    try:
        for row in reader:
            number += 1
            lines.start_row()
            yield number, [as_it_was(cell) for cell in row]
    except csv.Error as error:
        raise Refused(_csv_fault(str(error), number + 1)) from None


def _encoding(content: bytes) -> str:
    for mark, encoding, name in _MARKS:
        if content.startswith(mark):
            _refuse_undecodable(content, encoding, name)
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_not_in_1252(content)
        return "cp1252"
    return "utf-8"


def _refuse_undecodable(content: bytes, encoding: str, name: str) -> None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].decode(encoding, "replace").count("\n") + 1
        raise Refused(
            Message(
                "line {line} is not {encoding}, which the start of the file says it is",
                line=str(line),
                encoding=name,
            )
        ) from None


def _refuse_not_in_1252(content: bytes) -> None:
    found = _NOT_IN_1252.search(content)
    if found:
        line = content.count(b"\n", 0, found.start()) + 1
        raise Refused(
            Message(
                "line {line} holds the byte {byte}, which is neither UTF-8 nor Windows-1252",
                line=str(line),
                byte=f"0x{found[0][0]:02X}",
            )
        )


def _refuse_null(content: bytes, encoding: str) -> None:
    """A zero byte tells a binary file, or UTF-16 without a byte order mark."""
    at = -1 if encoding == "utf-16" else content.find(b"\0")
    if at >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise Refused(Message("line {line} holds a zero byte: this is no text", line=str(line)))


def _header(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _csv_fault(error: str, row: int) -> Message:
    if "field larger" in error:
        return Message("row {row} has a cell that is too long", row=str(row))
    return Message(
        "row {row} has a quotation mark that is never closed, or text after a closed one",
        row=str(row),
    )


class _Lines:
    """The lines of a text, as long as no row of them grows too long."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._characters = 0

    def start_row(self) -> None:
        """The lines that follow belong to the next row."""
        self._characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(MOST_ROW_CHARACTERS + 1)
        if not line:
            raise StopIteration
        self._characters += len(line)
        if self._characters > MOST_ROW_CHARACTERS:
            raise csv.Error("field larger than a row may be")
        return line
