"""Plans, and who approved them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.store.base import AccountKey, Base


class PlanRow(Base, kw_only=True):
    """A checked plan; written once, by the run that found it."""

    __tablename__ = "plans"
    # For the decisions to refer to: they know the run, and by it who asked for the plan.
    __table_args__ = (Index("uq_plans_id_run_id", "id", "run_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"), unique=True)
    problem_version_id: Mapped[int] = mapped_column(ForeignKey("problem_versions.id"), index=True)
    document: Mapped[bytes]
    """``plan.json``, compressed by zlib."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of ``plan.json``."""
    placed: Mapped[int]
    waiting: Mapped[int]
    proof: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[dt.datetime]


VERDICTS = ("approved", "declined", "withdrawn")


class ApprovalRow(Base, kw_only=True):
    """Another person's decision on a plan; later decisions are rows of their own.

    Who asked for the run stands here too, held by two references, so that the database itself
    refuses a decision by that person.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        ForeignKeyConstraint(["plan_id", "run_id"], ["plans.id", "plans.run_id"]),
        ForeignKeyConstraint(["run_id", "planned_by"], ["runs.id", "runs.created_by"]),
        CheckConstraint("decided_by <> planned_by", name="another_decides"),
        CheckConstraint(f"verdict IN {VERDICTS}", name="verdict_is_known"),
        CheckConstraint("verdict = 'approved' OR note <> ''", name="no_has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    plan_id: Mapped[int]
    run_id: Mapped[int]
    """The plan's."""
    planned_by: Mapped[int]
    """Who asked for the run."""
    number: Mapped[int]
    """1, 2, 3 … within the plan; the last one holds."""
    verdict: Mapped[str] = mapped_column(String(10))
    decided_by: Mapped[AccountKey]
    decided_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(Text)


class OverrideRow(Base, kw_only=True):
    """Where the decision differs from what the plan proposes, with the reason."""

    __tablename__ = "overrides"
    __table_args__ = (
        UniqueConstraint("approval_id", "person_id"),
        CheckConstraint("reason <> ''", name="has_a_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
