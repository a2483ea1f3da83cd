"""How Alembic runs migrations: on the connection that `api.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from api.store import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=False,
    render_as_batch=True,
)
context.run_migrations()
