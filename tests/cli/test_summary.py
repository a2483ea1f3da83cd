from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from scheduler.cli.summary import summarise_no_plan, summarise_plan, summarise_undecided
from scheduler.language import LANGUAGES, LocalText
from scheduler.outcome import (
    ConflictItem,
    ExcludedByMissingBudget,
    NoPlan,
    PlanDocument,
    Relaxation,
    Undecided,
)
from scheduler.problem import Problem
from tests.report.city import make_city


@pytest.fixture(scope="module")
def city() -> tuple[Problem, PlanDocument]:
    return make_city()


def text(shown: RenderableType) -> str:
    console = Console(width=120, file=io.StringIO())
    with console.capture() as captured:
        console.print(shown)
    return captured.get()


def plan_in_english(city: tuple[Problem, PlanDocument], folder: Path | None = None, **changes):
    problem, document = city
    changed = document.model_copy(update=changes)
    return text(summarise_plan(problem, changed, folder, "en"))


def test_it_begins_with_who_gets_a_place(city) -> None:
    _, document = city
    first = plan_in_english(city).splitlines()[0]
    assert first == (
        f"{document.title}: {len(document.placements)} of {document.people} young people get a"
        f" place; {len(document.waiting)} wait."
    )


def test_each_programme_line_reason_and_goal_has_its_row(city) -> None:
    problem, document = city
    shown = plan_in_english(city)
    for name in (
        *(programme.name for programme in problem.programmes),
        *(line.name for line in problem.budget_lines),
        "Why people wait",
        *("People placed", "Match", "Waiting time", "Cost"),
    ):
        assert name in shown, name
    assert len(document.stages) == 4


def test_without_anyone_waiting_no_reasons_are_given(city) -> None:
    assert "Why people wait" not in plan_in_english(city, waiting=())


@pytest.mark.parametrize(
    ("proof", "says"),
    [
        ("optimal", "How sure: proven. No plan is better"),
        ("within-gap", "How sure: proven within the gap"),
        ("unproven", "How sure: not proven."),
    ],
)
def test_it_says_how_sure_the_plan_is(city, proof: str, says: str) -> None:
    assert says in plan_in_english(city, proof=proof)


def test_a_run_that_was_stopped_may_not_be_repeatable(city) -> None:
    _, document = city
    stopped = document.provenance.model_copy(update={"repeatable": False})
    assert "another run may differ" not in plan_in_english(city)
    assert "another run may differ" in plan_in_english(city, provenance=stopped)


def test_what_is_out_of_the_ordinary_is_remarked_on(city) -> None:
    problem, _ = city
    line = problem.budget_lines[0]
    missing = ExcludedByMissingBudget(budget_line_id=line.id, year=2018, options=1200, people=7)
    shown = plan_in_english(city, excluded_by_missing_budget=(missing,))
    assert f"Budget line {line.name} has no decided money in 2018: 1,200 possible" in shown


def test_it_ends_with_the_files(city, tmp_path: Path) -> None:
    (tmp_path / "plan.json").touch()
    shown = plan_in_english(city, tmp_path)
    assert shown.rstrip().splitlines()[-1] == "  plan.json"
    assert "The results lie in" in shown
    assert "The results lie in" not in plan_in_english(city)


def test_all_of_it_is_danish_by_default(city, tmp_path: Path) -> None:
    problem, document = city
    shown = text(summarise_plan(problem, document, tmp_path, "da"))
    for word in ("unge får en plads", "Bevilling", "Hensyn", "Hvor sikkert", "Resultaterne ligger"):
        assert word in shown, word


def test_no_plan_shows_the_conflict_and_the_least_that_would_help(city) -> None:
    _, document = city
    outcome = NoPlan(
        title="Town",
        conflict=(ConflictItem(rule="pins", what=LocalText(da="Ada er fast", en="Ada is fixed")),),
        relaxations=(
            Relaxation(unit="places", amount=3, parts=(LocalText(da="tre", en="three at Café"),)),
            Relaxation(unit="courses", amount=None),
            Relaxation(unit="ore", amount=123_400),
        ),
        provenance=document.provenance,
    )
    shown = text(summarise_no_plan(outcome, "en"))
    for says in (
        "Town: it is proven that no plan exists.",
        "• Ada is fixed",
        "places: 3",
        "• three at Café",
        "courses: no amount of it alone would help",
        "money: 1,234 kr",
    ):
        assert says in shown, says
    assert "Ada er fast" in text(summarise_no_plan(outcome, "da"))


def test_a_search_for_a_conflict_that_was_stopped_says_so(city) -> None:
    _, document = city
    cut = document.provenance.model_copy(update={"repeatable": False})
    outcome = NoPlan(
        title="Town",
        conflict=(ConflictItem(rule="pins", what=LocalText(da="Ada er fast", en="Ada is fixed")),),
        conflict_is_smallest=False,
        relaxations=(Relaxation(unit="ore", amount=123_400, is_least=False),),
        provenance=cut,
    )
    shown = " ".join(text(summarise_no_plan(outcome, "en")).split())
    assert "cannot all hold; the search was stopped, and fewer of them may be enough:" in shown
    assert "without any one of them" not in shown
    assert "money: 1,234 kr is enough; less may be" in shown
    assert "another run may differ" in shown

    nothing = outcome.model_copy(update={"conflict": (), "relaxations": ()})
    shown = " ".join(text(summarise_no_plan(nothing, "en")).split())
    assert "was stopped before it could leave any out." in shown
    assert "least that would have to give was stopped before it found any." in shown


def test_undecided_says_that_nothing_is_known(city) -> None:
    _, document = city
    outcome = Undecided(title="Town", provenance=document.provenance)
    for language in LANGUAGES:
        assert "--time-limit" in text(summarise_undecided(outcome, language))
