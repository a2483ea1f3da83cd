"""Where thousands of options are worth the same: later stages and chance tell them apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from stage_by_stage import first_tasks, standing_of

from scheduler.engines import large_search, neighbourhoods, stage, standing
from scheduler.engines.decomposition import Decomposition
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.highs import BRIEF, race, solve_mip
from scheduler.engines.lagrangian import Duals
from scheduler.engines.large import LargeRelaxation
from scheduler.engines.neighbourhoods import Neighbourhoods
from scheduler.engines.standing import Clock
from scheduler.formulation import Formulation, Objective

LEAST_SEEN = 5
_LIMITS = (
    (large_search, "_MANY"),
    (large_search, "_MANY_PEOPLE"),
    (stage, "_MOST_NEAR_A_PERSON"),
)


def _tasks() -> Iterator[tuple[Formulation, Task]]:
    return first_tasks(range(60))


def test_later_stages_are_asked_where_too_many_options_are_near_and_only_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large_search, "_MANY", -1)
    monkeypatch.setattr(large_search, "_MANY_PEOPLE", -1)
    asked: list[Objective] = []

    def broken(task: Task) -> Task:
        asked.append(task.objective)
        return replace(task, later=())

    monkeypatch.setattr(Task, "with_ties_broken", broken)
    for most, is_asked in ((-1, True), (10**6, False)):
        monkeypatch.setattr(stage, "_MOST_NEAR_A_PERSON", most)
        asked.clear()
        for formulation, task in _tasks():
            Decomposition().solve(formulation, task, lambda *_: None)
        assert len(asked) >= LEAST_SEEN if is_asked else not asked


def test_what_is_found_with_ties_broken_is_told_with_the_bound_of_the_stage_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module, name in _LIMITS:
        monkeypatch.setattr(module, name, -1)
    for formulation, task in _tasks():
        told: list[tuple[int, int]] = []

        def tell(chosen: np.ndarray | None, bound: int | None) -> None:
            if chosen is not None and bound is not None:
                told.append((task.value(formulation, chosen), bound))  # noqa: B023

        answer = Decomposition().solve(formulation, task, tell)
        assert answer.status == "optimal"
        assert answer.bound is not None
        assert all(value <= answer.bound <= bound for value, bound in told)


def test_a_clock_is_up_once_there_is_nothing_left_to_do() -> None:
    done = False
    clock = Clock(None, lambda: done)
    assert not clock.is_up()
    done = True
    assert clock.is_up()
    assert clock.left is None


def test_of_columns_worth_the_same_not_the_first_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before anything has a price, all options of a person gain the same."""
    monkeypatch.setattr("scheduler.engines.large._COLUMNS_A_PERSON", 1)
    monkeypatch.setattr("scheduler.engines.large.PriceSearch", _NoPrices)
    taken: set[bool] = set()
    for formulation, task in _tasks():
        equal = replace(task, objective=replace(task.objective, coefficients=_ones(formulation)))
        every = np.ones(formulation.option_count, dtype=np.bool_)
        relaxation = LargeRelaxation(Form(formulation, "changes"), equal, every, ~every)
        relaxation.run(lambda _: None, lambda: True)
        first = np.flatnonzero(np.diff(formulation.instance.options.person, prepend=-1))
        taken |= set(relaxation.pool[first].tolist())
    assert taken == {False, True}


def test_searches_side_by_side_find_what_one_finds_however_many_threads_there_are() -> None:
    for formulation, task in _tasks():
        form, every = Form(formulation, "changes"), np.arange(formulation.option_count)
        best = solve_mip(form, task, lambda *_: None, every)
        answers = [
            race(form, replace(task, threads=threads), lambda *_: None, every, BRIEF)
            for threads in (1, 2, 2)
        ]
        assert {(answer.status, answer.bound) for answer in answers} == {(best.status, best.bound)}
        chosen = [answer.chosen for answer in answers]
        assert all(np.array_equal(one, chosen[0]) for one in chosen)


def test_searches_that_do_not_end_have_the_best_plan_and_the_least_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulation, task = next(_tasks())
    form, every = Form(formulation, "changes"), np.arange(formulation.option_count)
    best = solve_mip(form, task, lambda *_: None, every)
    ends = [replace(best, status="feasible", bound=9), replace(best, chosen=None, bound=8)]
    ends[1] = replace(ends[1], status="unknown")
    for order in (ends, ends[::-1]):
        left = list(order)
        monkeypatch.setattr("scheduler.engines.highs.solve_mip", lambda *_, **__: left.pop())  # noqa: B023
        answer = race(form, replace(task, threads=1), lambda *_: None, every, BRIEF)
        assert (answer.status, answer.bound) == ("feasible", 8)
        assert answer.chosen is best.chosen


def test_neighbourhoods_draw_among_equals_anew_and_more_in_each_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(neighbourhoods, "_OPTIONS_A_PERSON", 1)
    monkeypatch.setattr(standing, "_SMALL", -1)
    drawn_anew = 0
    for formulation, task in _tasks():
        stage = standing_of(formulation, task)
        loss = np.arange(formulation.option_count) // (formulation.option_count // 2 + 1)
        stage.found = replace(stage.found, loss=loss)
        around = Neighbourhoods(Form(formulation, "changes"), stage, 4)
        people = len(formulation.instance.supply.people)
        every, random = np.arange(formulation.option_count), np.random.default_rng(0)
        first, second = (stage.nearest(every, people, random) for _ in range(2))
        assert len(first) == len(second) == min(people, formulation.option_count)
        assert (np.diff(first) > 0).all()
        left_out = np.setdiff1d(np.arange(formulation.option_count), first)
        assert loss[first].max(initial=0) <= loss[left_out].min(initial=1)
        drawn_anew += not np.array_equal(first, second)
        around.run()
        assert len(around._near) == len(first)
        around.run()
        assert len(around._near) >= len(first)
    assert drawn_anew >= LEAST_SEEN


class _NoPrices:
    """A search for prices that finds none."""

    def __init__(self, formulation: Formulation, task: Task, _: np.ndarray) -> None:
        self._formulation, self._task = formulation, task
        self.shares = np.zeros(formulation.option_count)

    def run(self, _: object) -> Duals:
        groups = tuple(np.zeros(group.size) for group in self._formulation.groups)
        return Duals(groups, np.zeros(len(self._task.floors)))


def _ones(formulation: Formulation) -> np.ndarray:
    return np.ones(formulation.column_count, dtype=np.int64)
