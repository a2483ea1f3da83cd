"""``ungeplan replay`` tells a sound bundle from one that somebody changed."""

from __future__ import annotations

import functools
import json
from pathlib import Path

import pytest

from scheduler.check import check
from scheduler.cli.app import run
from scheduler.files import read_problem
from scheduler.outcome import PlanDocument
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.report.bundle import bundle_files, bundle_zip
from scheduler.report.plan_file import plan_json
from scheduler.solve import Settings, solve

STAIRCASE = Path(__file__).parents[2] / "examples" / "staircase"


@functools.cache
def solved() -> tuple[Problem, PlanDocument]:
    problem = read_problem(STAIRCASE)
    problem = problem.model_copy(update={"people": problem.people[:12]})
    document = solve(problem, Settings(time_limit_seconds=100))
    assert isinstance(document, PlanDocument)
    return problem, document


def bundle(path: Path, document: PlanDocument | None = None, problem: Problem | None = None) -> str:
    files = bundle_files(problem or solved()[0], plan_json(document or solved()[1]), {})
    path.write_bytes(bundle_zip(files))
    return str(path)


def test_a_bundle_is_planned_again_to_the_same_plan(tmp_path: Path, capsys) -> None:
    assert run(["replay", bundle(tmp_path / "b.zip"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {
        "schema_version": "ungeplan-replay/1",
        "sound": True,
        "same": True,
        "repeatable": True,
    }


def test_another_sound_plan_is_told_from_the_one_that_comes_out(tmp_path: Path, capsys) -> None:
    problem, document = solved()
    fewer = document.model_copy(update={"placements": document.placements[1:]})
    plan = Plan(placements=tuple(row.placement for row in fewer.placements))
    assert not check(problem, plan).violations
    assert run(["replay", bundle(tmp_path / "b.zip", fewer), "--language", "en"]) == 2
    assert "another plan" in capsys.readouterr().out


def test_a_run_that_was_stopped_may_come_out_otherwise(tmp_path: Path, capsys) -> None:
    document = solved()[1]
    provenance = document.provenance.model_copy(update={"repeatable": False})
    stopped = document.model_copy(
        update={"provenance": provenance, "placements": document.placements[1:]}
    )
    assert run(["replay", bundle(tmp_path / "b.zip", stopped), "--language", "en"]) == 2
    assert "a clock or a person stopped the run" in capsys.readouterr().out


def test_an_input_that_the_plan_was_not_made_from_is_refused(tmp_path: Path, capsys) -> None:
    problem = solved()[0]
    other = problem.model_copy(update={"people": problem.people[1:], "title": "Another"})
    document = solved()[1]
    kept = tuple(r for r in document.placements if r.person_id != problem.people[0].id)
    path = bundle(tmp_path / "b.zip", document.model_copy(update={"placements": kept}), other)
    assert run(["replay", path, "--language", "en"]) == 2
    assert "another input" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["empty", "nowhere"])
def test_what_is_no_bundle_is_refused(name: str, tmp_path: Path, capsys) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["replay", str(tmp_path / name)]) == 2
    assert "er ikke en revisionspakke" in capsys.readouterr().err
