"""What one person could have, what stands in the way, and why they got what they got."""

from __future__ import annotations

import pytest

from scheduler.check import Checker, Facts, decided_placement
from scheduler.explain.choices import (
    explain_placement,
    find_choices,
    group_starts,
)
from scheduler.explain.citizen import tell_placed
from scheduler.explain.names import Names
from scheduler.language import Message
from scheduler.outcome import MatchPoints
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.programme import BudgetMovement
from tests.random_problems import options_of, random_problem
from tests.small import offer, person, site, small_problem, week

TWO_SITES = (
    site("cafe", name="Café Vest", places=1, task_types=("kitchen",)),
    site("shop", name="Butik Nord", places=1),
)
TWO_OFFERS = (offer("cooking"), offer("selling", site_id="shop", price_ore=1_000_000))
COOK = person("ada", wishes=("kitchen",))


def problem_of_two(**changes: object) -> Problem:
    given = {"sites": TWO_SITES, "offers": TWO_OFFERS, "people": (COOK, person("bo")), **changes}
    return small_problem(**given)


def plan(*placed: tuple[str, str, str]) -> Plan:
    return Plan(
        placements=tuple(
            Placement(person_id=who, offer_id=where, start=week(when), weeks=16)
            for who, where, when in placed
        )
    )


def told(problem: Problem, whole: Plan, *, is_fixed: bool = False) -> list[str]:
    facts = Facts(problem)
    mine = next(one for one in whole.placements if one.person_id == "ada")
    return [
        str(said)
        for said in explain_placement(
            decided_placement(facts, mine),
            find_choices(facts, "ada", whole),
            Names(problem),
            is_fixed=is_fixed,
            reservation=Message("The plan is not proven."),
        )
    ]


def test_each_offer_has_its_match_points_and_starts():
    first, second = find_choices(Facts(problem_of_two()), "ada")
    assert (first.offer_id, len(first.choices), first.ruled_out) == ("cooking", 4, ())
    assert first.match.wishes > second.match.wishes == 0
    assert first.match.total == sum(first.match.model_dump(exclude={"total"}).values())
    assert all(choice.violations == () for offer in (first, second) for choice in offer.choices)


def test_an_offer_without_a_choice_says_what_rules_it_out_and_comes_last():
    adults = (person("ada", excluded_sites=("cafe",)), person("bo"))
    first, second = find_choices(Facts(problem_of_two(people=adults)), "ada")
    assert first.offer_id == "selling"
    assert second.choices == ()
    assert [found.fact for found in second.ruled_out] == ["excluded-site"]


def test_starts_that_the_same_stands_in_the_way_of_stand_together():
    money = tuple(
        BudgetMovement(budget_line_id="line", year=year, amount_ore=9_000_000)
        for year in (2016, 2017)
    )
    problem = problem_of_two(last_start=week("2016-W46"), budget_movements=money)
    facts = Facts(problem)
    offers = find_choices(facts, "ada", plan(("bo", "cooking", "2016-W28")))
    cooking = next(each for each in offers if each.offer_id == "cooking")
    taken, free = group_starts(cooking.choices, Names(problem))
    assert (str(taken.first), str(taken.last)) == ("2016-W27", "2016-W43")
    assert "no place at Café Vest" in str(taken.why_not)
    assert (str(free.first), free.why_not) == ("2016-W44", None)


def test_a_persons_own_placement_stands_in_nobodys_way():
    offers = find_choices(Facts(problem_of_two()), "ada", plan(("ada", "cooking", "2016-W28")))
    assert all(choice.violations == () for each in offers for choice in each.choices)


def test_what_is_best_by_every_measure_says_so():
    whole = plan(("ada", "cooking", "2016-W27"))
    assert told(problem_of_two(offers=TWO_OFFERS[:1]), whole)[1:] == [
        "No possible placement has more match points than 40.",
        "No possible placement starts before 2016-W27.",
        "No possible placement costs less than 12,500 kr.",
    ]


def test_what_would_be_better_is_named_with_what_stands_in_its_way():
    whole = plan(("ada", "selling", "2016-W28"), ("bo", "cooking", "2016-W27"))
    said = told(problem_of_two(), whole)
    assert said[0] == "It is one of 8 possible placements at 2 offers."
    assert said[1].startswith("Café Vest in 2016-W27 has more match points, 40 against 0, but no")
    assert said[2] == (
        "Butik Nord could start earlier, in 2016-W27 instead of 2016-W28, and would fit. "
        "The plan is not proven."
    )


def test_a_cheaper_one_is_named():
    said = told(problem_of_two(), plan(("ada", "cooking", "2016-W27")))
    assert said[3].startswith("Butik Nord in 2016-W27 costs less, 10,000 kr against 12,500 kr, and")


def test_the_only_one_and_a_fixed_one_need_no_more_words():
    problem = problem_of_two(offers=TWO_OFFERS[:1], last_start=week("2016-W27"))
    whole = plan(("ada", "cooking", "2016-W27"))
    assert told(problem, whole) == ["It is the only possible placement."]
    assert told(problem, whole, is_fixed=True) == ["A planner has fixed this placement."]


def test_they_are_the_placements_that_the_checker_lets_pass():
    compared = 0
    for seed in range(20):
        problem = random_problem(seed)
        facts = Facts(problem)
        options = options_of(facts)
        for one in problem.people:
            found = {
                (choice.placement.offer_id, choice.placement.start)
                for each in find_choices(facts, one.id)
                for choice in each.choices
            }
            expected = {(each.offer_id, each.start) for each in options.get(one.id, ())}
            assert found == expected
            compared += len(found)
    assert compared > 100


def test_what_would_break_is_what_the_checker_says_beside_the_others():
    problem = problem_of_two()
    whole = plan(("bo", "cooking", "2016-W27"))
    checker = Checker(problem, whole)
    looked = [
        (choice, checker.breaks(choice.placement.placement))
        for each in find_choices(Facts(problem), "ada", whole)
        for choice in each.choices
    ]
    assert any(broken for _, broken in looked)
    assert all(choice.violations == broken for choice, broken in looked)


@pytest.mark.parametrize(
    ("match", "why"),
    [
        (MatchPoints(wishes=40, known_staff=0, travel=0, rating=0, total=40), "you wish for"),
        (MatchPoints(wishes=0, known_staff=30, travel=0, rating=0, total=30), "know you"),
        (MatchPoints(wishes=0, known_staff=0, travel=9, rating=0, total=9), "You can get there"),
        (MatchPoints(wishes=0, known_staff=0, travel=0, rating=9, total=9), "It fits what we know"),
    ],
)
def test_the_young_person_is_told_what_speaks_for_it(match: MatchPoints, why: str):
    said = tell_placed("Café Vest", week("2016-W27"), 16, COOK, match)
    assert why in str(said)
    assert "Café Vest" in said.render("da")
    assert "forslag" in said.render("da")
