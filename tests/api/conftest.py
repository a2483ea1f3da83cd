from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url

from api.settings import Settings
from api.store import Store, open_store
from api.store.migrate import migrate
from tests.api.databases import BACKENDS, private_server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with private_server() as url:
        yield url


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """Makes an empty database of a kind, and gives its address."""

    def make(kind: str) -> str:
        name = f"test_{secrets.token_hex(6)}"
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        server = request.getfixturevalue("postgresql_server")
        engine = create_engine(server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    return make


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The address of an empty database, of each kind."""
    return new_database(request.param)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Each kind of database, with its tables."""
    store = open_store(database)
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """For what has nothing to do with the kind of database."""
    store = open_store(f"sqlite:///{tmp_path / 'test.db'}")
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # A machine that tests keep busy reads slowly.
    return Settings(data_folder=tmp_path, upload_seconds=60)
