"""One rule, one module, one name: a rule that is known somewhere is known everywhere."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from spec import SPEC_CASES

from scheduler import check, faults, goals, rules
from scheduler.explain.wording import WORDINGS
from scheduler.goal import GOAL_NAMES, SENSES
from scheduler.report.views.goals import GOAL_LABELS, GOAL_MEANINGS
from scheduler.violation import FACTS, RULE_NAMES

ROOT = Path(__file__).parents[2]
NOT_RULES = {"__init__", "rule", "rows"}


def test_there_are_rules_and_goals() -> None:
    assert len(RULE_NAMES) >= 11
    assert len(GOAL_NAMES) >= 4


def test_the_model_and_the_checker_list_every_rule_in_the_same_order() -> None:
    assert tuple(rule.name for rule in rules.RULES) == RULE_NAMES
    assert tuple(rule.name for rule in check.RULES) == RULE_NAMES


@pytest.mark.parametrize("name", RULE_NAMES)
@pytest.mark.parametrize(
    "place",
    [
        "scheduler/rules/{module}.py",
        "scheduler/check/{module}.py",
        "tests/spec/{module}.py",
        "docs/reference/rules/{name}.md",
    ],
)
def test_every_rule_has_its_file(name: str, place: str) -> None:
    assert (ROOT / place.format(module=name.replace("-", "_"), name=name)).is_file()


def test_every_check_of_the_input_is_made() -> None:
    names = {path.stem for path in (ROOT / "scheduler" / "faults").glob("*.py")} - {"__init__"}
    modules = [importlib.import_module(f"scheduler.faults.{name}") for name in sorted(names)]
    made = [made for module in modules for made in getattr(module, "CHECKS", ())]
    assert len(made) > 20
    assert set(made) == set(faults.CHECKS)


def test_no_module_or_page_is_left_of_a_rule_that_is_no_more() -> None:
    modules = {name.replace("-", "_") for name in RULE_NAMES}
    found = {path.stem for path in (ROOT / "scheduler" / "rules").glob("*.py")}
    assert found - NOT_RULES == modules
    pages = {path.stem for path in (ROOT / "docs" / "reference" / "rules").glob("*.md")}
    assert pages - {"README"} == set(RULE_NAMES)


@pytest.mark.parametrize("name", RULE_NAMES)
def test_every_rule_says_what_it_is_and_why(name: str) -> None:
    for part in ("rules", "check"):
        source = (ROOT / "scheduler" / part / f"{name.replace('-', '_')}.py").read_text("utf-8")
        for says in ("Rule: ", "Why: ", "Checked by: "):
            assert f"\n{says}" in source, (part, says)


@pytest.mark.parametrize("name", RULE_NAMES)
def test_every_rule_has_legal_and_illegal_cases(name: str) -> None:
    assert {case.is_legal for case in SPEC_CASES[name]} == {True, False}


def test_every_fact_has_its_words() -> None:
    assert {key.partition("/")[0] for key in WORDINGS} == set(FACTS)


@pytest.mark.parametrize("name", RULE_NAMES)
def test_every_rule_is_described_to_the_last_detail(name: str) -> None:
    text = (ROOT / "docs" / "explanation" / "problem.md").read_text(encoding="utf-8")
    assert f"`{name}`" in text


def test_every_goal_is_known_everywhere() -> None:
    assert tuple(goal.name for goal in goals.GOALS) == GOAL_NAMES
    assert tuple(SENSES) == GOAL_NAMES
    assert tuple(GOAL_LABELS) == tuple(GOAL_MEANINGS) == GOAL_NAMES
    text = (ROOT / "docs" / "explanation" / "problem.md").read_text(encoding="utf-8")
    for name in GOAL_NAMES:
        assert f"\n- `{name}`: " in text
