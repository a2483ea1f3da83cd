"""The middle of the planner's way: tables, a person, a change, another run, the difference."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.errors import Outdated
from api.security.permissions import Role
from api.services.changes import change_problem, tag_of
from api.services.problems import latest_version
from api.settings import Settings
from api.store import LookupRow, ProblemVersionRow, Store
from scheduler.changes import Change, ForbidPlacement, apply_change
from scheduler.problem import Problem
from tests.api.site import Browser, Site, small_problem

PERSON = small_problem().people[0]


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


@pytest.fixture
def browser(site: Site) -> Browser:
    browser = site.logged_in("planner", "planner")
    site.problem(1)
    browser.client.cookies.set("language", "en")
    return browser


def read(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return html.unescape(answer.text)


def rows_of(page: str) -> list[str]:
    return re.findall(r'<tr>\s*<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]*)', page)


def lookups(site: Site) -> list[tuple[str, str | None]]:
    with site.store.read() as session:
        rows = session.scalars(select(LookupRow).order_by(LookupRow.id))
        return [(row.what, row.person_id) for row in rows]


def versions(site: Site) -> int:
    with site.store.read() as session:
        return session.scalar(select(func.count()).select_from(ProblemVersionRow)) or 0


def base_of(page: str) -> str:
    found = re.search(r'name="base" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def change(browser: Browser, kind: str, base: str = "", **fields: str) -> str:
    """Where it leads, or the form again."""
    path = f"/problems/1/changes/{kind}"
    base = base or base_of(browser.get("/problems/1/changes/fix").text)
    answer = browser.post(path, base=base, **fields)
    if answer.status_code == 303:
        return answer.headers["location"]
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def plan(site: Site, browser: Browser) -> str:
    """The address of the problem's plan."""
    run = browser.post("/problems/1/runs/new", order="given", gap="", minutes="5")
    site.work_off()
    found = re.search(r'href="(/plans/\d+)"', browser.get(run.headers["location"]).text)
    assert found is not None
    return found[1]


# Tables


def test_people_are_searched_sorted_and_chosen(site: Site, browser: Browser) -> None:
    everybody = read(browser, "/problems/1/people")
    assert len(rows_of(everybody)) == 12
    assert "12 in all" in everybody
    (found,) = rows_of(read(browser, f"/problems/1/people?search={PERSON.id.upper()}"))
    assert found == PERSON.id
    urgent = [one.id for one in small_problem().people if one.priority == 1]
    assert rows_of(read(browser, "/problems/1/people?priority=1")) == urgent
    upwards = rows_of(read(browser, "/problems/1/people?sort=id"))
    assert rows_of(read(browser, "/problems/1/people?sort=-id")) == upwards[::-1]
    nobody = read(browser, "/problems/1/people?search=nobodyatall")
    assert rows_of(nobody) == []
    assert "Nothing fits." in nobody
    assert lookups(site) == [("person.read", None)] * 6


def test_tables_show_labels_and_sort_says_so(browser: Browser) -> None:
    page = read(browser, "/problems/1/sites?sort=-places")
    assert 'aria-sort="descending"' in page
    assert 'href="/problems/1/sites?sort=places"' in page
    # The order is part of what htmx replaces, so that choosing something keeps it.
    found = page[page.index('id="found"') :]
    assert '<input type="hidden" name="sort" value="-places" form="filters">' in found
    offers = read(browser, "/problems/1/offers")
    assert small_problem().sites[0].name in offers
    assert f">{small_problem().sites[0].id}<" not in offers


def test_strange_addresses_are_no_failure(browser: Browser) -> None:
    for query in ("sort=xyz", "page=0", "page=-1", "page=999999999999", "page=²", "priority=9"):
        assert browser.get(f"/problems/1/people?{query}").status_code == 200, query


def test_pages_lead_on_and_back(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.sheets.ROWS_A_PAGE", 5)
    first = read(browser, "/problems/1/people?sort=id")
    assert "1–5 of 12" in first
    assert 'href="/problems/1/people?sort=id&page=2"' in first
    assert 'rel="prev"' not in first
    last = read(browser, "/problems/1/people?sort=id&page=3")
    assert "11–12 of 12" in last
    assert 'rel="next"' not in last


def test_whoever_may_not_see_people_sees_sites_only(site: Site) -> None:
    site.problem(site.account("planner", "planner"))
    buyer = site.logged_in("buyer", "buyer")
    assert buyer.get("/problems/1/people").status_code == 403
    assert buyer.get(f"/problems/1/people/{PERSON.id}").status_code == 403
    assert buyer.get("/problems/1/changes").status_code == 403
    page = buyer.get("/problems/1/sites").text
    assert "/changes/capacity" not in page


# A person


def test_a_persons_page_shows_facts_and_what_is_possible(site: Site, browser: Browser) -> None:
    page = read(browser, f"/problems/1/people/{PERSON.id}")
    assert str(PERSON.referral) in page
    assert "match points" in page
    assert "/problems/1/changes/fix?person_id=" in page
    assert lookups(site) == [("person.read", PERSON.id)]
    assert browser.get("/problems/1/people/nobody").status_code == 404
    assert lookups(site) == [("person.read", PERSON.id)]


def test_a_plan_says_why_of_everybody(site: Site, browser: Browser) -> None:
    address = plan(site, browser)
    before = len(lookups(site))
    for one in small_problem().people:
        page = read(browser, f"{address}/people/{one.id}")
        if "Gets a place" in page:
            assert "Why this placement" in page
            assert "We propose a course for you" in page
            assert "(in the plan)" in page
        else:
            assert "Why the person waits" in page
            assert "It is not a refusal" in page
    assert [who for _, who in lookups(site)[before:]] == [one.id for one in small_problem().people]
    assert f'href="{address}/people/{PERSON.id}"' in read(browser, f"{address}/starts")


# Changes


def test_a_change_makes_a_version_with_who_when_and_what(site: Site, browser: Browser) -> None:
    assert change(browser, "forbid", person_id=PERSON.id) == "/problems/1/changes"
    history = read(browser, "/problems/1/changes")
    assert f"{PERSON.id} gets no place at any offer (any week)" in history
    assert "Read from test" in history
    assert history.count("planner</td>") == 2
    assert versions(site) == 2
    page = read(browser, f"/problems/1/people/{PERSON.id}")
    assert "Ruled out" in page
    assert "There is none." in page


def test_a_wrong_form_comes_back_with_what_was_typed(site: Site, browser: Browser) -> None:
    page = change(
        browser, "fix", person_id="nobody", offer_id="", start="next week", reason="because"
    )
    assert 'value="nobody"' in page
    assert 'value="next week"' in page
    assert 'value="because"' in page
    assert 'href="#start"' in page
    assert 'href="#offer_id"' in page
    assert "A week is written like 2016-W27." in page
    assert "Fill this in." in page
    page = change(
        browser,
        "fix",
        person_id="nobody",
        offer_id=small_problem().offers[0].id,
        start="",
        reason="",
    )
    assert 'href="#person_id"' in page
    assert "Expected the id of a person" in page
    page = change(browser, "budget", budget_line_id="", year="x", amount_ore="1.234")
    assert 'href="#amount_ore"' in page
    assert "This is a whole number" in page
    assert versions(site) == 1


def test_capacity_and_money_are_changed(browser: Browser) -> None:
    site_id = small_problem().sites[0].id
    done = change(
        browser,
        "capacity",
        site_id=site_id,
        resource="places",
        first_week="2016-w30",
        last_week="2016-W40",
        amount="3",
    )
    assert done == "/problems/1/changes"
    assert "2016-W30–W40" in read(browser, f"/problems/1/changes/capacity?site_id={site_id}")
    movement = small_problem().budget_movements[0]
    done = change(
        browser,
        "budget",
        budget_line_id=movement.budget_line_id,
        year=str(movement.year),
        amount_ore="1 000 000,50 kr.",
        movement_kind="supplementary",
    )
    assert done == "/problems/1/changes"
    assert "1,000,000.50 kr" in read(browser, "/problems/1/changes/budget")


def test_nobodys_edit_is_lost(site: Site, browser: Browser) -> None:
    seen = base_of(browser.get("/problems/1/changes/fix").text)
    assert change(browser, "forbid", seen, person_id=PERSON.id) == "/problems/1/changes"
    other = small_problem().people[1].id
    page = change(browser, "forbid", seen, person_id=other, reason="typed")
    assert "Somebody has changed the problem in the meantime" in page
    assert 'value="typed"' in page
    assert versions(site) == 2
    assert base_of(page) != seen
    assert change(browser, "forbid", base_of(page), person_id=other) == "/problems/1/changes"


def test_a_change_is_taken_back_from_the_history(site: Site, browser: Browser) -> None:
    change(browser, "forbid", person_id=PERSON.id)
    assert change(browser, "take-back", version="2") == "/problems/1/changes"
    assert "Version 2 is taken back" in read(browser, "/problems/1/changes")
    with site.store.read() as session:
        first, _, third = session.scalars(
            select(ProblemVersionRow.sha256).order_by(ProblemVersionRow.number)
        )
    assert first == third
    again = change(browser, "take-back", version="2")
    assert "A later change has changed the same again." in again
    base = base_of(browser.get("/problems/1/changes/fix").text)
    for number in ("1", "9", "x", "2" * 30):
        answer = browser.post("/problems/1/changes/take-back", base=base, version=number)
        assert answer.status_code == 404, number


def test_a_pin_is_opened_again(browser: Browser) -> None:
    change(browser, "forbid", person_id=PERSON.id)
    pin = {"pin_kind": "forbidden", "person_id": PERSON.id, "offer_id": "", "start": ""}
    assert change(browser, "remove-pin", **pin) == "/problems/1/changes"
    assert "There is no such pin." in change(browser, "remove-pin", **pin)
    assert "This cannot be so." in change(browser, "remove-pin", **{**pin, "pin_kind": "x"})


def test_a_kind_of_change_that_there_is_not_is_not_found(browser: Browser) -> None:
    assert browser.get("/problems/1/changes/everything").status_code == 404


# Another run, and the difference


def test_running_again_begins_with_the_last_runs_settings(browser: Browser) -> None:
    browser.post("/problems/1/runs/new", order="own", gap="0,5", minutes="3", **{"goal-match": "1"})
    page = read(browser, "/problems/1/runs/new")
    assert 'value="0,5"' in page
    assert 'id="minutes" name="minutes" type="text" value="3"' in page
    assert re.search(r'value="own" checked', page)
    assert re.search(r'id="goal-match".*?value="1" selected', page, re.DOTALL)
    browser.post("/problems/1/runs/new", order="given", gap="", minutes="")
    page = read(browser, "/problems/1/runs/new")
    assert re.search(r'value="given" checked', page)
    assert 'id="minutes" name="minutes" type="text" value=""' in page


def test_what_a_change_changed(site: Site, browser: Browser) -> None:
    first = plan(site, browser)
    alone = read(browser, f"{first}/difference")
    assert "There is no other plan of this problem yet" in alone
    placed = re.findall(rf'href="{first}/people/([^"]+)"', read(browser, f"{first}/starts"))[0]
    change(browser, "forbid", person_id=placed, reason="moved away")
    second = plan(site, browser)
    page = read(browser, f"{second}/difference")
    assert "From plan 1 to plan 2" in page
    assert f"{placed} gets no place at any offer (any week): moved away" in page
    assert "Lost their place" in page
    assert re.search(rf'id="lost-heading".*?/plans/2/people/{placed}"', page, re.DOTALL)
    back = read(browser, f"{first}/difference?other=2")
    assert "From plan 2 to plan 1" in back
    assert re.search(rf'id="gained-heading".*?/plans/1/people/{placed}"', back, re.DOTALL)
    assert "See what is different from the plan before" in read(browser, "/runs/2")
    assert "See what is different from the plan before" not in read(browser, "/runs/1")
    assert browser.get(f"{first}/difference?other=9").status_code == 404
    assert browser.get(f"{first}/difference?other={10**20}").status_code == 404


def test_the_difference_names_nobody_to_those_who_may_not_see_people(
    site: Site, browser: Browser
) -> None:
    first = plan(site, browser)
    placed = re.findall(rf'href="{first}/people/([^"]+)"', read(browser, f"{first}/starts"))[0]
    change(browser, "forbid", person_id=placed)
    second = plan(site, browser)
    before = len(lookups(site))
    page = site.logged_in("finance", "finance").get(f"{second}/difference").text
    assert "Hensyn" in page
    assert not any(one.id in page for one in small_problem().people)
    assert len(lookups(site)) == before
    browser.get(f"{second}/difference")
    assert lookups(site)[before:] == [("plan.read", None), ("plan.read", None)]
    program = site.program("finance")
    answer = program.get(f"/api/v1{second}/difference/1").json()
    assert (answer["people"], answer["unchanged"]) == (None, None)


# JSON


def program_of(site: Site, role: Role = "planner") -> TestClient:
    program = site.program(role)
    if role == "planner":
        content = small_problem().model_dump(mode="json")
        assert program.post("/api/v1/problems", json=content).status_code == 201
    return program


def test_programs_list_people_in_parts(site: Site) -> None:
    program = program_of(site)
    answer = program.get("/api/v1/problems/1/people?sort=-id&most=5")
    page = answer.json()
    assert (len(page["items"]), page["count"], page["next_offset"]) == (5, 12, 5)
    assert page["items"][0] == small_problem().people[-1].model_dump(mode="json")
    assert answer.headers["etag"] == program.get("/api/v1/problems/1").headers["etag"]
    rest = program.get("/api/v1/problems/1/people?sort=-id&most=5&offset=10").json()
    assert (len(rest["items"]), rest["next_offset"]) == (2, None)
    assert program.get("/api/v1/problems/1/people?sort=xyz").status_code == 422
    assert len(program.get("/api/v1/problems/1/sites").json()["items"]) == len(
        small_problem().sites
    )
    assert len(program.get("/api/v1/problems/1/offers?intake=rolling").json()["items"]) == len(
        small_problem().offers
    )


def test_programs_change_only_what_they_have_seen(site: Site) -> None:
    program = program_of(site)
    seen = program.get("/api/v1/problems/1").headers["etag"]
    path = "/api/v1/problems/1/changes"
    body = {"change": {"kind": "forbid", "person_id": PERSON.id}}
    assert program.post(path, json=body).status_code == 428
    made = program.post(path, json=body, headers={"if-match": seen})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    late = {"change": {"kind": "forbid", "person_id": small_problem().people[1].id}}
    refused = program.post(path, json=late, headers={"if-match": seen})
    assert refused.status_code == 412
    assert refused.headers["content-type"] == "application/problem+json"
    assert versions(site) == 2
    now = program.get("/api/v1/problems/1").headers["etag"]
    assert now == made.headers["etag"]
    wrong = {"change": {"kind": "forbid", "person_id": "nobody"}}
    answer = program.post(path, json=wrong, headers={"if-match": now})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"] == "person_id"
    unknown = {"change": {"kind": "everything"}}
    assert program.post(path, json=unknown, headers={"if-match": now}).status_code == 422
    back = {"change": {"kind": "take-back", "version": 2}}
    taken = program.post(path, json=back, headers={"if-match": now})
    assert taken.status_code == 201
    again = {"if-match": taken.headers["etag"]}
    assert program.post(path, json=back, headers=again).status_code == 409
    listed = program.get("/api/v1/problems/1/versions?most=2").json()
    assert [each["version"] for each in listed["items"]] == [3, 2]
    assert listed["items"][0]["what"]["en"] == "Version 2 is taken back"
    assert listed["items"][0]["parent"] == 2
    assert listed["next_offset"] == 2


def test_programs_read_a_person_and_a_difference(site: Site) -> None:
    program = program_of(site)
    alone = program.get(f"/api/v1/problems/1/people/{PERSON.id}").json()
    assert alone["person"] == PERSON.model_dump(mode="json")
    assert all(not c["violations"] for offer in alone["offers"] for c in offer["choices"])
    for _ in range(2):
        program.post("/api/v1/problems/1/runs", json={"gap_basis_points": 0})
    site.work_off()
    placed = program.get("/api/v1/plans/1").json()["placements"][0]
    detail = program.get(f"/api/v1/plans/1/people/{placed['person_id']}").json()
    assert detail["placement"] == placed
    chosen = [
        choice["placement"]
        for offer in detail["offers"]
        for choice in offer["choices"]
        if choice["placement"] == placed
    ]
    assert chosen == [placed]
    assert lookups(site)[-1] == ("person.read", placed["person_id"])
    same = program.get("/api/v1/plans/2/difference/1").json()
    assert (same["people"], same["unchanged"]) == ([], same["placed_after"])
    assert program.get("/api/v1/plans/1/people/nobody").status_code == 404


def test_a_change_that_another_makes_meanwhile_is_not_undone(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing somebody else writes: the second look notices."""
    site = Site.make(store, settings)
    problem_id = site.problem(site.account("planner", "planner"))
    with site.store.read() as session:
        base = tag_of(latest_version(session, problem_id))
    first = ForbidPlacement(person_id=PERSON.id)
    second = ForbidPlacement(person_id=small_problem().people[1].id)

    def work_out(problem: Problem, what: Change) -> Problem:
        if what == second:
            change_problem(site.store, problem_id, base, first, 1)
        return apply_change(problem, what)

    monkeypatch.setattr("api.services.changes.apply_change", work_out)
    with pytest.raises(Outdated):
        change_problem(site.store, problem_id, base, second, 1)
    assert versions(site) == 2
