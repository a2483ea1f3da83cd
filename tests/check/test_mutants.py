"""A good plan of a rich problem, broken one way each: exactly the right rule fires."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from small import offer, person, site, small_problem, week
from spec.case import money, place

from providers import Capacity, Contract, Provider
from scheduler.check import Checker, Facts, check, decided_placement, verify
from scheduler.check.registry import RULES
from scheduler.errors import PlanBreaksRules
from scheduler.outcome import YearCost
from scheduler.person import Pin, Use
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, Programme, Volume
from scheduler.violation import RULE_NAMES, Violation


def _programme(id_: str, **changes: Any) -> Programme:
    return Programme(**{"id": id_, "name": id_, "budget_line_id": "wide", **changes})


def rich_problem() -> Problem:
    """Synthetic: six programmes and offers, each with one limit that is just kept."""
    return small_problem(
        programmes=(
            _programme("own", target_groups=("autism",)),
            _programme("few", volumes=(Volume(year=2016, most=1),)),
            _programme("poor", budget_line_id="tight", charged="at-start"),
        ),
        budget_lines=(
            BudgetLine(id="wide", name="Wide", parent_id="pot"),
            BudgetLine(id="tight", name="Tight", parent_id="pot"),
            BudgetLine(id="pot", name="Pot"),
        ),
        budget_movements=(
            money(50_000_000, line="wide"),
            money(1_300_000, line="tight"),
            money(60_000_000, line="pot"),
        ),
        providers=(
            Provider(id="city", name="The city", kind="municipal"),
            Provider(id="firm", name="Firm", kind="social-economy"),
        ),
        sites=(
            site("cafe", places=2, equipment=("step-free",)),
            site("hall", places=9),
            site("shop", places=9, provider_id="firm"),
            site("shed", places=9, most_starts_a_week=1),
        ),
        capacity=(
            Capacity(site_id="hall", resource="support_minutes", amount=120),
            Capacity(site_id="shop", resource="support_minutes", amount=999),
        ),
        uses=(Use(offer_id="helped", resource="support_minutes", amount=60),),
        contracts=(
            Contract(
                id="deal",
                provider_id="firm",
                first_week=week("2016-W20"),
                last_week=week("2016-W52"),
                least_courses=2,
                most_courses=2,
            ),
        ),
        offers=(
            offer("course"),
            offer("group", site_id="hall", fewest_participants=2),
            offer("helped", site_id="hall"),
            offer("bought", site_id="shop", contract_id="deal"),
            offer("rare", site_id="shop", programme_id="few"),
            offer("dear", site_id="shop", programme_id="poor"),
            offer("open", site_id="shop"),
            offer("slow", site_id="shed"),
            offer("slower", site_id="shed"),
        ),
        people=(
            person("ada", needs=("step-free",), earliest_start=week("2016-W28")),
            person("bo"),
            *(
                person(name)
                for name in ("cy", "di", "eva", "fay", "gus", "hal", "ida", "jon", "kim")
            ),
            person("len"),
            person("mia"),
            person("nel"),
        ),
        pins=(
            Pin(kind="fixed", person_id="ada", offer_id="course", start=week("2016-W28")),
            Pin(kind="forbidden", person_id="len", offer_id="open"),
        ),
    )


GOOD = Plan(
    placements=(
        place("ada", "2016-W28"),
        place("bo", "2016-W28"),
        place("cy", "2016-W29", offer_id="group"),
        place("di", "2016-W29", offer_id="group"),
        place("eva", "2016-W27", offer_id="helped"),
        place("fay", "2016-W27", offer_id="helped"),
        place("gus", "2016-W27", offer_id="bought"),
        place("hal", "2016-W30", offer_id="bought"),
        place("ida", "2016-W27", offer_id="rare"),
        place("jon", "2016-W27", offer_id="dear"),
        place("kim", "2016-W27", offer_id="open"),
        place("nel", "2016-W28", offer_id="slow"),
    )
)


def without(person_id: str, *added: Placement) -> Plan:
    kept = [one for one in GOOD.placements if one.person_id != person_id]
    return Plan(placements=(*kept, *added))


def plus(*added: Placement) -> Plan:
    return Plan(placements=(*GOOD.placements, *added))


MUTANTS: tuple[tuple[Plan, Violation], ...] = (
    (
        plus(place("kim", "2016-W28", offer_id="open")),
        Violation(
            rule="one-course",
            fact="two-placements",
            person_ids=("kim",),
            first_week=week("2016-W27"),
            last_week=week("2016-W43"),
            limit=1,
            value=2,
        ),
    ),
    (
        without("kim", place("kim", "2016-W26", offer_id="open")),
        Violation(
            rule="window",
            fact="plan-window",
            person_ids=("kim",),
            offer_id="open",
            site_id="shop",
            programme_id="own",
            first_week=week("2016-W26"),
            last_week=week("2016-W41"),
            limit=0,
            value=-1,
        ),
    ),
    (
        without("kim", place("kim", "2016-W27", 15, offer_id="open")),
        Violation(
            rule="length",
            fact="too-short",
            person_ids=("kim",),
            offer_id="open",
            site_id="shop",
            programme_id="own",
            first_week=week("2016-W27"),
            last_week=week("2016-W41"),
            limit=16,
            value=15,
        ),
    ),
    (
        plus(place("mia", "2016-W27")),
        Violation(
            rule="capacity",
            fact="resource-exceeded",
            person_ids=("ada", "bo", "mia"),
            site_id="cafe",
            resource="places",
            first_week=week("2016-W28"),
            last_week=week("2016-W42"),
            limit=2,
            value=3,
        ),
    ),
    (
        plus(place("mia", "2016-W30", offer_id="helped")),
        Violation(
            rule="capacity",
            fact="resource-exceeded",
            person_ids=("eva", "fay", "mia"),
            site_id="hall",
            resource="support_minutes",
            first_week=week("2016-W30"),
            last_week=week("2016-W42"),
            limit=120,
            value=180,
        ),
    ),
    (
        plus(place("mia", "2016-W28", offer_id="slower")),
        Violation(
            rule="intake",
            fact="too-many-starts",
            person_ids=("mia", "nel"),
            site_id="shed",
            first_week=week("2016-W28"),
            last_week=week("2016-W28"),
            limit=1,
            value=2,
        ),
    ),
    (
        without("di"),
        Violation(
            rule="cohort",
            fact="group-too-small",
            person_ids=("cy",),
            offer_id="group",
            site_id="hall",
            programme_id="own",
            first_week=week("2016-W29"),
            last_week=week("2016-W29"),
            limit=2,
            value=1,
        ),
    ),
    (
        plus(place("mia", "2016-W27", offer_id="dear")),
        Violation(
            rule="budget",
            fact="line-exceeded",
            person_ids=("jon", "mia"),
            budget_line_id="tight",
            year=2016,
            limit=1_300_000,
            value=2_500_000,
        ),
    ),
    (
        plus(place("mia", "2016-W29", offer_id="rare")),
        Violation(
            rule="volume",
            fact="too-many-courses",
            person_ids=("ida", "mia"),
            programme_id="few",
            year=2016,
            limit=1,
            value=2,
        ),
    ),
    (
        plus(place("mia", "2016-W29", offer_id="bought")),
        Violation(
            rule="contract",
            fact="most-courses",
            person_ids=("gus", "hal", "mia"),
            contract_id="deal",
            provider_id="firm",
            first_week=week("2016-W20"),
            last_week=week("2016-W52"),
            limit=2,
            value=3,
        ),
    ),
    (
        without("hal"),
        Violation(
            rule="contract",
            fact="least-courses",
            person_ids=("gus",),
            contract_id="deal",
            provider_id="firm",
            first_week=week("2016-W20"),
            last_week=week("2016-W52"),
            limit=2,
            value=1,
        ),
    ),
    (
        without("ada"),
        Violation(
            rule="pins",
            fact="fixed-missing",
            person_ids=("ada",),
            offer_id="course",
            site_id="cafe",
            first_week=week("2016-W28"),
            last_week=week("2016-W28"),
        ),
    ),
    (
        plus(place("len", "2016-W30", offer_id="open")),
        Violation(
            rule="pins",
            fact="forbidden",
            person_ids=("len",),
            offer_id="open",
            site_id="shop",
            first_week=week("2016-W30"),
            last_week=week("2016-W30"),
        ),
    ),
)


def test_the_good_plan_breaks_nothing() -> None:
    assert check(rich_problem(), GOOD).violations == ()


@pytest.mark.parametrize(("plan", "expected"), MUTANTS, ids=[one.fact for _, one in MUTANTS])
def test_a_mutant_breaks_exactly_one_rule(plan: Plan, expected: Violation) -> None:
    assert check(rich_problem(), plan).violations == (expected,)
    with pytest.raises(PlanBreaksRules) as raised:
        verify(rich_problem(), plan)
    assert raised.value.violations == (expected,)


def _people(problem: Problem, person_id: str, **changes: Any) -> Problem:
    people = tuple(
        one.model_copy(update=changes) if one.id == person_id else one for one in problem.people
    )
    return problem.model_copy(update={"people": people})


ELIGIBILITY: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    ("target-group-programme", {"target_groups": ("blind",)}, {"codes": ("blind",)}),
    ("status", {"status": "education-ready"}, {"codes": ("education-ready",)}),
    (
        "last-eligible-week",
        {"last_eligible_week": week("2016-W25")},
        {"limit": 0, "value": 2},
    ),
    ("needs", {"needs": ("step-free",)}, {"codes": ("step-free",)}),
    ("excluded-site", {"excluded_sites": ("shop",)}, {}),
    ("excluded-provider", {"excluded_providers": ("firm",)}, {}),
    ("travel", {"most_travel_minutes": 30, "area": "north"}, {"limit": 30}),
)


@pytest.mark.parametrize(
    ("fact", "changes", "details"), ELIGIBILITY, ids=[fact for fact, _, _ in ELIGIBILITY]
)
def test_a_person_who_no_longer_fits_is_named(
    fact: Any, changes: dict[str, Any], details: dict[str, Any]
) -> None:
    problem = _people(rich_problem(), "kim", **changes)
    expected = Violation(
        rule="eligibility",
        fact=fact,
        person_ids=("kim",),
        offer_id="open",
        site_id="shop",
        provider_id="firm",
        programme_id="own",
        first_week=week("2016-W27"),
        last_week=week("2016-W42"),
        **details,
    )
    assert check(problem, GOOD).violations == (expected,)


def test_a_wrong_cost_in_the_plan_file_is_the_rule_price() -> None:
    facts = Facts(rich_problem())
    decided = decided_placement(facts, GOOD.placements[0])
    wrong = decided.model_copy(update={"costs": (YearCost(year=2016, ore=1),)})
    found = [one for rule in RULES for one in rule.stated(facts, wrong)]
    assert found == [
        Violation(
            rule="price",
            fact="cost-differs",
            person_ids=("ada",),
            offer_id="course",
            site_id="cafe",
            programme_id="own",
            first_week=week("2016-W28"),
            last_week=week("2016-W43"),
            year=2016,
            limit=1_250_000,
            value=1,
        )
    ]
    assert [one for rule in RULES for one in rule.stated(facts, decided)] == []


def test_no_rule_is_left_out() -> None:
    mutated = {violation.rule for _, violation in MUTANTS} | {"eligibility", "price"}
    assert mutated == set(RULE_NAMES)


def test_the_registry_has_every_rule_in_order() -> None:
    assert tuple(rule.name for rule in RULES) == RULE_NAMES


@pytest.mark.parametrize("name", RULE_NAMES)
def test_each_rule_says_so_in_its_module(name: str) -> None:
    rule = next(rule for rule in RULES if rule.name == name)
    spoken: list[Callable[..., Any]] = [rule.by_itself, rule.whole, rule.stated]
    modules = {one.__module__ for one in spoken} - {"scheduler.check.rule"}
    assert modules == {f"scheduler.check.{name.replace('-', '_')}"}
    module = __import__(modules.pop(), fromlist=["__doc__"])
    for heading in ("Rule: ", "Why: ", "Checked by: "):
        assert heading in (module.__doc__ or "")


def test_removing_what_was_added_leaves_the_plan_as_it_was() -> None:
    checker = Checker(rich_problem(), GOOD)
    goals = checker.goals()
    for plan, _ in MUTANTS:
        for placement in plan.placements:
            if placement not in GOOD.placements:
                checker.add(placement)
                checker.remove(placement)
    assert checker.violations() == ()
    assert checker.goals() == goals
