"""Divided weeks keep every row, have nothing left over, and what is found in them counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from random_problems import random_problem
from stage_by_stage import lanes_of, search_of, standing_of

from benchmarks.registry import INSTANCES
from scheduler.engines import dividing, simplex_search
from scheduler.engines import standing as standing_module
from scheduler.engines.cuts import Cuts
from scheduler.engines.dividing import Dividing, Division, Shares, divide
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.highs import solve_mip
from scheduler.engines.lanes import Lane
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.mixes import list_mixes
from scheduler.engines.simplex_search import SimplexSearch
from scheduler.formulation import Formulation
from scheduler.instance import compile_problem
from scheduler.problem import Problem
from scheduler.rules.rows import RowGroup

DIVIDED, PLACED, MIXED, CLOSED, FOUND = 10, 8, 10, 3, 3
"""Of these problems, at least so many have weeks that can be divided, have a plan then that places
anybody, have weeks of several kinds, rows of closed weeks, and a better plan found by it."""
NEARLY = 1e-2
"""Corners are drawn by less than that of a value."""


def _problems() -> Iterator[Problem]:
    yield from (random_problem(seed) for seed in range(0, 40, 2))
    for shape in ("odd-support", "group-intakes", "least-volumes", "tenfold-prices"):
        yield from (INSTANCES[f"tiny-{shape}"].make(seed) for seed in range(1, 4))


def _make_first_stages() -> Iterator[tuple[Formulation, Task, Lane, Shares]]:
    for problem in _problems():
        formulation = Formulation(compile_problem(problem)).tightened()
        nobody = np.zeros(0, dtype=np.int64)
        task = Task(formulation.objective(problem.stages[0]), start=nobody, threads=1)
        if not formulation.option_count or not task.allows(formulation, nobody):
            continue
        shares = Shares(formulation, Cuts(formulation))
        if shares.sites:
            lanes, _, _ = lanes_of(formulation, task)
            yield formulation, task, lanes[0], shares


@pytest.fixture(autouse=True)
def _all_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little a site is parted."""
    monkeypatch.setattr(dividing, "_LEFT", 0.0)


@cache
def _first_stages() -> tuple[tuple[Formulation, Task, Lane, Shares], ...]:
    return tuple(_make_first_stages())


def _divided(lane: Lane, shares: Shares, seed: int = 0) -> Division | None:
    lane = Lane(lane.relaxation, np.random.default_rng(seed))
    return divide(lane, shares, -(10**9), lambda: False)


def test_shares_fit_together_and_leave_nothing_over() -> None:
    mixed = 0
    for formulation, _, lane, shares in _first_stages():
        division = _divided(lane, shares)
        if division is None:
            continue
        counted = division.formulation.groups[-len(shares.sites) :]
        of_site = {group.demands[0].site_id: group for group in counted}
        for site in shares.sites:
            group = of_site[formulation.instance.supply.sites[site.site].id]
            weeks, kinds = site.shared
            share = np.zeros((len(site.open), len(site.uses)), dtype=np.int64)
            share[weeks, kinds] = group.upper
            for week in np.unique(weeks).tolist():
                left = site.room[:, week] - site.uses.T @ share[week]
                assert (left >= 0).all()
                more = list_mixes(site.uses, left)
                assert more is not None
                assert len(more) == 1
                mixed += (share[week] > 0).sum() > 1
    assert mixed > MIXED


def test_plans_in_divided_weeks_keep_every_row() -> None:
    divided = placed = 0
    for formulation, task, lane, shares in _first_stages():
        division = _divided(lane, shares)
        if division is None:
            continue
        divided += 1
        # The relaxation says no less than the best plan has.
        every = np.arange(formulation.option_count)
        form = Form(division.formulation, "changes")
        found = solve_mip(form, task, lambda *_: None, every)
        assert found.chosen is not None
        assert task.allows(formulation, found.chosen)
        value = task.value(formulation, found.chosen)
        assert value <= division.value + NEARLY * abs(value)
        placed += len(found.chosen) > 0
    assert divided > DIVIDED
    assert placed > PLACED


def _weeks_with_rows(groups: Iterable[RowGroup]) -> set[tuple[str | None, int | None]]:
    """Of which site and week capacity says anything."""
    capacity = [group for group in groups if group.rule == "capacity"]
    return {(demand.site_id, demand.week) for group in capacity for demand in group.demands}


def test_weeks_that_are_not_divided_keep_their_rows() -> None:
    """A place is kept in closed weeks too, of which nothing is said by kinds."""
    closed = 0
    for problem in _problems():
        # Tightened, it would have left out closed weeks that their neighbours speak for.
        formulation = Formulation(compile_problem(problem))
        shares = Shares(formulation, Cuts(formulation))
        counted = [shares.counted(site, site.most_of(*site.shared)) for site in shares.sites]
        own = _weeks_with_rows(counted)
        before = _weeks_with_rows(formulation.groups)
        assert before <= _weeks_with_rows(shares.divided(counted).groups)
        sites = {site for site, _ in own}
        closed += sum(site in sites for site, _ in before - own)
    assert closed > CLOSED


def test_the_value_is_that_of_the_divided_relaxation() -> None:
    for _, task, lane, shares in _first_stages():
        division = _divided(lane, shares)
        if division is None:
            continue
        every = np.ones_like(lane.relaxation.alive)
        again = SimplexRelaxation(Form(division.formulation, "weekly"), task, every, every)
        again.run(lambda _: None, lambda: False)
        whole = lane.relaxation.value
        assert again.value == pytest.approx(division.value, abs=NEARLY * max(1.0, abs(whole)))
        assert division.value <= whole + NEARLY * max(1.0, abs(whole))


def test_the_relaxation_of_the_lane_is_as_it_was() -> None:
    for _, _, lane, shares in _first_stages():
        options, values = lane.relaxation.solution
        value, pool = lane.relaxation.value, lane.relaxation.pool.copy()
        _divided(lane, shares)
        assert lane.relaxation.value == value
        assert (lane.relaxation.pool == pool).all()
        assert (lane.relaxation.solution[0] == options).all()
        assert np.allclose(lane.relaxation.solution[1], values, atol=1e-6)


def test_it_is_given_up_where_no_plan_so_divided_is_good_enough() -> None:
    for _, _, lane, shares in _first_stages():
        beyond = int(lane.relaxation.value) + 1
        one = Dividing(lane.relaxation.twin(), shares, np.random.default_rng(0))
        assert one.run(beyond, lambda: False) is None
        one = Dividing(lane.relaxation.twin(), shares, np.random.default_rng(0))
        assert one.run(-(10**9), lambda: True) is None


def test_sites_that_are_parted_least_keep_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dividing, "_LEFT", 0.5)
    kept = 0
    for formulation, task, lane, shares in _first_stages():
        division = _divided(lane, shares)
        if division is None:
            continue
        rows = [group for group in division.formulation.groups if group.rule == "capacity"]
        count = len(shares.sites) - len(shares.sites) // 2
        counted = {group.demands[0].site_id for group in rows[-count:]}
        assert len(counted) == count
        others = {demand.site_id for group in rows[:-count] for demand in group.demands}
        assert not others & counted
        kept += len(others) > 0
        every = np.arange(formulation.option_count)
        form = Form(division.formulation, "changes")
        found = solve_mip(form, task, lambda *_: None, every)
        assert found.chosen is not None
        assert task.allows(formulation, found.chosen)
    assert kept > DIVIDED


def test_the_same_seed_divides_alike() -> None:
    for _, _, lane, shares in _first_stages():
        first, second = _divided(lane, shares, 7), _divided(lane, shares, 7)
        assert (first is None) == (second is None)
        if first is not None and second is not None:
            assert (first.formulation.upper == second.formulation.upper).all()
            assert first.value == second.value


def test_what_is_found_in_divided_weeks_counts_in_the_stage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    monkeypatch.setattr(simplex_search, "_DIVISIONS", 1)
    better = 0
    for formulation, task, lane, shares in _first_stages()[::2]:
        plans = []
        for _ in range(2):
            standing = standing_of(formulation, replace(task, threads=2))
            assert lane.relaxation.bound is not None
            standing.learn(lane.relaxation.bound)
            forms = Form(formulation, "weekly"), Form(formulation, "changes")
            search = SimplexSearch(*forms, standing, lane.relaxation.pool.copy())
            twins = [lane.relaxation.twin() for _ in range(2)]
            lanes = [Lane(twin, np.random.default_rng(seed)) for seed, twin in enumerate(twins)]
            search._divide(lanes, shares)
            assert task.allows(formulation, standing.best)
            assert standing.value <= standing.found.value
            plans.append(standing.best.tolist())
        assert plans[0] == plans[1]
        better += len(plans[0]) > 0
    assert better > FOUND


def test_weeks_are_divided_only_where_their_mixes_hold_the_bound_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(standing_module, "_SMALL", -1)
    monkeypatch.setattr(SimplexSearch, "_divide", lambda *_: asked.append(True))
    for formulation, task, _, shares in _first_stages():
        search = search_of(formulation, task, Cuts(formulation))
        standing = search.standing
        relaxation = search.relax()
        uncut = standing.found.value
        search.cut(relaxation)
        lowered = standing.found.value < uncut
        assert (search._shares is not None) == lowered
        before = len(asked)
        wanted = standing.wants_dives
        search.dive(relaxation)
        assert (len(asked) > before) == (lowered and wanted)
        assert shares.sites
