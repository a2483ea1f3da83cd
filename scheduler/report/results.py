"""The folder that a plan comes out as."""

from __future__ import annotations

from pathlib import Path

from scheduler.files.atomic import replace_folder_atomically
from scheduler.language import Language
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.page import report_html
from scheduler.report.plan_file import PLAN_FILE, plan_json
from scheduler.report.tables import (
    budget_file_table,
    occupancy_table,
    stamped,
    start_table,
    waiting_table,
)
from scheduler.report.views.books import Books
from scheduler.report.views.money import money_by_year
from scheduler.report.views.occupancy import occupancy
from scheduler.report.workbook import plan_workbook

RESULT_FILES = (
    PLAN_FILE,
    "placements.csv",
    "waiting.csv",
    "occupancy.csv",
    "budget.csv",
    "plan.xlsx",
    "report.html",
)
"""What a result folder holds."""


def write_results(
    problem: Problem,
    document: PlanDocument,
    folder: Path,
    *,
    language: Language = "da",
    with_persons: bool = False,
) -> tuple[Path, ...]:
    """The whole folder of results is at `folder`, or nothing has changed.

    Parameters
    ----------
    problem
        What was planned.
    document
        Its checked plan.
    folder
        New, empty, or holding earlier results, which are replaced.
    language
        Of everything but ``plan.json``, which has both.
    with_persons
        Whether ``report.html`` lists people; the workbook and two of the CSV files always do.

    Returns
    -------
    tuple
        The files, in the order of `RESULT_FILES`.

    Raises
    ------
    WriteRefused
        If `folder` holds anything else.
    OSError
        If it cannot be written.
    """
    contents = _contents(problem, document, language, with_persons=with_persons)
    with replace_folder_atomically(folder, may_hold=RESULT_FILES) as fresh:
        for name, content in zip(RESULT_FILES, contents, strict=True):
            (fresh / name).write_bytes(content)
    return tuple(folder / name for name in RESULT_FILES)


def _contents(
    problem: Problem, document: PlanDocument, language: Language, *, with_persons: bool
) -> tuple[bytes, ...]:
    books = Books(problem, document)
    return (
        plan_json(document),
        stamped(start_table(problem, document)).csv(language),
        stamped(waiting_table(problem, document)).csv(language),
        occupancy_table(occupancy(books)).csv(language),
        budget_file_table(money_by_year(books)).csv(language),
        plan_workbook(books, language),
        report_html(books, language, with_persons=with_persons).encode(),
    )
