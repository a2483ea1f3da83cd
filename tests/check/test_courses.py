from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import offer, person, small_problem, week
from spec.case import enrolment, money, own, place

from providers import Closure, split_evenly
from scheduler.check import Facts, course_of, course_of_enrolment, length_of
from scheduler.check.courses import prices
from scheduler.outcome import YearCost
from scheduler.person import Use

_CLOSED = (
    Closure(first_week=week("2016-W29"), last_week=week("2016-W30")),
    Closure(site_id="cafe", first_week=week("2016-W42"), last_week=week("2016-W42")),
)


def test_a_course_pauses_in_closed_weeks_and_ends_later() -> None:
    course = course_of(Facts(small_problem(closures=_CLOSED)), place())
    assert [str(one) for one in course.paused] == ["2016-W29", "2016-W30", "2016-W42"]
    assert len(course.active) == 16
    assert course.end == week("2016-W45")
    assert course.about["person_ids"] == ("ada",)


def test_a_closed_week_after_the_end_pauses_nothing() -> None:
    closed = (Closure(first_week=week("2016-W43"), last_week=week("2016-W44")),)
    course = course_of(Facts(small_problem(closures=closed)), place())
    assert course.paused == ()
    assert course.end == week("2016-W42")


def test_a_participant_uses_what_the_offer_and_the_person_use_and_keeps_only_places() -> None:
    uses = (
        Use(offer_id="course", resource="minutes", amount=60),
        Use(person_id="ada", resource="minutes", amount=30),
        Use(person_id="ada", resource="cases", amount=0),
        Use(person_id="bo", resource="places", amount=1),
    )
    shown = small_problem().model_copy(update={"uses": uses})
    facts = Facts(shown)
    assert course_of(facts, place("ada")).uses == (("minutes", 90), ("places", 1))
    assert course_of(facts, place("ada")).keeps == (("places", 1),)
    assert course_of(facts, place("bo")).uses == (("minutes", 60), ("places", 2))
    assert course_of(facts, place("bo")).keeps == (("places", 2),)


def test_pay_by_week_falls_in_the_year_of_each_active_week() -> None:
    problem = small_problem(
        offers=(offer("course", price_ore=1_000_009),),
        closures=(Closure(first_week=week("2016-W52"), last_week=week("2016-W52")),),
    )
    course = course_of(Facts(problem), place(start="2016-W43"))
    assert course.costs == (YearCost(year=2016, ore=562_505), YearCost(year=2017, ore=437_504))
    assert course.cost_ore == 1_000_009
    assert week("2016-W52") not in dict(course.paid)


def test_pay_at_start_falls_in_the_start_week() -> None:
    problem = small_problem(programmes=(own(charged="at-start"),))
    course = course_of(Facts(problem), place(start="2016-W52"))
    assert course.paid == ((week("2016-W52"), 1_250_000),)
    assert course.costs == (YearCost(year=2016, ore=1_250_000),)


def test_what_is_free_is_paid_nowhere() -> None:
    for charged in ("by-week", "at-start"):
        problem = small_problem(
            offers=(offer("course", price_ore=0),), programmes=(own(charged=charged),)
        )
        course = course_of(Facts(problem), place())
        assert (course.paid, course.costs, course.cost_ore) == ((), (), 0)


@given(st.integers(0, 10**9), st.integers(1, 60))
def test_a_course_price_is_split_by_cumulative_rounding_down(ore: int, weeks: int) -> None:
    assert tuple(prices(offer("course", price_ore=ore, weeks=weeks), weeks)) == split_evenly(
        ore, weeks
    )


@pytest.mark.parametrize(
    ("changes", "weeks", "expected"),
    [
        ({"price_ore": 10, "weeks": 3}, 3, [3, 3, 4]),
        ({"price_ore": 10, "weeks": 3, "extra_week_price_ore": 7}, 5, [3, 3, 4, 7, 7]),
        ({"price_ore": 10, "weeks": 3}, 5, [3, 3, 4, 0, 0]),
        ({"price_ore": 10, "weeks": 3}, 2, [5, 5]),
        ({"price_ore": 10, "weeks": 2, "price_per": "week"}, 3, [10, 10, 10]),
        (
            {"price_ore": 10, "weeks": 2, "price_per": "week", "extra_week_price_ore": 4},
            3,
            [10, 10, 4],
        ),
        ({"price_ore": 10, "weeks": 5, "price_per": "week"}, 2, [10, 10]),
    ],
)
def test_prices_of_weeks(changes: dict[str, int], weeks: int, expected: list[int]) -> None:
    assert prices(offer("course", **changes), weeks) == expected


def test_an_enrolment_without_a_price_costs_what_the_offer_says() -> None:
    facts = Facts(small_problem())
    course = course_of_enrolment(facts, enrolment(weeks=2, price_ore=None))
    assert course.paid == ((week("2016-W11"), 625_000), (week("2016-W12"), 625_000))
    assert course.source == "enrolment"


def test_an_enrolment_with_a_price_splits_it_over_all_its_weeks() -> None:
    facts = Facts(small_problem())
    course = course_of_enrolment(facts, enrolment(weeks=18, price_ore=1_800_000))
    assert {ore for _, ore in course.paid} == {100_000}
    assert len(course.paid) == 18


def test_one_who_dropped_out_holds_and_pays_until_the_last_week() -> None:
    left = enrolment(price_ore=1_600_000, status="dropped-out", last_week=week("2016-W29"))
    problem = small_problem(
        closures=(Closure(first_week=week("2016-W12"), last_week=week("2016-W12")),)
    )
    facts = Facts(problem)
    course = course_of_enrolment(facts, left.model_copy(update={"last_week": week("2016-W13")}))
    assert course.end == week("2016-W13")
    assert course.active == (week("2016-W11"), week("2016-W13"))
    assert course.paused == (week("2016-W12"),)
    assert course.cost_ore == 200_000
    at_start = Facts(small_problem(programmes=(own(charged="at-start"),)))
    assert course_of_enrolment(at_start, left).cost_ore == 1_600_000
    assert course_of_enrolment(facts, left).end == week("2016-W27")


def test_a_no_show_holds_and_pays_nothing() -> None:
    problem = small_problem(enrolments=(enrolment(status="no-show", price_ore=None),))
    facts = Facts(problem)
    course = course_of_enrolment(facts, problem.enrolments[0])
    assert (course.active, course.paused, course.paid) == ((), (), ())
    assert facts.enrolled == ()


def test_the_length_is_the_most_of_programme_person_and_offer() -> None:
    problem = small_problem(
        people=(person("ada"), person("bo", weeks_needed=19)),
        programmes=(own(least_weeks=17),),
        offers=(offer("course"), offer("long", weeks=20)),
    )
    facts = Facts(problem)
    lengths = [
        length_of(facts, person_id, offer_id)
        for offer_id in ("course", "long")
        for person_id in ("ada", "bo")
    ]
    assert lengths == [17, 19, 20, 20]


def test_decided_money_only_and_less_the_reserve() -> None:
    lines = small_problem().budget_lines
    problem = small_problem(
        budget_lines=(lines[0].model_copy(update={"reserve_ore": 10}),),
        budget_movements=(money(500), money(-100), money(999, status="proposed"), money(70, 2018)),
    )
    facts = Facts(problem)
    assert [facts.decided("line", year) for year in (2016, 2017)] == [400, 0]
    assert [facts.limit("line", year) for year in (2016, 2017)] == [390, 0]
    assert facts.has_money("line", 2016)
    assert not facts.has_money("line", 2017)
