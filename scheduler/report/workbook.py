"""``plan.xlsx``: a sheet for each reader."""

from __future__ import annotations

from scheduler.language import Language
from scheduler.report.views.books import Books


def plan_workbook(books: Books, language: Language) -> bytes:
    return b""
