"""The pages of a plan: a summary that leads on, lists to search, pictures with their numbers."""

from __future__ import annotations

import html
import re

import pytest

from api.settings import Settings
from api.store import Store
from scheduler.outcome import PlanDocument
from tests.api.site import Browser, Site

TABS = ("", "/starts", "/waiting", "/weeks", "/places", "/money", "/groups")


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


@pytest.fixture
def browser(site: Site) -> Browser:
    browser = site.logged_in("planner", "planner")
    site.problem(1)
    browser.post("/language", language="en", next="/")
    browser.post("/problems/1/runs/new", order="given", gap="", minutes="5")
    site.work_off()
    return browser


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def rows_of(page: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*><a href="/plans/1/people/([^"]+)">', page)


def test_the_summary_says_how_good_each_goal_is_and_leads_on(browser: Browser) -> None:
    page = read(browser, "/plans/1")
    goals = re.findall(r"<li><h3>(.*?): <span", page)
    assert goals == ["People placed", "Match", "Waiting time", "Cost"]
    assert page.count("Proven: no plan") == 4
    assert "12 of 12 young people" in page
    assert rows_of(page) == []
    for tab in TABS:
        shown = read(browser, f"/plans/1{tab}")
        assert shown.count('aria-current="page"') == 1, tab
        assert f'<a href="/plans/1{tab}" aria-current="page">' in shown


def test_the_start_list_is_searched_sorted_and_chosen(site: Site, browser: Browser) -> None:
    everybody = rows_of(read(browser, "/plans/1/starts"))
    assert len(everybody) == 12
    assert rows_of(read(browser, f"/plans/1/starts?search={everybody[3]}")) == [everybody[3]]
    assert rows_of(read(browser, "/plans/1/starts?sort=id")) == sorted(everybody)
    assert rows_of(read(browser, "/plans/1/starts?sort=-id")) == sorted(everybody)[::-1]
    document = PlanDocument.model_validate_json(
        site.program("planner").get("/api/v1/plans/1").content
    )
    chosen = document.placements[0]
    found = rows_of(read(browser, f"/plans/1/starts?week={chosen.start}&site={chosen.site_id}"))
    expected = [
        row.person_id
        for row in document.placements
        if (row.start, row.site_id) == (chosen.start, chosen.site_id)
    ]
    assert sorted(found) == sorted(expected)


def test_lists_are_paged(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.sheets.ROWS_A_PAGE", 5)
    assert "6–10 of 12" in read(browser, "/plans/1/starts?page=2")


def test_who_waits_is_told_with_the_reason(site: Site, browser: Browser) -> None:
    assert "Nobody waits." in read(browser, "/plans/1/waiting")
    person = rows_of(read(browser, "/plans/1/starts"))[0]
    base = re.search(r'name="base" value="([^"]+)"', read(browser, "/problems/1/changes/forbid"))
    assert base is not None
    browser.post("/problems/1/changes/forbid", base=base[1], person_id=person, reason="on leave")
    browser.post("/problems/1/runs/new", order="given", gap="", minutes="5")
    site.work_off()
    page = read(browser, "/plans/2/waiting")
    assert f'<a href="/plans/2/people/{person}">' in page
    assert "Held back by a planner's decision" in page
    assert read(browser, "/plans/2/waiting?reason=no-option").count("Nothing fits.") == 1
    site.account("finance", "finance")
    finance = site.browser()
    finance.post("/login", name="finance", password="a password for tests")
    assert person not in finance.get("/plans/2/waiting").text
    assert finance.get("/plans/2/starts").status_code == 403
    assert "/plans/2/starts" not in finance.get("/plans/2").text


def test_every_picture_has_its_numbers(browser: Browser) -> None:
    for tab in ("/weeks", "/places", "/money", "/groups"):
        page = read(browser, f"/plans/1{tab}")
        assert page.count("<svg") >= 1, tab
        assert page.count("<figure") == page.count("Show the numbers as a table"), tab
        assert " style=" not in page
