"""Files and folders that appear whole or not at all, even when the process is killed.

Everything is written under a hidden temporary name beside its target (``.name.….tmp``), flushed to
the disk and then renamed. The writer holds a lock on the temporary name, so that the next run can
tell what a killed one left behind and remove it.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from scheduler.errors import WriteRefused
from scheduler.language import Message


def write_file_atomically(path: Path, content: bytes) -> None:
    """`path` holds `content` and nothing else; at any moment before, what it held before.

    Raises
    ------
    OSError
        If it cannot be written; then nothing has changed.
    """
    with open_atomically(path) as file:
        file.write(content)


@contextmanager
def open_atomically(path: Path, mode: int = 0o666) -> Iterator[BinaryIO]:
    """A file to write into; it takes the place of `path`, whole, when the block ends well.

    Parameters
    ----------
    path
        At any moment before, it holds what it held before.
    mode
        Who may read it, before what the process masks out.

    Raises
    ------
    OSError
        If it cannot be written; then nothing has changed.
    """
    with _naming(path), _writing(path, mode) as file:
        yield file


@contextmanager
def _writing(path: Path, mode: int) -> Iterator[BinaryIO]:
    remove_leftovers(path)
    temporary = _temporary_name(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync(path.parent)


@contextmanager
def replace_folder_atomically(path: Path, may_hold: Collection[str] = ()) -> Iterator[Path]:
    """A new, empty folder to write into; it takes the place of `path` when the block ends well.

    Parameters
    ----------
    path
        The folder that appears, whole. Parents are made. An empty folder is replaced.
    may_hold
        Names of files that an existing folder may hold and still be replaced.

    Raises
    ------
    WriteRefused
        If `path` is no folder, or holds anything else: nobody's own files are ever deleted.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with _naming(path), _replacing(path, may_hold) as temporary:
        yield temporary


@contextmanager
def _replacing(path: Path, may_hold: Collection[str]) -> Iterator[Path]:
    remove_leftovers(path)
    _refuse_to_delete_others(path, may_hold)
    temporary = _temporary_name(path)
    temporary.mkdir()
    lock = os.open(temporary, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield temporary
        for file in temporary.rglob("*"):
            _sync(file)
        _sync(temporary)
        _refuse_to_delete_others(path, may_hold)
        _put_in_place(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        os.close(lock)


def refuse_early(path: Path, may_hold: Collection[str] = ()) -> None:
    """Nothing, if `replace_folder_atomically` would take that folder; to ask before long work.

    Raises
    ------
    WriteRefused
        As there.
    OSError
        If the folder could not be made, or not be replaced.
    """
    _refuse_to_delete_others(path, may_hold)
    ancestor = next(parent for parent in path.absolute().parents if parent.exists())
    if not ancestor.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(ancestor))
    if not os.access(ancestor, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(ancestor))


def refuse_existing(path: Path) -> None:
    """Nothing, if nobody's work can be lost at `path`: a new file, or a new or empty folder.

    Raises
    ------
    WriteRefused
        If a workbook, or a folder that is not empty, is there.
    """
    if path.suffix.casefold() != ".xlsx":
        _refuse_to_delete_others(path, ())
    elif path.exists():
        raise WriteRefused(Message("{path} is there already; name a new file", path=str(path)))


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """What cannot be written is `path`; of temporary names and of none, people know nothing."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


def remove_leftovers(path: Path) -> None:
    """Temporary names that killed runs left beside `path` are gone.

    A run killed between the two renames of `_put_in_place` left the former folder as ``.old``:
    it takes its place again where nothing else has.
    """
    for former in _siblings(path, ".old"):
        with _if_unlocked(former) as free:
            if free and not path.exists():
                former.rename(path)
            elif free:
                shutil.rmtree(former, ignore_errors=True)
    for leftover in _siblings(path, ".tmp"):
        with _if_unlocked(leftover) as free:
            if free and leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            elif free:
                leftover.unlink(missing_ok=True)


def _put_in_place(temporary: Path, path: Path) -> None:
    """`temporary` is renamed to `path`; a folder cannot be renamed over one that holds files."""
    former = temporary.with_suffix(".old")
    if path.exists():
        path.rename(former)
    temporary.rename(path)
    _sync(path.parent)
    shutil.rmtree(former, ignore_errors=True)


def _refuse_to_delete_others(path: Path, may_hold: Collection[str]) -> None:
    if not path.exists():
        return
    if not path.is_dir():
        raise WriteRefused(Message("{path} is not a folder", path=str(path)))
    others = sorted(entry.name for entry in path.iterdir() if entry.name not in may_hold)
    if others:
        raise WriteRefused(
            Message(
                "{path} holds other files ({files}); name a new or empty folder",
                path=str(path),
                files=(*others[:3], "…") if len(others) > 3 else tuple(others),  # noqa: PLR2004
            )
        )


def _temporary_name(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")


def _siblings(path: Path, suffix: str) -> list[Path]:
    if not path.parent.is_dir():
        return []
    start = f".{path.name}."
    length = len(start) + 16 + len(suffix)
    return [
        entry
        for entry in sorted(path.parent.iterdir())
        if entry.name.startswith(start)
        and entry.name.endswith(suffix)
        and len(entry.name) == length
    ]


@contextmanager
def _if_unlocked(path: Path) -> Iterator[bool]:
    """Whether no living writer holds `path`; while the block runs, none can."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        yield False
        return
    try:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield True
            return
        yield False
    finally:
        os.close(descriptor)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
