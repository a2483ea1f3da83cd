"""The tables are brought to what the program expects."""

from __future__ import annotations

import functools
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from api.store.engine import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> None:
    """Every migration that the database lacks has been run, each whole or not at all."""
    writing = store.engine.execution_options(ungeplan_writes=True)
    with writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes that start at once take turns.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7253041)")
        upgrade(connection)


def upgrade(connection: Connection, revision: str = "head") -> None:
    """The tables are those of a revision, in the transaction that is under way."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def revision_of(connection: Connection) -> str | None:
    """The revision of the database's tables; none: it has none of ours."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: Connection) -> bool:
    """Whether the database's tables are those that the program expects."""
    return revision_of(connection) == newest_revision()


@functools.cache
def newest_revision() -> str:
    """The revision that the program expects."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def is_known(revision: str) -> bool:
    """Whether the program has the migrations up to that revision."""
    scripts = ScriptDirectory.from_config(_config())
    return any(script.revision == revision for script in scripts.walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
