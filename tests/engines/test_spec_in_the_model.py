"""Every spec case in the model: what the checker says of it, the rows and options say too."""

from __future__ import annotations

import numpy as np
import pytest
from spec import SPEC_CASES, SpecCase

from scheduler.formulation import Formulation
from scheduler.instance import Instance, compile_problem
from scheduler.violation import RULE_NAMES, RuleName

ALL = [(rule, case) for rule, cases in SPEC_CASES.items() for case in cases]

LAY_OUT = ("one-course", "window", "length", "price")
"""Rules that also lay out who, when, how long and how dear an option is."""


@pytest.mark.parametrize(("rule", "case"), ALL, ids=[f"{rule}: {case.title}" for rule, case in ALL])
def test_the_model_allows_exactly_what_is_legal(rule: RuleName, case: SpecCase) -> None:
    assert _allows(case, without=()) == case.is_legal
    # And it is this rule that forbids: without it the plan would do.
    if rule not in LAY_OUT:
        assert _allows(case, without=(rule,))


def _allows(case: SpecCase, without: tuple[RuleName, ...]) -> bool:
    instance = compile_problem(case.problem, without=without)
    options = [instance.option_of(placement) for placement in case.plan.placements]
    if None in options:
        return False
    chosen = np.array(sorted(options), dtype=np.int64)
    formulation = Formulation(instance)
    if not formulation.allows(formulation.complete(chosen)):
        return False
    return case.stated is None or case.stated == _cost_by_year(instance, int(chosen[0]))


def _cost_by_year(instance: Instance, option: int) -> tuple[tuple[int, int], ...]:
    cost = instance.courses.cost[instance.options.course[option]]
    first = instance.supply.first_year
    return tuple((first + int(year), int(cost[year])) for year in np.flatnonzero(cost))


def test_every_rule_is_among_them() -> None:
    assert {rule for rule, _ in ALL} == set(RULE_NAMES)
