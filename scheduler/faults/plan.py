"""Faults of the plan's own settings: its weeks and goals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_MOST_WEEKS = 520


def _plan_weeks(problem: Problem, known: Known) -> Iterator[Fault]:
    unread = known.also.get("plan", ())
    if not {"first_start", "as_of"} & set(unread) and problem.first_start < problem.as_of:
        expected = Message("a week not before the as-of week {week}", week=problem.as_of)
        yield Fault("plan", None, "first_start", str(problem.first_start), expected)
    if {"first_start", "last_start"} & set(unread):
        return
    if problem.last_start < problem.first_start:
        expected = Message("a week not before the first start {week}", week=problem.first_start)
        yield Fault("plan", None, "last_start", str(problem.last_start), expected)
    elif problem.last_start - problem.first_start >= _MOST_WEEKS:
        expected = Message("at most {most} start weeks", most=_MOST_WEEKS)
        yield Fault("plan", None, "last_start", str(problem.last_start), expected)


def _stages(problem: Problem, known: Known) -> Iterator[Fault]:
    if not problem.stages and known.all_read("stages"):
        yield Fault("plan", None, "stages", "", Message("at least one goal"))


CHECKS: tuple[Check, ...] = (_plan_weeks, _stages)
