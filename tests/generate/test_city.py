from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from pydantic import ValidationError

from scheduler.generate import CityShape, generate_city
from scheduler.person import Person
from scheduler.problem import Problem

SMALL = CityShape(people=60, sites=20, weeks=30, seed=5)
MIDDLE = CityShape(people=1000, sites=40, weeks=52, seed=1)


def eligible_sites(problem: Problem) -> list[int]:
    """By person: sites that rule `eligibility` allows, counted from the records alone."""
    own_groups = {p.id: set(p.target_groups) for p in problem.programmes}
    minutes = {(t.from_area, t.to_area): t.minutes for t in problem.travel}
    programme = {offer.site_id: offer.programme_id for offer in problem.offers}

    def allows(person: Person) -> int:
        return sum(
            bool(set(person.target_groups) & set(site.target_groups))
            and bool(set(person.target_groups) & own_groups[programme[site.id]])
            and set(person.needs) <= set(site.equipment)
            and site.provider_id not in person.excluded_providers
            and minutes[person.area, site.area] <= person.most_travel_minutes
            for site in problem.sites
        )

    return [allows(person) for person in problem.people]


def test_the_same_seed_gives_the_same_city_on_any_machine():
    # Defaults are left out: a new optional field changes no city.
    text = generate_city(SMALL).model_dump_json(exclude_defaults=True).encode()
    assert hashlib.sha256(text).hexdigest() == (
        "63804f422b62523de35b16afc04aa7199fcc30a6f95f8003dbb19e1c37303866"
    )


def test_another_seed_gives_another_city():
    other = SMALL.model_copy(update={"seed": 6})
    assert generate_city(SMALL).people != generate_city(other).people


def test_more_people_leave_the_sites_as_they_are_but_for_their_size():
    larger = generate_city(SMALL.model_copy(update={"people": 90}))
    assert [site.equipment for site in larger.sites] == [
        site.equipment for site in generate_city(SMALL).sites
    ]


@pytest.mark.parametrize(
    ("people", "sites", "weeks"), [(1, 1, 1), (3, 2, 5), (40, 4, 12), (30, 25, 130), (9000, 20, 9)]
)
def test_any_shape_gives_a_valid_city_of_that_shape(people: int, sites: int, weeks: int):
    problem = generate_city(CityShape(people=people, sites=sites, weeks=weeks, seed=3))
    assert (len(problem.people), len(problem.sites)) == (people, sites)
    assert problem.last_start - problem.first_start == weeks - 1
    assert all(person.referral <= problem.last_start for person in problem.people)
    assert Problem.model_validate_json(problem.model_dump_json()) == problem


@pytest.mark.parametrize(("field", "value"), [("people", 0), ("sites", 0), ("weeks", 261)])
def test_a_shape_outside_its_limits_is_refused(field: str, value: int):
    with pytest.raises(ValidationError):
        CityShape.model_validate({field: value})


@pytest.mark.parametrize(("sites", "seed"), [(20, 1), (20, 2), (20, 3), (60, 1), (200, 1)])
def test_everybody_is_eligible_at_ten_sites(sites: int, seed: int):
    counts = eligible_sites(generate_city(CityShape(people=400, sites=sites, seed=seed)))
    assert min(counts) >= 10
    assert 12 <= sum(counts) / len(counts) <= 26


def test_ids_and_names_say_that_nothing_is_real():
    problem = generate_city(SMALL)
    assert problem.title.startswith("Synthetic city: 60 people, 20 sites, 30 weeks, seed 5")
    assert all(person.id.startswith("syn-") for person in problem.people)
    assert all(record.name.startswith("Synthetic") for record in problem.providers)
    assert all(record.name.startswith("Synthetic") for record in problem.sites)


def test_ids_are_as_long_as_the_number_of_people_needs():
    problem = generate_city(CityShape(people=10_001, sites=20, weeks=4))
    assert problem.people[0].id == "syn-00001"
    assert problem.people[-1].id == "syn-10001"


def test_people_are_as_documented():
    problem = generate_city(MIDDLE)
    people = problem.people
    assert Counter(person.priority for person in people) == {1: 250, 2: 500, 3: 250}
    assert Counter(person.weeks_needed for person in people) == {
        None: 620,
        20: 150,
        24: 150,
        26: 80,
    }
    assert 0.22 <= sum(bool(person.needs) for person in people) / 1000 <= 0.32
    assert 0.20 <= sum(bool(person.known_sites) for person in people) / 1000 <= 0.30
    autism = sum("autism" in person.target_groups for person in people)
    assert 280 <= autism <= 390
    backlog = sum(person.referral < problem.first_start for person in people)
    assert 210 <= backlog <= 290


def test_sites_and_prices_are_as_documented():
    problem = generate_city(MIDDLE)
    bought = [o.price_ore // 100 for o in problem.offers if o.programme_id == "bought"]
    own = {o.price_ore // 100 for o in problem.offers if o.programme_id == "own"}
    assert (len(bought), own) == (30, {12_500})
    assert 11_000 <= min(bought) < 16_000
    assert 22_000 < max(bought) <= 30_000
    assert 18_000 <= sum(bought) / 30 <= 22_500
    takers = Counter(group for site in problem.sites for group in site.target_groups)
    assert min(takers.values()) >= 12


def test_places_are_scarce_and_money_scarcer():
    problem = generate_city(MIDDLE)
    places = sum(site.places for site in problem.sites)
    assert 0.75 <= places * (52 + 8) / (1000 * 19) <= 0.86
    spendable = {m.budget_line_id: 0 for m in problem.budget_movements}
    for movement in problem.budget_movements:
        spendable[movement.budget_line_id] += movement.amount_ore // 100
    assert 0.97 <= spendable["pot"] / (spendable["bought"] + spendable["own"]) <= 0.98
    assert 11_000 <= spendable["pot"] / 1000 <= 14_500


def test_every_year_of_a_start_or_of_a_course_has_money():
    problem = generate_city(SMALL)
    years = {(m.budget_line_id, m.year) for m in problem.budget_movements}
    assert years == {(line, year) for line in ("pot", "bought", "own") for year in (2016, 2017)}


def test_group_intakes_are_made_where_asked_for():
    problem = generate_city(SMALL.model_copy(update={"group_intakes": 3}))
    groups = [offer for offer in problem.offers if offer.fewest_participants > 1]
    assert len(groups) == 3
    assert {offer.programme_id for offer in groups} == {"bought"}
    assert {(o.start_every_weeks, o.first_start) for o in groups} == {(4, problem.first_start)}
    assert not [o for o in generate_city(SMALL).offers if o.fewest_participants > 1]


def test_starts_are_limited_where_asked_for_and_not_where_groups_start():
    shape = SMALL.model_copy(update={"people": 900, "group_intakes": 3, "limited_intakes": 500})
    problem = generate_city(shape)
    groups = {offer.site_id for offer in problem.offers if offer.fewest_participants > 1}
    most = {site.id: site.most_starts_a_week for site in problem.sites}
    assert {site_id for site_id, starts in most.items() if starts is None} == groups
    assert all(most[site.id] == max(1, site.places // 8) for site in problem.sites if most[site.id])
    assert len({starts for starts in most.values() if starts}) > 1
    assert Problem.model_validate_json(problem.model_dump_json()) == problem


def test_limits_of_starts_change_nothing_else():
    limited = generate_city(SMALL.model_copy(update={"limited_intakes": 4}))
    free = tuple(site.model_copy(update={"most_starts_a_week": None}) for site in limited.sites)
    assert sum(site.most_starts_a_week is not None for site in limited.sites) == 4
    assert limited.model_copy(update={"sites": free}) == generate_city(SMALL)


def test_no_more_groups_than_bought_sites():
    problem = generate_city(SMALL.model_copy(update={"group_intakes": 500}))
    assert sum(offer.fewest_participants > 1 for offer in problem.offers) == 15
