"""People who could be exchanged: the one referred earlier is not passed over."""

from __future__ import annotations

import numpy as np
import pytest
from random_problems import random_problem
from small import person, small_problem, week
from spec.case import place

from providers import Capacity
from scheduler.engines.engine import Task
from scheduler.engines.greedy import place_by_hand
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem
from scheduler.person import Pin
from scheduler.problem import Problem
from scheduler.ties import settle_ties

ONE_PLACE = Capacity(site_id="cafe", resource="places", amount=1)


def _settled(problem: Problem, placed: str) -> list[str]:
    formulation = Formulation(compile_problem(problem))
    instance = formulation.instance
    option = instance.option_of(place(placed))
    assert option is not None
    objectives = [formulation.objective(stage) for stage in problem.stages]
    settled = settle_ties(formulation, objectives, np.array([option]))
    return [instance.placement(int(one)).person_id for one in settled]


@pytest.mark.parametrize("placed", ["ada", "bo"])
def test_of_two_people_alike_the_first_id_gets_the_place(placed: str) -> None:
    assert _settled(small_problem(capacity=(ONE_PLACE,)), placed) == ["ada"]


def test_whoever_is_pinned_keeps_the_place() -> None:
    pin = Pin(kind="fixed", person_id="bo", offer_id="course")
    assert _settled(small_problem(capacity=(ONE_PLACE,), pins=(pin,)), "bo") == ["bo"]


def test_a_person_who_is_worth_more_keeps_the_place() -> None:
    people = (person("ada", priority=3), person("bo", priority=1))
    assert _settled(small_problem(people=people, capacity=(ONE_PLACE,)), "bo") == ["bo"]


def test_a_longer_wait_is_worth_more_and_so_no_tie() -> None:
    people = (person("ada", referral=week("2016-W21")), person("bo"))
    problem = small_problem(people=people, capacity=(ONE_PLACE,))
    assert _settled(problem, "bo") == ["bo"]


@pytest.mark.parametrize("seed", range(40))
def test_settling_changes_no_value_and_breaks_nothing(seed: int) -> None:
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem))
    objectives = [formulation.objective(stage) for stage in problem.stages]
    chosen = place_by_hand(formulation)
    settled = settle_ties(formulation, objectives, chosen)
    task = Task(objectives[0])
    assert task.allows(formulation, settled) == task.allows(formulation, chosen)
    before, after = formulation.complete(chosen), formulation.complete(settled)
    assert [o.value(before) for o in objectives] == [o.value(after) for o in objectives]
    again = settle_ties(formulation, objectives, settled)
    assert again.tolist() == settled.tolist()
