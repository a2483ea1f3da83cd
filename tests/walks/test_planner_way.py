"""The planner's way in a real browser, from a workbook with faults to an approved plan's files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from scheduler.cli.app import run as run_command
from scheduler.files import read_problem, write_problem
from tests.api.served import ROOT, Served
from tests.walks.taken_files import rows_of, text_of
from tests.walks.walker import Walker
from tests.walks.windows import Window, in_every_window, in_every_window_once_in_short

pytestmark = [pytest.mark.xdist_group("walks"), pytest.mark.usefixtures("colleagues")]
PERSON, OTHER = "syn-0001", "syn-0002"
NAME = "Ærø, Ålborg og Østerbro"


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One with wrong cells, and the same as it should be; few people, so that a run is short."""
    folder = tmp_path_factory.mktemp("workbooks")
    problem = read_problem(ROOT / "examples" / "staircase")
    people = problem.people[:12]
    site = problem.sites[0].model_copy(update={"name": NAME})
    small = {"people": people, "sites": (site, *problem.sites[1:])}
    good = folder / "plan.xlsx"
    write_problem(problem.model_copy(update=small), good)
    wrong = folder / "plan-med-fejl.xlsx"
    blind = people[2].model_copy(update={"target_groups": ("unknown",)})
    nowhere = problem.offers[0].model_copy(update={"site_id": "nowhere"})
    faults = {"people": (*people[:2], blind, *people[3:]), "offers": (nowhere, problem.offers[1])}
    write_problem(problem.model_copy(update={**small, **faults}), wrong)
    return wrong, good


@in_every_window
def test_the_planner_goes_all_the_way(
    site: Served, browser: Browser, workbooks: tuple[Path, Path], tmp_path: Path, window: Window
) -> None:
    with (
        window.of("planner", browser, site) as planner,
        window.of("approver", browser, site) as approver,
    ):
        upload(planner, *workbooks)
        look_at_tables(planner)
        run(planner)
        plan = planner.page.url
        look_at_plan(planner)
        pin(planner)
        compare(planner)
        planner.page.goto(plan)
        proposed = take_plan(planner, tmp_path / "proposed")
        approve(approver, planner, plan)
        cannot_be_changed(approver, plan)
        planner.page.goto(plan)
        taken = take_everything(planner, tmp_path)
        assert taken["plan.json"].read_bytes() == proposed.read_bytes()
        lists_follow_the_decision(taken)
        replays(taken["bundle.zip"])
        planner.page.goto("/")
        planner.press("Log out")
        planner.sees("Log in")


@in_every_window_once_in_short
def test_a_long_run_is_stopped_and_its_best_plan_used(
    site: Served, browser: Browser, window: Window
) -> None:
    with window.of("planner", browser, site) as planner:
        planner.follow("København 2016")
        planner.follow("Run")
        planner.sees("New run")
        planner.type("Gap, per cent", "0")
        planner.type("Time, minutes", "")
        planner.press("Run")
        planner.sees("Run {number}")
        one = planner.say("1 plan kept so far.")
        more = planner.say("{count} plans kept so far, each better than the one before.")
        kept = re.compile(f"{re.escape(one)}|{more.replace('{count}', '[1-9]')}")
        expect(planner.page.get_by_text(kept)).to_be_visible()
        expect(planner.page.get_by_role("table")).to_be_visible()
        planner.press("Stop, and use the best so far")
        planner.follow("See the plan")
        planner.sees("Plan {number}")
        expect(planner.page.locator("main svg")).not_to_have_count(0)


def upload(planner: Walker, wrong: Path, good: Path) -> None:
    planner.follow("New problem")
    planner.sees("New problem")
    planner.press("Upload")
    expect(planner.alert()).to_be_visible()
    planner.page.set_input_files("#files", wrong)
    planner.press("Upload")
    expect(planner.alert()).to_contain_text(planner.say("Nothing was stored"))
    # The file, its sheet, the row as Excel counts, the column and the value.
    rows = planner.page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text="unknown")).to_contain_text(re.compile("people.*4.*target_groups"))
    expect(rows.filter(has_text="nowhere")).to_contain_text(re.compile("offers.*2.*site"))
    planner.fits()
    planner.page.set_input_files("#files", good)
    planner.press("Upload")
    planner.sees("Staircase")
    expect(planner.page.get_by_role("cell", name=NAME)).to_be_visible()
    expect(planner.page.get_by_role("rowheader", name=PERSON)).to_be_visible()


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
    expect(planner.alert()).to_be_visible()
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
    expect(planner.page.locator("main svg")).not_to_have_count(0)
    for tab in ("Week by week", "Places in use", "Money", "Target groups"):
        planner.turn_to(tab)
        expect(planner.page.locator("main svg").first).to_be_visible()
    planner.follow("Decisions")
    planner.sees("Decisions")
    expect(planner.page.get_by_role("radio")).to_have_count(0)
    planner.page.go_back()
    planner.follow("Who waits")
    expect(planner.page.get_by_text(planner.say("Nobody waits."))).to_be_visible()
    planner.turn_to("Who starts")


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


def take_plan(planner: Walker, folder: Path) -> Path:
    """The plan's JSON, while it is a proposal."""
    planner.follow("Downloads")
    planner.sees("Downloads")
    expect(planner.page.get_by_text(planner.say("The plan is not approved"))).to_be_visible()
    return planner.take(planner.page.locator("a[href$='/plan.json']"), folder)


def approve(approver: Walker, planner: Walker, plan: str) -> None:
    """Another account decides, otherwise for two; each with a reason."""
    planner.page.goto(f"{plan}/decisions")
    expect(planner.page.get_by_role("radio")).to_have_count(0)
    approver.page.goto(plan)
    approver.follow("Decide on the plan")
    approver.sees("Decisions")
    approver.press("Save the decision")
    expect(approver.alert()).to_contain_text(approver.say("Choose what you decide."))
    approver.page.get_by_label(approver.say("Approve the plan")).check()
    approver.type("Note", "Set igennem på mødet: æøå")
    override(approver, 0, PERSON, "no-place", "")
    approver.press("More lines")
    override(approver, 1, OTHER, "other-place", "Skal være nær sin bolig")
    approver.press("Save the decision")
    expect(approver.alert()).to_be_visible()
    approver.fits()
    expect(approver.page.locator("#reason-1")).to_have_value("Skal være nær sin bolig")
    override(approver, 0, PERSON, "no-place", "Er flyttet til en anden kommune")
    approver.press("Save the decision")
    expect(approver.page.get_by_role("list").get_by_text(approver.say("Approved"))).to_be_visible()
    for said in ("Set igennem på mødet: æøå", "Er flyttet til en anden kommune", PERSON, OTHER):
        expect(approver.page.get_by_text(said).first).to_be_visible()


def override(approver: Walker, line: int, person: str, what: str, reason: str) -> None:
    approver.page.locator(f"#person-{line}").fill(person)
    approver.page.locator(f"#what-{line}").select_option(what)
    approver.page.locator(f"#reason-{line}").fill(reason)


def cannot_be_changed(approver: Walker, plan: str) -> None:
    """All that can be done is to withdraw the approval, with a reason; both stay on record."""
    approver.page.goto(f"{plan}/decisions")
    expect(approver.page.get_by_role("radio")).to_have_count(0)
    approver.press("Withdraw the approval")
    expect(approver.alert()).to_be_visible()
    badge = approver.page.locator(".app-history .badge")
    expect(badge).to_have_text([approver.say("Approved")])


def take_everything(planner: Walker, folder: Path) -> dict[str, Path]:
    """Every file of the plan, opened, by what its address ends with."""
    planner.follow("Downloads")
    planner.sees("Downloads")
    links = planner.page.locator("main a[download]")
    expect(links).not_to_have_count(0)
    taken = {}
    for index in range(links.count()):
        address = links.nth(index).get_attribute("href") or ""
        name = re.sub(r"^/plans/\d+/[a-z]+(-[a-z]+)?/(providers/)?", "", address)
        taken[name] = planner.take(links.nth(index), folder / str(index))
        assert text_of(taken[name]), name
        is_stamped = "fortroligt" in taken[name].name
        assert is_stamped is ("person-files" in address), taken[name].name
    own = {f"{who}/starts.{kind}" for who in PROVIDERS for kind in ("csv", "xlsx", "ics")}
    assert taken.keys() == FILES | own
    for name in ("report.html", "report-with-persons.html"):
        planner.page.goto(taken[name].as_uri())
        expect(planner.page.get_by_role("heading", level=1)).to_contain_text("Staircase")
        planner.fits()
    return taken


PROVIDERS = ("enterprise", "municipality")
FILES = {
    "start-list.csv",
    "start-list.xlsx",
    "waiting-list.csv",
    "waiting-list.xlsx",
    "decided-otherwise.csv",
    "decided-otherwise.xlsx",
    "starts.ics",
    "plan.xlsx",
    "plan.json",
    "report-with-persons.html",
    "bundle.zip",
    "finance.xlsx",
    "finance.csv",
    "budget.csv",
    "leader.xlsx",
    "report.html",
}


def lists_follow_the_decision(taken: dict[str, Path]) -> None:
    """Whoever is decided on otherwise stands in a list of their own."""
    for name in ("start-list.csv", "start-list.xlsx", "starts.ics"):
        text = text_of(taken[name])
        assert PERSON not in text, name
        assert OTHER not in text, name
        assert "syn-0003" in text, name
    otherwise = rows_of(taken["decided-otherwise.csv"])
    assert [person for row in otherwise for person in row if person in {PERSON, OTHER}] == [
        PERSON,
        OTHER,
    ]
    for name in ("finance.csv", "budget.csv", "leader.xlsx", "report.html"):
        assert "syn-0" not in text_of(taken[name]), name


def replays(bundle: Path) -> None:
    """The auditor's bundle comes out as the same plan again."""
    assert run_command(["replay", str(bundle), "--json"]) == 0
