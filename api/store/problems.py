"""What is planned from: problems, each a chain of versions that never change."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.store.base import AccountKey, Base


class ProblemRow(Base, kw_only=True):
    """A problem under one name; its content stands in its versions."""

    __tablename__ = "problems"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    title: Mapped[str]
    created_by: Mapped[AccountKey]
    created_at: Mapped[dt.datetime]
    archived_at: Mapped[dt.datetime | None] = mapped_column(default=None)


class ProblemVersionRow(Base, kw_only=True):
    """One state of a problem; written once."""

    __tablename__ = "problem_versions"
    __table_args__ = (UniqueConstraint("problem_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    problem_id: Mapped[int] = mapped_column(ForeignKey("problems.id"), index=True)
    number: Mapped[int]
    """1, 2, 3 … within the problem."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("problem_versions.id"), default=None)
    """The version that it was made from, perhaps of another problem."""
    content: Mapped[bytes]
    """The problem as JSON, compressed by zlib."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    """Of the canonical input, as ``plan.json`` states it."""
    what_changed: Mapped[str] = mapped_column(String(1000))
    """A change of `api.services.changes` as JSON, or which files it was read from."""
    people: Mapped[int]
    sites: Mapped[int]
    created_by: Mapped[AccountKey]
    created_at: Mapped[dt.datetime]


class VersionChangesRow(Base, kw_only=True):
    """How a buyer made a version from its parent, change by change."""

    __tablename__ = "version_changes"

    problem_version_id: Mapped[int] = mapped_column(
        ForeignKey("problem_versions.id"), primary_key=True, autoincrement=False
    )
    changes: Mapped[str] = mapped_column(Text)
    """A list of `scheduler.scenarios` changes as JSON."""
