"""Settled sites keep every row, cost little, and leave the relaxation as it was."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from random_problems import random_problem
from stage_by_stage import first_tasks, lanes_of

from benchmarks.registry import INSTANCES
from scheduler.engines import settling
from scheduler.engines import standing as standing_module
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.highs import Work, solve_mip
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.settling import Settling, settle_sites
from scheduler.engines.standing import Standing
from scheduler.formulation import Floor, Formulation
from scheduler.instance import compile_problem
from scheduler.problem import Problem

SETTLED, BACK, OPEN, PLACED, HELD = 20, 15, 5, 10, 10
"""Of these problems, at least so many have settled sites, have sites that were opened again, keep
options to choose from, end with a plan that places anybody, and hold what a master lacked."""


def _problems() -> Iterator[Problem]:
    yield from (random_problem(seed) for seed in range(20))
    for shape in ("odd-support", "group-intakes", "least-volumes", "three-sites"):
        yield from (INSTANCES[f"tiny-{shape}"].make(seed) for seed in range(1, 3))


def _relaxation(problem: Problem, floors: tuple[Floor, ...] = ()) -> SimplexRelaxation | None:
    """The solved relaxation of the first stage, or of the second if there are floors."""
    formulation = Formulation(compile_problem(problem)).tightened()
    nobody = np.zeros(0, dtype=np.int64)
    stage = problem.stages[min(len(floors), len(problem.stages) - 1)]
    task = Task(formulation.objective(stage), start=nobody)
    if not task.allows(formulation, nobody) or not formulation.option_count:
        return None
    every = np.ones(formulation.option_count, dtype=np.bool_)
    task = Task(task.objective, floors, nobody)
    # All are in the pool, so that a master with floors is feasible wherever anything is.
    relaxation = SimplexRelaxation(Form(formulation, "weekly"), task, every, every)
    relaxation.run(lambda _: None, lambda: False)
    return relaxation


def _relaxations() -> Iterator[SimplexRelaxation]:
    """Without floors and beside one."""
    for problem in _problems():
        first = _relaxation(problem)
        if first is None:
            continue
        yield first
        second = _relaxation(
            problem, (Floor(first.task.objective, int(np.floor(first.value + 1e-6))),)
        )
        assert second is not None
        yield second


def _settling(relaxation: SimplexRelaxation, seed: int = 0) -> Settling:
    least = int(np.floor(relaxation.value - 0.1 * abs(relaxation.value))) - 1
    return Settling(relaxation, least, np.random.default_rng(seed))


def test_the_relaxation_is_as_it_was() -> None:
    for relaxation in _relaxations():
        options, values = relaxation.solution
        switches, alive, value = relaxation.switches, relaxation.alive.copy(), relaxation.value
        _settling(relaxation).run(lambda: False)
        assert relaxation.value == value
        assert (relaxation.alive == alive).all()
        assert (relaxation.solution[0] == options).all()
        assert np.allclose(relaxation.solution[1], values, atol=1e-6)
        assert np.allclose(relaxation.switches, switches, atol=1e-6)


def test_what_is_settled_fits_and_leaves_nothing_else_at_its_sites() -> None:
    settled = left = 0
    for relaxation in _relaxations():
        formulation, one = relaxation.formulation, _settling(relaxation)
        options = one.run(lambda: False)
        fixed = one._fixed
        assert _fits_together(formulation, fixed)
        assert np.isin(fixed, options).all()
        people = formulation.instance.options.person
        others = np.setdiff1d(options, fixed)
        assert not np.isin(people[others], people[fixed]).any()
        assert not np.isin(one._site[others], one._site[fixed]).any()
        settled += len(fixed) > 0
        left += len(others) > 0
    assert settled > SETTLED
    assert left > OPEN


def test_what_the_master_lacks_is_settled_as_well() -> None:
    """A calendar has options that were never priced into the master."""
    held = 0
    for formulation, task in first_tasks(range(20)):
        lanes, _, _ = lanes_of(formulation, task)
        relaxation = lanes[0].relaxation
        for option in np.flatnonzero(relaxation.alive & ~relaxation.pool)[:3]:
            lacking = np.array([option])
            relaxation.limit(lacking, 1.0, 1.0)
            if relaxation.solve_again(1, lambda entering: entering):
                used, shares = relaxation.solution
                assert shares[used == option] == pytest.approx([1.0])
                held += 1
            relaxation.limit(lacking, 0.0, relaxation.most)
    assert held > HELD


def _fits_together(formulation: Formulation, chosen: np.ndarray) -> bool:
    """Whether the options keep the most of every row, whatever else is used."""
    activity = formulation.coefficients.activity(formulation.instance, chosen)
    return bool((activity + _least_auxiliary(formulation) <= formulation.upper).all())


def _least_auxiliary(formulation: Formulation) -> np.ndarray:
    least, most = formulation.auxiliary_limits({})
    dense = formulation.auxiliary.toarray()
    lowest: np.ndarray = np.minimum(dense * least, dense * most).sum(axis=1)
    return lowest


def test_sites_cost_no_more_than_their_share() -> None:
    """The relaxation over what is left open lies within the share."""
    for relaxation in _relaxations():
        if relaxation.task.floors:
            continue
        first = relaxation.value
        least = int(np.floor(first - 0.1 * abs(first))) - 1
        options = Settling(relaxation, least, np.random.default_rng(0)).run(lambda: False)
        alive = np.zeros_like(relaxation.alive)
        alive[options] = True
        again = SimplexRelaxation(relaxation.form, relaxation.task, alive, alive)
        again.run(lambda _: None, lambda: False)
        assert again.value >= first - (settling._SITE + settling._ALL) * (first - least) - 1e-6


def test_a_site_that_costs_too_much_is_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no site is worth its cost, nothing is settled and the solution stays the first one."""
    monkeypatch.setattr(settling, "_SITE", -1.0)
    opened = 0
    for relaxation in _relaxations():
        one = _settling(relaxation)
        calendars, seen = [], []
        calendar_of = one._calendar_of

        def checked(site: int, slack: float) -> np.ndarray | None:
            seen.append(one.relaxation.solution)  # noqa: B023 - called before the next round
            assert (seen[-1][0] == seen[0][0]).all()  # noqa: B023
            assert np.allclose(seen[-1][1], seen[0][1], atol=1e-6)  # noqa: B023
            calendar = calendar_of(site, slack)  # noqa: B023
            assert calendar is None or _fits_together(one.relaxation.formulation, calendar)  # noqa: B023
            calendars.append(calendar)  # noqa: B023
            return calendar

        monkeypatch.setattr(one, "_calendar_of", checked)
        one.run(lambda: False)
        assert not len(one._fixed)
        opened += any(calendar is not None and len(calendar) for calendar in calendars)
    assert opened > BACK


def test_the_small_problem_has_a_plan_near_the_bound() -> None:
    """Support minutes that do not divide: what is settled keeps the best within reach."""
    for seed in range(1, 4):
        relaxation = _relaxation(INSTANCES["tiny-odd-support"].make(seed))
        assert relaxation is not None
        assert relaxation.bound is not None
        form = Form(relaxation.formulation, "changes")
        every = np.arange(relaxation.formulation.option_count)
        best = solve_mip(form, relaxation.task, lambda *_: None, every)
        assert best.chosen is not None
        least = relaxation.task.value(relaxation.formulation, best.chosen) - 2
        options = Settling(relaxation, least, np.random.default_rng(seed)).run(lambda: False)
        found = solve_mip(form, relaxation.task, lambda *_: None, options)
        assert found.chosen is not None
        assert relaxation.task.value(relaxation.formulation, found.chosen) >= least


def test_out_of_time_nothing_is_settled() -> None:
    for relaxation in _relaxations():
        one = _settling(relaxation)
        one.run(lambda: True)
        assert not len(one._fixed)


def test_one_thread_settles_to_what_two_settle_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    better = 0
    for formulation, task in first_tasks(range(20)):
        plans = []
        for threads in (1, 2, 2):
            lanes, form, standing = lanes_of(formulation, replace(task, threads=threads))
            settle_sites(lanes, form, standing)
            assert task.allows(formulation, standing.best)
            plans.append(standing.best)
        assert all((plan == plans[0]).all() for plan in plans)
        better += len(plans[0]) > 0
    assert better > PLACED


@pytest.mark.parametrize(
    ("done", "times"),
    [([99, 99, 99, 99, 99, 99, 99], 6), ([99, 99, 1], 3), ([1], 1)],
)
def test_sites_are_settled_again_as_long_as_what_is_left_takes_all_its_work(
    monkeypatch: pytest.MonkeyPatch, done: list[int], times: int
) -> None:
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    stage = lanes_of(*next(first_tasks(range(20))))
    left = list(done)

    def take(_: object, searches: list[object], most: int) -> list[Work]:
        works = [Work(most) for _ in searches]
        works[-1].done = left.pop(0)
        return works

    monkeypatch.setattr(settling, "take_rivals", take)
    settle_sites(*stage)
    assert len(done) - len(left) == times
    # What is near enough for moving people is not settled at all.
    left[:] = [99]
    monkeypatch.setattr(Standing, "is_promising", True)
    settle_sites(*stage)
    assert left == [99]


@pytest.mark.parametrize("most", [-1, 10_000])
def test_what_sites_leave_open_is_not_searched_where_it_is_much(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(settling, "_MOST", most)
    (lane, _), form, standing = lanes_of(*next(first_tasks(range(20))))
    settler, work = settling._Settler(lane, form, standing), Work()
    options, answer = settler.run(work)
    assert (answer.chosen is None) == (most < len(options))
    # Nor is what has been searched before.
    monkeypatch.setattr(Settling, "run", lambda *_: options)
    assert settler.run(work)[1].chosen is None


@pytest.mark.parametrize(("ways", "times"), [(100, settling._TIMES), (1, 2)])
def test_sites_that_leave_many_options_open_are_settled_otherwise_at_once(
    monkeypatch: pytest.MonkeyPatch, ways: int, times: int
) -> None:
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    monkeypatch.setattr(settling, "_MANY", -1)
    monkeypatch.setattr(settling, "best_among", lambda *_: pytest.fail("it is searched"))
    way = itertools.count()
    monkeypatch.setattr(Settling, "run", lambda *_: np.arange(next(way) % ways))
    works: list[Work] = []
    once = settling.take_rivals

    def take(*given: object) -> list[Work]:
        found = once(*given)  # type: ignore[arg-type]
        works.extend(found)
        return found

    monkeypatch.setattr(settling, "take_rivals", take)
    lanes, form, standing = lanes_of(*next(first_tasks(range(20))))
    settle_sites(lanes, form, standing)
    assert len(works) == times * len(lanes)
    # What was left open once already ends it.
    assert all(work.is_used_up for work in works) == (ways > 1)


def test_sites_are_settled_as_closely_as_within_one_per_cent_however_wide_the_gap(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    formulation, task = next(first_tasks(range(20)))
    least: list[int] = []

    class Told(Settling):
        def __init__(self, *given: object) -> None:
            least.append(given[1])  # type: ignore[arg-type]
            super().__init__(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(settling, "Settling", Told)
    found = {}
    for gap in (50, settling.WIDE, 1_000):
        lanes, form, standing = lanes_of(formulation, replace(task, gap_basis_points=gap))
        standing.found = replace(standing.found, value=10_000)
        least.clear()
        settle_sites(lanes, form, standing)
        assert len(set(least)) == 1
        found[gap] = least[0]
    assert found[50] > found[settling.WIDE] == found[1_000]
