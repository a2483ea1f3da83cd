"""The planner's way in a real browser, from the workbook to the difference between two plans."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scheduler.files import read_problem, write_problem
from scheduler.language import Language
from tests.api.served import ROOT, Served
from tests.walks.walker import Walker, log_in, walker

PERSON = "syn-0001"


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One with a wrong cell, and the same as it should be; few people, so that a run is short."""
    folder = tmp_path_factory.mktemp("workbooks")
    problem = read_problem(ROOT / "examples" / "staircase")
    people = problem.people[:12]
    good = folder / "plan.xlsx"
    write_problem(problem.model_copy(update={"people": people}), good)
    wrong = folder / "plan-med-fejl.xlsx"
    blind = people[0].model_copy(update={"target_groups": ("unknown",)})
    write_problem(problem.model_copy(update={"people": (blind, *people[1:])}), wrong)
    return wrong, good


# Each two of language, scripts and width meet.
@pytest.mark.parametrize(
    ("language", "javascript", "width"),
    [("da", True, 1280), ("da", False, 390), ("en", True, 390), ("en", False, 1280)],
)
def test_the_planner_goes_all_the_way(
    site: Served,
    browser: Browser,
    workbooks: tuple[Path, Path],
    language: Language,
    *,
    javascript: bool,
    width: int,
) -> None:
    with walker(browser, site.address, language, width, javascript=javascript) as planner:
        log_in(planner, "administrator", site.password)
        upload(planner, *workbooks)
        look_at_tables(planner)
        run(planner)
        look_at_plan(planner)
        pin(planner)
        compare(planner)
        planner.press("Log out")
        planner.sees("Log in")


def upload(planner: Walker, wrong: Path, good: Path) -> None:
    planner.follow("New problem")
    planner.sees("New problem")
    planner.page.set_input_files("#files", wrong)
    planner.press("Upload")
    expect(planner.page.get_by_role("alert")).to_contain_text(planner.say("Nothing was stored"))
    expect(planner.page.get_by_role("cell", name="unknown").first).to_be_visible()
    planner.fits()
    planner.page.set_input_files("#files", good)
    planner.press("Upload")
    planner.sees("Staircase")


def look_at_tables(planner: Walker) -> None:
    for name in ("Sites", "Offers", "Young people"):
        planner.follow(name)
        planner.sees(name)
        if name != "Young people":
            planner.page.go_back()
    planner.type("Search", PERSON)
    planner.press("Search")
    rows = planner.page.locator("tbody tr")
    expect(rows).to_have_count(1)
    planner.follow("Show all")
    expect(rows).to_have_count(12)
    planner.follow("Staircase")


def run(planner: Walker) -> None:
    planner.follow("Run")
    planner.sees("New run")
    planner.type("Gap, per cent", "halv")
    planner.press("Run")
    expect(planner.page.get_by_role("alert")).to_be_visible()
    expect(planner.field("Gap, per cent")).to_have_value("halv")
    planner.fits()
    planner.type("Gap, per cent", "1")
    planner.press("Run")
    see_plan(planner)


def see_plan(planner: Walker) -> None:
    planner.sees("Run {number}")
    expect(planner.page.get_by_role("status")).to_be_visible()
    planner.follow("See the plan")
    planner.sees("Plan {number}")


def look_at_plan(planner: Walker) -> None:
    expect(planner.page.locator("main svg")).to_have_count(2)
    for tab in ("Week by week", "Places in use", "Money", "Target groups"):
        planner.follow(tab)
        expect(planner.page.locator("main svg").first).to_be_visible()
        planner.fits()
    for page in ("Decisions", "Downloads"):
        planner.follow(page)
        planner.sees(page)
        planner.page.go_back()
    planner.follow("Who waits")
    expect(planner.page.get_by_text(planner.say("Nobody waits."))).to_be_visible()
    planner.follow("Who starts")
    planner.fits()


def pin(planner: Walker) -> None:
    planner.follow(PERSON)
    planner.sees(PERSON)
    heading = planner.say("Why this placement")
    expect(planner.page.get_by_role("heading", name=heading)).to_be_visible()
    chosen = planner.page.locator(".app-offer--chosen")
    planner.follow("Rule {offer} out", chosen)
    planner.sees("Rule a placement out")
    planner.type("Why", "Prøver noget andet: æøå")
    planner.press("Save the change")
    planner.sees("Changes")
    expect(planner.page.get_by_text("Prøver noget andet: æøå").first).to_be_visible()


def compare(planner: Walker) -> None:
    planner.follow("Run again")
    planner.sees("New run")
    planner.press("Run")
    see_plan(planner)
    planner.follow("Compare with another plan")
    planner.sees("From plan {other} to plan {number}")
    expect(planner.page.get_by_role("link", name=PERSON).first).to_be_visible()
