from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from api.store import AccountRow, Base, ProblemRow, Store, open_store
from api.store.migrate import migrate

NOON = dt.datetime(2016, 7, 4, 12, tzinfo=dt.timezone(dt.timedelta(hours=2)))


def account(name: str = "planner") -> AccountRow:
    return AccountRow(name=name, roles="planner", password_hash="", created_at=NOON)


def count(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(AccountRow)) or 0


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(store: Store) -> None:
    with store.write() as session:
        session.add(account())
    migrate(store)
    assert count(store) == 1


def test_two_processes_that_start_at_once_take_turns(database: str) -> None:
    stores = [open_store(database) for _ in range(3)]
    failed: list[Exception] = []

    def start(store: Store) -> None:
        try:
            migrate(store)
        except Exception as error:  # noqa: BLE001 - whatever it is
            failed.append(error)

    threads = [threading.Thread(target=start, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert count(stores[0]) == 0
    for store in stores:
        store.close()


def test_many_that_open_a_new_sqlite_database_at_once_all_get_it(tmp_path: Path) -> None:
    refused: list[Exception] = []

    def open_and_look(store: Store, together: threading.Barrier) -> None:
        together.wait()
        try:
            with store.engine.connect():
                pass
        except Exception as error:  # noqa: BLE001 - whatever it is
            refused.append(error)

    for number in range(100):
        stores = [open_store(f"sqlite:///{tmp_path / str(number)}.db") for _ in range(6)]
        together = threading.Barrier(len(stores))
        threads = [
            threading.Thread(target=open_and_look, args=(store, together)) for store in stores
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for store in stores:
            store.close()
    assert refused == []


def test_a_transaction_is_kept_whole_or_not_at_all(store: Store) -> None:
    def write_and_fail() -> None:
        with store.write() as session:
            session.add(account())
            session.flush()
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert count(store) == 0


def test_reading_changes_nothing(store: Store) -> None:
    with store.read() as session:
        session.add(account())
        session.flush()
    assert count(store) == 0


def test_moments_come_back_in_utc(store: Store) -> None:
    with store.write() as session:
        session.add(account())
    with store.read() as session:
        row = session.scalars(select(AccountRow)).one()
    assert row.created_at == NOON
    assert row.created_at.utcoffset() == dt.timedelta(0)


def test_a_row_refers_to_one_that_exists(store: Store) -> None:
    with pytest.raises(IntegrityError), store.write() as session:
        session.add(ProblemRow(title="x", created_by=99, created_at=NOON))


def test_sqlite_loses_nothing_that_was_committed(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_writers_wait_for_each_other(store: Store) -> None:
    with store.write() as session:
        session.add(account("0"))

    def add_up() -> None:
        for _ in range(10):
            with store.write() as session:
                row = session.scalars(select(AccountRow).with_for_update()).one()
                row.roles = str(int(row.roles or 0) + 1) if row.roles.isdigit() else "1"

    threads = [threading.Thread(target=add_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        assert session.scalars(select(AccountRow)).one().roles == "40"


def test_errors_quote_nothing_that_was_to_be_stored(store: Store) -> None:
    with pytest.raises(IntegrityError) as refused, store.write() as session:
        session.add_all([account("secret-name"), account("secret-name")])
    assert "hide_parameters" in str(refused.value)
