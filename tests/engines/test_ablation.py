"""The checker notices each rule that is missing from the model.

Nothing but the checker stands between a broken model and a published plan, so each rule is left out
on purpose, and what is then called optimal is checked.
"""

from __future__ import annotations

from collections import Counter

import pytest
from random_problems import random_problem
from stage_by_stage import solve_here

from scheduler.check import check
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem
from scheduler.violation import RULE_NAMES, RuleName

SEEDS = range(60)
GOALS = "goals"
"""Noticed where the model's goal values are not the checker's."""
LEAST_NOTICED: dict[RuleName, int] = dict.fromkeys(RULE_NAMES, 5)
pytestmark = pytest.mark.no_cover
"""Other tests run the same lines; measured for coverage, these take twice as long."""


@pytest.mark.parametrize("rule", RULE_NAMES)
def test_the_checker_notices_a_rule_that_is_left_out(rule: RuleName) -> None:
    noticed: Counter[str] = Counter()
    for seed in SEEDS:
        noticed.update(_noticed(seed, {rule}))
    # Costs that nobody counts break no rule of their own: the cost is wrong, and budgets break.
    expected = GOALS if rule == "price" else rule
    assert noticed[expected] >= LEAST_NOTICED[rule]
    allowed = {
        "one-course": {rule, GOALS},
        "price": {GOALS, "budget", "contract"},
        "contract": {rule, GOALS, "budget"},
    }.get(rule, {rule})
    assert set(noticed) <= allowed


def test_nothing_is_noticed_where_no_rule_is_left_out() -> None:
    assert [found for seed in SEEDS for found in _noticed(seed, set())] == []


def _noticed(seed: int, without: set[RuleName]) -> set[str]:
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem, without=without))
    solved = solve_here(formulation, problem.stages, "cpsat")
    if solved.chosen is None:
        return set()
    report = check(problem, formulation.instance.plan(solved.chosen))
    noticed: set[str] = {found.rule for found in report.broken}
    solution = formulation.complete(solved.chosen)
    claimed = {name: goal.value(solution) for name, goal in formulation.goals.items()}
    return noticed | ({GOALS} if claimed != report.goals.as_dict() else set())
