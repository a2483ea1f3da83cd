"""What can be taken along of a plan, by whom, and what stands in it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from sqlalchemy import select

from api.security.permissions import ROLES, is_allowed
from api.services.downloads import ACTIONS, NAMES
from api.services.plans import StoredPlan, plan_by_id
from api.settings import Settings
from api.store import LookupRow, Store
from scheduler.cli.app import run
from tests.api.site import Site
from tests.api.test_approvals import add_plan

API = "/api/v1/plans/1"


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    site = Site.make(sqlite_store, settings)
    add_plan(site, site.account("maker", "planner"))
    return site


def plan_of(site: Site) -> StoredPlan:
    with site.store.read() as session:
        return plan_by_id(session, 1)


def rows_of(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def text_of_workbook(content: bytes) -> str:
    book = load_workbook(io.BytesIO(content), read_only=True)
    cells = (str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row)
    return "\n".join(cells)


def test_each_role_takes_what_it_may_and_is_offered_just_that(site: Site) -> None:
    every = {(part, name) for part, names in NAMES.items() for name in names}
    nobody_otherwise = {each for each in every if not each[1].startswith("decided-otherwise")}
    checked = 0
    for role in ROLES:
        program = site.program(role)
        allowed = {each for each in nobody_otherwise if is_allowed([role], ACTIONS[each[0]])}
        offered = program.get(f"{API}/files")
        if not allowed:
            assert offered.status_code == 403
        else:
            hrefs = {each["href"] for each in offered.json()["items"] if not each["provider_id"]}
            assert hrefs == {f"{API}/{part}/{name}" for part, name in allowed}
        for part, name in every - {("person-files", "bundle.zip")}:
            for base in (API, "/plans/1"):
                status = program.get(f"{base}/{part}/{name}").status_code
                may = is_allowed([role], ACTIONS[part])
                right = 200 if (part, name) in allowed else 404 if may else 403
                assert status == right, (role, base, name)
                checked += 1
    assert checked > 150


def test_page_and_json_give_the_same_files(site: Site) -> None:
    browser, program = site.logged_in("auditor", "auditor"), site.program("auditor")
    page = browser.get("/plans/1/downloads").text
    items = program.get(f"{API}/files").json()["items"]
    assert len(items) > 15
    for item in items:
        path = item["href"].removeprefix("/api/v1")
        assert f'href="{path}"' in page
        answers = browser.get(path), program.get(item["href"])
        assert answers[0].content == answers[1].content, path
        for answer in answers:
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith(item["media_type"])
            disposition = answer.headers["content-disposition"]
            assert disposition.startswith('attachment; filename="plan-1')
            assert ("-fortroligt." in disposition) is item["has_people"]
            assert answer.headers["cache-control"] == "no-store"


def test_files_with_people_are_stamped_and_others_hold_none(site: Site) -> None:
    program = site.program("auditor")
    people = {person.id for person in plan_of(site).problem.people}
    stamped = 0
    for item in program.get(f"{API}/files").json()["items"]:
        content = program.get(item["href"]).content
        kind = item["name"].rpartition(".")[2]
        if kind == "zip":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                text = "\n".join(packed.read(name).decode("utf-8") for name in packed.namelist())
        else:
            text = text_of_workbook(content) if kind == "xlsx" else content.decode("utf-8-sig")
        has_people = any(person in text for person in people)
        stamped += has_people
        assert item["has_people"] or not has_people, item["href"]
        assert "Fortroligt" in text or not has_people, item["href"]
        assert item["has_people"] or "Fortroligt" not in text, item["href"]
    assert stamped > 8


def test_lists_hold_everybody_once(site: Site) -> None:
    program, plan = site.program("planner"), plan_of(site)
    starts = rows_of(program.get(f"{API}/person-files/start-list.csv").content)
    waiting = rows_of(program.get(f"{API}/person-files/waiting-list.csv").content)
    assert {row["Ung"] for row in starts} == {r.person_id for r in plan.document.placements}
    assert {row["Ung"] for row in waiting} == {r.person_id for r in plan.document.waiting}
    assert {row["Fortrolighed"] for row in (*starts, *waiting)} == {"Fortroligt"}
    finance = rows_of(program.get(f"{API}/finance-files/finance.csv").content)
    paid = sum(float(row["Betalt, kr."].replace(",", ".")) for row in finance)
    assert paid >= sum(row.cost_ore for row in plan.document.placements) / 100


def test_a_provider_sees_nobody_elses(site: Site) -> None:
    program, plan = site.program("planner"), plan_of(site)
    by_provider: dict[str, set[str]] = {}
    for row in plan.document.placements:
        by_provider.setdefault(row.provider_id, set()).add(row.person_id)
    assert len(by_provider) > 1
    for provider, own in by_provider.items():
        base = f"{API}/person-files/providers/{provider}"
        assert {row["Ung"] for row in rows_of(program.get(f"{base}/starts.csv").content)} == own
        text = text_of_workbook(program.get(f"{base}/starts.xlsx").content)
        events = Calendar.from_ical(program.get(f"{base}/starts.ics").content).walk("VEVENT")
        assert {str(event["summary"]).split(" · ")[0] for event in events} == own
        for person in {person.id for person in plan.problem.people}:
            assert (person in text) is (person in own)
    for path in ("providers/nobody/starts.csv", "providers/nobody/starts.exe"):
        assert program.get(f"{API}/person-files/{path}").status_code in {404, 422}


def test_lists_follow_the_decision_in_force(site: Site) -> None:
    program, plan = site.program("approver"), plan_of(site)
    first, second = (row.person_id for row in plan.document.placements[:2])
    overrides = [
        {"person_id": first, "what": "no-place", "reason": "Flytter fra byen."},
        {"person_id": second, "what": "other-place", "reason": "Starter en uge senere."},
    ]
    lists = ("start-list.csv", "starts.ics", "start-list.xlsx")
    before = {name: program.get(f"{API}/person-files/{name}").content for name in lists}
    decision = {"verdict": "approved", "overrides": overrides}
    assert program.post(f"{API}/decisions", json=decision).status_code == 201

    starts = rows_of(program.get(f"{API}/person-files/start-list.csv").content)
    assert len(starts) == len(plan.document.placements) - 2
    assert {first, second}.isdisjoint(row["Ung"] for row in starts)
    assert first not in program.get(f"{API}/person-files/starts.ics").text
    otherwise = rows_of(program.get(f"{API}/person-files/decided-otherwise.csv").content)
    assert [(row["Ung"], row["Begrundelse"]) for row in otherwise] == [
        (each["person_id"], each["reason"])
        for each in sorted(overrides, key=lambda each: each["person_id"])
    ]
    page = site.logged_in("auditor", "auditor").get("/plans/1/downloads").text
    assert "Godkendelsen afgør noget andet for 2" in page
    assert "Planen er ikke godkendt" not in page

    program.post(f"{API}/decisions", json={"verdict": "withdrawn", "note": "Ny bevilling."})
    after = {name: program.get(f"{API}/person-files/{name}").content for name in lists}
    assert after == before


def test_who_sees_no_people_is_offered_none(site: Site) -> None:
    page = site.logged_in("finance", "finance").get("/plans/1/downloads").text
    assert "person-files" not in page
    assert "finance-files" in page
    assert "files/leader.xlsx" in page
    # Buyers see plans beside each other, in numbers that tell no small count.
    assert site.logged_in("buyer", "buyer").get("/plans/1/downloads").status_code == 403


def test_each_download_is_written_down(store: Store, settings: Settings) -> None:
    site = Site.make(store, settings)
    add_plan(site, site.account("maker", "planner"))
    program = site.program("auditor")
    provider = plan_of(site).document.placements[0].provider_id
    for path in (
        "person-files/waiting-list.xlsx",
        f"person-files/providers/{provider}/starts.xlsx",
        "finance-files/finance.csv",
        "files/leader.xlsx",
    ):
        assert program.get(f"{API}/{path}").status_code == 200
    with site.store.read() as session:
        noted = session.scalars(select(LookupRow.what).order_by(LookupRow.id)).all()
    assert noted == [
        "person.download:waiting-list.xlsx",
        "person.download:provider/starts.xlsx",
        "finance.download:finance.csv",
        "plan.download:leader.xlsx",
    ]


def test_every_file_has_a_name_that_fits_the_record_of_downloads() -> None:
    longest = max(len(f"{ACTIONS[part]}:{name}") for part, names in NAMES.items() for name in names)
    assert longest <= LookupRow.__table__.c.what.type.length


def test_the_bundle_is_planned_again_to_the_same_plan(
    store: Store, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site.make(store, settings)
    add_plan(site, site.account("maker", "planner"))
    approver = site.program("approver")
    approver.post(f"{API}/decisions", json={"verdict": "approved", "note": "Set igennem."})
    content = approver.get(f"{API}/person-files/bundle.zip").content
    path = tmp_path / "bundle.zip"
    path.write_bytes(content)
    with zipfile.ZipFile(path) as packed:
        (decision,) = json.loads(packed.read("decisions.json"))
        assert (decision["verdict"], decision["note"]) == ("approved", "Set igennem.")
        assert packed.read("plan/plan.json") == approver.get(API).content
        record = json.loads(packed.read("record.json"))
    assert record["plan_sha256"] == plan_of(site).sha256
    assert run(["replay", str(path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["sound"], said["same"], said["repeatable"]) == (True, True, True)


def test_files_speak_the_language_that_is_asked_for(site: Site) -> None:
    program = site.program("planner")
    path = f"{API}/person-files/start-list.csv"
    assert "Person" in program.get(f"{path}?language=en").content.decode("utf-8-sig")
    browser = site.logged_in("planner", "planner")
    browser.post("/language", language="en", next="/")
    english = browser.get("/plans/1/person-files/start-list.csv").content
    assert english == program.get(f"{path}?language=en").content
