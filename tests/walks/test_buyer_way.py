"""The buyer's way in a real browser: prices and terms, a scenario, and plans side by side.

Nobody is named on the way, and counts of few are not shown.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.services.problems import add_problem
from api.store import Store
from providers import Contract
from scheduler.files import read_problem
from scheduler.language import Language
from tests.api.served import ROOT, Served
from tests.walks.taken_files import text_of
from tests.walks.walker import Walker
from tests.walks.windows import Window, in_every_window

pytestmark = pytest.mark.xdist_group("walks")
SOMEBODY = re.compile(r"syn-\d+")
TITLE = "Trappen (syntetisk)"
FEW = {"da": "Blind eller svagsynet", "en": "Blind or partially sighted"}


@pytest.fixture
def problem_id(store: Store, colleagues: dict[str, int]) -> int:
    """Some wait and most are placed; three are of a target group of their own."""
    problem = read_problem(ROOT / "examples" / "staircase")
    few = [person for person in problem.people if FEW_CODE in person.target_groups][3:]
    people = tuple(person for person in problem.people if person not in few)
    offer = problem.offers[0]
    contract = Contract(
        id="C1",
        name="Rammeaftale",
        provider_id=next(s.provider_id for s in problem.sites if s.id == offer.site_id),
        first_week=problem.first_start,
        last_week=problem.last_start + 40,
    )
    changed = {
        "title": TITLE,
        "people": people,
        "contracts": (contract,),
        "offers": (offer.model_copy(update={"contract_id": "C1"}), *problem.offers[1:]),
    }
    with store.write() as session:
        version = add_problem(
            session, problem.model_copy(update=changed), colleagues["planner"], "plan.xlsx"
        )
        return version.problem_id


FEW_CODE = "blind-or-partially-sighted"


@in_every_window
def test_the_buyer_goes_all_the_way(
    site: Served, browser: Browser, problem_id: int, tmp_path: Path, window: Window
) -> None:
    with window.of("buyer", browser, site) as buyer:
        buyer.unseen = SOMEBODY
        expect(buyer.page.get_by_role("link", name=TITLE).first).to_be_visible()
        buyer.page.goto(f"/problems/{problem_id}")
        buyer.sees(TITLE)
        see_nobody(buyer)
        change_prices(buyer)
        send_prices(buyer, tmp_path)
        change_terms(buyer)
        run(buyer, TITLE)
        make_scenario(buyer)
        run(buyer, "Dyrere og færre")
        compare(buyer, window.language, tmp_path)


def see_nobody(buyer: Walker) -> None:
    for name in ("Sites", "Offers"):
        buyer.follow(name)
        buyer.sees(name)
        buyer.page.go_back()
    expect(
        buyer.page.get_by_role("link", name=buyer.say("Young people"), exact=True)
    ).to_have_count(0)


def change_prices(buyer: Walker) -> None:
    """One by one, in the table."""
    buyer.follow("Prices and contracts")
    buyer.sees("Prices and contracts")
    price = buyer.page.locator(".app-cell-input").first
    price.fill("tyve")
    buyer.press("Save the prices")
    expect(buyer.alert()).to_be_visible()
    expect(price).to_have_value("tyve")
    buyer.fits()
    price.fill("20.500,50")
    buyer.press("Save the prices")
    saved = "Saved as a new version. Plans that are there already stay as they are."
    expect(buyer.page.get_by_role("status")).to_contain_text(buyer.say(saved))
    expect(price).to_have_value(re.compile(r"20\.?500,50"))


def send_prices(buyer: Walker, folder: Path) -> None:
    """By file: taken, changed in a spreadsheet and sent back."""
    link = buyer.page.get_by_role("link", name=buyer.say("Prices (CSV)"))
    taken = buyer.take(link, folder)
    wrong = taken.read_text(encoding="utf-8-sig").replace("20500,5", "tyvetusind")
    assert "tyvetusind" in wrong
    (folder / "priser.csv").write_text(wrong, encoding="utf-8-sig")
    buyer.page.set_input_files("#files", folder / "priser.csv")
    buyer.press("Upload")
    expect(buyer.alert()).to_contain_text(buyer.say("Nothing was stored"))
    expect(buyer.page.get_by_role("cell", name="tyvetusind")).to_be_visible()
    buyer.fits()
    right = re.sub("tyvetusind[0-9]*", "20000,00", wrong)
    (folder / "priser.csv").write_text(right, encoding="utf-8-sig")
    buyer.page.set_input_files("#files", folder / "priser.csv")
    buyer.press("Upload")
    expect(buyer.page.get_by_role("status")).to_be_visible()


def change_terms(buyer: Walker) -> None:
    buyer.follow("Rammeaftale")
    buyer.sees("Terms of {contract}")
    buyer.type("Most courses", "mange")
    buyer.press("Save the terms")
    expect(buyer.alert()).to_be_visible()
    expect(buyer.field("Most courses")).to_have_value("mange")
    buyer.fits()
    buyer.type("Most courses", "120")
    buyer.press("Save the terms")
    buyer.sees("Prices and contracts")
    row = buyer.page.get_by_role("row").filter(has_text="Rammeaftale")
    expect(row.get_by_role("cell", name="120", exact=True)).to_be_visible()
    buyer.follow(TITLE)


def run(buyer: Walker, title: str) -> None:
    buyer.sees(title)
    buyer.follow("Run")
    buyer.sees("New run")
    buyer.press("Run")
    buyer.sees("Run {number}")
    buyer.follow("See the plan in numbers")
    buyer.sees("The plan in numbers")
    buyer.follow("Scenarios")
    buyer.sees("Scenarios")


def make_scenario(buyer: Walker) -> None:
    """Other prices, less money and other people."""
    buyer.follow("New scenario")
    buyer.sees("New scenario")
    buyer.type("Change prices by, per cent", "meget")
    buyer.press("Make the scenario")
    expect(buyer.alert()).to_be_visible()
    expect(buyer.field("Change prices by, per cent")).to_have_value("meget")
    buyer.fits()
    buyer.type("Name of the scenario", "Dyrere og færre")
    buyer.type("Change prices by, per cent", "10")
    line = buyer.field("Budget line and year")
    line.select_option(index=1)
    buyer.type("Its amount in all, kr", "2.200.000")
    buyer.page.get_by_label(buyer.say("1, most urgent")).check()
    buyer.page.get_by_label("2", exact=True).check()
    buyer.press("Make the scenario")


def compare(buyer: Walker, language: Language, folder: Path) -> None:
    plans = buyer.page.get_by_role("checkbox")
    expect(plans).to_have_count(2)
    for index in range(2):
        plans.nth(index).check()
    buyer.press("See the chosen plans side by side")
    buyer.sees("Plans side by side")
    expect(buyer.page.locator("main svg").first).to_be_visible()
    few_are_not_told(buyer, FEW[language])
    for name in ("Download the tables (CSV)", "Download the tables (Excel)"):
        taken = buyer.take(buyer.page.get_by_role("link", name=buyer.say(name)), folder)
        assert SOMEBODY.search(text_of(taken)) is None
        assert "Dyrere og færre" in text_of(taken)


def few_are_not_told(buyer: Walker, few: str) -> None:
    """Three of a target group stand together with another group, and with no count of their own."""
    for table in buyer.page.locator("details").all():
        table.locator("summary").click()
    rows = buyer.page.locator("tbody tr").filter(has_text=few)
    expect(rows).not_to_have_count(0)
    for row in rows.all():
        expect(row.get_by_role("rowheader")).not_to_have_text(few)
        counts = row.get_by_role("cell").all_inner_texts()
        assert not {"1", "2", "3", "4"} & set(counts), counts
