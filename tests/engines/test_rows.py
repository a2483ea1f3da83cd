"""Rows and columns of random problems: what is kept small says the same as what is written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from random_problems import random_problem
from scipy import sparse

from scheduler.formulation import Formulation, Solution, exact_dot
from scheduler.instance import compile_problem
from scheduler.rules.rows import UNLIMITED, Demand, Pricer, RowGroup

SEEDS = range(60)


def _formulation(seed: int) -> Formulation:
    return Formulation(compile_problem(random_problem(seed)))


def _plans(formulation: Formulation, seed: int) -> list[np.ndarray]:
    """Random options of random people, now and then two of one person."""
    rng = np.random.default_rng(seed)
    count = formulation.option_count
    sizes = rng.integers(0, min(count, 6) + 1, size=40)
    return [np.sort(rng.choice(count, size, replace=False)) for size in sizes]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_price_is_the_column_times_the_duals(seed: int) -> None:
    formulation = _formulation(seed)
    instance = formulation.instance
    rng = np.random.default_rng(seed)
    every = np.arange(formulation.option_count)
    for group in formulation.groups:
        duals = rng.integers(-(10**9), 10**9, group.size)
        priced = group.price(instance, duals)
        assert priced.dtype == np.int64
        assert (priced == group.columns(instance, every).T @ duals).all()
        some = rng.permutation(every)[:5]
        assert (group.columns(instance, some).T @ duals == priced[some]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_part_of_the_options_is_priced_like_all_of_them(seed: int) -> None:
    formulation = _formulation(seed)
    instance, count = formulation.instance, formulation.option_count
    duals = np.random.default_rng(seed).normal(size=formulation.row_count)
    whole = formulation.coefficients.price(instance, duals)
    parts = [slice(0, count), slice(0, count // 3), slice(count // 3, count)]
    pricer = Pricer(formulation.coefficients, instance, parts)
    for number, part in enumerate(parts):
        assert pricer.price(number, pricer.look_up(duals)) == pytest.approx(whole[part])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_entries_of_an_option_add_up_to_its_column(seed: int) -> None:
    formulation = _formulation(seed)
    columns = formulation.coefficients.columns(
        formulation.instance, np.arange(formulation.option_count)
    ).toarray()
    for option in range(formulation.option_count):
        rows, numbers = formulation.coefficients.entries_of(formulation.instance, option)
        column = np.zeros(formulation.row_count, dtype=np.int64)
        np.add.at(column, rows, numbers)
        assert (column == columns[:, option]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_whole_model_allows_what_the_groups_allow(seed: int) -> None:
    formulation = _formulation(seed)
    tightened = formulation.tightened()
    rng = np.random.default_rng(seed)
    for chosen in _plans(formulation, seed):
        solution = formulation.complete(chosen)
        assert _whole_allows(formulation, solution) == formulation.allows(solution)
        assert tightened.allows(solution) == formulation.allows(solution)
        # And solutions with more shortfall or other switches than the plan needs.
        drawn = _with_drawn_rest(formulation, chosen, rng)
        assert _whole_allows(formulation, drawn) == formulation.allows(drawn)
        assert not tightened.allows(drawn) or formulation.allows(drawn)


def _with_drawn_rest(
    formulation: Formulation, chosen: np.ndarray, rng: np.random.Generator
) -> Solution:
    return Solution(chosen, rng.integers(0, formulation.most[formulation.option_count :] + 1))


def _whole_allows(formulation: Formulation, solution: Solution) -> bool:
    whole = formulation.whole
    columns = np.zeros(formulation.column_count, dtype=np.int64)
    columns[solution.chosen] = 1
    columns[formulation.option_count :] = solution.rest
    activity = whole.matrix @ columns
    return bool(
        ((whole.lower <= activity) & (activity <= whole.upper)).all()
        and ((columns >= 0) & (columns <= whole.most)).all()
    )


def test_a_completed_plan_fits_wherever_any_completion_does() -> None:
    """The least shortfall and the switches that are needed are the best there are."""
    tried = 0
    for seed in SEEDS:
        formulation = _formulation(seed)
        rng = np.random.default_rng(seed)
        for chosen in _plans(formulation, seed):
            least = formulation.complete(chosen)
            other = _with_drawn_rest(formulation, chosen, rng)
            if formulation.allows(other):
                tried += 1
                assert formulation.allows(least)
                shortfalls = slice(formulation.shortfall_count)
                assert (least.rest[shortfalls] <= other.rest[shortfalls]).all()
    assert tried > 100


def _pairs(formulation: Formulation) -> Iterator[tuple[RowGroup, RowGroup, list[int]]]:
    """Each group, the same tightened, and which rows of the first the second has."""
    for group, tight in zip(formulation.groups, formulation.tightened().groups, strict=True):
        row_of = {demand: row for row, demand in enumerate(group.demands)}
        assert len(row_of) == group.size
        yield group, tight, [row_of[demand] for demand in tight.demands]


def test_limits_are_tightened_somewhere_and_never_loosened() -> None:
    tightened_most = tightened_least = 0
    for seed in SEEDS:
        for group, tight, kept in _pairs(_formulation(seed)):
            assert (tight.upper <= group.upper[kept]).all()
            assert (tight.lower >= group.lower[kept]).all()
            tightened_most += int((tight.upper < group.upper[kept]).sum())
            tightened_least += int((tight.lower > group.lower[kept]).sum())
    assert tightened_most > 10
    assert tightened_least > 0


def test_limits_of_tightened_rows_are_multiples_of_what_their_coefficients_are() -> None:
    divided = 0
    for seed in SEEDS:
        formulation = _formulation(seed).tightened()
        whole = formulation.whole.matrix.toarray()
        steps = formulation.steps
        assert (whole % steps[:, None] == 0).all()
        for limit in (formulation.lower, formulation.upper):
            is_limit = np.abs(limit) < UNLIMITED
            assert (limit[is_limit] % steps[is_limit] == 0).all()
        divided += int((steps > 1).sum())
    assert divided > 100


def test_a_row_is_left_out_where_a_row_that_is_kept_asks_for_as_much_of_less() -> None:
    left_out = many_kept = 0
    for seed in SEEDS:
        formulation = _formulation(seed)
        every = np.arange(formulation.option_count)
        for group, tight, kept in _pairs(formulation):
            of_kept = tight.columns(formulation.instance, every).toarray()
            of_all = group.columns(formulation.instance, every).toarray()
            assert (of_kept == of_all[kept]).all()
            for row in set(range(group.size)) - set(kept):
                left_out += 1
                more = (of_kept >= of_all[row]).all(axis=1) & (tight.upper <= group.upper[row])
                assert more.any()
            many_kept += len(kept) > 1 and len(kept) < group.size
    assert left_out > 100
    assert many_kept > 10


def test_what_asks_for_a_least_is_never_left_out() -> None:
    alike = np.array([1, 1, 1], dtype=np.int64)
    group = RowGroup(
        rule="volume",
        lower=alike,
        upper=alike,
        demands=(Demand(rule="volume", unit="courses"),) * 3,
        by_course=sparse.csc_array(np.ones((3, 2), dtype=np.int64)),
    )
    assert not group.implied.any()
    assert replace(group, lower=alike - UNLIMITED - 1).implied.tolist() == [True, True, False]


@pytest.mark.no_cover
def test_a_switch_lets_through_what_there_is_room_for_and_what_it_let_through_before() -> None:
    tightened_links = 0
    for seed in range(300):
        formulation = _formulation(seed)
        firsts = np.cumsum([0, *(group.size for group in formulation.groups)])
        pairs = zip(firsts.tolist(), _pairs(formulation), strict=False)
        kept = [first + row for first, (_, _, rows) in pairs for row in rows]
        before = formulation.auxiliary.tocsr()[kept]
        after = formulation.tightened().auxiliary.tocsr()
        assert (after != before).nnz == (after > before).nnz
        tightened_links += (after != before).nnz
    assert tightened_links > 10


def test_every_row_says_what_it_demands() -> None:
    for seed in SEEDS:
        whole = _formulation(seed).whole
        assert len(whole.demands) == whole.matrix.shape[0] == len(whole.lower)
        for demand, lower, upper in zip(whole.demands, whole.lower, whole.upper, strict=True):
            limited = lower > -UNLIMITED, upper < UNLIMITED
            assert any(limited)
            if demand.side == "most":
                assert limited == (False, True)
            elif demand.side == "fixed":
                assert lower == upper == 1


def test_sums_are_exact_beyond_64_bits() -> None:
    huge = np.array([2**62, 2**62, 5], dtype=np.int64)
    assert exact_dot(huge, np.array([2, 2, 1], dtype=np.int64)) == 2**64 + 5
