"""The engineer's way in a real browser: what runs took. No person is named anywhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from api.services.problems import add_problem
from api.store import Store
from tests.api.served import Served
from tests.api.site import small_problem
from tests.walks.windows import Window, in_every_window

pytestmark = pytest.mark.xdist_group("walks")
SOMEBODY = re.compile(r"syn-\d+")


@pytest.fixture(scope="session")
def problem_id(store: Store, colleagues: dict[str, int]) -> int:
    with store.write() as session:
        return add_problem(session, small_problem(), colleagues["planner"], "test").problem_id


@in_every_window
def test_the_engineer_goes_all_the_way(
    site: Served, browser: Browser, problem_id: int, window: Window
) -> None:
    with (
        window.of("planner", browser, site) as planner,
        window.of("engineer", browser, site) as engineer,
    ):
        planner.page.goto(f"/problems/{problem_id}/runs/new")
        planner.press("Run")
        planner.sees("Run {number}")
        number = planner.page.url.rpartition("/")[2]
        expect(planner.page.get_by_role("link", name=planner.say("See the plan"))).to_be_visible()

        engineer.unseen = SOMEBODY
        engineer.sees("Overview")
        nothing_leads_to_people(engineer.page.content())
        menu = engineer.page.get_by_role("navigation", name=engineer.say("Main menu"))
        engineer.follow("Runs", menu)
        engineer.sees("Runs")
        engineer.field("State").select_option("done")
        engineer.press("Show")
        engineer.sees("Runs")
        nothing_leads_to_people(engineer.page.content())
        engineer.page.locator(f"tbody a[href='/runs/{number}/measurements']").click()
        engineer.sees("Measurements of run {number}")
        for heading in ("Phases", "Goals over time", "Attempts"):
            name = engineer.say(heading)
            expect(engineer.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        # The phases, a picture for each of the four goals, and how much memory it took.
        phases = engineer.page.get_by_role("table", name=engineer.say("Phases"))
        expect(phases.get_by_role("row")).not_to_have_count(1)
        expect(engineer.page.locator("main svg")).to_have_count(4)
        # A run that ends before memory is looked at once has a dash there.
        memory = engineer.page.locator("dl > div").filter(has_text=engineer.say("Memory at most"))
        expect(memory).to_have_text(re.compile(r"\d MiB$|–$"))
        for curve in engineer.page.locator("details").all():
            curve.locator("summary").click()
        engineer.sees("Measurements of run {number}")
        nothing_leads_to_people(engineer.page.content())
        engineer.follow("The run itself")
        engineer.sees("Run {number}")
        nothing_leads_to_people(engineer.page.content())


def nothing_leads_to_people(page: str) -> None:
    """No link to a problem, a plan or a person."""
    assert re.findall(r'href="/(?:problems|plans)/[^"]*"', page) == []
