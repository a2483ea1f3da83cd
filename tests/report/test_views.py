from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from providers import Contract, Offer
from scheduler.explain.wording import WORDINGS, Wording
from scheduler.language import LocalText
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme
from scheduler.report.disclosure import Counts
from scheduler.report.views.books import Books, month_of
from scheduler.report.views.goals import goal_rows
from scheduler.report.views.groups import by_priority, by_target_group, by_weeks_waited, name_bands
from scheduler.report.views.headline import headline, left_to_plan
from scheduler.report.views.money import money_by_year, months_one_by_one, payments_by_month
from scheduler.report.views.occupancy import occupancy
from scheduler.report.views.people import start_list, starts_by_provider, waiting_list
from scheduler.report.views.reasons import blocked_by, reason_counts, ruled_out_by
from scheduler.report.views.timeline import timeline
from tests.report.cases import small_case, small_document, week


@pytest.fixture
def problem() -> Problem:
    return small_case()


@pytest.fixture
def document(problem: Problem) -> PlanDocument:
    return small_document(problem)


@pytest.fixture
def books(problem: Problem, document: PlanDocument) -> Books:
    return Books(problem, document)


def test_the_start_list_says_who_starts_where_and_when(
    problem: Problem, document: PlanDocument
) -> None:
    (row,) = start_list(problem, document)
    assert (row.person_id, row.site, row.provider, row.programme) == (
        "ada",
        "Café A",
        "The city",
        "Own",
    )
    assert (row.start, row.end, row.weeks) == (week("2016-W51"), week("2017-W03"), 4)
    assert row.needs == (LocalText(da="ro", en="quiet"),)
    assert (row.cost_ore, row.year_costs_ore) == (400_000, (100_000, 300_000))


def test_the_waiting_list_runs_by_priority_and_referral(
    problem: Problem, document: PlanDocument
) -> None:
    rows = waiting_list(problem, document)
    assert [(row.person_id, row.priority, row.wait_weeks) for row in rows] == [
        ("cy", 2, 3),
        ("bo", 3, 9),
    ]
    assert [row.reason for row in rows] == ["crowded-out", "no-option"]


def test_every_provider_has_its_own_people_only(problem: Problem, document: PlanDocument) -> None:
    rows = starts_by_provider(problem, document)
    assert [(row.provider, [start.person_id for start in row.starts]) for row in rows] == [
        ("Another", []),
        ("The city", ["ada"]),
    ]


def test_money_by_year_adds_up(books: Books) -> None:
    rows = {(row.line_id, row.year): row for row in money_by_year(books)}
    assert list(rows) == [("pot", 2016), ("pot", 2017), ("line", 2016), ("line", 2017)]
    line = rows["line", 2016]
    assert (line.depth, line.decided_ore, line.reserve_ore) == (1, 1_000_000, 50_000)
    assert (line.committed_ore, line.planned_ore, line.left_ore) == (300_000, 100_000, 550_000)
    pot = rows["pot", 2017]
    assert (pot.depth, pot.decided_ore, pot.reserve_ore) == (0, 1_500_000, 0)
    assert (pot.committed_ore, pot.planned_ore, pot.left_ore) == (100_000, 300_000, 1_100_000)


def test_payments_fall_in_the_month_of_the_thursday(books: Books) -> None:
    payments = payments_by_month(books)
    assert payments.months == (dt.date(2016, 12, 1), dt.date(2017, 1, 1))
    ore = {(row.line_id, row.source): row.ore for row in payments.lines}
    assert ore == {
        ("pot", "enrolment"): (300_000, 100_000),
        ("pot", "placement"): (100_000, 300_000),
        ("line", "enrolment"): (300_000, 100_000),
        ("line", "placement"): (100_000, 300_000),
    }
    assert [row.total_ore for row in payments.lines] == [400_000] * 4


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2016-W05", dt.date(2016, 2, 1)),  # Monday 1 February
        ("2015-W05", dt.date(2015, 1, 1)),  # Thursday 29 January, Sunday 1 February
        ("2015-W53", dt.date(2015, 12, 1)),  # Thursday 31 December
        ("2016-W53", dt.date(2017, 1, 1)),
    ],
)
def test_the_month_of_a_week(text: str, month: dt.date) -> None:
    if text == "2016-W53":
        assert month_of(week("2016-W52") + 1) == month
    else:
        assert month_of(week(text)) == month


def test_months_without_payments_between_others_are_kept() -> None:
    problem = small_case(
        programmes=(
            Programme(
                id="own", name="Own", budget_line_id="line", least_weeks=4, charged="at-start"
            ),
        ),
        enrolments=(
            small_case().enrolments[0].model_copy(update={"start": week("2016-W40"), "weeks": 4}),
        ),
    )
    payments = payments_by_month(Books(problem, small_document(problem)))
    assert payments.months == tuple(dt.date(2016, month, 1) for month in (10, 11, 12))
    assert payments.lines[0].ore == (400_000, 0, 0)
    assert payments.lines[1].ore == (0, 0, 400_000)


def test_no_payments_have_no_months(problem: Problem, document: PlanDocument) -> None:
    empty = document.model_copy(update={"placements": ()})
    without = problem.model_copy(update={"enrolments": ()})
    assert payments_by_month(Books(without, empty)).months == ()


def test_a_shortfall_is_paid_in_the_last_week_of_its_contract() -> None:
    contract = Contract(
        id="c",
        provider_id="city",
        first_week=week("2016-W50"),
        last_week=week("2017-W05"),
        least_courses=3,
        least_applies="always",
        take_or_pay=True,
        shortfall_course_ore=10_000,
        shortfall_budget_line_id="line",
    )
    offers = tuple(
        offer.model_copy(update={"contract_id": "c"}) if offer.id == "ao" else offer
        for offer in small_case().offers
    )
    problem = small_case(contracts=(contract,), offers=offers)
    books = Books(problem, small_document(problem))
    shortfall = next(
        row
        for row in payments_by_month(books).lines
        if (row.line_id, row.source) == ("line", "shortfall")
    )
    assert shortfall.ore == (0, 0, 20_000)
    planned = {(row.line_id, row.year): row.planned_ore for row in money_by_year(books)}
    assert planned["line", 2017] == planned["pot", 2017] == 320_000


def test_occupancy_counts_enrolments_and_keeps_places_in_closed_weeks(books: Books) -> None:
    places, support = occupancy(books)
    assert [str(each) for each in places.weeks] == [
        *("2016-W50", "2016-W51", "2016-W52"),
        *("2017-W01", "2017-W02", "2017-W03"),
    ]
    cafe, workshop = places.sites
    assert [row.used for row in cafe.weeks] == [0, 1, 1, 1, 1, 1]
    assert [row.closed for row in cafe.weeks] == [False, False, True, False, False, False]
    assert [row.used for row in workshop.weeks] == [1, 1, 1, 1, 0, 0]
    assert places.used() == (1, 2, 2, 2, 1, 1)
    assert places.amount() == (3, 3, 0, 3, 3, 3)
    assert [site.site for site in support.sites] == ["Workshop B"]
    assert [row.used for row in support.sites[0].weeks] == [30, 30, 0, 30, 0, 0]
    assert [row.share for row in support.sites[0].weeks[:3]] == [1.0, 1.0, 0.0]
    assert workshop.weeks[0].share == 0.5


def test_the_timeline_counts_who_is_referred_and_not_started(books: Books) -> None:
    rows = timeline(books)
    assert [(str(row.week), row.starts, row.placed, row.waiting) for row in rows] == [
        ("2016-W50", (0, 0), 0, 2),
        ("2016-W51", (1, 0), 1, 2),
        ("2016-W52", (0, 0), 1, 2),
        ("2017-W01", (0, 0), 1, 2),
    ]


def test_groups_are_counted_once_for_each_group_of_a_person(
    problem: Problem, document: PlanDocument
) -> None:
    assert by_target_group(problem, document) == (
        Counts((LocalText(da="autisme", en="autism"),), (1, 2)),
        Counts((LocalText(da="synet", en="sight"),), (0, 1)),
    )
    priorities = by_priority(problem, document)
    assert [str(row.groups[0]) for row in priorities] == ["Priority 1", "Priority 2", "Priority 3"]
    assert [row.counts for row in priorities] == [(1, 0), (0, 1), (0, 1)]


def test_weeks_waited_are_counted_in_bands(problem: Problem, document: PlanDocument) -> None:
    bands = by_weeks_waited(problem, document)
    assert [row.counts for row in bands] == [(0, 1), (1, 0), (0, 1)]
    assert [row.groups[0] for row in name_bands(bands)] == ["0–3", "4–7", "8–11"]
    assert (
        by_weeks_waited(problem, document.model_copy(update={"placements": (), "waiting": ()}))
        == ()
    )


def test_who_waits_is_counted_to_the_week_after_the_last_start() -> None:
    people = tuple(
        person.model_copy(update={"referral": week("2016-W50")}) if person.id == "cy" else person
        for person in small_case().people
    )
    problem = small_case(people=people)  # from W50 to 2017-W02 are 4 weeks
    bands = by_weeks_waited(problem, small_document(problem))
    assert [row.counts for row in bands] == [(0, 0), (1, 1), (0, 1)]


def test_a_year_and_more_is_the_last_band() -> None:
    named = name_bands([Counts((12,), (1, 0)), Counts((13,), (0, 1)), Counts((11, 12, 13), (1, 1))])
    assert [str(row.groups[0]) for row in named] == ["48–51", "52 or more", "44 or more"]


def test_the_headline_sums_up(books: Books) -> None:
    key = headline(books)
    assert (key.people, key.placed, key.waiting, key.cost_ore) == (3, 1, 2, 400_000)
    assert (key.match_average, key.wait_median, key.sites_used) == (Fraction(40), 6, 1)
    assert key.placed_share == pytest.approx(1 / 3)
    assert key.left_ore == 550_000 + 550_000


def test_a_headline_without_people_is_no_failure() -> None:
    problem = small_case(people=(), enrolments=(), uses=())
    goals = small_document(small_case()).goals.model_copy(update={"cost": 0})
    empty: dict[str, Any] = {"people": 0, "placements": (), "waiting": (), "goals": goals}
    key = headline(Books(problem, small_document(small_case()).model_copy(update=empty)))
    assert (key.placed_share, key.match_average, key.wait_median) == (1.0, None, None)


def test_what_is_left_is_bound_by_pots_above_and_lines_below() -> None:
    lines = (
        BudgetLine(id="pot", name="Pot"),
        BudgetLine(id="line", name="Line", parent_id="pot"),
        BudgetLine(id="unused", name="Nobody's", parent_id="pot"),
    )
    movements = tuple(
        BudgetMovement(budget_line_id=line, year=year, amount_ore=ore)
        for line, year, ore in (
            ("pot", 2016, 600_000),
            ("line", 2016, 1_000_000),
            ("unused", 2016, 1_000_000),
            ("pot", 2017, 9_000_000),
            ("line", 2017, 1_000_000),
        )
    )
    problem = small_case(budget_lines=lines, budget_movements=movements)
    assert left_to_plan(Books(problem, small_document(problem))) == 200_000 + 600_000


def test_goals_are_shown_in_their_unit(document: PlanDocument) -> None:
    placed, cost = goal_rows(document)
    assert (str(placed.label), str(placed.value), str(placed.bound), placed.gap) == (
        "People placed",
        "4",
        "4",
        0.0,
    )
    assert (str(cost.value), cost.bound, cost.gap) == ("4,000 kr", "–", None)
    assert [str(label) for label in cost.under_floors_of] == ["People placed"]


def test_a_blend_is_called_by_its_name(document: PlanDocument) -> None:
    stage = document.stages[0]
    blend = stage.stage.model_copy(
        update={"blend": (stage.stage.blend[0].model_copy(update={"weight": 3}),)}
    )
    report = stage.model_copy(update={"stage": blend, "name": "3·placed"})
    (row,) = goal_rows(document.model_copy(update={"stages": (report,)}))
    assert (row.label, str(row.meaning)) == ("3·placed", "A weighted sum. More is better.")


def test_reasons_are_counted(document: PlanDocument) -> None:
    assert [(str(row.groups[0]), row.counts) for row in reason_counts(document)] == [
        ("What fits is taken by others", (1,)),
        ("No offer fits", (1,)),
    ]


def test_facts_count_people_and_their_offers(document: PlanDocument) -> None:
    (row,) = ruled_out_by(document)
    assert (row.rule, row.people, row.offers) == ("eligibility", 1, 2)


def test_what_stands_in_the_way_names_nobody_and_the_least_shortage(
    problem: Problem, document: PlanDocument
) -> None:
    cy = document.waiting[1]
    example = cy.blockers[0].example
    worse = cy.blockers[0].model_copy(
        update={
            "options": 5,
            "example": example.model_copy(
                update={"value": 4, "first_week": week("2016-W50"), "person_ids": ("eve",)}
            ),
        }
    )
    eve = cy.model_copy(update={"person_id": "eve", "blockers": (worse,)})
    both = document.model_copy(update={"waiting": (cy, eve)})
    (row,) = blocked_by(problem, both)
    assert (row.rule, row.people, row.options) == ("capacity", 2, 7)
    assert "Café A" in str(row.text)
    assert "2016-W50–2017-W03" in str(row.text)
    assert "cy" not in str(row.text)
    assert "eve" not in str(row.text)


def test_an_obstacle_names_nobody_whatever_its_wording(
    problem: Problem, document: PlanDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    naming = Wording("", "no place for {who}", "")
    monkeypatch.setitem(WORDINGS, "resource-exceeded/places", naming)
    (row,) = blocked_by(problem, document)
    assert str(row.text) == "no place for nobody"


def test_obstacles_of_different_sites_are_different(
    problem: Problem, document: PlanDocument
) -> None:
    cy = document.waiting[1]
    elsewhere = cy.blockers[0].model_copy(
        update={
            "example": cy.blockers[0].example.model_copy(
                update={"site_id": "b", "value": None, "first_week": None, "last_week": None}
            )
        }
    )
    two = cy.model_copy(update={"blockers": (cy.blockers[0], elsewhere)})
    rows = blocked_by(problem, document.model_copy(update={"waiting": (two,)}))
    assert [row.people for row in rows] == [1, 1]
    assert {"Café A", "Workshop B"} == {
        name for name in ("Café A", "Workshop B") for row in rows if name in str(row.text)
    }


def test_an_offer_is_called_by_its_own_name() -> None:
    named = Offer(
        id="ao", name="Kitchen", site_id="a", programme_id="own", price_ore=400_000, weeks=4
    )
    problem = small_case(offers=(named, small_case().offers[1]))
    (row,) = start_list(problem, small_document(problem))
    assert row.offer == "Kitchen"


def test_money_by_month_one_by_one_adds_up_to_the_payments() -> None:
    problem = small_case()
    payments = payments_by_month(Books(problem, small_document(problem)))
    rows = months_one_by_one(payments)
    assert rows
    assert all(row.ore for row in rows)
    assert sum(row.ore for row in rows) == sum(line.total_ore for line in payments.lines)
