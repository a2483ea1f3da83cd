"""Each attempt at a run leaves a row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.base import UtcTime

revision = "0004_run_attempts"
down_revision = "0003_version_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is a table of attempts; those of earlier runs are not known."""
    op.create_table(
        "run_attempts",
        sa.Column("run_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("claimed_at", UtcTime(), nullable=False),
        sa.Column("begun_at", UtcTime(), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("ending", sa.String(length=20), nullable=True),
        sa.Column("memory_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_attempts_run_id")),
        sa.PrimaryKeyConstraint("run_id", "fence", name=op.f("pk_run_attempts")),
    )
