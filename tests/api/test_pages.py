"""The planner's way, page by page, as a browser without JavaScript goes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from api.settings import Settings
from api.store import LookupRow, Store
from tests.api.site import Browser, Site

STAIRCASE = Path(__file__).parents[2] / "examples" / "staircase"


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


def upload(browser: Browser, **instead: bytes) -> str:
    files = [
        ("files", (path.name, instead.get(path.stem, path.read_bytes())))
        for path in sorted(STAIRCASE.iterdir())
        if path.suffix in {".csv", ".toml"}
    ]
    answer = browser.send("/problems/new", {}, files)
    return answer.headers["location"] if answer.status_code == 303 else answer.text


def start(browser: Browser, problem: str, **fields: str) -> str:
    form = {"order": "given", "gap": "", "minutes": "5", **fields}
    answer = browser.post(f"{problem}/runs/new", **form)
    return answer.headers["location"] if answer.status_code == 303 else answer.text


def test_from_an_upload_to_the_plan(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    problem = upload(browser)
    page = browser.get(problem).text
    assert "Fortroligt" in page
    assert "syn-0001" in page
    run = start(browser, problem)
    waiting = browser.get(run).text
    assert "I kø" in waiting
    assert '<meta http-equiv="refresh"' in waiting
    site.work_off()
    done = browser.get(run).text
    assert "Færdig" in done
    assert '<meta http-equiv="refresh"' not in done
    assert "3.250.000 kr." in done
    found = re.search(r'href="(/plans/\d+)"', done)
    assert found is not None
    plan = browser.get(found[1]).text
    assert "185 af 220" in plan
    assert plan.count("<figure") == 3
    assert " style=" not in plan
    assert "Bevist: Ingen plan" in plan
    assert "syn-0001" in browser.get(f"{found[1]}/starts").text


def test_progress_replaces_itself_until_the_end(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    run = start(browser, f"/problems/{site.problem(1)}")
    part = browser.get(f"{run}/progress")
    assert "<html" not in part.text
    assert f'hx-get="{run}/progress"' in part.text
    assert "hx-refresh" not in part.headers
    site.work_off()
    part = browser.get(f"{run}/progress")
    assert "hx-get" not in part.text
    assert part.headers["hx-refresh"] == "true"


def test_each_look_at_people_is_written_down(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    problem = f"/problems/{site.problem(1)}"
    browser.get(problem)
    run = start(browser, problem)
    site.work_off()
    for page in ("", "/money", "/starts", "/waiting"):
        browser.get(f"/plans/1{page}")
    with site.store.read() as session:
        looks = session.scalars(select(LookupRow.what)).all()
    assert looks == ["problem.read", "person.read", "person.read"]
    assert run


def test_who_may_not_see_people_sees_numbers(site: Site) -> None:
    planner = site.logged_in("planner", "planner")
    problem = f"/problems/{site.problem(1)}"
    start(planner, problem)
    site.work_off()
    finance = site.logged_in("finance", "finance")
    for path in (problem, "/plans/1", "/plans/1/waiting", "/plans/1/groups"):
        page = finance.get(path).text
        assert "syn-" not in page
        assert "Fortroligt" not in page
    with site.store.read() as session:
        assert session.scalars(select(LookupRow)).all() == []
    engineer = site.logged_in("engineer", "engineer")
    assert engineer.get("/runs/1").status_code == 200
    assert engineer.get("/plans/1").status_code == 403


def test_faults_of_an_upload_are_shown_with_their_cells(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    offers = (STAIRCASE / "offers.csv").read_bytes()
    page = upload(browser, offers=offers.replace(b"20000", b"1.234"))
    for text in ("Intet blev gemt", "offers.csv", "1.234", "price"):
        assert text in page
    assert browser.get("/problems/1").status_code == 404


def test_an_empty_upload_says_what_to_choose(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    page = browser.send("/problems/new", {}, [("files", ("", b""))]).text
    assert "Vælg en regnearksfil" in page
    assert 'href="#files"' in page


def test_too_large_an_upload_is_not_read(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    token = browser.csrf_token()
    sent = browser.send(
        "/problems/new", {"csrf_token": token}, [("files", ("a.csv", b"x" * 2**24))]
    )
    assert sent.status_code == 413
    assert "10 MB" in sent.text


def test_the_empty_tables_can_be_downloaded(site: Site) -> None:
    answer = site.logged_in("planner", "planner").get("/problems/template.xlsx")
    assert answer.content.startswith(b"PK")
    assert "attachment" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"gap": "abc"}, "Afstanden er et antal procent"),
        ({"gap": "101"}, "Afstanden er et antal procent"),
        ({"minutes": "0"}, "Tiden er et helt antal minutter"),
        ({"minutes": "9" * 30}, "Tiden er et helt antal minutter"),
        ({"order": "own"}, "Vælg mindst ét hensyn."),
        ({"order": "own", "goal-placed": "1", "goal-cost": "1"}, "sin egen plads"),
    ],
)
def test_nothing_typed_is_lost_on_a_wrong_form(
    site: Site, fields: dict[str, str], says: str
) -> None:
    browser = site.logged_in("planner", "planner")
    page = start(browser, f"/problems/{site.problem(1)}", **{"minutes": "7", **fields})
    assert says in page
    for value in fields.values():
        assert f'value="{value}"' in page


def test_goals_gap_and_time_are_taken_from_the_form(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    run = start(
        browser,
        f"/problems/{site.problem(1)}",
        **{"order": "own", "goal-cost": "2", "goal-placed": "1", "gap": "0,5 %", "minutes": "3"},
    )
    settings = site.program("planner").get(f"/api/v1{run}").json()["settings"]
    assert settings["gap_basis_points"] == 50
    assert settings["time_limit_seconds"] == 180
    goals = [stage["blend"][0]["goal"] for stage in settings["stages"]]
    assert goals == ["placed", "cost"]


def test_a_run_can_be_stopped_before_it_begins(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    run = start(browser, f"/problems/{site.problem(1)}")
    assert browser.post(f"{run}/stop").headers["location"] == run
    assert "Annulleret" in browser.get(run).text
    assert browser.post(f"{run}/stop").status_code == 409


def test_english_by_choice(site: Site) -> None:
    browser = site.logged_in("planner", "planner")
    assert "Overblik" in browser.get("/").text
    answer = browser.post("/language", language="en", next="/problems/new")
    assert answer.headers["location"] == "/problems/new"
    page = browser.get("/problems/new").text
    assert '<html lang="en">' in page
    assert "New problem" in page


@pytest.mark.parametrize("path", ["/problems/99", "/runs/99", "/plans/99", "/nowhere"])
def test_what_is_not_there_is_said_in_words(site: Site, path: str) -> None:
    answer = site.logged_in("planner", "planner").get(path)
    assert answer.status_code == 404
    assert "findes ikke" in answer.text.lower()


def test_a_part_asked_for_after_the_session_ended_leads_to_the_log_in(site: Site) -> None:
    answer = site.browser().get("/runs/1/progress", **{"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/login")


def test_what_nobody_foresaw_is_said_without_details(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object, **_more: object) -> None:
        raise RuntimeError("secret")

    browser = site.logged_in("planner", "planner")
    monkeypatch.setattr("api.pages.front.list_problems", break_down)
    monkeypatch.setattr("api.json.problems.list_problems", break_down)
    browser.client = site.program("planner")
    assert browser.client.get("/api/v1/problems").json()["status"] == 500
    page = browser.client.get("/")
    assert (page.status_code, "secret" in page.text) == (500, False)
    assert "Noget gik galt" in page.text
