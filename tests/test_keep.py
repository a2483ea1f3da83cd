"""Better plans are handed out, checked, while a run goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.check import Verified, check
from scheduler.files import read_problem
from scheduler.outcome import PlanDocument
from scheduler.solve import Settings, solve

STAIRCASE = Path(__file__).parents[1] / "examples" / "staircase"


def test_each_plan_handed_out_breaks_no_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.solve._KEEP_EVERY_SECONDS", 0.0)
    whole = read_problem(STAIRCASE)
    problem = whole.model_copy(update={"people": whole.people[:20]})
    kept: list[Verified] = []
    outcome = solve(problem, Settings(engine="cpsat"), keep=kept.append)
    assert isinstance(outcome, PlanDocument)
    assert kept
    for each in kept:
        assert check(problem, each.plan).violations == ()
        assert each.goals.placed <= outcome.goals.placed
