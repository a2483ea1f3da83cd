"""The database: one to read from and one to write to, the same on SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

_BUSY_MILLISECONDS = 15_000
"""How long a write waits for another process's write on SQLite."""
_LOOK_AGAIN_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Store:
    """Where everything is kept."""

    engine: Engine

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one moment and changes nothing."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: all of it is kept, or nothing where the block raises."""
        writing = self.engine.execution_options(ungeplan_writes=True)
        with Session(writing, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """No connection is left open."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """The store at a database's address; its tables are made by `api.store.migrate`."""
    where = make_url(url)
    if where.get_backend_name() != "sqlite":
        return Store(create_engine(where, pool_pre_ping=True, hide_parameters=True))
    if where.database:
        Path(where.database).parent.mkdir(parents=True, exist_ok=True)
    # What is stored may tell of people, so that errors must not quote it.
    engine = create_engine(
        where, connect_args={"timeout": _BUSY_MILLISECONDS / 1000}, hide_parameters=True
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Store(engine)


def _set_up_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # None hands BEGIN to us: Python's own is always deferred, and fails on upgrade.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
    _write_ahead(connection)


def _write_ahead(connection: sqlite3.Connection) -> None:
    """The database is in WAL mode, also where several open a new one at the same moment.

    To change the mode a reader becomes the only one: SQLite refuses that at once where two want
    it, since neither could wait for the other, and heeds no ``busy_timeout``.
    """
    until = time.monotonic() + _BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_LOOK_AGAIN_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    """A write takes its lock at once, so that it waits for others instead of failing half-way."""
    options: dict[str, Any] = dict(connection.get_execution_options())
    writes = options.get("ungeplan_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
