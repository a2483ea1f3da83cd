"""The tables are brought to what the program expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from api.store.engine import Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(store: Store) -> None:
    """Every migration that the database lacks has been run, each whole or not at all."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    writing = store.engine.execution_options(ungeplan_writes=True)
    with writing.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Two processes that start at once take turns.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7253041)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
