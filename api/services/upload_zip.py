"""CSV files that came in one zip file; unpacked by the child that reads them."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from scheduler.errors import InputError
from scheduler.language import Message

MOST_FILES = 40
MOST_BYTES = 64 * 2**20
"""What all files of a zip file may hold together once unpacked."""
_READ_AT_A_TIME = 2**16
_ENCRYPTED = 0x1


def unpack_zip(path: Path) -> Path:
    """A folder beside the zip file, with its files under their bare names.

    Sizes that the zip file states are not believed: what comes out is counted.

    Raises
    ------
    InputError
        If it is no zip file, holds too much, or cannot be unpacked.
    """
    folder = path.with_suffix("")
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            _unpack(archive, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _refusal(
            Message("The zip file is damaged, or of a kind that is not read.")
        ) from error
    return folder


def _unpack(archive: zipfile.ZipFile, folder: Path) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise _refusal(Message("The zip file holds more than {most} files.", most=MOST_FILES))
    left = MOST_BYTES
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise _refusal(Message("The zip file is locked with a password."))
        target = folder / bare_name(entry.filename)
        if target.exists():
            raise _refusal(Message("Two of the files have the same name."))
        left = _copy(archive, entry, target, left)


def _copy(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, left: int) -> int:
    """How many bytes may still come."""
    with archive.open(entry) as source, target.open("wb") as copy:
        while block := source.read(_READ_AT_A_TIME):
            left -= len(block)
            if left < 0:
                most = MOST_BYTES // 2**20
                raise _refusal(
                    Message("Unpacked, the zip file holds more than {most} MB.", most=most)
                )
            copy.write(block)
    return left


def bare_name(name: str) -> str:
    """The name without folders, in lower case."""
    return name.replace("\\", "/").rpartition("/")[2].casefold()[:120] or "?"


def _refusal(message: Message) -> InputError:
    return InputError([message])
