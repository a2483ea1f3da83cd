"""Plans, and who approved them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.store.base import AccountKey, Base


class PlanRow(Base, kw_only=True):
    """A checked plan; written once, by the run that found it."""

    __tablename__ = "plans"

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


class ApprovalRow(Base, kw_only=True):
    """Another person's decision on a plan."""

    __tablename__ = "approvals"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), unique=True)
    decided_by: Mapped[AccountKey]
    decided_at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(Text)


class OverrideRow(Base, kw_only=True):
    """Where the decision differs from what the plan proposes, with the reason."""

    __tablename__ = "overrides"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    approval_id: Mapped[int] = mapped_column(ForeignKey("approvals.id"), index=True)
    person_id: Mapped[str] = mapped_column(String(64))
    what: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
