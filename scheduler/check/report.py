"""The check of a whole plan, and the plans that passed it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.check.checker import Checker
from scheduler.check.decided import decided_placement
from scheduler.check.facts import Facts
from scheduler.check.registry import RULES
from scheduler.errors import PlanBreaksRules, PlanFileError
from scheduler.goal import GOAL_NAMES
from scheduler.outcome import DecidedPlacement, GoalValues, PlanDocument
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.violation import Violation


@dataclass(frozen=True, slots=True)
class Misstatement:
    """Something other than a cost that a plan file states wrongly."""

    field: str
    """A field of `PlanDocument` or `DecidedPlacement`, such as ``goals.match`` or ``end``."""
    stated: str
    right: str
    person_id: str | None = None
    """Whose placement; none: of the plan as a whole."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found."""

    violations: tuple[Violation, ...]
    """Everything broken, and what is inherited."""
    goals: GoalValues
    """What the plan really achieves."""
    misstatements: tuple[Misstatement, ...] = ()
    """Where the plan file says something else."""

    @property
    def broken(self) -> tuple[Violation, ...]:
        """The violations that are not inherited."""
        return tuple(found for found in self.violations if not found.inherited)

    @property
    def inherited(self) -> tuple[Violation, ...]:
        """Limits that the enrolments alone break."""
        return tuple(found for found in self.violations if found.inherited)

    @property
    def is_sound(self) -> bool:
        """Whether the plan breaks nothing and its file states nothing wrongly."""
        return not self.broken and not self.misstatements


@dataclass(frozen=True, slots=True, init=False)
class Verified:
    """A plan that breaks no rule; only `verify` makes one."""

    plan: Plan
    goals: GoalValues
    inherited: tuple[Violation, ...]

    def __init__(self) -> None:
        raise TypeError("only verify() makes a Verified plan")


def check(
    problem: Problem,
    plan: Plan,
    document: PlanDocument | None = None,
    *,
    facts: Facts | None = None,
) -> CheckReport:
    """What `plan` breaks, what it achieves, and what its `document` states wrongly.

    Raises
    ------
    PlanFileError
        If the plan names people or offers that the problem does not have.
    """
    facts = Facts(problem) if facts is None else facts
    _all_known(facts, plan)
    checker = Checker(problem, plan, facts=facts)
    violations, goals = checker.violations(), checker.goals()
    if document is None:
        return CheckReport(violations, goals)
    _all_known(facts, Plan(placements=tuple(one.placement for one in document.placements)))
    stated = (
        found
        for rule in RULES
        for decided in document.placements
        for found in rule.stated(facts, decided)
    )
    return CheckReport(
        (*violations, *stated), goals, tuple(_misstatements(facts, plan, goals, document))
    )


def verify(problem: Problem, plan: Plan, *, facts: Facts | None = None) -> Verified:
    """`plan` with the proof that it breaks no rule.

    Raises
    ------
    PlanBreaksRules
        If it breaks one that the enrolments alone do not break.
    """
    report = check(problem, plan, facts=facts)
    if report.broken:
        raise PlanBreaksRules(report.broken)
    verified = object.__new__(Verified)
    object.__setattr__(verified, "plan", plan)
    object.__setattr__(verified, "goals", report.goals)
    object.__setattr__(verified, "inherited", report.inherited)
    return verified


def score(problem: Problem, plan: Plan, *, facts: Facts | None = None) -> GoalValues:
    """The value of each goal."""
    return Checker(problem, plan, facts=facts).goals()


def _all_known(facts: Facts, plan: Plan) -> None:
    people = {one.person_id for one in plan.placements} - facts.people.keys()
    offers = {one.offer_id for one in plan.placements} - facts.offers.keys()
    unknown = [f"person {one}" for one in sorted(people)]
    unknown += [f"offer {one}" for one in sorted(offers)]
    if unknown:
        raise PlanFileError(f"the problem does not have: {', '.join(unknown)}")


def _misstatements(
    facts: Facts, plan: Plan, goals: GoalValues, document: PlanDocument
) -> Iterator[Misstatement]:
    for goal in GOAL_NAMES:
        if document.goals.of(goal) != goals.of(goal):
            yield Misstatement(f"goals.{goal}", str(document.goals.of(goal)), str(goals.of(goal)))
    for report in document.stages:
        value = report.stage.value(goals.as_dict())
        if report.value != value:
            yield Misstatement(f"stages.{report.name}", str(report.value), str(value))
    listed = Plan(placements=tuple(one.placement for one in document.placements))
    if sorted(map(repr, listed.placements)) != sorted(map(repr, plan.placements)):
        yield Misstatement("placements", str(len(listed.placements)), str(len(plan.placements)))
    for decided in document.placements:
        yield from _of_placement(facts, decided)


def _of_placement(facts: Facts, decided: DecidedPlacement) -> Iterator[Misstatement]:
    right = decided_placement(facts, decided.placement)
    for field in _FOLLOWS:
        said, is_right = getattr(decided, field), getattr(right, field)
        if said != is_right:
            yield Misstatement(field, str(said), str(is_right), decided.person_id)


_FOLLOWS = ("site_id", "provider_id", "programme_id", "end", "wait_weeks", "match")
"""What follows from a placement, but for costs, which are the rule `price`."""
