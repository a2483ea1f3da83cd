"""Plans side by side: what is counted, and which small counts stay hidden."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from itertools import combinations

import pytest

from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.disclosure import is_small
from scheduler.report.views.books import Books
from scheduler.report.views.comparison import Comparison, compare
from scheduler.report.views.headline import left_to_plan
from scheduler.report.views.money import money_by_year
from tests.report.city import make_city

Cell = tuple[tuple[object, ...], tuple[int | None, ...]]


@functools.cache
def city() -> tuple[Problem, PlanDocument]:
    return make_city(sites=6, weeks=40, people=140)


@functools.cache
def plan(every: int = 1, first: int = 0, most: int = 10**6) -> Books:
    """The city's plan with some of its placements; the others wait."""
    problem, document = city()
    kept = document.placements[first::every][:most]
    others = {row.person_id for row in document.placements} - {row.person_id for row in kept}
    example = document.waiting[0]
    waiting = [example.model_copy(update={"person_id": each}) for each in sorted(others)]
    goals = document.goals.model_copy(update={"cost": sum(row.cost_ore for row in kept)})
    return Books(
        problem,
        document.model_copy(
            update={"placements": kept, "waiting": (*document.waiting, *waiting), "goals": goals}
        ),
    )


PLANS = ((1,), (2,), (3, 1), (5,), (1, 0, 30), (9, 2), (1, 10, 9))


def cells(comparison: Comparison) -> Iterable[Cell]:
    for group in comparison.groups:
        yield group.groups, group.placed
        yield group.groups, group.waiting
    for provider in comparison.providers:
        yield (provider.lines, provider.providers), provider.courses
    for line in comparison.lines:
        yield (line.lines, line.years), line.courses


def test_there_are_plans_that_hide_something() -> None:
    whole, part = compare([plan()]), compare([plan(9, 2)])
    assert len(part.providers) < len(whole.providers)
    assert len(plan().document.placements) > 40


@pytest.mark.parametrize("keys", list(combinations(PLANS, 2)))
def test_no_count_is_small_and_each_adds_up(keys: tuple[tuple[int, ...], ...]) -> None:
    books = [plan(*key) for key in keys]
    both = compare(books)
    counts = [count for _, row in cells(both) for count in row if count is not None]
    assert len(counts) > 4
    assert not any(is_small(count) for count in counts)
    for number, each in enumerate(books):
        placed = len(each.document.placements)
        assert both.totals[number].placed == placed
        assert sum(row.courses[number] or 0 for row in both.providers) == placed
        assert sum(row.courses[number] or 0 for row in both.lines if not row.is_pot) == placed


@pytest.mark.parametrize("keys", list(combinations(PLANS, 2)))
def test_a_comparison_tells_no_more_than_each_plan_by_itself(
    keys: tuple[tuple[int, ...], ...],
) -> None:
    both = compare([plan(*key) for key in keys])
    for number, key in enumerate(keys):
        alone = compare([plan(*key)])
        for row in both.groups:
            parts = [each for each in alone.groups if set(each.groups) <= set(row.groups)]
            there = {group for each in alone.groups for group in each.groups}
            assert {group for each in parts for group in each.groups} == there & set(row.groups)
            assert sum(each.placed[0] or 0 for each in parts) == row.placed[number]
        for line in both.lines:
            if line.is_pot:
                continue
            inside = [
                each
                for each in alone.lines
                if not each.is_pot
                and set(each.lines) <= set(line.lines)
                and set(each.years) <= set(line.years)
            ]
            assert sum(each.courses[0] or 0 for each in inside) == line.courses[number]
            assert sum(each.planned_ore[0] or 0 for each in inside) == line.planned_ore[number]


def test_money_of_a_line_is_what_the_report_says() -> None:
    books = plan()
    money = {(row.line_id, row.year): row for row in money_by_year(books)}
    shown = [row for row in compare([books]).lines if len(row.years) == len(row.lines) == 1]
    assert shown
    for row in shown:
        known = money[row.lines[0], row.years[0]]
        assert row.decided_ore == (known.decided_ore,)
        assert row.planned_ore == (known.planned_ore,)
        assert row.left_ore == (known.left_ore,)


def test_totals_are_counted() -> None:
    books = plan()
    (total,) = compare([books]).totals
    paid = sum(row.cost_ore for row in books.document.placements)
    assert total.cost_ore == paid
    assert total.cost_per_course_ore == paid // len(books.document.placements)
    assert total.left_ore == left_to_plan(books)
    assert total.waiting == total.people - (total.placed or 0)


def test_of_a_plan_that_places_few_nothing_is_shown() -> None:
    comparison = compare([plan(), plan(1, 0, 3)])
    total = comparison.totals[1]
    assert (total.placed, total.waiting, total.cost_ore, total.left_ore) == (None,) * 4
    assert all(row[1] is None for _, row in cells(comparison))
    for line in comparison.lines:
        assert {line.planned_ore[1], line.left_ore[1], line.cost_per_course_ore[1]} == {None}
    assert comparison.groups == tuple(row for row in comparison.groups if row.placed[0] is not None)
    alone = compare([plan(1, 0, 3)])
    assert (alone.groups, alone.lines, alone.providers) == ((), (), ())


def test_where_few_wait_no_courses_are_shown_since_they_tell_how_many() -> None:
    books = plan()
    document = books.document.model_copy(update={"waiting": books.document.waiting[:2]})
    (total,) = compare([Books(books.problem, document)]).totals
    assert (total.placed, total.waiting, total.is_protected) == (None, None, True)
