"""The checker's verdict on every spec case."""

from __future__ import annotations

import pytest
from spec import SPEC_CASES, SpecCase

from providers import Week
from scheduler.check import RULES, Checker, Facts, check, decided_placement
from scheduler.outcome import YearCost
from scheduler.violation import FACTS, RULE_NAMES, Violation

ALL = [(rule, case) for rule, cases in SPEC_CASES.items() for case in cases]


def verdicts(violations: tuple[Violation, ...]) -> list[tuple[str, str]]:
    return [(found.rule, found.fact) for found in violations]


@pytest.mark.parametrize(("rule", "case"), ALL, ids=[f"{rule}: {case.title}" for rule, case in ALL])
def test_the_checker_says_what_is_expected(rule: str, case: SpecCase) -> None:
    report = check(case.problem, case.plan)
    stated = _stated(case)
    assert verdicts((*report.broken, *stated)) == list(case.expected)
    assert verdicts(report.inherited) == list(case.inherited)
    assert all(found.rule == rule for found in (*report.violations, *stated))


def _stated(case: SpecCase) -> tuple[Violation, ...]:
    if case.stated is None:
        return ()
    facts = Facts(case.problem)
    (placement,) = case.plan.placements
    changes = {
        "cost_ore": sum(ore for _, ore in case.stated),
        "costs": tuple(YearCost(year=year, ore=ore) for year, ore in case.stated),
    }
    decided = decided_placement(facts, placement).model_copy(update=changes)
    return tuple(found for rule in RULES for found in rule.stated(facts, decided))


@pytest.mark.parametrize(
    "case", [case for _, case in ALL], ids=[f"{rule}: {case.title}" for rule, case in ALL]
)
def test_a_plan_built_step_by_step_ends_the_same(case: SpecCase) -> None:
    checker = Checker(case.problem)
    for placement in case.plan.placements:
        checker.add(placement)
    assert checker.violations() == check(case.problem, case.plan).violations


def test_every_rule_has_legal_and_illegal_cases() -> None:
    assert tuple(SPEC_CASES) == RULE_NAMES
    for cases in SPEC_CASES.values():
        assert any(case.is_legal and case.plan.placements for case in cases)
        assert any(not case.is_legal for case in cases)


def test_every_fact_occurs_in_the_cases_of_its_rule() -> None:
    shown = {fact for _, case in ALL for _, fact in case.expected}
    assert shown == set(FACTS)


def test_titles_differ_within_a_rule() -> None:
    for cases in SPEC_CASES.values():
        assert len({case.title for case in cases}) == len(cases)


def test_a_case_shows_what_it_is_given() -> None:
    case = SPEC_CASES["length"][2]
    assert case.given() == (
        ("people", "ada", "weeks_needed", "20"),
        ("offers", "course", "most_weeks", "20"),
        ("offers", "course", "extra_week_price_ore", "50000"),
    )
    assert case.planned() == (("ada", "course", str(Week.parse("2016-W27")), "20"),)
