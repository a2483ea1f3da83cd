from __future__ import annotations

import functools
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from sqlalchemy import make_url

from api import app as application
from api.security import passwords
from api.settings import Settings
from api.store import Store, open_store
from api.store.migrate import migrate
from tests.api.databases import BACKENDS, create_database, private_server


@pytest.fixture(scope="session", autouse=True)
def real_hasher() -> Iterator[Callable[[], PasswordHasher]]:
    """What hashes outside tests; in them hashes are made in no time, and are as easy to guess."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    with pytest.MonkeyPatch.context() as patch:
        real = passwords._hasher
        patch.setattr(passwords, "_hasher", lambda: quick)
        yield real


@pytest.fixture(scope="session", autouse=True)
def routes_once() -> Iterator[None]:
    """All applications of a process share their routes, which take long to put together."""
    one = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    application._add_routes(one)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "_add_routes", lambda app: app.routes.extend(one.routes))
        yield


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with private_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The address of a database with its tables, of each kind, which others are copied from."""

    @functools.cache
    def make(kind: str) -> str:
        url = f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'empty.db'}"
        if kind == "postgresql":
            url = create_database(request.getfixturevalue("postgresql_server"), "migrated")
        store = open_store(url)
        migrate(store)
        store.close()
        return url

    return make


@pytest.fixture
def new_database(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Callable[[str], str]
) -> Callable[..., str]:
    """Makes a database of a kind, empty or with its tables, and gives its address."""

    def make(kind: str, *, with_tables: bool = False) -> str:
        name = f"test_{secrets.token_hex(6)}"
        if kind == "postgresql":
            template = make_url(migrated(kind)).database if with_tables else "template0"
            server = request.getfixturevalue("postgresql_server")
            return create_database(server, name, template)
        file = tmp_path / f"{name}.db"
        if with_tables:
            copyfile(make_url(migrated(kind)).database or "", file)
        return f"sqlite:///{file}"

    return make


@pytest.fixture(params=BACKENDS)
def database(request: pytest.FixtureRequest, new_database: Callable[..., str]) -> str:
    """The address of a database of each kind: with its tables for a test with a store, or empty."""
    return new_database(request.param, with_tables="store" in request.fixturenames)


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """Each kind of database, with its tables."""
    store = open_store(database)
    yield store
    store.close()


@pytest.fixture
def sqlite_store(new_database: Callable[..., str]) -> Iterator[Store]:
    """For what has nothing to do with the kind of database."""
    store = open_store(new_database("sqlite", with_tables=True))
    yield store
    store.close()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    # A machine that tests keep busy reads slowly.
    return Settings(data_folder=tmp_path, upload_seconds=60)
