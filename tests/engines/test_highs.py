"""Branch and cut on a part of a problem: what it is told to leave out, and when it gives up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from enumeration import plans_as_options
from random_problems import random_problem

from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.highs import Work, solve_mip
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem


@pytest.mark.parametrize("seed", range(30))
def test_only_plans_with_one_of_the_options_asked_for_are_looked_at(seed: int) -> None:
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem))
    count = formulation.option_count
    plans = plans_as_options(problem, formulation)
    form, every = Form(formulation, "changes"), np.arange(count)
    asked = np.flatnonzero(np.random.default_rng(seed).random(count) < 0.3)
    for objective in map(formulation.objective, problem.stages):
        task = Task(objective=objective)
        with_one = [task.value(formulation, plan) for plan in plans if np.isin(plan, asked).any()]
        answer = solve_mip(form, task, lambda *_: None, every, one_of=asked)
        if not with_one:
            assert answer.status == "infeasible"
        else:
            assert answer.chosen is not None
            assert np.isin(answer.chosen, asked).any()
            assert (answer.status, answer.bound) == ("optimal", max(with_one))


def _stages_that_place_nobody() -> Iterator[tuple[Formulation, Task]]:
    """First stages that begin with a plan of nobody, where there is such a plan."""
    nobody = np.zeros(0, dtype=np.int64)
    for problem in map(random_problem, range(30)):
        formulation = Formulation(compile_problem(problem))
        task = Task(objective=formulation.objective(problem.stages[0]), start=nobody)
        if task.allows(formulation, nobody):
            yield formulation, task


def test_a_search_that_may_not_ask_again_ends_with_the_plan_known() -> None:
    given_up = 0
    for formulation, task in _stages_that_place_nobody():
        parts = Form(formulation, "changes"), task, lambda *_: None
        every = np.arange(formulation.option_count)
        best, soon = (solve_mip(*parts, every, work=work) for work in (None, Work(most=0)))
        assert best.chosen is not None
        assert soon.chosen is not None
        assert soon.bound is None or soon.bound >= task.value(formulation, best.chosen)
        if soon.status == "feasible":
            assert not soon.clock
            given_up += 1
    assert given_up


def test_a_search_is_given_up_once_no_plan_can_be_worth_what_is_asked_for() -> None:
    given_up = 0
    for formulation, task in _stages_that_place_nobody():
        form, every = Form(formulation, "changes"), np.arange(formulation.option_count)
        best = solve_mip(form, task, lambda *_: None, every)
        assert best.bound is not None
        hopeful, hopeless = (
            solve_mip(form, replace(task, least=best.bound + more), lambda *_: None, every)
            for more in (0, 1)
        )
        assert (hopeful.status, hopeful.bound) == ("optimal", best.bound)
        assert hopeless.bound is not None
        assert hopeless.bound >= best.bound
        given_up += hopeless.status == "feasible"
    assert given_up


def test_a_search_ends_once_a_rival_has_what_is_looked_for_after_less_work() -> None:
    own, rival = Work.of_rivals(2)
    for _ in range(3):
        assert rival.goes_on()
    assert own.goes_on()
    rival.is_fruitful = True
    assert own.goes_on()
    assert own.goes_on()
    assert not own.goes_on()
    assert rival.goes_on(), "a search is no rival of its own"
