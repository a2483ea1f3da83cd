from __future__ import annotations

import dataclasses

import pytest
from small import offer, person, small_problem, week
from spec.case import enrolment, place

from providers import Contract
from scheduler.check import (
    Checker,
    Facts,
    Misstatement,
    Paid,
    Shortfall,
    Verified,
    check,
    decided_placement,
    verify,
)
from scheduler.errors import PlanBreaksRules, PlanFileError
from scheduler.goal import Stage
from scheduler.outcome import PlanDocument, Provenance, StageReport
from scheduler.plan import Plan
from scheduler.problem import Problem

PLAN = Plan(placements=(place("ada"), place("bo")))


def document(problem: Problem, plan: Plan = PLAN, **changes: object) -> PlanDocument:
    facts = Facts(problem)
    goals = check(problem, plan).goals
    stage = Stage.single("placed")
    fields: dict[str, object] = {
        "title": problem.title,
        "as_of": problem.as_of,
        "first_start": problem.first_start,
        "last_start": problem.last_start,
        "proof": "optimal",
        "goals": goals,
        "stages": (
            StageReport(
                name="placed",
                stage=stage,
                sense="most",
                value_when_decided=goals.placed,
                value=goals.placed,
                bound=goals.placed,
                floor=goals.placed,
                under_floors_of=(),
                proof="optimal",
                seconds=0.0,
            ),
        ),
        "people": 2,
        "options": 8,
        "placements": tuple(decided_placement(facts, one) for one in plan.placements),
        "waiting": (),
        "provenance": Provenance(
            input_sha256="0" * 64,
            engine="none",
            seed=0,
            threads=1,
            gap_basis_points=None,
            time_limit_seconds=None,
            repeatable=True,
            versions=(),
            started_at="2016-07-04T00:00:00Z",
            seconds=0.0,
        ),
    }
    return PlanDocument(**{**fields, **changes})


def test_a_document_that_says_what_is_so_is_sound() -> None:
    report = check(small_problem(), PLAN, document(small_problem()))
    assert report.is_sound
    assert report.violations == report.misstatements == ()


def test_wrong_goal_and_stage_values_are_found() -> None:
    problem = small_problem()
    right = document(problem)
    wrong = right.goals.model_copy(update={"match": 81, "cost": 1})
    stage = right.stages[0].model_copy(update={"value": 5})
    report = check(problem, PLAN, document(problem, goals=wrong, stages=(stage,)))
    assert report.misstatements == (
        Misstatement("goals.match", "81", "80"),
        Misstatement("goals.cost", "1", "2500000"),
        Misstatement("stages.placed", "5", "4"),
    )
    assert not report.is_sound
    assert report.broken == ()


def test_wrong_statements_about_a_placement_are_found() -> None:
    problem = small_problem()
    first, second = document(problem).placements
    match = first.match.model_copy(update={"wishes": 39, "total": 39})
    changes = {"end": week("2016-W41"), "wait_weeks": 6, "match": match, "site_id": "elsewhere"}
    report = check(
        problem, PLAN, document(problem, placements=(first.model_copy(update=changes), second))
    )
    assert [(one.field, one.stated, one.person_id) for one in report.misstatements] == [
        ("site_id", "elsewhere", "ada"),
        ("end", "2016-W41", "ada"),
        ("wait_weeks", "6", "ada"),
        ("match", str(match), "ada"),
    ]


def test_wrong_costs_break_the_rule_price() -> None:
    problem = small_problem()
    first, second = document(problem).placements
    wrong = first.model_copy(update={"cost_ore": 7, "costs": ()})
    report = check(problem, PLAN, document(problem, placements=(wrong, second)))
    assert [(one.rule, one.year, one.limit, one.value) for one in report.broken] == [
        ("price", None, 1_250_000, 7),
        ("price", 2016, 1_250_000, 0),
    ]


def test_a_document_with_other_placements_than_the_plan_is_found() -> None:
    problem = small_problem()
    report = check(problem, PLAN, document(problem, placements=()))
    assert report.misstatements == (Misstatement("placements", "0", "2"),)


def test_unknown_people_and_offers_are_named() -> None:
    plan = Plan(placements=(place("zoe"), place("ada", offer_id="none")))
    with pytest.raises(PlanFileError, match="person zoe, offer none"):
        check(small_problem(), plan)


def test_only_verify_makes_a_verified_plan() -> None:
    verified = verify(small_problem(), PLAN)
    assert verified.plan == PLAN
    assert verified.goals == check(small_problem(), PLAN).goals
    assert verified.inherited == ()
    with pytest.raises(TypeError, match="only verify"):
        Verified()
    with pytest.raises(dataclasses.FrozenInstanceError):
        verified.plan = Plan()  # type: ignore[misc]  # that it is refused is the point


def test_a_plan_that_breaks_a_rule_is_not_verified() -> None:
    with pytest.raises(PlanBreaksRules) as raised:
        verify(small_problem(), Plan(placements=(place(weeks=15),)))
    assert [one.fact for one in raised.value.violations] == ["too-short"]


def test_what_is_inherited_does_not_hinder_verification() -> None:
    problem = small_problem(enrolments=(enrolment(price_ore=2_500_001),))
    verified = verify(problem, Plan())
    assert [one.fact for one in verified.inherited] == ["line-exceeded"]


def _with_contract() -> Problem:
    contract = Contract(
        id="deal",
        provider_id="city",
        first_week=week("2016-W01"),
        last_week=week("2016-W52"),
        least_courses=3,
        least_applies="always",
        take_or_pay=True,
        shortfall_course_ore=1_000,
        shortfall_budget_line_id="line",
    )
    return small_problem(
        offers=(offer("course", contract_id="deal"),),
        contracts=(contract,),
        people=(person("ada"), person("bo"), person("cy", seeks_place=False)),
        enrolments=(enrolment(person_id="cy", start=week("2016-W12"), price_ore=160),),
    )


def test_what_reports_read() -> None:
    checker = Checker(_with_contract(), Plan(placements=(place("ada"),)))
    assert checker.use("cafe", "places", week("2016-W27")) == 2
    assert checker.use("cafe", "places", week("2016-W28")) == 1
    assert checker.amount("cafe", "places", week("2016-W28")) == 2
    assert checker.paid("line", 2016) == Paid(committed=160, planned=1_250_000, shortfall=1_000)
    assert checker.paid("line", 2016).together == 1_251_160
    assert checker.decided("line", 2016) == checker.limit("line", 2016) == 2_500_000
    assert checker.shortfalls() == (Shortfall("deal", "line", 2016, 1, 1_000),)
    assert [one.source for one in checker.courses()] == ["enrolment", "placement"]
    assert checker.goals().cost == 1_251_000


def test_what_is_not_held_cannot_be_removed() -> None:
    checker = Checker(small_problem(), PLAN)
    with pytest.raises(ValueError, match="not in list"):
        checker.remove(place("ada", "2016-W28"))
    checker.remove(place("ada"))
    with pytest.raises(KeyError):
        checker.remove(place("ada"))


def test_only_the_rules_asked_for_are_looked_at() -> None:
    checker = Checker(small_problem(), PLAN)
    assert checker.breaks(place("ada", weeks=15), ("length",))
    assert not checker.breaks(place("ada", weeks=15), ("eligibility",))
    checker.add(place("ada", "2016-W28"))
    assert {one.rule for one in checker.violations()} == {"one-course", "capacity", "budget"}
    assert {one.rule for one in checker.violations(("budget",))} == {"budget"}


def test_a_possible_placement_is_not_judged_by_what_the_plan_holds() -> None:
    checker = Checker(small_problem(), PLAN)
    person_three = place("ada", "2016-W28")
    assert checker.breaks_alone(person_three) == ()
    assert {one.fact for one in checker.breaks(person_three)} == {
        "two-placements",
        "resource-exceeded",
        "line-exceeded",
    }


def test_a_shortfall_that_others_may_avert_makes_no_placement_impossible() -> None:
    problem = _with_contract()
    contract = problem.contracts[0].model_copy(update={"shortfall_course_ore": 2_000_000})
    problem = problem.model_copy(update={"contracts": (contract,)})
    checker = Checker(problem)
    assert checker.breaks_alone(place("ada")) == ()
    assert checker.breaks(place("ada")) == ()
    assert [one.fact for one in checker.violations()] == ["line-exceeded"]


def test_a_contract_without_take_or_pay_saves_no_shortfall_of_another() -> None:
    problem = _with_contract()
    plain = Contract(
        id="plain", provider_id="city", first_week=week("2016-W01"), last_week=week("2016-W52")
    )
    problem = problem.model_copy(
        update={
            "contracts": (*problem.contracts, plain),
            "offers": (*problem.offers, offer("other", contract_id="plain")),
        }
    )
    checker = Checker(problem, Plan(placements=(place("ada"),)))
    (found,) = checker.breaks(place("bo", "2016-W28", offer_id="other"))
    assert (found.fact, found.value) == ("line-exceeded", 160 + 2 * 1_250_000 + 1_000)
    assert checker.breaks(place("bo", "2016-W28"))[0].value == 160 + 2 * 1_250_000
