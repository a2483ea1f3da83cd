"""``ungeplan backup`` and ``ungeplan restore``: the whole database to a file, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from api.settings import read_settings
from api.store import Store, open_store
from api.store.dump import DumpHead, check_dump, restore_dump, write_dump
from api.texts import add_texts
from scheduler.errors import InputError, WriteRefused
from scheduler.files.atomic import open_atomically
from scheduler.language import Message

_OURS_ALONE = 0o600
"""A backup tells of people: nobody else on the machine may read it."""


def back_up(
    environment: Mapping[str, str], instead: Mapping[str, object], path: Path, *, overwrite: bool
) -> DumpHead:
    """A file that holds the whole database; the application may go on meanwhile.

    Parameters
    ----------
    environment
        Where settings come from.
    instead
        Settings that go before it, by name; none is not given.
    path
        The file; it appears whole or not at all, and has been read again.
    overwrite
        Whether it may take the place of another.

    Raises
    ------
    InputError
        If a setting is wrong, or there is no database.
    WriteRefused
        If the file is there already.
    OSError
        If it cannot be written.
    """
    add_texts()
    if path.exists() and not (overwrite and path.is_file()):
        raise WriteRefused(
            Message(
                "{path} is there already; name a new file, or give --overwrite.", path=str(path)
            )
        )
    with (
        _database(environment, instead, must_exist=True) as store,
        open_atomically(path, _OURS_ALONE) as file,
    ):
        write_dump(store, file)
    return check_dump(path)


def restore(
    environment: Mapping[str, str], instead: Mapping[str, object], path: Path, *, overwrite: bool
) -> DumpHead:
    """The database holds what a backup holds, whichever kind of database it was made from.

    Parameters
    ----------
    environment, instead
        As for `back_up`.
    path
        The backup.
    overwrite
        Whether everything that is in the database may go.

    Raises
    ------
    InputError
        If a setting is wrong, or the file cannot be used; then nothing has changed.
    WriteRefused
        If the database is not empty.
    OSError
        If the file cannot be read.
    """
    head = check(path)
    with _database(environment, instead, must_exist=False) as store:
        restore_dump(store, path, head, overwrite=overwrite)
    return head


def check(path: Path) -> DumpHead:
    """What a backup says of itself; it is whole.

    Raises
    ------
    InputError
        If it is not.
    OSError
        If the file cannot be read.
    """
    add_texts()
    return check_dump(path)


@contextmanager
def _database(
    environment: Mapping[str, str], instead: Mapping[str, object], *, must_exist: bool
) -> Iterator[Store]:
    address = read_settings(environment, **instead).database
    try:
        where = make_url(address)
        is_file = where.get_backend_name() == "sqlite" and where.database is not None
        if must_exist and is_file and not Path(where.database or "").is_file():
            raise InputError([Message("There is no database at {file}.", file=where.database)])
        store = open_store(address)
    except ArgumentError as error:
        raise InputError([Message("UNGEPLAN_DATABASE_URL is no address of a database.")]) from error
    try:
        yield store
    except DBAPIError as error:
        # The database's own words: where it is and what it lacks; parameters are hidden.
        why = str(error.orig).strip().partition("\n")[0]
        raise InputError([Message("The database cannot be used: {why}", why=why)]) from error
    finally:
        store.close()
