"""People change places among a plan's courses: no such plan is better, and nothing else moves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from enumeration import plans_as_options
from random_problems import random_problem
from stage_by_stage import standing_of

from scheduler.engines import exchange
from scheduler.engines.engine import Task
from scheduler.engines.exchange import Exchange
from scheduler.engines.greedy import place_by_hand
from scheduler.engines.standing import Standing
from scheduler.formulation import Floor, Formulation
from scheduler.generate import CityShape, generate_city
from scheduler.instance import compile_problem

BETTER, CITIES = 10, 8


def _exchange(formulation: Formulation, standing: Standing) -> Exchange:
    return Exchange(formulation, standing, np.random.default_rng(0))


def _started(formulation: Formulation, chosen: np.ndarray) -> np.ndarray:
    instance = formulation.instance
    return np.bincount(instance.options.course[chosen], minlength=instance.courses.count)


def _uses(formulation: Formulation, chosen: np.ndarray) -> list[bytes]:
    """What rows ask of each of these besides what they ask of everybody on its course, sorted."""
    own = [group.by_option for group in formulation.groups if group.by_option is not None]
    columns = [one[:, chosen].toarray() for one in own]
    return sorted(column.tobytes() for column in np.concatenate(columns).T) if own else []


def test_no_plan_of_the_same_courses_and_uses_is_better() -> None:
    """Nor does the plan start a course more often, and every row and floor is kept."""
    better = 0
    for seed in range(60):
        problem = random_problem(seed)
        formulation = Formulation(compile_problem(problem)).tightened()
        plans = plans_as_options(problem, formulation)
        first, *later = map(formulation.objective, problem.stages)
        rng = np.random.default_rng(seed)
        for plan in [plans[at] for at in rng.permutation(len(plans))[:3]]:
            floor = Floor(first, first.value(formulation.complete(plan)))
            task = Task(later[-1] if later else first, (floor,), start=plan)
            started, uses = _started(formulation, plan), _uses(formulation, plan)
            alike = [
                task.value(formulation, other)
                for other in plans
                if (_started(formulation, other) == started).all()
                and _uses(formulation, other) == uses
                and task.allows(formulation, other)
            ]
            standing = standing_of(formulation, task)
            before = standing.value
            _exchange(formulation, standing).run()
            assert standing.value >= max(alike)
            assert task.allows(formulation, standing.best)
            assert (_started(formulation, standing.best) <= started).all()
            better += standing.value > before
    assert better > BETTER


def _cities() -> Iterator[tuple[Formulation, Task]]:
    """Small cities where a plan by hand begins the goal after `placed`."""
    for seed in range(CITIES):
        problem = generate_city(CityShape(people=60, sites=8, weeks=20, seed=seed))
        formulation = Formulation(compile_problem(problem)).tightened()
        placed, match, *_ = map(formulation.objective, problem.stages)
        plan = place_by_hand(formulation)
        floor = Floor(placed, placed.value(formulation.complete(plan)))
        yield formulation, Task(match, (floor,), start=plan)


def test_in_a_city_it_gains_and_nothing_is_used_by_more_people() -> None:
    gained = users = 0
    for formulation, task in _cities():
        standing = standing_of(formulation, task)
        before, uses = standing.value, Counter(_uses(formulation, standing.best))
        _exchange(formulation, standing).run()
        assert task.allows(formulation, standing.best)
        more = Counter(_uses(formulation, standing.best)) - uses
        assert not any(any(use) for use in more)
        gained += standing.value > before
        users += sum(any(use) for use in uses)
    assert gained == CITIES
    assert users > CITIES


def test_rows_that_follow_from_the_courses_are_left_out() -> None:
    for formulation, task in _cities():
        one = _exchange(formulation, standing_of(formulation, task))
        assert task.start is not None
        kept = one._keeping(task.start)
        assert kept.row_count < formulation.row_count
        assert not any(group.rule == "budget" for group in kept.groups)
        assert any(group.rule == "one-course" for group in kept.groups)


def test_a_plan_fills_the_rows_of_its_courses_and_uses() -> None:
    """Who uses something of their own stands in three rows, everybody else in two."""
    users = 0
    for formulation, task in _cities():
        assert task.start is not None
        kept = _exchange(formulation, standing_of(formulation, task))._keeping(task.start)
        used = kept.coefficients.activity(kept.instance, task.start)
        assert (used == kept.upper)[~kept.is_one_course].all()
        is_user = np.array([any(map(any, _uses(formulation, one))) for one in task.start[:, None]])
        rows = np.diff(kept.coefficients.columns(kept.instance, task.start).indptr)
        assert (rows == 2 + is_user).all()
        users += int(is_user.sum())
    assert users > CITIES


def test_a_plan_in_which_nobody_gains_is_not_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    formulation, task = next(_cities())
    standing = standing_of(formulation, task)
    one = _exchange(formulation, standing)
    one.run()

    def look(*_: object, **__: object) -> None:
        raise AssertionError("it was looked at again")

    monkeypatch.setattr(exchange, "solve_mip", look)
    one.run()
    standing.best = standing.best[1:]
    with pytest.raises(AssertionError, match="again"):
        one.run()


def test_nobody_to_move_is_no_problem() -> None:
    formulation, task = next(_cities())
    standing = standing_of(formulation, replace(task, floors=(), start=np.zeros(0, dtype=np.int64)))
    _exchange(formulation, standing).run()
    assert not len(standing.best)
