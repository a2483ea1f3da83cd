"""What got slower is told from what a slower machine does to everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.compare import compare, describe, main
from benchmarks.records import PhaseRun, Results, WayRun, write_results
from tests.benchmarks.stored import CITY, results_of, run_of, way_run

EARLIER = results_of(run_of(way_run(seconds=2.0), way_run("relaxation", 4.0)))


def _later(seconds: float, of_peer: float) -> Results:
    return results_of(run_of(way_run(seconds=seconds), way_run("relaxation", of_peer)))


def test_on_a_machine_half_as_fast_nothing_got_slower() -> None:
    found = compare(EARLIER, _later(4.0, 8.0))
    assert [change.times for change in found.changes] == [1.0]
    assert describe(found) == ["1 times compared, 0 slower, 0 faster."]


@pytest.mark.parametrize(
    ("seconds", "of_peer", "said"), [(4.0, 4.0, "Slower: "), (2.0, 8.0, "Faster: ")]
)
def test_what_takes_longer_of_a_peer_got_slower(seconds: float, of_peer: float, said: str) -> None:
    first, _ = describe(compare(EARLIER, _later(seconds, of_peer)))
    assert first.startswith(f"{said}plain-office-blend, seed 1: ungeplan: ")
    assert first.endswith("of relaxation)")


def test_phases_are_compared_too_unless_they_are_brief() -> None:
    def with_phases(report: float, read: float) -> Results:
        phases = [
            PhaseRun(phase="report", seconds=report, own_mib=1, children_mib=0),
            PhaseRun(phase="read", seconds=read, own_mib=1, children_mib=0),
        ]
        ways = way_run(seconds=2.0), way_run("relaxation", 4.0)
        return results_of(run_of(*ways, phases=phases))

    found = compare(with_phases(1.0, 0.01), with_phases(3.0, 0.1))
    slower = [(change.what, round(change.times, 3)) for change in found.slower(1.25)]
    assert slower == [("plain-office-blend, seed 1: report", 3.0)]


@pytest.mark.parametrize(
    ("later", "said"),
    [
        (way_run(bound=1010), "the gap of placed was 0.000% and is 1.000%"),
        (way_run(bound=None), "placed has no gap any more"),
        (way_run(ended="time", limit_seconds=5.0), "it no longer finishes (time)"),
    ],
)
def test_a_worse_plan_or_bound_is_told(later: WayRun, said: str) -> None:
    found = compare(EARLIER, results_of(run_of(later, way_run("relaxation", 4.0))))
    assert found.worse == (f"plain-office-blend, seed 1: {said}",)


@pytest.mark.parametrize("stopped_in", ["earlier", "later"])
def test_the_yardstick_finished_in_both_runs(stopped_in: str) -> None:
    def run(name: str, of_mip: float) -> Results:
        relaxation = way_run("relaxation", ended="time" if name == stopped_in else "finished")
        return results_of(run_of(way_run(seconds=2.0), relaxation, way_run("mip", of_mip)))

    (change,) = compare(run("earlier", 10.0), run("later", 20.0)).changes
    assert (change.yardstick, change.times) == ("mip", 0.5)


def test_what_cannot_be_compared_is_named() -> None:
    alone = run_of(way_run(seconds=2.0))
    elsewhere = run_of(way_run(seconds=9.0), instance=CITY)
    found = compare(results_of(alone), results_of(alone, elsewhere))
    assert found.not_compared == (
        "plain-office-blend, seed 1: no peer finished in both runs",
        "plain-city-blend, seed 1: only in the later run",
    )


@pytest.mark.parametrize(("seconds", "ended"), [(2.0, 0), (3.0, 1)])
def test_the_command_ends_with_1_where_something_got_slower(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seconds: float, ended: int
) -> None:
    earlier, later = tmp_path / "earlier.json", tmp_path / "later.json"
    write_results(EARLIER, earlier)
    write_results(_later(seconds, 4.0), later)
    assert main([str(earlier), str(later)]) == ended
    assert f"1 times compared, {ended} slower, 0 faster." in capsys.readouterr().out
