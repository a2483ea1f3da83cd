"""Whether everything is there that the application needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from api.store import Store
from api.store.migrate import is_current


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is there."""

    database: bool
    """It answers."""
    migrations: bool
    """Its tables are those that the program expects."""
    dispatcher: bool
    """Runs are being looked for, and there is a cluster for them."""

    @property
    def is_ready(self) -> bool:
        """Whether all of it is."""
        return self.database and self.migrations and self.dispatcher


def readiness(store: Store, is_dispatching: Callable[[], bool]) -> Readiness:
    """What is there now."""
    try:
        with store.engine.connect() as connection:
            migrations = is_current(connection)
    except SQLAlchemyError:
        return Readiness(database=False, migrations=False, dispatcher=is_dispatching())
    return Readiness(database=True, migrations=migrations, dispatcher=is_dispatching())
