from __future__ import annotations

import itertools
from collections import Counter
from statistics import median

import pytest

from benchmarks.registry import OFFICE, city_of
from benchmarks.shapes import SHAPES, eligible_sites, plain
from scheduler.check import Facts, course_of
from scheduler.engines.greedy import place_by_hand
from scheduler.formulation import Formulation
from scheduler.goal import Stage
from scheduler.instance import compile_problem
from scheduler.plan import Placement
from scheduler.problem import Problem
from scheduler.stages import Effort, solve_stages

CITY = city_of(OFFICE, 2)
TINY_SECONDS = 30
ONE_OPTION = 100
"""Of the 300 people, those that `one-option` leaves one option."""


EVERY_SHAPE = {"plain": plain, **SHAPES}


def shaped(name: str) -> Problem:
    return EVERY_SHAPE[name](CITY)


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_a_shape_is_a_pure_function_that_changes_the_city(name: str) -> None:
    before = CITY.model_dump_json()
    assert shaped(name) == shaped(name) != CITY
    assert CITY.model_dump_json() == before


@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_everybody_stays_eligible_at_ten_sites(name: str) -> None:
    counts = sorted(eligible_sites(shaped(name)))
    if name == "one-option":
        assert counts[:ONE_OPTION] == [1] * ONE_OPTION
        counts = counts[ONE_OPTION:]
    assert counts[0] >= 10


def test_the_eligible_sites_are_those_of_the_options() -> None:
    instance = compile_problem(CITY)
    site = instance.supply.site_of_offer[instance.courses.offer[instance.options.course]]
    pairs = set(zip(instance.options.person.tolist(), site.tolist(), strict=True))
    seen = Counter(instance.supply.people[person].id for person, _ in pairs)
    eligible = dict(zip((p.id for p in CITY.people), eligible_sites(CITY), strict=True))
    # A site that suits may still have no course that is long enough.
    assert all(seen[person] <= eligible[person] for person in eligible)
    assert sum(seen.values()) > 0.8 * sum(eligible.values())


def test_a_plain_city_has_money_for_whole_courses_and_no_more_in_the_pot() -> None:
    problem = shaped("plain")
    programmes = {programme.budget_line_id: programme for programme in problem.programmes}
    assert {programme.charged for programme in programmes.values()} == {"at-start"}
    prices = {
        line: {o.price_ore for o in problem.offers if o.programme_id == programme.id}
        for line, programme in programmes.items()
    }
    assert prices == {"bought": {2_000_000}, "own": {1_250_000}}
    moves = {(m.budget_line_id, m.year): m.amount_ore for m in problem.budget_movements}
    for line, (price,) in prices.items():
        assert {moves[line, year] % price for year in (2016, 2017)} == {0}
    for year in (2016, 2017):
        assert moves["pot", year] == moves["bought", year] + moves["own", year] > 0
    assert {person.weeks_needed for person in problem.people} == {None}
    assert {offer.weeks for offer in problem.offers} == {16}


def test_prices_differ_tenfold_under_one_budget() -> None:
    problem = shaped("tenfold-prices")
    prices = sorted(offer.price_ore for offer in problem.offers)
    assert prices[-1] == 10 * prices[0]
    ratios = [later / earlier for earlier, later in itertools.pairwise(prices)]
    assert max(ratios) < 1.2
    assert len(problem.budget_lines) == 1
    assert {programme.budget_line_id for programme in problem.programmes} == {
        problem.budget_lines[0].id
    }


def test_support_minutes_do_not_divide_what_there_is() -> None:
    problem = shaped("odd-support")
    amounts = {use.amount for use in problem.uses}
    assert [n for a in amounts for n in range(2, a) if a % n == 0] == []
    assert {use.person_id for use in problem.uses} == {person.id for person in problem.people}
    rows = {c.site_id: c.amount for c in problem.capacity if c.resource == "support_minutes"}
    assert rows.keys() == {site.id for site in problem.sites}
    assert [
        (room, a) for room in rows.values() for a in amounts if room % a == 0 and room > a
    ] == []


def test_support_binds_before_places_do() -> None:
    problem = shaped("odd-support")
    rows = {c.site_id: c.amount for c in problem.capacity if c.resource == "support_minutes"}
    mean = sum(use.amount for use in problem.uses) / len(problem.uses)
    large = [site for site in problem.sites if site.places >= 3]
    assert large
    assert [site.id for site in large if rows[site.id] >= mean * site.places] == []


def test_everyone_wants_the_same_three_sites() -> None:
    problem = shaped("three-sites")
    formulation = Formulation(compile_problem(problem))
    instance = formulation.instance
    match = formulation.goals["match"].coefficients
    best: dict[int, set[str]] = {}
    for person in range(len(instance.supply.people)):
        own = instance.options_of(person)
        top = max(match[option] for option in own)
        best[person] = {
            instance.supply.offers[instance.courses.offer[instance.options.course[o]]].site_id
            for o in own
            if match[o] == top
        }
    wanted = set().union(*best.values())
    assert len(wanted) == 3
    assert len(best) == len(problem.people)


def test_all_bought_courses_start_in_groups_of_three_or_four() -> None:
    problem = shaped("group-intakes")
    groups = [offer for offer in problem.offers if offer.programme_id == "bought"]
    assert {offer.fewest_participants for offer in groups} == {3, 4}
    assert {offer.start_every_weeks for offer in groups} == {4}
    places = {site.id: site.places for site in problem.sites}
    assert all(places[offer.site_id] >= offer.fewest_participants for offer in groups)


def test_every_bought_provider_has_a_contract_with_a_least_volume() -> None:
    problem = shaped("least-volumes")
    contracts = {contract.id: contract for contract in problem.contracts}
    bought = [offer for offer in problem.offers if offer.programme_id == "bought"]
    assert {offer.contract_id for offer in bought} == contracts.keys()
    assert all(c.least_courses > 0 or c.least_ore > 0 for c in contracts.values())
    assert {c.least_ore > 0 for c in contracts.values()} == {True, False}
    assert all(c.least_courses <= c.most_courses for c in contracts.values())


def test_the_money_does_not_reach_for_every_least_volume() -> None:
    problem = shaped("least-volumes")
    prices = {o.contract_id: o.price_ore for o in problem.offers if o.contract_id}
    needed = sum(c.least_ore or c.least_courses * prices[c.id] for c in problem.contracts)
    decided = sum(m.amount_ore for m in problem.budget_movements if m.budget_line_id == "bought")
    assert needed > decided


def test_the_horizon_runs_over_new_year_and_each_start_splits_its_price_otherwise() -> None:
    problem = shaped("new-year")
    assert problem.first_start.year < problem.last_start.year
    assert {programme.charged for programme in problem.programmes} == {"by-week"}
    facts = Facts(problem)
    person, offer = problem.people[0], problem.offers[0]
    last = next(w for w in map(problem.first_start.__add__, range(52)) if (w + 1).year > w.year)
    splits = {
        course_of(
            facts,
            Placement(person_id=person.id, offer_id=offer.id, start=last + -back, weeks=16),
        ).costs
        for back in range(14)
    }
    assert len(splits) == 14
    assert offer.price_ore % 100


def test_the_first_year_has_less_money_than_it_had_and_the_next_more() -> None:
    before, after = ({(m.budget_line_id, m.year): m.amount_ore for m in p.budget_movements}
                     for p in (CITY, shaped("new-year")))  # fmt: skip
    assert before.keys() == after.keys()
    assert {year: after[line, year] < before[line, year] for line, year in after} == {
        2016: True,
        2017: False,
    }


def test_all_people_are_alike() -> None:
    problem = shaped("all-alike")
    facts = {person.model_dump_json(exclude={"id"}) for person in problem.people}
    assert len(facts) == 1
    assert len({person.id for person in problem.people}) == len(CITY.people)
    assert [use for use in problem.uses if use.person_id] == []
    assert problem.ratings == ()
    instance = compile_problem(problem)
    sizes = {len(instance.options_of(i)) for i in range(len(problem.people))}
    assert len(sizes) == 1
    assert min(sizes) > 400


def test_every_third_person_has_one_site_and_one_week() -> None:
    problem = shaped("one-option")
    instance = compile_problem(problem)
    index = instance.supply.person_index
    few = [len(instance.options_of(index[person.id])) for person in problem.people[::3]]
    many = [len(instance.options_of(index[person.id])) for person in problem.people[1::3]]
    assert max(few) == 1
    assert sum(few) > 0.7 * len(few)
    assert median(many) > 50


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY_SHAPE)
def test_at_office_size_places_are_scarce_and_a_careful_planner_falls_short(name: str) -> None:
    problem = EVERY_SHAPE[name](city_of(OFFICE, 1))
    formulation = Formulation(compile_problem(problem)).tightened()
    stage = Stage.single("placed", gap_basis_points=200)
    effort = Effort(seconds=TINY_SECONDS)
    result = solve_stages(formulation, [stage], effort, lambda *_: None, lambda: False)
    (placed,) = result.stages
    waiting = 1 - len(result.chosen) / len(problem.people)
    by_hand = formulation.goals["placed"].value(formulation.complete(place_by_hand(formulation)))
    assert 0.20 <= waiting <= 0.50
    assert by_hand <= 0.95 * placed.bound
