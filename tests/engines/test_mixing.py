"""Two lanes find the same however the clock runs, and what took least work counts first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from stage_by_stage import first_tasks, lanes_of

from scheduler.engines import mixing
from scheduler.engines import standing as standing_module
from scheduler.engines.decomposition import Decomposition
from scheduler.engines.engine import Answer, Task
from scheduler.engines.highs import Work
from scheduler.engines.mixing import FREELY, Mixing
from scheduler.engines.standing import Standing
from scheduler.formulation import Formulation

WITH_PLANS = 10


@pytest.fixture(autouse=True)
def _always_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few options are left."""
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    monkeypatch.setattr(mixing, "FREELY", replace(FREELY, dives=2))


def _tasks() -> Iterator[tuple[Formulation, Task]]:
    return first_tasks(range(20))


def _mixing(formulation: Formulation, task: Task) -> tuple[Standing, Mixing]:
    lanes, form, standing = lanes_of(formulation, task)
    return standing, Mixing(lanes, form, standing)


def test_one_thread_finds_what_two_find() -> None:
    better = 0
    for formulation, task in _tasks():
        plans = []
        for threads in (1, 2, 2):
            standing, both = _mixing(formulation, replace(task, threads=threads))
            both.run()
            plans.append(standing.best)
        assert all((plan == plans[0]).all() for plan in plans)
        better += task.value(formulation, plans[0]) > task.value(formulation, plans[0][:0])
    assert better > WITH_PLANS


def test_what_has_enough_after_least_work_counts_though_it_comes_last(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulation, task = next(_tasks())
    answer = Decomposition().solve(formulation, task, lambda *_: None)
    assert answer.chosen is not None
    for slow in (0, 1):
        standing, both = _mixing(formulation, task)
        taken: list[int] = []
        divers = {id(diver): index for index, diver in enumerate(both._divers)}

        def mix(diver: object, _: object, work: Work) -> tuple[np.ndarray, Answer]:
            is_slow = divers[id(diver)] == slow  # noqa: B023 - called before the next round
            time.sleep(0.05 if is_slow else 0.0)
            work.done, work.is_fruitful = (3, True) if is_slow else (5, True)
            return np.array([3 if is_slow else 5]), Answer("unknown")

        monkeypatch.setattr(mixing._Diver, "mix", mix)
        monkeypatch.setattr(standing, "take", lambda options, _: taken.append(int(options[0])))  # noqa: B023
        both._mix(draws=False)
        assert taken[0] == 3


def test_no_lane_is_begun_where_the_plan_is_best_already() -> None:
    for formulation, task in _tasks():
        answer = Decomposition().solve(formulation, task, lambda *_: None)
        assert answer.status == "optimal"
        standing, both = _mixing(formulation, replace(task, start=answer.chosen))
        if not standing.is_open:
            both.run()
            assert not any(diver._used for diver in both._divers)


def test_work_is_fruitful_where_a_mixture_has_enough() -> None:
    for formulation, task in _tasks():
        standing, both = _mixing(formulation, task)
        diver = both._divers[0]
        diver.dive(draws=False)
        work = Work()
        _, answer = diver.mix(FREELY.mixed, work)
        assert answer.chosen is not None
        assert work.is_fruitful == (standing.value_of(answer.chosen) >= standing.enough)


def test_it_ends_after_so_many_rounds_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    formulation, task = next(_tasks())
    drawn: list[bool] = []

    def begin(*, draws: bool) -> None:
        drawn.append(draws)

    for fruitless in (1, 3):
        drawn.clear()
        recipe = replace(mixing.FREELY, fruitless=fruitless)
        monkeypatch.setattr(mixing, "FREELY", recipe)
        standing, both = _mixing(formulation, task)
        monkeypatch.setattr(both, "_dive", begin)
        monkeypatch.setattr(both, "_mix", lambda *_, **__: None)
        assert standing.wants_dives
        both.run()
        assert drawn == [False, True, False][:fruitless]


def test_in_every_second_round_dives_begin_at_corners_drawn_and_they_alone_are_mixed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = replace(mixing.FREELY, dives=2, mixed=4, drawn=1, fruitless=3)
    monkeypatch.setattr(mixing, "FREELY", recipe)
    formulation, task = next(_tasks())
    _, both = _mixing(formulation, task)
    done: list[tuple[str, bool | int]] = []

    def dive(_: object, *, draws: bool) -> None:
        done.append(("dive", draws))

    def mix(_: object, dives: int, __: object) -> tuple[np.ndarray, Answer]:
        done.append(("mix", dives))
        return np.zeros(0, dtype=np.int64), Answer("unknown")

    monkeypatch.setattr(mixing._Diver, "dive", dive)
    monkeypatch.setattr(mixing._Diver, "mix", mix)
    both.run()
    once = [("dive", False)] * 4 + [("mix", 4)] * 2
    assert done == once + [("dive", True)] * 2 + [("mix", 1)] * 2 + once


def test_where_dives_and_mixtures_find_nothing_people_are_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def find_nothing(*_: object) -> tuple[np.ndarray, Answer]:
        return np.zeros(0, dtype=np.int64), Answer("unknown")

    monkeypatch.setattr(mixing._Diver, "dive", lambda *_, **__: None)
    monkeypatch.setattr(mixing._Diver, "mix", find_nothing)
    better = dict.fromkeys((False, True), 0)
    for moves in better:
        monkeypatch.setattr(mixing, "FREELY", replace(mixing.FREELY, moves=moves))
        for formulation, task in _tasks():
            standing, both = _mixing(formulation, task)
            before = standing.value
            both.run()
            assert standing.task.allows(formulation, standing.best)
            better[moves] += standing.value > before
    assert better[False] == 0
    assert better[True] > WITH_PLANS


def test_people_are_moved_until_it_brings_little_and_no_plan_twice_in_vain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    standing, both = _mixing(*next(_tasks()))
    standing.value = standing.enough - 1_000
    gains = [500, 100, 10, 0]
    left = []

    def bring() -> None:
        standing.value += gains.pop(0)

    monkeypatch.setattr(both._around, "run", bring)
    for _ in range(3):
        both.move()
        left.append(len(gains))
    assert left == [1, 0, 0]
    gains.append(0)
    standing.value += 1
    both.move()
    assert not gains
