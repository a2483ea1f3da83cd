"""``report.html``: one page for a planner and a leader."""

from __future__ import annotations

from scheduler.language import Language
from scheduler.report.views.books import Books


def report_html(books: Books, language: Language, *, with_persons: bool) -> str:
    return ""
