"""Every plan of a tiny problem, by the checker alone: what solvers are held against."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from random_problems import options_of

from providers import Week
from scheduler.check import Checker, Facts, course_of, length_of
from scheduler.formulation import Formulation
from scheduler.goal import Stage
from scheduler.outcome import GoalValues
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.violation import RULE_NAMES, Fact, RuleName

_STAYS_BROKEN: tuple[RuleName, ...] = ("capacity", "intake", "budget", "volume", "contract")
"""Rules that look at several placements and can be broken for good."""
_CAN_BE_MENDED: frozenset[Fact] = frozenset({"least-courses", "least-money"})
"""But for these facts, which more placements may mend."""
_AT_THE_END: tuple[RuleName, ...] = ("cohort", "contract", "pins")
"""Rules that only the whole plan decides."""


@dataclass(frozen=True)
class Found:
    """A plan that breaks nothing, and what it achieves."""

    plan: Plan
    goals: GoalValues


def plans_as_options(problem: Problem, formulation: Formulation) -> list[NDArray[np.int64]]:
    """Every feasible plan, as options of the formulation, ascending."""
    instance = formulation.instance
    index = {instance.placement(option): option for option in range(formulation.option_count)}
    return [
        np.array(sorted(index[one] for one in plan.placements), dtype=np.int64)
        for plan, _ in enumerate_plans(problem)
    ]


def enumerate_plans(
    problem: Problem, ignoring: Collection[RuleName] = ()
) -> Iterator[tuple[Plan, GoalValues]]:
    """Every feasible plan, once each.

    `ignoring` leaves out rules that are about more than one placement.
    """
    facts = Facts(problem)
    search = _Search(
        Checker(problem, facts=facts),
        early=tuple(
            rule
            for rule in _STAYS_BROKEN
            # A placement can save a shortfall, and so mend a budget.
            if rule not in ignoring and not (rule == "budget" and facts.has_take_or_pay)
        ),
        late=tuple(
            rule
            for rule in (*_AT_THE_END, *(("budget",) if facts.has_take_or_pay else ()))
            if rule not in ignoring
        ),
    )
    options = [each for each in options_of(facts, ignoring).values() if each]
    yield from search.extend(options, ())


@dataclass(frozen=True)
class _Search:
    checker: Checker
    early: tuple[RuleName, ...]
    """Rules looked at with each placement."""
    late: tuple[RuleName, ...]
    """Rules looked at once nobody is left."""

    def extend(
        self, options: list[list[Placement]], chosen: tuple[Placement, ...]
    ) -> Iterator[tuple[Plan, GoalValues]]:
        """Plans of what is chosen, and of one option or none of each person who is left."""
        checker = self.checker
        if not options:
            if all(found.inherited for found in checker.violations(self.late)):
                yield Plan(placements=chosen), checker.goals()
            return
        yield from self.extend(options[1:], chosen)
        for placement in options[0]:
            broken = checker.breaks(placement, self.early)
            if all(found.fact in _CAN_BE_MENDED for found in broken):
                checker.add(placement)
                yield from self.extend(options[1:], (*chosen, placement))
                checker.remove(placement)


def best_by_stage(problem: Problem) -> list[int] | None:
    """The best value of each stage, under the floors of the best values before; none: no plan."""
    found = [Found(plan, goals) for plan, goals in enumerate_plans(problem)]
    return best_of(problem.stages, found)


def best_of(stages: tuple[Stage, ...], found: list[Found]) -> list[int] | None:
    """The same among given plans."""
    if not found:
        return None
    best = []
    for stage in stages:
        values = [stage.value(each.goals.as_dict()) for each in found]
        best.append(max(values) if stage.sense == "most" else min(values))
        found = [
            each
            for each, value in zip(found, values, strict=True)
            if _keeps(stage, value, best[-1])
        ]
    return best


def _keeps(stage: Stage, value: int, achieved: int) -> bool:
    floor = stage.floor(achieved)
    return value >= floor if stage.sense == "most" else value <= floor


def optimal_plans(stages: tuple[Stage, ...], found: list[Found]) -> list[Found]:
    """Plans that reach the best value of every stage, as far as the floors of earlier ones go."""
    best = best_of(stages, found) or []
    for stage, achieved in zip(stages, best, strict=True):
        last = stage is stages[-1]
        found = [
            each
            for each in found
            if (value := stage.value(each.goals.as_dict())) == achieved
            or (not last and _keeps(stage, value, achieved))
        ]
    return found


def improves(stages: tuple[Stage, ...], best: list[int] | None, goals: GoalValues) -> bool:
    """Whether a plan of these goals would change the best values if it were allowed."""
    if best is None:
        return True
    for stage, achieved in zip(stages, best, strict=True):
        value = stage.value(goals.as_dict())
        if value > achieved if stage.sense == "most" else value < achieved:
            return True
        if not _keeps(stage, value, achieved):
            return False
    return False


def binding(problem: Problem) -> frozenset[str]:
    """The rules and features without which other values would be best.

    A rule binds if some plan that breaks it and no other rule would change the best value of a
    stage (or be the only plan), found among the neighbours of optimal plans; `price` if flat prices
    a course, with nothing for extra weeks, would change them. ``enrolments``, ``closures`` and
    ``tolerances`` bind if leaving them out would. ``new-year`` binds if courses of an optimal
    plan are paid or start in two years. A problem without any plan is ``infeasible``.
    """
    found = [Found(plan, goals) for plan, goals in enumerate_plans(problem)]
    best = best_of(problem.stages, found)
    binds: set[str] = set()
    if best is None:
        binds |= {"infeasible", *_binding_where_nothing_is_feasible(problem)}
    else:
        optimal = optimal_plans(problem.stages, found)
        binds |= _binding_near(problem, best, [each.plan for each in optimal[:3]])
        if any(_spans_years(problem, each.plan) for each in optimal):
            binds.add("new-year")
        exact = tuple(Stage(blend=stage.blend) for stage in problem.stages)
        if best_of(exact, found) != best:
            binds.add("tolerances")
    for name, without in _left_out(problem):
        if best_by_stage(without) != best:
            binds.add(name)
    return frozenset(binds)


def _left_out(problem: Problem) -> Iterator[tuple[str, Problem]]:
    if problem.enrolments:
        yield "enrolments", _changed(problem, enrolments=())
    if problem.closures:
        yield "closures", _changed(problem, closures=())
    flat = tuple(
        offer.model_copy(
            update={
                "price_per": "course",
                "extra_week_price_ore": (
                    0
                    if offer.extra_week_price_ore is not None or offer.price_per == "week"
                    else None
                ),
            }
        )
        for offer in problem.offers
    )
    if flat != problem.offers:
        yield "price", _changed(problem, offers=flat)


def _changed(problem: Problem, **changes: object) -> Problem:
    fields = {name: getattr(problem, name) for name in Problem.model_fields}
    return Problem.model_construct(**{**fields, **changes})


def _binding_where_nothing_is_feasible(problem: Problem) -> set[str]:
    together: tuple[RuleName, ...] = (
        "capacity",
        "intake",
        "cohort",
        "budget",
        "volume",
        "contract",
        "pins",
    )
    return {rule for rule in together if any(True for _ in enumerate_plans(problem, {rule}))}


def _binding_near(problem: Problem, best: list[int], plans: list[Plan]) -> set[str]:
    facts = Facts(problem)
    universe = list(_universe(facts))
    binds: set[str] = set()
    for plan in plans:
        for neighbour in _neighbours(plan, universe):
            checker = Checker(problem, neighbour, facts=facts)
            broken = {found.rule for found in checker.violations() if not found.inherited}
            is_new = len(broken) == 1 and not broken <= binds
            if is_new and improves(problem.stages, best, checker.goals()):
                binds |= broken
    return binds


def _universe(facts: Facts) -> Iterator[Placement]:
    """Placements of everybody, possible or not: also a week off the plan's window, and shorter."""
    problem = facts.problem
    weeks = range(-1, problem.last_start - problem.first_start + 2)
    starts: list[Week] = [problem.first_start + later for later in weeks]
    for person in problem.people:
        for offer in problem.offers:
            right = length_of(facts, person.id, offer.id)
            for length in sorted({right, offer.weeks}):
                for start in starts:
                    yield Placement(
                        person_id=person.id, offer_id=offer.id, start=start, weeks=length
                    )


def _neighbours(plan: Plan, universe: list[Placement]) -> Iterator[Plan]:
    """Plans with one placement more, one less, or another one for somebody."""
    held = plan.placements
    for gone in held:
        yield Plan(placements=tuple(one for one in held if one is not gone))
    for new in universe:
        yield Plan(placements=(*held, new))
        kept = tuple(one for one in held if one.person_id != new.person_id)
        if len(kept) < len(held):
            yield Plan(placements=(*kept, new))


def _spans_years(problem: Problem, plan: Plan) -> bool:
    facts = Facts(problem)
    courses = [course_of(facts, placement) for placement in plan.placements]
    return len({cost.year for course in courses for cost in course.costs}) > 1


__all__ = [
    "RULE_NAMES",
    "Found",
    "best_by_stage",
    "best_of",
    "binding",
    "enumerate_plans",
    "improves",
    "optimal_plans",
]
