"""The XML parts of a workbook, read as a stream that cannot grow: no DTD, no endless token.

Workbooks come from anywhere. What makes a small file large in memory is refused while it is read:
entities, nesting, ever new names, tokens without end, too many elements, parts that swell.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol
from xml.parsers import expat

from scheduler.files.places import Refused
from scheduler.language import Message

_CHUNK = 2**16
_MOST_TOKEN = 2**20
_MOST_DEPTH = 50
_MOST_NAMES = 2_000
_MOST_ELEMENTS = 6_000_000
_MOST_PARTS = 2_000
_MOST_UNPACKED = 256 * 2**20
_ENTRY_MARK = b"PK\x01\x02"
_COMPOUND_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

DAMAGED = Message("is no workbook that can be read: it is damaged or made by an unusual program")


class Handler(Protocol):
    """What is told of a part while it is read.

    Names of elements come without their namespace, those of attributes after it and a space.
    """

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text, in pieces."""


@dataclass(slots=True)
class Parts:
    """The parts of a workbook file, with what has been read of all of them."""

    archive: zipfile.ZipFile
    elements: int = 0

    def names(self) -> frozenset[str]:
        """The names of the parts."""
        return frozenset(self.archive.namelist())

    def stream(self, name: str, handler: Handler) -> Iterator[None]:
        """Reads a part piece by piece; the handler knows more after each."""
        guard = _Guard(self, handler)
        try:
            with self.archive.open(name) as part:
                while chunk := part.read(_CHUNK):
                    guard.feed(chunk)
                    yield
            guard.finish()
            yield
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, KeyError):
            raise Refused(DAMAGED) from None

    def read(self, name: str, handler: Handler) -> None:
        """Reads a part to its end."""
        for _ in self.stream(name, handler):
            pass


def open_parts(content: bytes) -> Parts:
    """The parts of a workbook, after what can be told without unpacking it is found right.

    Raises
    ------
    Refused
        If it is encrypted, holds macros, or is no workbook of the kind ``.xlsx``.
    """
    if content.startswith(_COMPOUND_MARK):
        raise Refused(_compound_fault(content))
    if content.count(_ENTRY_MARK) > _MOST_PARTS:
        raise Refused(_too_much())
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError):
        if content.startswith(b"PK"):
            raise Refused(Message("is only a part of a workbook: send it again")) from None
        raise Refused(Message("is no Excel workbook (.xlsx)")) from None
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_protected())
    if any(entry.filename.casefold().endswith("vbaproject.bin") for entry in entries):
        raise Refused(Message("holds macros; save it as a workbook without macros (.xlsx)"))
    if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
        raise Refused(_too_much())
    usual = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    names = {entry.filename for entry in entries}
    if len(names) < len(entries) or any(entry.compress_type not in usual for entry in entries):
        raise Refused(DAMAGED)
    return Parts(archive)


def _compound_fault(content: bytes) -> Message:
    if _ENCRYPTED in content:
        return _protected()
    return Message("is a workbook of the old kind (.xls); save it as .xlsx")


def _protected() -> Message:
    return Message("is protected by a password; save it without one")


def _too_much() -> Message:
    return Message("unpacks to more than a workbook may hold")


class _Guard:
    """An XML parser that stops as soon as a part does what no workbook needs."""

    def __init__(self, parts: Parts, handler: Handler) -> None:
        self._parts = parts
        self._handler = handler
        self._fed = 0
        self._depth = 0
        self._names: dict[str, str] = {}
        self._parser = expat.ParserCreate("utf-8", " ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = handler.text
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartDoctypeDeclHandler = _refuse_dtd

    def feed(self, chunk: bytes) -> None:
        self._fed += len(chunk)
        self._parser.Parse(chunk, False)
        if self._fed - self._parser.CurrentByteIndex > _MOST_TOKEN:
            raise Refused(_too_much())

    def finish(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._parts.elements += 1
        if self._depth > _MOST_DEPTH or self._parts.elements > _MOST_ELEMENTS:
            raise Refused(_too_much())
        for key in attributes:
            if key not in self._names:
                self._local(key)
        self._handler.start(self._names.get(name) or self._local(name), attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._handler.end(self._names[name])

    def _namespace(self, prefix: str | None, uri: str | None) -> None:
        self._local(f"{prefix} {uri}")

    def _local(self, name: str) -> str:
        local = self._names.get(name)
        if local is None:
            if len(self._names) >= _MOST_NAMES:
                raise Refused(_too_much())
            local = self._names[name] = name.rpartition(" ")[2]
        return local


def _refuse_dtd(*_: object) -> None:
    raise Refused(Message("holds a document type definition, which no workbook needs"))


Begin = Callable[[str, Mapping[str, str]], None]


@dataclass(slots=True)
class StartsOnly:
    """A handler that only looks at how elements begin."""

    begin: Begin

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self.begin(name, attributes)

    def end(self, name: str) -> None:
        """Nothing."""

    def text(self, text: str) -> None:
        """Nothing."""
