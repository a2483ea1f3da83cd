"""What looks like a person's number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.cpr import looks_like_cpr, mask
from scheduler.faults.check import TABLES, Check, rows_of
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _cpr(problem: Problem, _: Known) -> Iterator[Fault]:
    expected = Message(
        "nothing that looks like a CPR number; use an id that says nothing of the person"
    )
    if looks_like_cpr(problem.title):
        yield Fault("plan", None, "title", mask(problem.title), expected)
    for table in TABLES[1:]:
        for row, record in rows_of(problem, table):
            for name, value in record:
                for text in value if isinstance(value, tuple) else (value,):
                    if isinstance(text, str) and len(text) > 8 and looks_like_cpr(text):  # noqa: PLR2004 - shorter ones cannot
                        yield Fault(table, row, name, mask(text), expected)


CHECKS: tuple[Check, ...] = (_cpr,)
