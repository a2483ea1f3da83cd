"""The buyer's way: prices and contracts, scenarios, and plans side by side."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select
from starlette.testclient import TestClient

from api.services.problems import add_problem
from api.services.sheets import CSV, XLSX
from api.settings import Settings
from api.store import LookupRow, ProblemVersionRow, Store, VersionChangesRow
from scheduler.files import read_problem
from scheduler.report.disclosure import SMALLEST_SHOWN
from tests.api.site import ROOT, Site
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
