"""A duel says who lost, by plans and by bounds."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import pytest

from benchmarks import duel
from benchmarks.duel import Bout
from scheduler.engines.engine import Answer, Task, Tell
from scheduler.engines.highs import WholeMip
from scheduler.formulation import Formulation


def test_tiny_cities_are_fought_out_and_nothing_is_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--instances", "plain-tiny-blend", "tiny-ordered", "--seeds", "1"]
    assert duel.main(arguments) == 0
    # One stage and four, against two peers.
    assert "10 compared, 0 lost" in capsys.readouterr().out


def test_nobody_is_asked_where_ours_is_proven_best(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--instances", "tiny-ordered", "--seeds", "1", "--only-open"]
    assert duel.main(arguments) == 0
    output = capsys.readouterr().out
    assert output.count("proven best\n") == 5
    assert "0 compared, 0 lost; 4 more proven best" in output


@pytest.mark.parametrize("off", [1, -1], ids=["unproven", "beyond its own bound"])
def test_who_is_not_proven_best_is_challenged(off: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class NeverRight:
        """Finds the best plan, and its bound is off."""

        def __init__(self, _engine: str, formulation: Formulation, _stop: object) -> None:
            self._formulation = formulation

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def solve(self, task: Task, tell: Tell) -> Answer:
            answer = WholeMip().solve(self._formulation, task, tell)
            assert answer.bound is not None
            return replace(answer, bound=answer.bound + off)

    monkeypatch.setattr(duel, "EngineProcess", NeverRight)
    bouts = list(duel.duel("plain-tiny-blend", 1, ["mip"], only_open=True))
    assert [bout.peer for bout in bouts] == ["mip"]
    assert bouts[0].bound == bouts[0].ours + off
    assert bouts[0].is_lost == (off < 0)


def test_a_better_plan_or_a_plan_beyond_the_bound_is_a_loss() -> None:
    bout = Bout("city", 1, "placed", "mip", 10, 12, 10, 1.0, 10.0)
    assert not bout.is_lost
    assert not replace(bout, theirs=None).is_lost
    assert replace(bout, theirs=11).is_lost
    assert replace(bout, ours=13, theirs=13).is_lost
