"""Parts of a plan that change beside the rest of it, and at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from enumeration import plans_as_options
from random_problems import random_problem
from stage_by_stage import first_tasks, standing_of

from scheduler.engines import neighbourhoods
from scheduler.engines.engine import Task
from scheduler.engines.forms import Beside, Form
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.highs import Work, solve_mip
from scheduler.engines.neighbourhoods import Neighbourhoods
from scheduler.engines.standing import Standing
from scheduler.formulation import Floor, Formulation
from scheduler.generate import CityShape, generate_city
from scheduler.instance import compile_problem

SEEDS = range(60)
SMALL_CITIES = 12
MOVED = 20
TOGETHER = 10
FEW_WEEKS = 4
"""Fewer are too few for people to change to."""


@pytest.mark.parametrize("seed", range(40))
def test_beside_the_rest_of_a_plan_the_best_of_all_plans_with_that_rest_is_found(seed: int) -> None:
    """Also under a floor, whose part that the rest keeps is not asked for again."""
    problem = random_problem(seed)
    formulation = Formulation(compile_problem(problem)).tightened()
    plans = plans_as_options(problem, formulation)
    rng = np.random.default_rng(seed)
    form = Form(formulation, "changes")
    no_room = np.zeros(formulation.row_count, dtype=np.int64)
    for plan in [plans[at] for at in rng.permutation(len(plans))[:3]]:
        rest = plan[rng.random(len(plan)) < 0.5]
        free = np.setdiff1d(np.arange(formulation.option_count), rest)
        objectives = [formulation.objective(stage) for stage in problem.stages]
        floor = Floor(objectives[0], objectives[0].value(formulation.complete(plan)))
        for objective, floors in [(objectives[0], ()), (objectives[-1], (floor,))]:
            task = Task(objective, floors)
            with_rest = [
                task.value(formulation, other)
                for other in plans
                if np.isin(rest, other).all() and task.allows(formulation, other)
            ]
            answer = solve_mip(form, task, lambda *_: None, free, beside=Beside(rest, no_room))
            assert answer.chosen is not None
            assert np.isin(rest, answer.chosen).all()
            assert (answer.status, answer.bound) == ("optimal", max(with_rest))
            assert task.allows(formulation, answer.chosen)


def test_rows_in_which_only_the_rest_has_a_part_are_left_out() -> None:
    smaller = 0
    for formulation, task in first_tasks(SEEDS):
        form = Form(formulation, "changes")
        every = np.arange(formulation.option_count)
        no_room = np.zeros(formulation.row_count, dtype=np.int64)
        whole = form.over(task, every)
        part = form.over(task, every[:1], beside=Beside(every[:0], no_room))
        columns = formulation.rows_over(every[:1])
        assert len(part.lower) == len(np.unique(columns.indices))
        smaller += len(part.lower) < len(whole.lower)
    assert smaller > MOVED


def _standings() -> Iterator[tuple[Formulation, Standing]]:
    """Small cities, from half of a plan, and what it is worth as a floor."""
    for seed in range(SMALL_CITIES):
        problem = generate_city(CityShape(people=40, sites=8, weeks=20, seed=seed))
        formulation = Formulation(compile_problem(problem)).tightened()
        first, *later = map(formulation.objective, problem.stages)
        half = place_by_hand(formulation)[::2]
        floor = Floor(first, first.value(formulation.complete(half)))
        for objective, floors in [(first, ()), (later[seed % len(later)], (floor,))]:
            task = Task(objective, floors, start=half)
            assert task.allows(formulation, half)
            yield formulation, standing_of(formulation, task)


def test_what_several_parts_find_holds_together() -> None:
    """Nobody is placed twice, and rows that the parts share are not used up twice."""
    together = 0
    for formulation, standing in _standings():
        around = Neighbourhoods(Form(formulation, "changes"), standing, 4)
        around._near = np.flatnonzero(standing.alive)
        for axis in around._axes * 2:
            lots = around._draw_lots(axis, around._people)
            assert sorted(np.concatenate(lots).tolist()) == list(range(axis.size))
            before = standing.best
            parts = around._parts(axis, lots)
            plans = [around._look(part, Work()) for part in parts]
            people = [set(around._person[part.options].tolist()) for part in parts]
            assert sum(map(len, people)) == len(set().union(*people))
            changed = [plan for plan in plans if plan is not None]
            new = [np.setdiff1d(plan, before) for plan in changed]
            gone = [np.setdiff1d(before, plan) for plan in changed]
            both = np.union1d(np.setdiff1d(before, np.concatenate(gone)), np.concatenate(new))
            if not formulation.switch_count and not formulation.shortfall_count:
                assert standing.task.allows(formulation, both)
                together += sum(map(bool, map(len, new))) > 1
            around._take(plans)
            assert standing.task.allows(formulation, standing.best)
            assert standing.value >= max(standing.value_of(plan) for plan in changed)
    assert together > TOGETHER


def _has_weeks(formulation: Formulation, standing: Standing, people: int) -> bool:
    """Whether so many people start within enough weeks, or there are floors."""
    weeks = int(formulation.instance.courses.start.max()) + 1
    return bool(standing.task.floors) or people * weeks >= FEW_WEEKS * len(standing.best)


def test_a_part_is_those_who_start_within_some_weeks_or_those_of_some_sites() -> None:
    """Nothing else changes; weeks of a lot follow each other, the last one and the first too."""
    for formulation, standing in _standings():
        around = Neighbourhoods(Form(formulation, "changes"), standing, 4)
        around._near = np.flatnonzero(standing.alive)
        courses, course = formulation.instance.courses, formulation.instance.options.course
        site_of_offer = formulation.instance.supply.site_of_offer
        assert len(around._axes) == (2 if _has_weeks(formulation, standing, around._people) else 1)
        for axis in around._axes:
            at = courses.start if axis.is_in_order else site_of_offer[courses.offer]
            lots = around._draw_lots(axis, around._people)
            for lot, part in zip(lots, around._parts(axis, lots), strict=True):
                assert np.isin(at[course[part.options]], lot).all()
                whole = np.union1d(part.beside.options, part.options)
                assert np.isin(standing.best, whole).all()
                if axis.is_in_order:
                    assert (np.diff(lot) % axis.size == 1).all()


def test_where_a_few_people_start_within_hardly_any_weeks_sites_alone_divide_a_plan() -> None:
    """With one person in each part, these start within as many weeks as there are for each."""
    seen = set()
    for formulation, standing in _standings():
        parts = max(1, len(standing.best))
        axes = Neighbourhoods(Form(formulation, "changes"), standing, parts)._axes
        has_weeks = any(axis.is_in_order for axis in axes)
        assert has_weeks == _has_weeks(formulation, standing, 1)
        seen.add(has_weeks)
    assert seen == {True, False}


def test_the_kind_of_neighbourhood_that_gained_most_for_its_work_is_next() -> None:
    """Each is tried before any is preferred, and of those that are worth the same none is left."""
    formulation, standing = next(one for one in _standings() if one[1].task.floors)
    around = Neighbourhoods(Form(formulation, "changes"), standing, 4)
    weeks, sites = around._axes
    turns = []
    for gained, done in [(10, 5), (12, 2), (6, 6), (3, 5), (0, 5), (0, 5), (0, 5), (0, 5)]:
        axis = around._next_axis()
        axis.gained, axis.done = gained, done
        turns.append("weeks" if axis is weeks else "sites" if axis is sites else "")
    assert turns == ["weeks", "sites", "sites", "weeks", "sites", "weeks", "sites", "weeks"]


def test_moving_makes_plans_better_and_one_thread_finds_what_two_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbourhoods, "_PEOPLE", 2)
    moved = 0
    for formulation, task in first_tasks(SEEDS):
        plans = []
        for threads in (1, 2):
            standing = standing_of(formulation, replace(task, threads=threads))
            Neighbourhoods(Form(formulation, "changes"), standing, 4).run()
            plans.append(standing.best)
        assert (plans[0] == plans[1]).all()
        assert task.allows(formulation, plans[0])
        moved += len(plans[0]) > 0
    assert moved > MOVED


def test_run_after_run_people_move_until_one_brings_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulation, task = next(first_tasks(SEEDS))
    standing = standing_of(formulation, task)
    around = Neighbourhoods(Form(formulation, "changes"), standing, 1)
    standing.value = standing.enough - 1_000
    gains = [1, 500, 1, 0, 7]

    def bring() -> None:
        standing.value += gains.pop(0)

    monkeypatch.setattr(around, "run", bring)
    around.run_on()
    assert gains == [7]
    around.run_on()
    assert gains == [7]
