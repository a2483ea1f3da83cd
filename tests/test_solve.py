"""The main job, from a problem to its outcome."""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

import highspy
import pytest
from enumeration import best_by_stage
from random_problems import random_problem
from small import small_problem, week

from scheduler.engines.process import EngineProcess
from scheduler.errors import EngineFailed, InputError
from scheduler.outcome import NoPlan, PlanDocument, Undecided
from scheduler.person import Pin
from scheduler.problem import Problem
from scheduler.solve import Settings, solve, write_model


@functools.cache
def _without_any_plan() -> Problem:
    """The first random problem that has none, whatever is drawn."""
    drawn = (random_problem(seed) for seed in itertools.count())
    return next(problem for problem in drawn if best_by_stage(problem) is None)


@pytest.mark.parametrize("seed", [1, 6])
def test_a_plan_has_the_best_values_and_their_proof(seed: int) -> None:
    problem = random_problem(seed)
    outcome = solve(problem)
    assert isinstance(outcome, PlanDocument)
    assert [stage.value_when_decided for stage in outcome.stages] == best_by_stage(problem)
    assert outcome.proof == "optimal"
    assert outcome.provenance.repeatable


def test_the_order_of_rows_decides_nothing() -> None:
    problem = random_problem(6)
    turned = problem.model_copy(
        update={
            "people": problem.people[::-1],
            "offers": problem.offers[::-1],
            "sites": problem.sites[::-1],
        }
    )
    first, second = solve(problem), solve(turned)
    assert isinstance(first, PlanDocument)
    assert isinstance(second, PlanDocument)
    assert first.placements == second.placements


def test_a_contradiction_is_no_plan() -> None:
    outcome = solve(_without_any_plan())
    assert isinstance(outcome, NoPlan)
    assert outcome.conflict


def test_a_pin_that_cannot_be_kept_is_told_by_its_row_and_person() -> None:
    pins = (
        Pin(kind="forbidden", person_id="bo"),
        Pin(kind="fixed", person_id="ada", offer_id="course", start=week("2016-W40")),
    )
    with pytest.raises(InputError) as raised:
        solve(small_problem(pins=pins))
    (message,) = raised.value.messages
    assert str(message) == (
        "pins no. 2, start: “2016-W40” – expected for ada: a fixed placement that is possible;"
        " what stands in the way: the start in 2016-W40 is 10 weeks after the last start of the"
        " plan"
    )
    assert message.render("da").startswith("pins nr. 2, start: »2016-W40« – forventede for ada:")


def test_an_engine_that_proves_nothing_leaves_it_undecided() -> None:
    outcome = solve(_without_any_plan(), Settings(engine="greedy"))
    assert isinstance(outcome, Undecided)


def test_a_stop_keeps_the_plan_by_hand() -> None:
    outcome = solve(small_problem(), stop=lambda: True)
    assert isinstance(outcome, PlanDocument)
    assert outcome.proof == "unproven"
    assert not outcome.provenance.repeatable
    assert len(outcome.placements) == 2


def test_an_engine_that_dies_by_itself_is_no_stop(monkeypatch) -> None:
    class Gone(EngineProcess):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments)
            self._child.kill()
            self._child.join()

    monkeypatch.setattr("scheduler.stages.EngineProcess", Gone)
    with pytest.raises(EngineFailed, match="ended by itself"):
        solve(small_problem())


def test_the_written_model_has_the_same_best_value(tmp_path: Path) -> None:
    for seed in (1, 6, 9):
        problem = random_problem(seed)
        best = best_by_stage(problem)
        assert best is not None
        path = tmp_path / "model.mps"
        write_model(problem, path)
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.readModel(str(path))
        highs.run()
        sign = -1 if problem.stages[0].sense == "most" else 1
        assert round(highs.getInfo().objective_function_value) == sign * best[0]
    assert [one.name for one in tmp_path.iterdir()] == ["model.mps"]
