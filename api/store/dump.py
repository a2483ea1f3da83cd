"""Everything in the database as one file that either kind of database can be made from again.

The file is gzip of lines of JSON: a head, a line for each row, and an end with the number of rows
and the SHA-256 of all lines before it. Rows refer only to rows before them. Sessions and failed
log-ins are left out: whoever was logged in logs in again.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import gzip
import hashlib
import itertools
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Boolean,
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.types import TypeEngine

from api.clock import now
from api.store.base import Base, UtcTime
from api.store.engine import Store
from api.store.migrate import is_current, is_known, newest_revision, revision_of, upgrade
from scheduler.errors import InputError, WriteRefused
from scheduler.language import Message

FORMAT = "ungeplan-backup/1"
LEFT_OUT = frozenset({"sessions", "login_failures"})
_ROWS_AT_A_TIME = 200
_LONGEST_LINE = 2**30
_LOCK_PATIENCE = "10s"


@dataclass(frozen=True, slots=True)
class DumpHead:
    """What a file says of itself; only of a file that is whole."""

    revision: str
    """Of the tables."""
    made_at: str
    tables: Mapping[str, tuple[str, ...]]
    """The columns of each."""
    rows: Mapping[str, int]
    """How many there are of each table."""
    sha256: str

    @property
    def count(self) -> int:
        """All rows."""
        return sum(self.rows.values())


def write_dump(store: Store, file: IO[bytes]) -> None:
    """Everything in the database at one moment; others may go on writing meanwhile.

    Raises
    ------
    InputError
        If the database's tables are not those of this program.
    """
    engine = store.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        if not is_current(connection):
            raise InputError([_other_tables(revision_of(connection))])
        digest = hashlib.sha256()
        with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as lines:
            rows: Counter[str] = Counter()
            for line in _lines(connection, rows):
                digest.update(line)
                lines.write(line)
            lines.write(_line({"rows": rows, "sha256": digest.hexdigest()}))


def check_dump(path: Path) -> DumpHead:
    """What the file says of itself.

    Raises
    ------
    InputError
        If it is no backup, is damaged, or comes from a newer program.
    OSError
        If it cannot be read.
    """
    try:
        return _check(path)
    except (EOFError, gzip.BadGzipFile, zlib.error, ValueError, KeyError, TypeError) as error:
        raise InputError([_damaged(path)]) from error


def restore_dump(store: Store, path: Path, head: DumpHead, *, overwrite: bool) -> None:
    """The database holds what the file holds and nothing else; on any error, what it held before.

    Runs that were under way are in the queue again.

    Parameters
    ----------
    store
        The database.
    path, head
        The file, and what `check_dump` found in it.
    overwrite
        Whether everything that is in the database may go.

    Raises
    ------
    InputError
        If the file is not what it was when it was checked.
    WriteRefused
        If the database is not empty and `overwrite` is false, or holds tables of others.
    """
    writing = store.engine.execution_options(ungeplan_writes=True)
    with writing.begin() as connection:
        _make_room(connection, overwrite=overwrite)
        upgrade(connection, head.revision)
        _insert(connection, path, head)
        upgrade(connection)
        _end_attempts(connection)


def _check(path: Path) -> DumpHead:
    digest, rows = hashlib.sha256(), Counter[str]()
    with gzip.open(path) as lines:
        first = lines.readline(_LONGEST_LINE)
        head = json.loads(first)
        if not isinstance(head, dict) or head["format"] != FORMAT:
            raise InputError([Message("{file} is no backup of Ungeplan.", file=str(path))])
        if not is_known(head["revision"]):
            raise InputError(
                [Message("{file} was made by a newer version of Ungeplan.", file=str(path))]
            )
        digest.update(first)
        for line in iter(lambda: lines.readline(_LONGEST_LINE), b""):
            if line.startswith(b"{"):
                end = json.loads(line)
                is_last = not lines.read(1)
                break
            digest.update(line)
            rows[json.loads(line)[0]] += 1
        else:
            raise EOFError
    if not is_last or end["sha256"] != digest.hexdigest() or end["rows"] != dict(rows):
        raise InputError([_damaged(path)])
    tables = {name: tuple(columns) for name, columns in head["tables"].items()}
    return DumpHead(head["revision"], head["made_at"], tables, end["rows"], end["sha256"])


def _lines(connection: Connection, rows: Counter[str]) -> Iterator[bytes]:
    tables = [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]
    yield _line(
        {
            "format": FORMAT,
            "revision": newest_revision(),
            "made_at": now().isoformat(timespec="seconds"),
            "tables": {table.name: [column.name for column in table.columns] for table in tables},
        }
    )
    for table in tables:
        encoders = [_encoder(column.type) for column in table.columns]
        # A row may refer to an earlier one of its own table.
        query = select(table).order_by(*table.primary_key.columns)
        for row in connection.execute(query, execution_options={"yield_per": _ROWS_AT_A_TIME}):
            rows[table.name] += 1
            values = (
                None if value is None else encode(value)
                for encode, value in zip(encoders, row, strict=True)
            )
            yield _line([table.name, *values])


def _insert(connection: Connection, path: Path, head: DumpHead) -> None:
    found = MetaData()
    found.reflect(connection)
    with gzip.open(path) as lines:
        lines.readline()
        rows = (json.loads(line) for line in lines if not line.startswith(b"{"))
        for name, group in itertools.groupby(rows, key=lambda row: str(row[0])):
            _insert_rows(connection, found.tables[name], head.tables[name], group)
    for name in head.tables:
        table = found.tables[name]
        count = connection.scalar(select(func.count()).select_from(table))
        if count != head.rows.get(name, 0):
            raise InputError([_damaged(path)])
        if connection.dialect.name == "postgresql" and "id" in table.columns:
            _continue_ids(connection, name)
    connection.execute(
        text(
            "UPDATE runs SET state = 'queued', lease_until = NULL, owner = NULL, phase = NULL,"
            " fence = fence + 1 WHERE state = 'running'"
        )
    )


def _end_attempts(connection: Connection) -> None:
    attempts = Base.metadata.tables["run_attempts"]
    connection.execute(
        attempts.update()
        .where(attempts.c.ended_at.is_(None))
        .values(ended_at=now(), ending="restored")
    )


def _insert_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Iterable[list[Any]]
) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    decoders = [_decoder(table.columns[name].type, is_sqlite=is_sqlite) for name in columns]
    values = (
        {
            name: None if value is None else decode(value)
            for name, decode, value in zip(columns, decoders, row[1:], strict=True)
        }
        for row in rows
    )
    while batch := list(itertools.islice(values, _ROWS_AT_A_TIME)):
        connection.execute(insert(table), batch)


def _continue_ids(connection: Connection, name: str) -> None:
    """New rows get ids after those that were restored."""
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), coalesce(max(id), 1),"  # noqa: S608 - a name of ours
            f" max(id) IS NOT NULL) FROM {name}"
        )
    )


def _make_room(connection: Connection, *, overwrite: bool) -> None:
    """The database has no tables."""
    if connection.dialect.name == "postgresql":
        # Somebody who still uses the database is waited for, but not for ever.
        connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_PATIENCE}'"))
    found = MetaData()
    found.reflect(connection)
    others = sorted(set(found.tables) - set(Base.metadata.tables) - {"alembic_version"})
    if others:
        raise WriteRefused(
            Message(
                "The database holds tables that are not Ungeplan's ({names}); name an empty one.",
                names=tuple(others[:3]),
            )
        )
    accounts = found.tables.get("accounts")
    if (
        accounts is not None
        and not overwrite
        and connection.scalar(select(func.count(accounts.c.id)))
    ):
        raise WriteRefused(
            Message(
                "The database is not empty. Name an empty one, or give --overwrite, and all that is"
                " in it is lost."
            )
        )
    functions = _functions_of_triggers(connection) if found.tables else []
    found.drop_all(connection)
    for function in functions:
        connection.execute(text(f"DROP FUNCTION {function}"))


def _functions_of_triggers(connection: Connection) -> list[str]:
    if connection.dialect.name != "postgresql":
        return []
    query = (
        "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
    )
    return list(connection.scalars(text(query)))


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _encoder(kind: TypeEngine[Any]) -> Callable[[Any], object]:
    if isinstance(kind, UtcTime | DateTime):
        return _encode_moment
    if isinstance(kind, LargeBinary):
        return _encode_bytes
    return _as_it_is


def _decoder(kind: TypeEngine[Any], *, is_sqlite: bool) -> Callable[[Any], object]:
    if isinstance(kind, DateTime):
        return _decode_naive if is_sqlite else dt.datetime.fromisoformat
    if isinstance(kind, LargeBinary):
        return _decode_bytes
    return bool if isinstance(kind, Boolean) else _as_it_is


def _as_it_is(value: object) -> object:
    return value


def _encode_moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat()


def _decode_naive(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value).replace(tzinfo=None)


def _encode_bytes(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _decode_bytes(value: str) -> bytes:
    return binascii.a2b_base64(value, strict_mode=True)


def _damaged(path: Path) -> Message:
    return Message("{file} is damaged, or no backup of Ungeplan.", file=str(path))


def _other_tables(revision: str | None) -> Message:
    return Message(
        "The database's tables ({found}) are not those of this version ({expected}). Start it once"
        " with ungeplan serve, which brings them up to date.",
        found=revision or "–",
        expected=newest_revision(),
    )
