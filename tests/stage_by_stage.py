"""Stages solved in this process, so that tests can look at each answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from random_problems import random_problem

from scheduler.engines import Answer, EngineName, Task, make_engine
from scheduler.engines.cuts import Cuts
from scheduler.engines.decomposition import Decomposition
from scheduler.engines.forms import Form
from scheduler.engines.lanes import Lane, make_lanes
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.simplex_search import SimplexSearch
from scheduler.engines.standing import Clock, Standing
from scheduler.formulation import Floor, Formulation
from scheduler.goal import Stage
from scheduler.instance import compile_problem


@dataclass(frozen=True)
class Solved:
    """Answers up to the last stage, or to the first without a plan."""

    answers: tuple[Answer, ...]
    values: tuple[int, ...]
    """In the stages' own sense."""
    bounds: tuple[int | None, ...]

    @property
    def chosen(self) -> NDArray[np.int64] | None:
        return self.answers[-1].chosen


def solve_here(formulation: Formulation, stages: Sequence[Stage], name: EngineName) -> Solved:
    formulation = formulation.tightened()
    engine = make_engine(name)
    floors: list[Floor] = []
    answers: list[Answer] = []
    values: list[int] = []
    bounds: list[int | None] = []
    start = None
    objectives = [formulation.objective(stage) for stage in stages]
    for index, (stage, objective) in enumerate(zip(stages, objectives, strict=True)):
        later = tuple(objectives[index + 1 :])
        task = Task(objective, tuple(floors), start, threads=1, later=later)
        answer = engine.solve(formulation, task, lambda _chosen, _bound: None)
        answers.append(answer)
        if answer.chosen is None:
            break
        sign = 1 if stage.sense == "most" else -1
        start = answer.chosen
        value = sign * objective.value(formulation.complete(start))
        values.append(value)
        bounds.append(None if answer.bound is None else sign * answer.bound)
        floors.append(Floor(objective, sign * stage.floor(value)))
    return Solved(tuple(answers), tuple(values), tuple(bounds))


def first_tasks(seeds: Iterable[int]) -> Iterator[tuple[Formulation, Task]]:
    """First stages of random problems, where placing nobody is a plan."""
    nobody = np.zeros(0, dtype=np.int64)
    for seed in seeds:
        problem = random_problem(seed)
        formulation = Formulation(compile_problem(problem)).tightened()
        own, *later = map(formulation.objective, problem.stages)
        task = Task(own, start=nobody, later=tuple(later))
        if formulation.option_count and task.allows(formulation, nobody):
            yield formulation, task


def second_tasks(
    seeds: Iterable[int], *, with_switches: bool = False
) -> Iterator[tuple[Formulation, Task]]:
    """The stages after these, from the plan that the first one ended with."""
    for formulation, task in first_tasks(seeds):
        if task.later and (formulation.switch_count or not with_switches):
            answer = Decomposition().solve(formulation, task, lambda *_: None)
            assert answer.chosen is not None
            floor = Floor(task.objective, task.value(formulation, answer.chosen))
            yield formulation, Task(task.later[0], (floor,), answer.chosen)


def standing_of(formulation: Formulation, task: Task) -> Standing:
    """How far a stage has come at its start, with all the time there is."""
    every = np.ones(formulation.option_count, dtype=np.bool_)
    return Standing(formulation, task, every, lambda *_: None, Clock(None))


def search_of(formulation: Formulation, task: Task, cuts: Cuts | None = None) -> SimplexSearch:
    """The search for a stage's best plan at its start, with nothing in the pool."""
    forms = Form(formulation, "weekly"), Form(formulation, "changes")
    nothing = np.zeros(formulation.option_count, dtype=np.bool_)
    return SimplexSearch(*forms, standing_of(formulation, task), nothing, cuts)


def lanes_of(formulation: Formulation, task: Task) -> tuple[tuple[Lane, ...], Form, Standing]:
    """Lanes that begin at a stage's relaxation, how branch and cut takes it, and its start."""
    every = np.ones(formulation.option_count, dtype=np.bool_)
    pool = ~every
    pool[task.start] = True
    relaxation = SimplexRelaxation(Form(formulation, "weekly"), task, every, pool)
    relaxation.run(lambda _: None, lambda: False)
    assert relaxation.bound is not None
    standing = standing_of(formulation, task)
    standing.learn(relaxation.bound)
    return make_lanes(relaxation, task.seed), Form(formulation, "changes"), standing
