"""Cuts: what they say of mixes is exact, no plan breaks one, and the relaxation does."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from enumeration import enumerate_plans
from hypothesis import given, settings
from hypothesis import strategies as st
from random_problems import random_problem
from scipy import sparse
from stage_by_stage import first_tasks

from scheduler.engines import mixes
from scheduler.engines.cuts import Cuts
from scheduler.engines.dividing import Shares
from scheduler.engines.engine import Task
from scheduler.engines.forms import Form
from scheduler.engines.master import SimplexRelaxation
from scheduler.engines.mixes import Point, facets_of, list_mixes
from scheduler.formulation import Floor, Formulation
from scheduler.instance import compile_problem

SEEDS = range(0, 100, 2)
FOUND, BESIDE_FLOORS = 10, 3
"""Of these problems, at least so many have rows that some point breaks, and have them beside floors
with options that the master lacks."""

amounts = st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=1, max_size=3).map(
    np.array
)
rooms = st.lists(st.integers(0, 20), min_size=2, max_size=2).map(np.array)


def _brute_force(uses: np.ndarray, room: np.ndarray) -> list[tuple[int, ...]]:
    """Every mix that fits; kinds that use nothing are nobody."""
    most = [0 if not use.any() else 20 for use in uses]
    every = product(*(range(one + 1) for one in most))
    return [mix for mix in every if (np.array(mix) @ uses <= room).all()]


@settings(deadline=None)
@given(uses=amounts, room=rooms)
def test_every_mix_that_fits_is_listed_once(uses: np.ndarray, room: np.ndarray) -> None:
    mixes = list_mixes(uses, room)
    assert mixes is not None
    assert sorted(map(tuple, mixes.tolist())) == sorted(_brute_force(uses, room))


@settings(deadline=None)
@given(uses=amounts, room=rooms)
def test_facets_let_through_exactly_the_mixes_that_fit(uses: np.ndarray, room: np.ndarray) -> None:
    weights, most = facets_of(uses, room)
    fitting = set(_brute_force(uses, room))
    limited = uses.any(axis=1)
    alone = [limited[kind] and (uses[kind] <= room).all() for kind in range(len(uses))]
    for facet, limit in zip(weights, most, strict=True):
        # It is needed: some mix reaches it.
        assert max(int(np.array(mix) @ facet) for mix in fitting) == limit
    if not any(alone):
        return
    for mix in product(*(range(4 if fits else 1) for fits in alone)):
        kept = all(int(np.array(mix) @ f) <= m for f, m in zip(weights, most, strict=True))
        assert kept == (mix in fitting)


def test_a_pair_that_no_site_has_minutes_for_is_cut() -> None:
    """129 minutes let in 71 and 89 for four fifths each; whoever is whole is there alone."""
    weights, most = facets_of(np.array([[1, 71], [1, 89]]), np.array([2, 129]))
    point = np.array([0.8, 0.8])
    assert (np.array([71, 89]) @ point < 129).all()
    assert (weights @ point > most).any()


def test_a_week_with_too_many_mixes_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    uses, room = np.array([[1], [2]]), np.array([8])
    assert len(facets_of(uses, room)[0])
    monkeypatch.setattr(mixes, "_MOST_MIXES", 3)
    assert list_mixes(uses, room) is None
    assert len(facets_of(uses, room)[0]) == 0


def test_no_plan_breaks_a_cut_and_the_point_that_it_was_found_for_does() -> None:
    found = 0
    for seed in SEEDS:
        problem = random_problem(seed)
        formulation = Formulation(compile_problem(problem))
        instance = formulation.instance
        rng = np.random.default_rng(seed)
        options = np.arange(formulation.option_count)
        # No point of a relaxation is as far out as these, so rows are found that it never needs.
        point = Point(options, rng.random(len(options)))
        groups = Cuts(formulation).beyond(point)
        found += bool(groups)
        cut = formulation.with_rows(groups)
        index = {instance.placement(option): option for option in options.tolist()}
        for plan, _ in enumerate_plans(problem):
            chosen = np.array(sorted(index[one] for one in plan.placements), dtype=int)
            assert cut.allows(cut.complete(chosen))
        for group in groups:
            activity = group.columns(instance, options) @ point.values
            assert (activity > group.upper).all()
            assert len(group.demands) == group.size
    assert found > FOUND


def test_a_row_that_is_known_is_not_given_again() -> None:
    for seed in SEEDS:
        formulation = Formulation(compile_problem(random_problem(seed)))
        options = np.arange(formulation.option_count)
        known = Cuts(formulation)
        point = Point(options, np.ones(len(options)))
        if known.beyond(point):
            sizes = [sum(group.size for group in known.beyond(point)) for _ in range(3)]
            assert sizes[-1] == 0 or sizes[-1] < sizes[0]
            return
    pytest.fail("no problem has a cut")


def test_what_enters_a_master_after_cuts_stands_in_its_own_rows_beside_floors_too() -> None:
    """Rows that are cut stand after floors in the master, and before them in the formulation."""
    entered = 0
    for formulation, task in first_tasks(SEEDS):
        sites = Cuts(formulation).sites
        if not sites:
            continue
        floor = Floor(task.objective, task.objective.constant)
        beside = Task(task.later[0], (floor,), task.start) if task.later else task
        every = np.ones(formulation.option_count, dtype=np.bool_)
        relaxation = SimplexRelaxation(Form(formulation, "weekly"), beside, every, ~every)
        shares = Shares(formulation, Cuts(formulation))
        cut = formulation.with_rows([shares.counted(s, s.most_of(*s.shared)) for s in sites])
        form = Form(cut, "weekly")
        relaxation.tighten(form)
        options = np.flatnonzero(~relaxation.pool)
        relaxation.limit(options, 0.0, 1.0)
        model = relaxation._highs.getLp()
        written = model.a_matrix_
        shape = (model.num_row_, model.num_col_)
        master = sparse.csc_array((written.value_, written.index_, written.start_), shape=shape)
        own = master[:, relaxation._column_of[options]].tocsr()[relaxation._row_of]
        assert abs(own - form.columns(beside, options)).max() == 0
        entered += bool(task.later and len(options))
    assert entered > BESIDE_FLOORS
