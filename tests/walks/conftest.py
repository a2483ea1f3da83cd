from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from api.security.permissions import ROLES
from api.services.accounts import add_account
from api.store import Store, open_store
from tests.api.served import Served, served
from tests.api.site import PASSWORD
from tests.walks.walker import chromium


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the application of all walks keeps its database."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(data_folder: Path) -> Iterator[Served]:
    """One application for all walks."""
    with served(data_folder) as running:
        yield running


@pytest.fixture(scope="session")
def store(site: Served, data_folder: Path) -> Iterator[Store]:
    """The application's own database, for what a walk begins with."""
    assert site.process.poll() is None
    opened = open_store(f"sqlite:///{data_folder / 'ungeplan.db'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def colleagues(store: Store) -> dict[str, int]:
    """An account for each role, by its name."""
    with store.write() as session:
        return {
            role: add_account(session, role, (role,), PASSWORD).id
            for role in ROLES
            if role != "administrator"
        }


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test comes first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: item.path.name != "test_every_page.py")
