"""The buyer's way: prices and contracts, scenarios, and plans side by side."""

from __future__ import annotations

import io
import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.services.problems import add_problem
from api.settings import Settings
from api.store import LookupRow, ProblemVersionRow, Store, VersionChangesRow
from api.table_files import CSV, XLSX
from scheduler.files import read_problem
from scheduler.person import Pin
from scheduler.report.disclosure import SMALLEST_SHOWN
from tests.api.site import ROOT, Browser, Site
from tests.test_scenarios import with_contract


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


@pytest.fixture
def program(site: Site) -> TestClient:
    """A buyer's program, and problem 1 with a contract."""
    program = site.program("buyer")
    with site.store.write() as session:
        add_problem(session, with_contract(), 1, "test")
    return program


@pytest.fixture
def staircase(site: Site) -> TestClient:
    """A buyer's program, and problem 1 with 220 people."""
    program = site.program("buyer")
    with site.store.write() as session:
        add_problem(session, read_problem(ROOT / "examples" / "staircase"), 1, "test")
    return program


def edit(program: TestClient, problem: int = 1, etag: str = "", **content: Any) -> Any:
    etag = etag or program.get(f"/api/v1/problems/{problem}/prices").headers["etag"]
    path = f"/api/v1/problems/{problem}/prices"
    return program.patch(path, json=content, headers={"if-match": etag})


def run(site: Site, program: TestClient, problem: int) -> int:
    """The id of a plan of the problem."""
    started = program.post(f"/api/v1/problems/{problem}/runs", json={})
    site.work_off()
    done = program.get(started.headers["location"]).json()
    plan_id: int = done["plan_id"]
    return plan_id


# Prices and contracts


def test_a_price_makes_a_new_version_and_keeps_the_list_of_changes(
    site: Site, program: TestClient
) -> None:
    price = {"offer_id": "own-course", "price_ore": 1_300_050}
    same = {"offer_id": "bought-course", "price_ore": 2_000_000}
    answer = edit(program, prices=[price, same])
    assert answer.json() == {"problem_id": 1, "version": 2, "version_id": 2}
    lists = program.get("/api/v1/problems/1/prices")
    assert lists.headers["etag"] == answer.headers["etag"]
    prices = {row["id"]: row["price_ore"] for row in lists.json()["prices"]}
    assert prices == {"own-course": 1_300_050, "bought-course": 2_000_000}
    with site.store.read() as session:
        versions = session.scalars(select(ProblemVersionRow)).all()
        assert [(row.number, row.parent_id) for row in versions] == [(1, None), (2, 1)]
        kept = session.scalars(select(VersionChangesRow)).one()
    assert ("own-course" in kept.changes, "bought-course" in kept.changes) == (True, False)


def test_terms_of_a_contract(program: TestClient) -> None:
    (contract,) = program.get("/api/v1/problems/1/contracts").json()
    answer = edit(program, contracts=[contract | {"most_courses": 7, "most_ore": 99}])
    assert answer.json()["version"] == 2
    (changed,) = program.get("/api/v1/problems/1/contracts").json()
    assert (changed["most_courses"], changed["most_ore"]) == (7, 99)


def test_nobodys_edit_is_lost(program: TestClient) -> None:
    seen = program.get("/api/v1/problems/1/prices").headers["etag"]
    price = {"offer_id": "own-course", "price_ore": 1}
    assert edit(program, etag=seen, prices=[price]).status_code == 200
    late = {"offer_id": "own-course", "price_ore": 2}
    assert edit(program, etag=seen, prices=[late]).status_code == 412
    assert program.patch("/api/v1/problems/1/prices", json={}).status_code == 428
    assert edit(program, prices=[price]).status_code == 409


def test_a_wrong_price_is_told_by_its_place(program: TestClient) -> None:
    (contract,) = program.get("/api/v1/problems/1/contracts").json()
    wrong = contract | {"least_courses": 9, "most_courses": 3}
    answer = edit(program, prices=[{"offer_id": "own-course", "price_ore": 1}], contracts=[wrong])
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["field"].startswith("1.contract.")
    assert edit(program, prices=[{"offer_id": "x", "price_ore": 1}]).status_code == 422
    assert edit(program, prices=[{"offer_id": "own-course", "price_ore": -1}]).status_code == 422


@pytest.mark.parametrize("path", ["/api/v1/problems/1/prices", "/api/v1/problems/1/contracts"])
def test_lists_come_as_the_caller_accepts_them(program: TestClient, path: str) -> None:
    csv = program.get(path, headers={"accept": CSV})
    assert csv.headers["content-type"].startswith(CSV)
    assert csv.content.startswith(b"\xef\xbb\xbfid;")
    book = program.get(path, headers={"accept": f"text/html, {XLSX};q=0.9, {CSV};q=0.5"})
    assert load_workbook(io.BytesIO(book.content)).sheetnames == ["prices", "contracts"]
    assert program.get(path, headers={"accept": "text/html, */*"}).json()


# Scenarios


def test_a_scenario_is_a_problem_of_its_own_that_knows_what_it_was_made_from(
    site: Site, program: TestClient
) -> None:
    changes = [
        {"kind": "scale-prices", "basis_points": 10_500},
        {"kind": "leave-out", "provider_ids": ["enterprise"]},
    ]
    made = program.post("/api/v1/problems/1/scenarios", json={"name": "Dear", "changes": changes})
    assert made.status_code == 201
    assert (made.json()["problem_id"], made.json()["base_id"]) == (2, 1)
    second = program.post("/api/v1/problems/2/scenarios", json={"name": "Dearer"}).json()
    assert second["base_id"] == 2
    family = program.get("/api/v1/problems/2/scenarios").json()["items"]
    assert [each["problem_id"] for each in family] == [1, 2, 3]
    assert [text["en"] for text in family[1]["changes"]] == [
        "All prices +5 %",
        "Without Synthetic enterprise",
    ]
    with site.store.read() as session:
        base = session.get_one(ProblemVersionRow, 1)
        assert session.get_one(ProblemVersionRow, 2).parent_id == base.id
    assert program.get("/api/v1/problems/1/prices").json()["version"] == 1


def test_a_scenario_that_contradicts_itself_is_not_stored(site: Site, program: TestClient) -> None:
    changes = [{"kind": "leave-out", "site_ids": ["nowhere"]}]
    refused = program.post("/api/v1/problems/1/scenarios", json={"name": "X", "changes": changes})
    assert refused.status_code == 422
    assert refused.json()["faults"][0]["field"] == "0.site_ids"
    unknown = program.post("/api/v1/problems/1/scenarios", json={"name": "X", "changes": [{}]})
    assert unknown.status_code == 422
    with site.store.read() as session:
        assert session.scalar(select(func.count()).select_from(ProblemVersionRow)) == 1


# Side by side


def test_the_staircase_of_prices_is_seen_side_by_side(site: Site, staircase: TestClient) -> None:
    plans = [run(site, staircase, 1)]
    for number, price in enumerate((2_000_100, 2_200_000), 2):
        change = {"kind": "price", "offer_id": "bought-course", "price_ore": price}
        content = {"name": f"Scenario {number}", "changes": [change]}
        staircase.post("/api/v1/problems/1/scenarios", json=content)
        plans.append(run(site, staircase, number))
    query = "&".join(f"plan={plan}" for plan in plans)
    found = staircase.get(f"/api/v1/comparisons?{query}").json()
    assert [each["placed"] for each in found["plans"]] == [185, 184, 173]
    (bought,) = (row for row in found["providers"] if row["courses"][0] == 125)
    assert bought["courses"] == [125, 124, 113]
    assert found["plans"][1]["changes"][0]["en"].endswith("costs 20,001 kr a course")
    assert "syn-" not in str(found)
    left = [each["left_ore"] for each in found["plans"]]
    assert left[0] == 0
    csv = staircase.get(f"/api/v1/comparisons?{query}&language=en", headers={"accept": CSV})
    assert "In all;Placed;B;184" in csv.text.replace("\r", "")
    book = staircase.get(f"/api/v1/comparisons?{query}&language=en", headers={"accept": XLSX})
    sheets = load_workbook(io.BytesIO(book.content))
    assert sheets.sheetnames[0] == "Plans"
    placed = next(row for row in sheets["In all"].values if row[0] == "Placed")
    assert placed[1:] == (185, 184, 173)


def test_only_plans_for_the_same_people_are_compared(site: Site, program: TestClient) -> None:
    with site.store.write() as session:
        other = with_contract()
        other = other.model_copy(update={"people": other.people[1:]})
        add_problem(session, other, 1, "test")
    plans = [run(site, program, 1), run(site, program, 2)]
    query = f"/api/v1/comparisons?plan={plans[0]}&plan={plans[1]}"
    refused = program.get(query)
    assert refused.status_code == 422
    assert "same people" in refused.json()["faults"][0]["text"]["en"]
    assert program.get(f"/api/v1/comparisons?plan={plans[1]}").status_code == 200
    assert program.get("/api/v1/comparisons").status_code == 422
    assert program.get("/api/v1/comparisons?plan=99").status_code == 404
    assert program.get("/api/v1/comparisons?" + "plan=1&" * 6).status_code == 422


def test_people_are_chosen_and_few_are_never_told_apart(site: Site, staircase: TestClient) -> None:
    people = read_problem(ROOT / "examples" / "staircase").people
    weeks = sorted({person.referral for person in people})
    counts = Counter(person.referral for person in people)

    def choose(name: str, **choice: Any) -> Any:
        change = {"kind": "people", **choice}
        content = {"name": name, "changes": [change]}
        return staircase.post("/api/v1/problems/1/scenarios", json=content)

    middle = next(week for week in weeks[20:] if 0 < counts[week + 1] < SMALLEST_SHOWN)
    early = choose("Early", last_referral=str(middle))
    assert early.status_code == 201, early.text
    small = next(week for week in weeks if 0 < counts[week] < SMALLEST_SHOWN and week > weeks[0])
    alone = choose("Few", first_referral=str(small), last_referral=str(small))
    assert alone.status_code == 422
    assert alone.json()["faults"][0]["field"] == "0.people"
    assert "would be left" in alone.json()["faults"][0]["text"]["en"]
    beside = choose("Nearly the same", last_referral=str(middle + 1))
    assert beside.status_code == 422
    assert "Choose more or fewer" in beside.json()["faults"][0]["text"]["en"]
    plans = [run(site, staircase, 1), run(site, staircase, 2)]
    found = staircase.get(f"/api/v1/comparisons?plan={plans[0]}&plan={plans[1]}").json()
    kept = sum(person.referral <= middle for person in people)
    assert [plan["people"] for plan in found["plans"]] == [len(people), kept]
    for number in (0, 1):
        placed = found["plans"][number]["placed"]
        assert sum(row["placed"][number] for row in found["groups"]) == placed


def test_a_scenario_that_is_sent_twice_is_made_once(site: Site, program: TestClient) -> None:
    for _ in range(2):
        made = program.post(
            "/api/v1/problems/1/scenarios", json={"name": "X"}, headers={"idempotency-key": "k"}
        )
        assert (made.status_code, made.json()["problem_id"]) == (201, 2)
    with site.store.read() as session:
        assert session.scalar(select(func.count()).select_from(ProblemVersionRow)) == 2


def test_buyers_see_nobody(site: Site, program: TestClient) -> None:
    plan = run(site, program, 1)
    for path in (
        f"/plans/{plan}",
        f"/plans/{plan}/difference",
        f"/api/v1/plans/{plan}",
        "/problems/1/people",
        "/api/v1/problems/1",
        "/api/v1/problems/1/people",
        "/problems/1/changes",
    ):
        assert program.get(path).status_code == 403, path
    with site.store.read() as session:
        assert session.scalar(select(func.count()).select_from(LookupRow)) == 0


def test_buyers_see_no_values_of_goals_while_planners_do(site: Site, program: TestClient) -> None:
    run(site, program, 1)
    planner = site.program("planner")
    seen = planner.get("/api/v1/runs/1").json()["goals"]
    assert any(goal["value"] for goal in seen)
    hidden = program.get("/api/v1/runs/1").json()["goals"]
    assert [goal["name"] for goal in hidden] == [goal["name"] for goal in seen]
    assert {goal["value"] for goal in hidden} | {goal["bound"] for goal in hidden} == {None}


# Tables as the caller accepts them


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", CSV),
        (f"{CSV};q=0.5, {XLSX}", XLSX),
        (f"{CSV};q=0.5, */*;q=0.4", CSV),
        ("application/json;q=0, */*", CSV),
        ("application/*;q=0.1, text/csv;q=0", "application/json"),
        ("TEXT/CSV ; Q=1.0", CSV),
        ("text/html, application/xhtml+xml, */*;q=0.8", "application/json"),
        ("text/html", None),
        (f"{CSV};q=0", None),
        (f"{CSV};q=2", None),
        ("image/png, nonsense;;q=", None),
    ],
)
def test_what_is_liked_best_is_sent_or_nothing(
    program: TestClient, accept: str, kind: str | None
) -> None:
    answer = program.get("/api/v1/problems/1/sites", headers={"accept": accept})
    if kind is None:
        assert answer.status_code == 406
        assert answer.headers["content-type"] == "application/problem+json"
    else:
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == kind
        assert answer.headers["vary"] == "accept"


def test_lists_are_files_with_all_that_fit(site: Site, program: TestClient) -> None:
    plan = run(site, program, 1)
    planner = site.program("planner")
    offers = planner.get("/api/v1/problems/1/offers?most=1", headers={"accept": CSV}).content
    assert len(offers.splitlines()) == 1 + len(with_contract().offers)
    for path in ("/api/v1/problems/1/people?most=1", f"/api/v1/plans/{plan}/placements?most=1"):
        listed = planner.get(path).json()
        assert (len(listed["items"]), listed["next_offset"]) == (1, 1)
        table = planner.get(path, headers={"accept": CSV}).content.decode("utf-8-sig")
        rows = table.splitlines()
        assert len(rows) == 1 + listed["count"]
        assert all(row.endswith("Fortroligt") for row in rows[1:])
        book = planner.get(path, headers={"accept": XLSX})
        (sheet,) = load_workbook(io.BytesIO(book.content)).worksheets
        assert sheet.max_row == 1 + listed["count"]
        assert program.get(path, headers={"accept": CSV}).status_code == 403
    with site.store.read() as session:
        seen = session.scalars(select(LookupRow.what)).all()
    assert seen.count("person.download") == 4


def test_placements_are_chosen_by_provider(site: Site, program: TestClient) -> None:
    plan = run(site, program, 1)
    planner = site.program("planner")
    path = f"/api/v1/plans/{plan}/placements"
    everything = planner.get(path).json()
    provider = everything["items"][0]["provider_id"]
    some = planner.get(f"{path}?provider={provider}").json()
    assert some["count"] > 0
    assert {row["provider_id"] for row in some["items"]} == {provider}
    assert planner.get(f"{path}?provider=nobody").json()["count"] == 0


# Pages


@pytest.fixture
def browser(site: Site) -> Browser:
    """A buyer's browser, and problem 1 with a contract."""
    browser = site.logged_in("buyer", "buyer")
    with site.store.write() as session:
        add_problem(session, with_contract(), 1, "test")
    return browser


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]*)"', text)
    assert found is not None
    return unescape(found[1])


def price_fields(page: str, **typed: str) -> dict[str, str]:
    """The form of prices as it is, with what is typed."""
    fields = {"base": hidden(page, "base"), "search": "", "page": "1"}
    for name, value in re.findall(r'name="((?:price|extra|was)-[^"]*)"(?: value="([^"]*)")', page):
        fields[name] = unescape(value)
    for name in re.findall(r'name="(per-[^"]*)"', page):
        fields[name] = "course"
    return fields | typed


def test_a_price_is_changed_in_the_table(site: Site, browser: Browser) -> None:
    page = browser.get("/problems/1/prices").text
    assert 'name="price-own-course"' in page
    fields = price_fields(page, **{"price-own-course": "13.000,50"})
    answer = browser.send("/problems/1/prices", fields)
    assert answer.headers["location"] == "/problems/1/prices?saved=1"
    with site.store.read() as session:
        kept = session.scalars(select(VersionChangesRow)).one()
    assert "1300050" in kept.changes
    assert "bought-course" not in kept.changes
    assert "13000,50" in browser.get("/problems/1/prices?saved=1").text


def test_a_wrong_price_is_told_in_its_cell_and_nothing_typed_is_lost(browser: Browser) -> None:
    page = browser.get("/problems/1/prices").text
    wrong = {"price-own-course": "1.234", "price-bought-course": "21000"}
    answer = browser.send("/problems/1/prices", price_fields(page, **wrong))
    assert answer.status_code == 200
    assert 'href="#price-own-course"' in answer.text
    assert 'id="price-own-course-error"' in answer.text
    assert 'value="1.234"' in answer.text
    assert 'value="21000"' in answer.text
    same = browser.send("/problems/1/prices", price_fields(page))
    assert "Ingen pris er anderledes end før." in same.text


def test_an_edit_of_somebody_else_is_neither_lost_nor_undone(browser: Browser) -> None:
    page = browser.get("/problems/1/prices").text
    first = price_fields(page, **{"price-own-course": "1"})
    assert browser.send("/problems/1/prices", first).status_code == 303
    late = price_fields(page, **{"price-bought-course": "2"})
    answer = browser.send("/problems/1/prices", late)
    assert answer.status_code == 200
    assert 'id="price-bought-course" name="price-bought-course" value="2"' in answer.text
    assert 'id="price-own-course" name="price-own-course" value="1"' in answer.text


def test_prices_come_by_file_and_faults_are_told_by_cell(browser: Browser) -> None:
    page = browser.get("/problems/1/prices").text
    listed = browser.get("/problems/1/prices/prices.csv").content
    assert b"own-course" in listed

    def upload(content: bytes, name: str = "priser.csv") -> Any:
        fields = {"base": hidden(page, "base")}
        return browser.send("/problems/1/prices/file", fields, [("files", (name, content))])

    wrong = upload(b"id;price_ore\r\nown-course;1.234\r\nnobody;5\r\n")
    assert wrong.status_code == 200
    assert "1.234" in wrong.text
    assert '<td class="app-number">2</td>' in wrong.text
    unknown = upload(b"id;pris\r\nown-cours;5\r\n")
    assert "own-course" in unknown.text
    assert upload(b"", "priser.txt").status_code == 200
    assert upload(listed).status_code == 200
    right = upload("id;pris;navn\r\nown-course;12,50;Café Æble\r\n".encode("cp1252"))
    assert right.status_code == 303
    assert 'value="12,50"' in browser.get("/problems/1/prices").text


def test_terms_are_changed_in_a_form(browser: Browser) -> None:
    page = browser.get("/problems/1/contracts/C1").text
    fields = {
        "base": hidden(page, "base"),
        "first_week": hidden(page, "first_week"),
        "last_week": hidden(page, "last_week"),
        "most_courses": "7",
        "most_ore": "1 000 000",
        "least_applies": "if-used",
    }
    wrong = browser.send("/problems/1/contracts/C1", {**fields, "last_week": "snart"})
    assert wrong.status_code == 200
    assert 'href="#last_week"' in wrong.text
    assert 'value="snart"' in wrong.text
    backwards = browser.send("/problems/1/contracts/C1", {**fields, "least_courses": "9"})
    assert backwards.status_code == 200
    assert "faults-heading" in backwards.text
    assert browser.send("/problems/1/contracts/C1", fields).status_code == 303
    assert "1.000.000" in browser.get("/problems/1/prices").text
    assert browser.get("/problems/1/contracts/C9").status_code == 404


def scenario_fields(page: str, **typed: str) -> dict[str, str]:
    return {"version_id": hidden(page, "version_id"), **typed}


def test_a_scenario_is_made_in_a_form_and_seen_beside_the_base(
    site: Site, browser: Browser
) -> None:
    page = browser.get("/problems/1/scenarios/new").text
    wrong = browser.send(
        "/problems/1/scenarios/new",
        scenario_fields(page, percent="meget", price="5", first_referral="snart"),
    )
    for field in ("name", "percent", "offer_id", "first_referral"):
        assert f'href="#{field}"' in wrong.text, field
    assert 'value="meget"' in wrong.text
    few = browser.send(
        "/problems/1/scenarios/new",
        scenario_fields(page, name="Få", last_referral="2016-W01"),
    )
    assert 'href="#last_referral"' in few.text
    made = browser.send(
        "/problems/1/scenarios/new",
        scenario_fields(page, name="Dyrere", percent="5", line="bought@2017", amount="100000"),
    )
    assert made.headers["location"] == "/problems/2"
    program = site.program("buyer")
    plans = [run(site, program, 1), run(site, program, 2)]
    family = browser.get("/problems/1/scenarios").text
    assert all(f'name="plan" value="{plan}"' in family for plan in plans)
    assert "Alle priser" in family
    assert f'href="/comparisons?plan={plans[0]}"' in browser.get("/").text
    for path in ("?plan=1", "?plan=1&plan=2"):
        shown = browser.get(f"/comparisons{path}")
        assert shown.status_code == 200
        assert "<svg" in shown.text
        assert "syn-" not in shown.text
    for kind in ("csv", "xlsx"):
        file = browser.get(f"/comparisons/plans.{kind}?plan=1&plan=2")
        assert file.headers["content-disposition"].endswith(f'.{kind}"')
    assert browser.get("/comparisons").status_code == 200
    assert browser.get("/comparisons?plan=99").status_code == 404


def test_a_scenario_of_what_was_changed_meanwhile_is_not_made(browser: Browser) -> None:
    page = browser.get("/problems/1/scenarios/new").text
    prices = browser.get("/problems/1/prices").text
    changed = price_fields(prices, **{"price-own-course": "1"})
    assert browser.send("/problems/1/prices", changed).status_code == 303
    late = browser.send("/problems/1/scenarios/new", scenario_fields(page, name="Sen"))
    assert late.status_code == 200
    assert 'value="Sen"' in late.text


def test_buyers_are_not_told_of_few_pins(site: Site, browser: Browser) -> None:
    with site.store.write() as session:
        person = with_contract().people[0]
        pin = Pin(kind="forbidden", person_id=person.id)
        add_problem(session, with_contract(pins=(pin,)), 1, "test")
    planner = site.logged_in("planner", "planner")
    assert "Fastlåsninger" in planner.get("/problems/2").text
    assert "Fastlåsninger" not in browser.get("/problems/2").text


def test_who_seeks_no_place_is_not_told_by_two_counts_of_people(
    site: Site, browser: Browser
) -> None:
    people = with_contract().people
    left_out = people[0].model_copy(update={"seeks_place": False})
    with site.store.write() as session:
        add_problem(session, with_contract(people=(left_out, *people[1:])), 1, "test")
    program = site.program("buyer")
    assert {each["people"] for each in program.get("/api/v1/problems").json()["items"]} == {None}
    planner = site.program("planner")
    counts = [each["people"] for each in planner.get("/api/v1/problems").json()["items"]]
    assert counts == [12, 12]
    shown = re.findall(r"<dt>Unge</dt><dd>(\d+)</dd>", browser.get("/problems/2").text)
    assert shown == ["11"]
    assert ">12</td>" not in browser.get("/").text


# The same on each kind of database


def test_scenarios_and_prices_on_each_kind_of_database(store: Store, settings: Settings) -> None:
    site = Site.make(store, settings)
    program = site.program("buyer")
    with store.write() as session:
        add_problem(session, with_contract(), 1, "test")
    assert edit(program, prices=[{"offer_id": "own-course", "price_ore": 5}]).status_code == 200
    change = {"kind": "people", "priorities": [1, 2, 3]}
    for number in (2, 3):
        made = program.post("/api/v1/problems/1/scenarios", json={"name": "X", "changes": [change]})
        assert made.json()["problem_id"] == number, made.text
    plans = [run(site, program, number) for number in (1, 2)]
    found = program.get(f"/api/v1/comparisons?plan={plans[0]}&plan={plans[1]}")
    assert [plan["people"] for plan in found.json()["plans"]] == [12, 12]
