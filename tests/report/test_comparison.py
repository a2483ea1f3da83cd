"""Plans side by side: what is counted, and which small counts stay hidden."""

from __future__ import annotations

import functools
import itertools
import operator
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pytest

from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report.disclosure import is_small
from scheduler.report.views.books import Books
from scheduler.report.views.comparison import SEVERAL, Comparison, compare
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


@functools.cache
def priced(every: int, first: int, *, same: bool) -> Books:
    """A plan whose providers each have one price: all the same, or each its own."""
    problem, _ = city()
    sites = {site.id: site.provider_id for site in problem.sites}
    order = [provider.id for provider in problem.providers]

    def price(offer_id: str) -> int:
        offer = next(each for each in problem.offers if each.id == offer_id)
        return 20_000_00 + (0 if same else 377_13 * order.index(sites[offer.site_id]))

    offers = tuple(
        offer.model_copy(update={"price_ore": price(offer.id), "extra_week_price_ore": None})
        for offer in problem.offers
    )
    books = plan(every, first)
    placements = tuple(
        row.model_copy(update={"cost_ore": price(row.offer_id)})
        for row in books.document.placements
    )
    return Books(
        problem.model_copy(update={"offers": offers, "contracts": (), "tiers": ()}),
        books.document.model_copy(update={"placements": placements}),
    )


def test_money_of_few_prices_is_what_the_report_says() -> None:
    books = priced(1, 0, same=True)
    money = {(row.line_id, row.year): row for row in money_by_year(books)}
    comparison = compare([books])
    shown = [row for row in comparison.lines if len(row.years) == len(row.lines) == 1]
    assert shown
    for row in shown:
        known = money[row.lines[0], row.years[0]]
        assert row.decided_ore == (known.decided_ore,)
        assert row.planned_ore == (known.planned_ore,)
    (total,) = comparison.totals
    paid = sum(row.cost_ore for row in books.document.placements)
    assert (total.cost_ore, total.cost_per_course_ore) == (paid, 20_000_00)
    if total.rounded_to_ore == 1:
        assert total.left_ore == left_to_plan(books)


def test_totals_are_counted_and_near() -> None:
    books = plan()
    (total,) = compare([books]).totals
    paid = sum(row.cost_ore for row in books.document.placements)
    assert total.rounded_to_ore > 1
    assert total.cost_ore is not None
    assert total.left_ore is not None
    assert abs(total.cost_ore - paid) <= 4 * total.rounded_to_ore
    assert abs(total.left_ore - left_to_plan(books)) <= 8 * total.rounded_to_ore
    assert total.waiting == total.people - (total.placed or 0)


@pytest.mark.parametrize(("every", "first"), [(1, 0), (3, 1), (5, 0), (9, 2), (4, 3)])
def test_known_prices_do_not_tell_how_few_a_provider_has(every: int, first: int) -> None:
    books = priced(every, first, same=False)
    comparison = compare([books])
    truth = Counter(row.provider_id for row in books.document.placements)
    prices = {row.provider_id: row.cost_ore for row in books.document.placements}
    assert len(set(prices.values())) == len(prices)
    hidden = 0
    for row in comparison.providers:
        (courses,) = row.courses
        few = [each for each in row.providers if is_small(truth[each])]
        if not few or courses is None:
            continue
        hidden += 1
        lines = [each for each in comparison.providers if set(each.lines) & set(row.lines)]
        if len(lines) > 6:
            continue
        step = comparison.totals[0].rounded_to_ore
        exact = sum(prices[each] * truth[each] for each in row.providers)
        fitting = [
            dict(zip(row.providers, split, strict=True))
            for split in splits(courses, len(row.providers))
            if abs(sum(map(operator.mul, (prices[p] for p in row.providers), split)) - exact)
            <= step // 2
        ]
        for each in few:
            assert len({found[each] for found in fitting}) > 1
    assert hidden or not any(is_small(count) for count in truth.values())


def splits(count: int, parts: int) -> Iterable[tuple[int, ...]]:
    """All ways to share a count out, each part getting at least one."""
    if parts == 1:
        yield (count,)
        return
    for own in range(1, count - parts + 2):
        for others in splits(count - own, parts - 1):
            yield (own, *others)


def test_no_small_count_follows_from_all_tables_together() -> None:
    """Every row of every comparison is an equation; none of them together tells a small count."""
    books = {key: plan(*key) for key in PLANS}
    atoms: dict[tuple[object, ...], int] = {}
    for key, each in books.items():
        for atom, count in truth_of(each).items():
            atoms[key, *atom] = count
    index = {atom: number for number, atom in enumerate(atoms)}
    rows: set[frozenset[int]] = set()
    for keys in (*((key,) for key in PLANS), *combinations(PLANS, 2), *combinations(PLANS, 3)):
        comparison = compare([books[key] for key in keys])
        for number, key in enumerate(keys):
            for kind, parts, value in equations(comparison, number):
                inside = [(key, kind, *part) for part in parts]
                members = frozenset(index[each] for each in inside if each in index)
                assert sum(atoms[each] for each in inside if each in index) == value
                rows |= {members} - {frozenset()}
    told = {each: atoms[each] for each in determined(index, [*rows, *same_people(index)])}
    assert len(told) > 10
    assert any(is_small(count) for count in atoms.values())
    assert [atom for atom, count in told.items() if is_small(count)] == []


def same_people(index: Mapping[tuple[object, ...], int]) -> Iterable[Mapping[int, int]]:
    """Of each target group, placed and waiting add up to the same people in every plan."""
    groups = {atom[2] for atom in index if atom[1] == "placed"}
    for key, group in itertools.product(PLANS[1:], groups):
        yield {
            index[plan_key, kind, group]: sign
            for sign, plan_key in ((1, key), (-1, PLANS[0]))
            for kind in ("placed", "waiting")
            if (plan_key, kind, group) in index
        }


def determined(
    index: Mapping[tuple[object, ...], int],
    equations: Sequence[frozenset[int] | Mapping[int, int]],
) -> list[tuple[object, ...]]:
    """The unknowns that the equations give, whatever their right-hand sides are."""
    matrix = np.zeros((len(equations), len(index)))
    for number, each in enumerate(equations):
        for column in each:
            matrix[number, column] = each[column] if isinstance(each, Mapping) else 1
    found = np.linalg.svd(matrix, full_matrices=False)
    space = found.Vh[found.S > 1e-8]
    return [atom for atom, number in index.items() if np.linalg.norm(space[:, number]) > 1 - 1e-7]


def truth_of(books: Books) -> dict[tuple[object, ...], int]:
    """What an attacker would like to know of a plan."""
    counted: Counter[tuple[object, ...]] = Counter()
    lines = {each.id: each.budget_line_id for each in books.problem.programmes}
    groups = {
        person.id: person.target_groups[0] if len(person.target_groups) == 1 else SEVERAL
        for person in books.problem.people
    }
    for row in books.document.placements:
        line = lines[row.programme_id]
        counted["provider", line, row.provider_id] += 1
        counted["year", line, row.start.year] += 1
        counted["placed", groups[row.person_id]] += 1
    for each in books.document.waiting:
        counted["waiting", groups[each.person_id]] += 1
    return counted


def equations(
    comparison: Comparison, number: int
) -> Iterable[tuple[str, list[tuple[object, ...]], int]]:
    """What is told of the plan with that number: counts of which parts add up to what."""
    for provider in comparison.providers:
        atoms = [(line, who) for line in provider.lines for who in provider.providers]
        if provider.courses[number] is not None:
            yield "provider", [*atoms], provider.courses[number] or 0
    for line in comparison.lines:
        if line.courses[number] is not None:
            atoms = [(each, year) for each in line.lines for year in line.years]
            yield "year", [*atoms], line.courses[number] or 0
    for group in comparison.groups:
        for kind, values in (("placed", group.placed), ("waiting", group.waiting)):
            if values[number] is not None:
                yield kind, [(code,) for code in group.groups], values[number] or 0


def test_whoever_has_several_target_groups_counts_once() -> None:
    problem, document = city()
    people = tuple(
        person.model_copy(update={"target_groups": ("autism", "cognitive")})
        if number % 4 == 0
        else person
        for number, person in enumerate(problem.people)
    )
    comparison = compare([Books(problem.model_copy(update={"people": people}), document)])
    (total,) = comparison.totals
    assert sum(row.placed[0] or 0 for row in comparison.groups) == total.placed
    assert sum(row.waiting[0] or 0 for row in comparison.groups) == total.waiting
    assert any(SEVERAL in row.groups for row in comparison.groups)


def test_what_is_shown_together_stands_in_an_order_that_tells_nothing() -> None:
    order = [provider.id for provider in city()[0].providers]
    joined = 0
    for key in PLANS:
        for row in compare([plan(*key)]).providers:
            joined += len(row.providers) > 1
            if len(row.lines) == 1:
                assert list(row.providers) == sorted(row.providers, key=order.index)
    assert joined


def test_groups_are_joined_until_no_part_of_the_people_has_few() -> None:
    books = plan()
    people = [person for person in books.problem.people if person.seeks_place]
    autism = [person for person in people if person.target_groups == ("autism",)]
    alone = compare([books]).groups
    assert any(row.groups == ("autism",) for row in alone)
    few = autism[:2] + [person for person in people if person not in autism][:9]
    rest = [person for person in people if person not in few]
    (joined,) = (row for row in compare([books], [[few, rest]]).groups if "autism" in row.groups)
    assert len(joined.groups) > 1


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
    # Prices are known: what is paid would tell how many are placed, and so how many wait.
    assert (total.cost_ore, total.left_ore, total.cost_per_course_ore) == (None, None, None)
