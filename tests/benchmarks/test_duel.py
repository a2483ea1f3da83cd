"""A duel says who lost, by plans and by bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks import duel
from benchmarks.duel import Bout


def test_tiny_cities_are_fought_out_and_nothing_is_lost(
    capsys: pytest.CaptureFixture[str],
) -> None:
    arguments = ["--instances", "plain-tiny-blend", "tiny-ordered", "--seeds", "1"]
    assert duel.main(arguments) == 0
    # One stage and four, against two peers.
    assert "10 compared, 0 lost" in capsys.readouterr().out


def test_a_better_plan_or_a_plan_beyond_the_bound_is_a_loss() -> None:
    bout = Bout("city", 1, "placed", "mip", 10, 12, 10, 1.0, 10.0)
    assert not bout.is_lost
    assert not replace(bout, theirs=None).is_lost
    assert replace(bout, theirs=11).is_lost
    assert replace(bout, ours=13, theirs=13).is_lost
