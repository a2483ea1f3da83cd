from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from scheduler.report.disclosure import (
    SMALLEST_SHOWN,
    Counts,
    common_blocks,
    is_small,
    merge_neighbours,
    merge_small,
    protect,
)

cells = st.integers(0, 12) | st.integers(0, 200)
tables = st.integers(1, 3).flatmap(
    lambda columns: st.lists(st.tuples(*[cells] * columns), min_size=1, max_size=7)
)


def rows_of(table: list[tuple[int, ...]]) -> tuple[Counts[int], ...]:
    return tuple(Counts((index,), counts) for index, counts in enumerate(table))


def totals(rows: tuple[Counts[int], ...]) -> list[int]:
    return [sum(column) for column in zip(*(row.counts for row in rows), strict=True)]


def range_of(shown: tuple[Counts[int], ...], group: int, column: int) -> tuple[float, float]:
    """Least and most that a reader can work a group's count out to be, from all that is shown."""
    groups = sorted(each for row in shown for each in row.groups)
    equations = np.array([[float(each in row.groups) for each in groups] for row in shown])
    known = [row.counts[column] for row in shown]
    wanted = np.array([float(each == group) for each in groups])
    least = linprog(wanted, A_eq=equations, b_eq=known, bounds=(0, None))
    most = linprog(-wanted, A_eq=equations, b_eq=known, bounds=(0, None))
    return round(least.fun, 6), round(-most.fun, 6)


@pytest.mark.parametrize("merge", [merge_small, merge_neighbours])
@settings(deadline=None)
@given(table=tables)
def test_small_counts_are_not_shown_and_cannot_be_worked_out(
    merge, table: list[tuple[int, ...]]
) -> None:
    rows = rows_of(table)
    shown = merge(rows)
    assert totals(shown) == totals(rows)
    assert sorted(group for row in shown for group in row.groups) == list(range(len(rows)))
    is_total = len(shown) == 1
    assert is_total or not any(is_small(count) for row in shown for count in row.counts)
    for row in rows:
        for column, count in enumerate(row.counts):
            if is_small(count) and len(rows) > 1:
                least, most = range_of(shown, row.groups[0], column)
                assert least == 0
                assert most >= min(SMALLEST_SHOWN, totals(rows)[column])


@pytest.mark.parametrize("merge", [merge_small, merge_neighbours])
@settings(deadline=None)
@given(table=tables)
def test_large_counts_are_left_alone(merge, table: list[tuple[int, ...]]) -> None:
    large = [tuple(0 if is_small(count) else count for count in row) for row in table]
    assert merge(rows_of(large)) == rows_of(large)


def test_one_small_group_is_shown_with_the_smallest_other() -> None:
    rows = rows_of([(50, 40), (9, 8), (20, 3)])
    assert merge_small(rows) == (rows[0], Counts((1, 2), (29, 11)))


def test_groups_are_added_until_their_sum_is_large() -> None:
    rows = rows_of([(50, 40), (30, 10), (1, 0), (2, 0)])
    assert merge_small(rows) == (rows[0], Counts((1, 2, 3), (33, 10)))


def test_a_plan_of_few_people_shows_only_its_totals() -> None:
    assert merge_small(rows_of([(1, 1), (1, 0)])) == (Counts((0, 1), (2, 1)),)
    assert merge_neighbours(rows_of([(1, 1), (1, 0)])) == (Counts((0, 1), (2, 1)),)


def test_neighbours_are_joined_forwards_and_the_last_backwards() -> None:
    rows = rows_of([(2, 0), (3, 0), (9, 6), (0, 0), (0, 1)])
    assert merge_neighbours(rows) == (
        Counts((0, 1), (5, 0)),
        Counts((2, 3, 4), (9, 7)),
    )


def test_nothing_is_nothing() -> None:
    assert merge_small(()) == ()
    assert merge_neighbours(()) == ()


def test_zero_is_no_small_count() -> None:
    assert [is_small(count) for count in (0, 1, 4, 5)] == [False, True, True, False]


@example(people=[3, 10, 12], shares=[[1.0, 1.0, 1.0], [0.0, 1.0, 0.75]])
@settings(deadline=None)
@given(
    people=st.lists(st.integers(0, 12) | st.integers(0, 60), min_size=2, max_size=6),
    shares=st.lists(st.lists(st.floats(0, 1), min_size=6, max_size=6), min_size=1, max_size=3),
)
def test_several_plans_for_the_same_people_give_no_small_group_away(
    people: list[int], shares: list[list[float]]
) -> None:
    """A group waits as far as it is not placed, and its size is the same in all plans."""
    placed = [
        [round(part * all_) for part, all_ in zip(own, people, strict=False)] for own in shares
    ]
    shown = [
        protect(rows_of([(one, all_ - one) for one, all_ in zip(plan, people, strict=True)]))
        for plan in placed
    ]
    # Of so few people that the sum of all groups is small nothing is shown.
    assume(not any(is_small(count) for table in shown for row in table for count in row.counts))
    for plan, counts in enumerate(placed):
        for group, count in enumerate(counts):
            if is_small(count):
                least, most = range_in_plan(shown, len(people), plan, group)
                assert least < most
                assert least == 0 or most >= SMALLEST_SHOWN


def range_in_plan(
    shown: list[tuple[Counts[int], ...]], groups: int, plan: int, group: int
) -> tuple[float, float]:
    """Least and most that a group's placed can be worked out to be, from all plans' tables."""
    plans = len(shown)
    sizes = groups * plans
    rows = [
        (number, row, column)
        for number, table in enumerate(shown)
        for row in table
        for column in (0, 1)
    ]
    equations = np.zeros((len(rows), sizes + groups))
    for line, (number, row, column) in enumerate(rows):
        for each in row.groups:
            equations[line, groups * number + each] = 1 if column == 0 else -1
            equations[line, sizes + each] = column
    known = [row.counts[column] for _, row, column in rows]
    # Nobody is placed who is not there.
    within = np.hstack([np.eye(sizes), -np.tile(np.eye(groups), (plans, 1))])
    wanted = np.zeros(sizes + groups)
    wanted[groups * plan + group] = 1
    least, most = (
        linprog(sign * wanted, within, np.zeros(sizes), equations, known).fun for sign in (1, -1)
    )
    return round(least, 6), round(-most, 6)


def test_groups_of_few_people_are_joined_before_the_plan_is_looked_at() -> None:
    """Three people are joined with the next larger group, also where nobody of them is placed."""
    assert protect(rows_of([(50, 40), (8, 5), (3, 0)])) == (
        Counts((0,), (50, 40)),
        Counts((1, 2), (11, 5)),
    )
    assert protect(rows_of([(50, 40), (6, 7), (0, 3), (9, 9)])) == (
        Counts((0,), (50, 40)),
        Counts((3,), (9, 9)),
        Counts((1, 2), (6, 10)),
    )


def test_common_blocks_are_the_finest_that_all_tables_add_up_to() -> None:
    assert common_blocks([[("a",), ("b", "c"), ("d",)], [("a",), ("b",), ("c",), ("d", "e")]]) == (
        ("a",),
        ("b", "c"),
        ("d", "e"),
    )
    assert common_blocks([[("a", "b"), ("c",)], [("a",), ("b", "c")]]) == (("a", "b", "c"),)
    assert common_blocks([]) == ()
