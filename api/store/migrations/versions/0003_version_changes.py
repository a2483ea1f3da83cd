"""A version made by a list of changes keeps the list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_version_changes"
down_revision = "0002_decisions_and_passwords"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """There is a list of changes for versions that buyers made."""
    op.create_table(
        "version_changes",
        sa.Column("problem_version_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["problem_version_id"],
            ["problem_versions.id"],
            name=op.f("fk_version_changes_problem_version_id"),
        ),
        sa.PrimaryKeyConstraint("problem_version_id", name=op.f("pk_version_changes")),
    )
