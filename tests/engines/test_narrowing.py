"""A stage narrowed to what prices do not agree on: small, and hardly worse."""

from __future__ import annotations

import numpy as np
import pytest
from stage_by_stage import lanes_of

from benchmarks.registry import INSTANCES
from scheduler.engines import Task, narrowing
from scheduler.engines.forms import Form
from scheduler.engines.greedy import Room, place_by_hand
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.narrowing import Narrowing, Rest
from scheduler.engines.prices import PriceSearch
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem

FEW = 60
HARDLY = 0.01
"""Of the relaxation's value: what fixing may cost."""
NAMES = ("plain-office-blend", "office-blend")


@pytest.fixture(autouse=True)
def _few_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "_FEW", FEW)


@pytest.fixture(scope="module", params=NAMES)
def stage(request: pytest.FixtureRequest) -> tuple[Formulation, Task]:
    """The blend of an office."""
    problem = INSTANCES[request.param].make(1)
    formulation = Formulation(compile_problem(problem)).tightened()
    task = Task(formulation.objective(problem.stages[0]), start=place_by_hand(formulation))
    return formulation, task


def _narrowed(stage: tuple[Formulation, Task], *, is_late: bool = False) -> Rest:
    formulation, task = stage
    every = np.ones(formulation.option_count, dtype=np.bool_)
    search = PriceSearch(formulation, task, every)
    search.run(lambda: False)
    return Narrowing(formulation, search, every).run(lambda: is_late)


@pytest.fixture
def rest(stage: tuple[Formulation, Task]) -> Rest:
    return _narrowed(stage)


def _fixed(formulation: Formulation, rest: Rest) -> np.ndarray:
    """People's only options, of those who had more."""
    person = formulation.instance.options.person
    before = np.bincount(person)
    left = np.bincount(person[rest.alive], minlength=len(before))
    return np.flatnonzero(rest.alive & (left == 1)[person] & (before > 1)[person])


def test_few_people_are_left_and_the_others_have_their_place(
    stage: tuple[Formulation, Task], rest: Rest
) -> None:
    formulation, task = stage
    fixed = _fixed(formulation, rest)
    assert task.start is not None
    assert len(fixed) >= len(task.start) - FEW
    assert task.allows(formulation, fixed)
    assert rest.alive.sum() < formulation.option_count / 2
    assert rest.alive[rest.pool].all()


def test_what_does_not_fit_beside_the_fixed_is_left_out(
    stage: tuple[Formulation, Task], rest: Rest
) -> None:
    formulation, _ = stage
    instance, fixed = formulation.instance, _fixed(formulation, rest)
    left = formulation.upper - formulation.coefficients.activity(instance, fixed)
    others = np.setdiff1d(np.flatnonzero(rest.alive), fixed)
    needs = formulation.coefficients.columns(instance, others)
    assert len(others)
    assert (needs.data <= left[needs.indices]).all()


def test_hardly_anything_is_lost(stage: tuple[Formulation, Task], rest: Rest) -> None:
    formulation, task = stage
    whole = lanes_of(formulation, task)[0][0].relaxation.value
    narrowed = SimplexRelaxation(Form(formulation, "weekly"), task, rest.alive, rest.pool)
    narrowed.run(lambda _: None, lambda: False)
    assert (1 - HARDLY) * whole < narrowed.value <= whole + 1e-6 * abs(whole)


def test_when_time_is_up_nothing_is_left_out(stage: tuple[Formulation, Task]) -> None:
    assert _narrowed(stage, is_late=True).alive.all()


def test_room_lets_through_what_it_finds_for_each_person(stage: tuple[Formulation, Task]) -> None:
    """What fits a person is among what fits at all, after any plan."""
    formulation, task = stage
    room = Room(formulation)
    assert task.start is not None
    for option in task.start[::2].tolist():
        room.take(option)
    fits, people = room.fits, len(formulation.instance.supply.people)
    assert not fits.all()
    for person in range(people):
        assert fits[room.fitting(person)].all()
