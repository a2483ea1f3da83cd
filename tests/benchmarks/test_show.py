"""The page of results tells what the stored run says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.records import PhaseRun, Results, WayRun, write_results
from benchmarks.show import PAGE, main, render
from benchmarks.summary import growth
from tests.benchmarks.stored import CITY, results_of, run_of, way_run


def _page(tmp_path: Path, results: Results) -> str:
    path = tmp_path / "run.json"
    write_results(results, path)
    return render(path)[PAGE]


def _row(page: str, way: str) -> list[str]:
    (row,) = [line for line in page.splitlines() if line.startswith("| plain") and way in line]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_the_page_and_its_pictures_show_the_run_they_name() -> None:
    assert main(["--check"]) == 0


def test_another_run_is_another_page(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write_results(results_of(run_of(way_run())), path)
    assert main([str(path), "--check"]) == 1


def test_a_row_spreads_over_seeds_and_has_the_worst_gap(tmp_path: Path) -> None:
    runs = [
        run_of(way_run(seconds=seconds, bound=bound), seed=seed)
        for seed, (seconds, bound) in enumerate([(1.0, 1000), (3.0, 1002), (2.0, 1001)])
    ]
    assert _row(_page(tmp_path, results_of(*runs)), "Ungeplan") == [
        *("plain-office-blend", "50 000", "Ungeplan", "2 (1–3)", "by itself", "placed 0.2 %"),
        *("0.2 %: 2 s", "100 + 200", "yes"),
    ]


def test_a_peer_is_measured_at_the_gap_we_reached_with_every_seed(tmp_path: Path) -> None:
    run = run_of(way_run(seconds=2.0, bound=1001), way_run("mip", 9.0))
    row = _row(_page(tmp_path, results_of(run)), "HiGHS")
    assert row[6] == "0.1 %: 9 s (4.5 ×)"


@pytest.mark.parametrize(
    ("peer", "said"),
    [
        (way_run("mip", 11.0, ended="time", limit_seconds=10.0), "**not finished** in 10 s"),
        (way_run("mip", ended="memory"), "**not finished**: memory"),
        (way_run("mip", ended="failed", fault="it broke"), "**failed** (it broke)"),
    ],
)
def test_a_peer_that_did_not_finish_is_said_to(tmp_path: Path, peer: WayRun, said: str) -> None:
    page = _page(tmp_path, results_of(run_of(way_run(), peer)))
    assert _row(page, "HiGHS")[4] == said


def test_seeds_stopped_at_different_times_are_said_to(tmp_path: Path) -> None:
    stopped = [way_run("mip", ended="time", limit_seconds=limit) for limit in (20.0, 35.5)]
    ways = [*stopped, way_run("mip", limit_seconds=50.0)]
    runs = [run_of(way_run(), way, seed=seed) for seed, way in enumerate(ways)]
    row = _row(_page(tmp_path, results_of(*runs)), "HiGHS")
    assert row[4] == "**not finished** in 20 to 35.5 s (1 of 3 did)"


@pytest.mark.parametrize(
    ("peer", "cells"),
    [
        (way_run("mip", value=None, is_checked=False), ["placed ?", "no plan"]),
        (way_run("mip", bound=None, value=800), ["placed 25 %", "yes"]),
        (way_run("mip", is_checked=False), ["placed 0 %", "**no**"]),
    ],
)
def test_what_is_not_known_or_not_right_shows(
    tmp_path: Path, peer: WayRun, cells: list[str]
) -> None:
    row = _row(_page(tmp_path, results_of(run_of(way_run(), peer))), "HiGHS")
    assert [row[5], row[8]] == cells


def test_phases_have_a_table(tmp_path: Path) -> None:
    phases = [PhaseRun(phase="check", seconds=0.25, own_mib=1, children_mib=0)]
    page = _page(tmp_path, results_of(run_of(way_run(), phases=phases), note="a busy machine"))
    assert "| plain-office-blend | – | – | – | – | – | 0.25 | – | – |" in page
    assert "\n\na busy machine\n" in page


def test_growth_is_the_slope_over_sizes(tmp_path: Path) -> None:
    small = run_of(way_run(seconds=1.0, bound=1005), options=10_000)
    large = run_of(way_run(seconds=8.0, bound=1005), instance=CITY, options=40_000)
    found = growth(results_of(small, large), "plain")
    assert found is not None
    assert found.exponent == pytest.approx(1.5)
    assert "plain cities: time to a gap of 0.5 % on the blend grows as options^1.50" in _page(
        tmp_path, results_of(small, large)
    )
    assert growth(results_of(small), "plain") is None
