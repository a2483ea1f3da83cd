"""Decisions on plans have a history that never changes; passwords can be for one log-in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.store.base import UtcTime

revision = "0002_decisions_and_passwords"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEVER_UPDATED = ("approvals", "overrides", "plans", "problem_versions")
_NEVER_DELETED = ("approvals", "overrides")


def upgrade() -> None:
    """Approvals are made anew, since nothing has written any; other tables keep their rows."""
    op.add_column(
        "accounts",
        sa.Column("must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index("uq_runs_id_created_by", "runs", ["id", "created_by"], unique=True)
    op.create_index("uq_plans_id_run_id", "plans", ["id", "run_id"], unique=True)
    op.drop_table("overrides")
    op.drop_table("approvals")
    _create_approvals()
    _create_overrides()
    _refuse_changes()


def _create_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("planned_by", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", UtcTime(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("decided_by <> planned_by", name=op.f("ck_approvals_another_decides")),
        sa.CheckConstraint(
            "verdict IN ('approved', 'declined', 'withdrawn')",
            name=op.f("ck_approvals_verdict_is_known"),
        ),
        sa.CheckConstraint(
            "verdict = 'approved' OR note <> ''", name=op.f("ck_approvals_no_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["accounts.id"], name=op.f("fk_approvals_decided_by")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "run_id"],
            ["plans.id", "plans.run_id"],
            name=op.f("fk_approvals_plan_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "planned_by"],
            ["runs.id", "runs.created_by"],
            name=op.f("fk_approvals_run_id_planned_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_approvals_plan_id_number")),
    )
    op.create_index(op.f("ix_approvals_decided_by"), "approvals", ["decided_by"], unique=False)


def _create_overrides() -> None:
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_overrides_has_a_reason")),
        sa.ForeignKeyConstraint(
            ["approval_id"], ["approvals.id"], name=op.f("fk_overrides_approval_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
        sa.UniqueConstraint(
            "approval_id", "person_id", name=op.f("uq_overrides_approval_id_person_id")
        ),
    )
    op.create_index(op.f("ix_overrides_approval_id"), "overrides", ["approval_id"], unique=False)


def _refuse_changes() -> None:
    """Neither a mistake in the program nor a hand in the database changes what was decided on."""
    kinds = [
        *((table, "UPDATE") for table in _NEVER_UPDATED),
        *((table, "DELETE") for table in _NEVER_DELETED),
    ]
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'rows of this table never change'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        body = "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    else:
        body = "BEGIN SELECT RAISE(ABORT, 'rows of this table never change'); END"
    for table, change in kinds:
        name = f"{table}_refuse_{change.lower()}"
        op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} {body}")
