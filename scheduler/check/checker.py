"""What placements break, one at a time or as a whole plan."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from providers import Week
from scheduler.check.budget import shortfall_paid
from scheduler.check.contract import Shortfall, shortfalls
from scheduler.check.courses import Course, course_of
from scheduler.check.facts import Facts
from scheduler.check.goals import goal_values
from scheduler.check.ledger import Ledger
from scheduler.check.registry import RULES
from scheduler.outcome import GoalValues
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.violation import RULE_NAMES, RuleName, Violation

NOBODY_PLACED = Plan()


class Paid(NamedTuple):
    """What a budget line pays in a year, in øre."""

    committed: int
    """For enrolments."""
    planned: int
    """For placements."""
    shortfall: int
    """For contracts of which too little is used."""

    @property
    def together(self) -> int:
        """In all."""
        return self.committed + self.planned + self.shortfall


class Checker:
    """A plan that is checked as it grows.

    Parameters
    ----------
    problem
        What the plan answers.
    plan
        The placements to begin with; they need not be legal.
    facts
        Those of the same problem, to share between checkers.
    """

    def __init__(
        self, problem: Problem, plan: Plan = NOBODY_PLACED, *, facts: Facts | None = None
    ) -> None:
        self.facts = Facts(problem) if facts is None else facts
        self._enrolments = self.facts.once("enrolments", lambda: Ledger(self.facts, RULES))
        self._ledger = Ledger(self.facts, RULES)
        for placement in plan.placements:
            self.add(placement)

    def add(self, placement: Placement) -> None:
        """The plan holds the placement too, legal or not."""
        self._ledger.add(course_of(self.facts, placement))

    def remove(self, placement: Placement) -> None:
        """The plan holds it no more; KeyError or ValueError if it did not."""
        self._ledger.remove(course_of(self.facts, placement))

    def breaks_alone(self, placement: Placement) -> tuple[Violation, ...]:
        """What makes it no possible placement: broken by itself, or alone with the enrolments."""
        course = course_of(self.facts, placement)
        return tuple(
            violation
            for rule in RULES
            for violation in (
                *rule.by_itself(self.facts, course),
                *rule.alone(self._enrolments, course),
            )
        )

    def breaks(
        self, placement: Placement, names: Collection[RuleName] = RULE_NAMES
    ) -> tuple[Violation, ...]:
        """What adding it to the plan would break of these rules, or break by more.

        Limits that the plan exceeds already and that the placement does not touch are not among
        them. Only the newcomer is named in `person_ids`.
        """
        course = course_of(self.facts, placement)
        return tuple(
            violation
            for rule in RULES
            if rule.name in names
            for violation in (
                *rule.by_itself(self.facts, course),
                *rule.adding(self._ledger, course),
            )
        )

    def breaks_beside(self, placement: Placement) -> tuple[Violation, ...]:
        """The same of a placement that breaks nothing by itself, which is not looked at again."""
        course = course_of(self.facts, placement)
        return tuple(found for rule in RULES for found in rule.adding(self._ledger, course))

    def violations(self, names: Collection[RuleName] = RULE_NAMES) -> tuple[Violation, ...]:
        """What the plan breaks of these rules, and what it has inherited, rule by rule."""
        courses = list(self._ledger.courses())
        return tuple(
            violation
            for rule in RULES
            if rule.name in names
            for violation in (
                *(found for course in courses for found in rule.by_itself(self.facts, course)),
                *rule.whole(self._ledger),
            )
        )

    def goals(self) -> GoalValues:
        """The value of each goal."""
        return goal_values(self._ledger)

    def courses(self) -> tuple[Course, ...]:
        """Courses of all enrolments but no-shows, then those of placements by person id."""
        return (*self.facts.enrolled, *self._ledger.courses())

    def use(self, site_id: str, resource: str, week: Week) -> int:
        """How much of a resource is used at a site in a week."""
        return self._ledger.together("capacity", (site_id, resource, week.ordinal))

    def amount(self, site_id: str, resource: str, week: Week) -> int:
        """How much of it there is."""
        return self.facts.amount(site_id, resource, week)

    def paid(self, line_id: str, year: int) -> Paid:
        """What a budget line pays in a year, for itself and the lines below it."""
        key = (line_id, year)
        return Paid(
            committed=self._ledger.committed["budget"].get(key, 0),
            planned=self._ledger.planned["budget"].get(key, 0),
            shortfall=shortfall_paid(self._ledger)[key],
        )

    def decided(self, line_id: str, year: int) -> int:
        """Øre decided for a line and year."""
        return self.facts.decided(line_id, year)

    def limit(self, line_id: str, year: int) -> int:
        """Øre that a line may pay in a year: what is decided less the reserve."""
        return self.facts.limit(line_id, year)

    def shortfalls(self) -> tuple[Shortfall, ...]:
        """What is paid for take-or-pay contracts of which too little is used."""
        return shortfalls(self._ledger)
