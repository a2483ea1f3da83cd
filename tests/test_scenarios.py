"""Changes of a buyer, alone and in lists."""

from __future__ import annotations

from typing import Any

import pytest

from providers import Contract, Week
from scheduler.changes import SetBudget
from scheduler.errors import ChangeRefused
from scheduler.person import Enrolment, Pin
from scheduler.problem import Problem
from scheduler.scenarios import (
    ChoosePeople,
    LeaveOut,
    ScalePrices,
    ScenarioChange,
    SetPrice,
    SetTerms,
    apply_changes,
    describe_scenario_change,
    parts_of,
)
from tests.api.site import small_problem

FIRST = small_problem().offers[0]
PROVIDER = small_problem().sites[0].provider_id


def refusal(problem: Problem, *changes: ScenarioChange) -> list[tuple[str, str]]:
    with pytest.raises(ChangeRefused) as refused:
        apply_changes(problem, changes)
    return [(field, str(text)) for field, text in refused.value.faults]


def with_contract(**more: Any) -> Problem:
    problem = small_problem()
    contract = Contract(
        id="C1", provider_id=PROVIDER, first_week=problem.first_start, last_week=Week.of(2017, 20)
    )
    offers = (FIRST.model_copy(update={"contract_id": "C1"}), *problem.offers[1:])
    return problem.model_copy(update={"contracts": (contract,), "offers": offers, **more})


def test_an_offer_gets_its_price_and_the_base_stays_as_it_is() -> None:
    change = SetPrice(offer_id=FIRST.id, price_ore=123_45, price_per="week")
    changed = apply_changes(small_problem(), [change])
    assert (changed.offers[0].price_ore, changed.offers[0].price_per) == (123_45, "week")
    assert changed.offers[1:] == small_problem().offers[1:]
    assert small_problem().offers[0] == FIRST


def test_prices_are_scaled_to_the_nearest_ore_of_those_who_are_meant() -> None:
    problem = small_problem()
    one = SetPrice(offer_id=FIRST.id, price_ore=101)
    more = ScalePrices(basis_points=10_500, programme_id=FIRST.programme_id)
    changed = apply_changes(problem, [one, more])
    assert changed.offers[0].price_ore == 106
    for before, after in zip(problem.offers[1:], changed.offers[1:], strict=True):
        is_meant = before.programme_id == FIRST.programme_id
        assert after.price_ore == before.price_ore * (105 if is_meant else 100) // 100
    whose = {site.id: site.provider_id for site in problem.sites}
    changed = apply_changes(problem, [ScalePrices(basis_points=5_000, provider_id=PROVIDER)])
    for before, after in zip(problem.offers, changed.offers, strict=True):
        assert (after != before) is (whose[before.site_id] == PROVIDER)


def test_prices_are_not_scaled_out_of_all_bounds() -> None:
    more = [ScalePrices(basis_points=100_000)] * 8
    assert [field for field, _ in refusal(small_problem(), *more)] == ["5.basis_points"]


def test_terms_and_money_change_together() -> None:
    problem = with_contract()
    terms = problem.contracts[0].model_copy(update={"most_courses": 3, "most_ore": 10**6})
    line = problem.budget_lines[0].id
    changed = apply_changes(
        problem,
        [
            SetTerms(contract=terms),
            SetBudget(budget_line_id=line, year=problem.first_start.year, amount_ore=777_00),
        ],
    )
    assert changed.contracts == (terms,)
    assert changed.budget_movements[-1].budget_line_id == line


def test_who_is_left_out_gets_no_new_courses_and_its_contract_goes() -> None:
    problem = with_contract()
    changed = apply_changes(problem, [LeaveOut(provider_ids=(PROVIDER,))])
    closed = {site.id for site in problem.sites if site.provider_id == PROVIDER}
    assert {offer.site_id for offer in changed.offers}.isdisjoint(closed)
    assert changed.contracts == ()
    assert changed.sites == problem.sites


def test_enrolments_go_on_at_a_site_that_is_left_out() -> None:
    person = small_problem().people[0]
    enrolment = Enrolment(
        id="E1",
        person_id=person.id,
        offer_id=FIRST.id,
        start=small_problem().first_start,
        weeks=16,
        status="started",
    )
    problem = with_contract(enrolments=(enrolment,))
    changed = apply_changes(problem, [LeaveOut(site_ids=(FIRST.site_id,))])
    (kept,) = (offer for offer in changed.offers if offer.site_id == FIRST.site_id)
    assert kept.id == FIRST.id
    assert kept.last_start is not None
    assert kept.last_start < problem.first_start
    assert changed.contracts == problem.contracts


def test_people_are_chosen_and_enrolments_of_others_go_on() -> None:
    people = small_problem().people
    kept = [person for person in people if person.target_groups == people[0].target_groups]
    other = next(person for person in people if person not in kept)
    enrolment = Enrolment(
        id="E1",
        person_id=other.id,
        offer_id=FIRST.id,
        start=small_problem().first_start,
        weeks=16,
        status="started",
    )
    pins = tuple(
        Pin(kind="forbidden", person_id=person.id, offer_id=FIRST.id) for person in (kept[0], other)
    )
    problem = with_contract(enrolments=(enrolment,), pins=pins)
    choice = ChoosePeople(target_groups=people[0].target_groups)
    changed = apply_changes(problem, [choice])
    seeking = [person for person in changed.people if person.seeks_place]
    assert 0 < len(kept) < len(people)
    assert seeking == kept
    (stays,) = (person for person in changed.people if not person.seeks_place)
    assert stays.id == other.id
    assert changed.enrolments == (enrolment,)
    assert changed.pins == pins[:1]


def test_people_are_chosen_by_priority_and_referral() -> None:
    people = small_problem().people
    week = sorted(person.referral for person in people)[5]
    choice = ChoosePeople(priorities=(1, 2), first_referral=week, last_referral=week)
    changed = apply_changes(small_problem(), [choice])
    expected = [each for each in people if each.priority in {1, 2} and each.referral == week]
    assert list(changed.people) == expected
    assert 0 < len(expected) < len(people)
    backwards = ChoosePeople(first_referral=week, last_referral=week + -1)
    assert refusal(small_problem(), backwards)[0][0] == "0.last_referral"


def test_people_are_told_apart_by_what_was_chosen() -> None:
    people = small_problem().people
    week = sorted(person.referral for person in people)[5]
    early = [ChoosePeople(last_referral=week)]
    parts = parts_of(people, [early, [*early, ChoosePeople(priorities=(1,))]])
    assert sorted(person.id for part in parts for person in part) == sorted(p.id for p in people)
    whose = {person.id: number for number, part in enumerate(parts) for person in part}
    for one in people:
        for two in people:
            alike = (one.referral <= week) == (two.referral <= week) and (
                one.referral > week or (one.priority == 1) == (two.priority == 1)
            )
            assert (whose[one.id] == whose[two.id]) is alike


def test_a_fixed_place_keeps_its_site_in_and_tells_of_nobody() -> None:
    person = small_problem().people[0]
    pin = Pin(kind="fixed", person_id=person.id, offer_id=FIRST.id)
    problem = small_problem().model_copy(update={"pins": (pin,)})
    ((field, text),) = refusal(problem, LeaveOut(site_ids=(FIRST.site_id,)))
    assert field == "0.site_ids"
    assert (person.id in text, "1" in text) == (False, False)
    forbidden = small_problem().model_copy(
        update={"pins": (pin.model_copy(update={"kind": "forbidden"}),)}
    )
    assert apply_changes(forbidden, [LeaveOut(site_ids=(FIRST.site_id,))]).pins == ()


def test_what_a_fixed_place_needs_is_said_without_its_person() -> None:
    person = small_problem().people[0]
    pin = Pin(kind="fixed", person_id=person.id, offer_id=FIRST.id)
    problem = with_contract(pins=(pin,))
    terms = problem.contracts[0].model_copy(update={"last_week": problem.first_start})
    ((field, text),) = refusal(problem, SetTerms(contract=terms))
    assert (field, person.id in text) == ("", False)
    assert "pins" in text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (SetPrice(offer_id="nobody", price_ore=1), "0.offer_id"),
        (ScalePrices(basis_points=1, programme_id="nobody"), "0.programme_id"),
        (ScalePrices(basis_points=1, provider_id="nobody"), "0.provider_id"),
        (LeaveOut(provider_ids=("nobody",)), "0.provider_ids"),
        (LeaveOut(site_ids=("nobody",)), "0.site_ids"),
        (ChoosePeople(target_groups=("nobody",)), "0.target_groups"),
        (SetBudget(budget_line_id="nobody", year=2016, amount_ore=1), "0.budget_line_id"),
    ],
)
def test_what_is_not_there_is_named_by_its_change(change: ScenarioChange, field: str) -> None:
    assert [each for each, _ in refusal(small_problem(), change)] == [field]


def test_a_contradiction_is_told_of_the_change_that_made_it() -> None:
    problem = with_contract()
    contract = problem.contracts[0]
    same = SetPrice(offer_id=FIRST.id, price_ore=1)
    wrong = contract.model_copy(update={"least_courses": 9, "most_courses": 3})
    ((field, _),) = refusal(problem, same, SetTerms(contract=wrong))
    assert field.startswith("1.contract.")
    other = next(each.id for each in problem.providers if each.id != PROVIDER)
    ((field, _),) = refusal(
        problem, SetTerms(contract=contract.model_copy(update={"provider_id": other}))
    )
    assert field == "0.contract.provider_id"
    unknown = contract.model_copy(update={"id": "C2"})
    assert refusal(problem, SetTerms(contract=unknown))[0][0] == "0.contract.id"


def test_each_change_is_said_in_words() -> None:
    problem = with_contract()
    said = [
        str(describe_scenario_change(change, problem))
        for change in (
            SetPrice(offer_id=FIRST.id, price_ore=20_000_00),
            SetPrice(offer_id=FIRST.id, price_ore=1_000_00, price_per="week"),
            SetTerms(contract=problem.contracts[0]),
            ScalePrices(basis_points=10_550),
            ScalePrices(basis_points=9_000, programme_id=FIRST.programme_id),
            LeaveOut(provider_ids=(PROVIDER,), site_ids=(FIRST.site_id,)),
            SetBudget(budget_line_id=problem.budget_lines[0].id, year=2016, amount_ore=1_00),
            ChoosePeople(
                target_groups=("autism",), priorities=(1, 2), last_referral=Week.of(2016, 26)
            ),
        )
    ]
    assert said[0].endswith("costs 20,000 kr a course")
    assert said[1].endswith("costs 1,000 kr a week")
    assert "at most no limit" in said[2]
    assert said[3] == "All prices +5.5 %"
    assert said[4].endswith("−10 %")
    assert said[5].startswith("Without ")
    assert "2016" in said[6]
    assert said[7].startswith("Only people with: Autism, priority 1/2")
    assert said[7].endswith("referred in 2016-W26 or earlier")
