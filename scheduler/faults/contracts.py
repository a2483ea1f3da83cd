"""Contracts whose take-or-pay is stated in part, or where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault, as_shown
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _take_or_pay(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, contract in enumerate(problem.contracts):
        for name, value, expected in _take_or_pay_faults(
            take_or_pay=contract.take_or_pay,
            always=contract.least_applies == "always",
            courses=contract.least_courses,
            ore=contract.least_ore,
            price=contract.shortfall_course_ore,
            line=contract.shortfall_budget_line_id,
        ):
            yield Fault("contracts", row, name, value, expected)


def _take_or_pay_faults(
    *, take_or_pay: bool, always: bool, courses: int, ore: int, price: int | None, line: str | None
) -> Iterator[tuple[str, str, Message]]:
    if not take_or_pay:
        only = Message("nothing here without take-or-pay")
        if price is not None:
            yield "shortfall_course_ore", as_shown(price, "_ore"), only
        if line is not None:
            yield "shortfall_budget_line_id", line, only
        return
    if not always:
        yield "take_or_pay", "yes", Message("take-or-pay only where the least applies always")
    if (courses > 0) == (ore > 0):
        expected = Message("take-or-pay with a least number of courses or a least amount, not both")
        yield "take_or_pay", "yes", expected
    if courses > 0 and price is None:
        expected = Message("a price for each missing course")
        yield "shortfall_course_ore", "", expected
    if courses == 0 and price is not None:
        expected = Message("nothing here without a least number of courses")
        yield "shortfall_course_ore", as_shown(price, "_ore"), expected
    if line is None:
        yield "shortfall_budget_line_id", "", Message("the budget line that pays a shortfall")


CHECKS: tuple[Check, ...] = (_take_or_pay,)
