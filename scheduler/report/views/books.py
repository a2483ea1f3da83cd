"""Courses, uses and payments of a plan and the enrolments before it, added up once."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Literal, get_args

from providers import Week
from scheduler.check.checker import Checker
from scheduler.outcome import PlanDocument
from scheduler.plan import Plan
from scheduler.problem import Problem

Source = Literal["enrolment", "placement", "shortfall"]
SOURCES: tuple[Source, ...] = get_args(Source)


class Books:
    """What a plan and the enrolments use and pay, as the checker counts it.

    Parameters
    ----------
    problem
        The problem.
    document
        Its plan.
    """

    def __init__(self, problem: Problem, document: PlanDocument) -> None:
        self.problem = problem
        self.document = document
        plan = Plan(placements=tuple(row.placement for row in document.placements))
        self.checker = Checker(problem, plan)
        self.facts = self.checker.facts
        self.courses = self.checker.courses()
        """Courses of enrolments (no-shows apart), then of placements."""
        self.paid: dict[Source, Counter[tuple[str, Week]]] = {
            source: Counter() for source in SOURCES
        }
        """By source, then budget line and week: øre paid, ancestors of the line included."""
        for course in self.courses:
            line_id = self.facts.programmes[course.programme_id].budget_line_id
            self._pay(course.source, line_id, course.paid)
        for short in self.checker.shortfalls():
            week = self.facts.contracts[short.contract_id].last_week
            self._pay("shortfall", short.budget_line_id, ((week, short.ore),))

    @property
    def last_week(self) -> Week:
        """The last week in which a course runs, or the last start week if that is later."""
        return max((self.problem.last_start, *(course.end for course in self.courses)))

    def weeks(self) -> tuple[Week, ...]:
        """Every week from the first start week to the last week."""
        first = self.problem.first_start
        return tuple(first + later for later in range(self.last_week - first + 1))

    def _pay(self, source: Source, line_id: str, paid: tuple[tuple[Week, int], ...]) -> None:
        for each in self.facts.line_and_ancestors(line_id):
            for week, ore in paid:
                self.paid[source][each, week] += ore


def month_of(week: Week) -> date:
    """The first day of the month that a week's pay is booked in: that of its Thursday.

    A week's Thursday is always in the week's ISO year, so months add up to fiscal years.
    """
    return (week.monday + timedelta(days=3)).replace(day=1)
