"""The engineer's way: what runs took, and nothing about people."""

from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import pytest
from sqlalchemy import update

from api.clock import now
from api.runs import lease, work
from api.services.measurements import list_measured_runs, measurements_of
from api.services.problems import latest_version
from api.services.runs import RunSettings, cancel, submit_run
from api.settings import Settings
from api.store import RunRow, Store
from scheduler.engines import EngineName
from tests.api.site import Site, small_problem
from tests.api.test_lease import LONG_AGO
from tests.api.test_runs import die


@pytest.fixture
def site(store: Store, settings: Settings) -> Site:
    return Site.make(store, settings)


def submit(site: Site, *engines: EngineName) -> list[int]:
    account = site.account("planner", "planner")
    problem = site.problem(account)
    with site.store.write() as session:
        version = latest_version(session, problem)
        return [
            submit_run(session, version.id, RunSettings(engine=engine), account)
            for engine in engines
        ]


def test_phases_goals_memory_and_the_attempt_are_measured(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_LONGEST_LOOK_SECONDS", 0.05)
    (run_id,) = submit(site, "cpsat")
    site.work_off()
    with site.store.read() as session:
        measured = measurements_of(session, run_id, now())
    parts = [(each.phase, each.goal) for each in measured.phases]
    assert parts == [
        ("compile", ""),
        *(("solve", goal) for goal in ("placed", "match", "wait", "cost")),
        ("check", ""),
        ("explain", ""),
    ]
    assert all(each.seconds is not None and each.seconds >= 0 for each in measured.phases)
    for before, after in pairwise(measured.phases):
        assert before.began_seconds + (before.seconds or 0) == pytest.approx(after.began_seconds)
    assert [curve.name for curve in measured.goals] == ["placed", "match", "wait", "cost"]
    assert all(curve.points[-1].gap == 0 for curve in measured.goals)
    (attempt,) = measured.attempts
    assert (attempt.fence, attempt.owner, attempt.ending) == (1, "test", "done")
    assert attempt.begun_at is not None
    assert attempt.memory_bytes == measured.run.memory_bytes > 10**7
    assert measured.seconds is not None
    assert measured.queued_seconds is not None


def test_each_attempt_leaves_a_row_with_its_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run_id,) = submit(site, "auto")
    lost = lease.claim_next(site.store, "one", 30)
    assert lost is not None
    lease.give_back(site.store, lost)
    assert lease.claim_next(site.store, "two", 30) is not None
    with site.store.write() as session:
        session.execute(update(RunRow).values(lease_until=LONG_AGO, attempts=0))
    lease.return_expired(site.store)
    monkeypatch.setattr(work, "solve", die(1))
    monkeypatch.setattr(lease, "REST_AFTER_DEATH", dt.timedelta())
    site.work_off()
    with site.store.read() as session:
        attempts = measurements_of(session, run_id, now()).attempts
    assert [(each.owner, each.ending) for each in attempts] == [
        ("one", "worker-gone"),
        ("two", "lease-ran-out"),
        ("test", "engine-died"),
        ("test", "done"),
    ]
    assert all(each.ended_at is not None for each in attempts)


def test_a_cancelled_run_ends_its_attempt(site: Site) -> None:
    (run_id,) = submit(site, "auto")
    lease.claim_next(site.store, "one", 30)
    with site.store.write() as session:
        cancel(session, run_id)
        (attempt,) = measurements_of(session, run_id, now()).attempts
    assert attempt.ending == "cancelled"


def test_runs_are_found_by_state_and_engine(site: Site) -> None:
    ids = submit(site, "greedy", "cpsat", "cpsat", "auto")
    with site.store.write() as session:
        cancel(session, ids[2])

        def found(**asked: str) -> list[int]:
            runs, count = list_measured_runs(session, now(), **asked)
            assert count == len(runs)
            return [run.id for run in runs]

        assert found() == ids[::-1]
        assert found(engine="cpsat") == [ids[2], ids[1]]
        assert found(engine="cpsat", state="queued") == [ids[1]]
        assert found(state="cancelled") == [ids[2]]
        runs, count = list_measured_runs(session, now(), most=1, offset=2)
    assert ([run.id for run in runs], count) == ([ids[1]], 4)


def test_an_engineer_sees_runs_and_no_person(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.pages.measurements.ROWS_A_PAGE", 1)
    done, waiting = submit(site, "cpsat", "greedy")
    with site.store.write() as session:
        session.execute(update(RunRow).where(RunRow.id == waiting).values(state="cancelled"))
    site.work_off()
    browser = site.logged_in("engineer", "engineer")
    pages = {
        path: browser.get(path)
        for path in (
            "/",
            "/runs",
            "/runs?page=2",
            "/runs?state=done&engine=cpsat",
            "/runs?state=failed",
            "/runs?state=no&engine=such&page=x",
            f"/runs/{done}",
            f"/runs/{done}/measurements",
            f"/runs/{waiting}/measurements",
        )
    }
    assert {page.status_code for page in pages.values()} == {200}
    people = [person.id for person in small_problem().people]
    for path, page in pages.items():
        assert not [person for person in people if person in page.text], path
        for link in set(re.findall(r'href="(/[^"#]*)"', page.text)):
            assert browser.get(link.replace("&amp;", "&")).status_code == 200, (path, link)
    measured = pages[f"/runs/{done}/measurements"].text
    assert measured.count("<svg") == 4
    assert "CP-SAT" in measured
    assert "Ingen beregning passer" in pages["/runs?state=failed"].text
    assert "<svg" not in pages[f"/runs/{waiting}/measurements"].text


def test_the_same_by_json(site: Site) -> None:
    done, _ = submit(site, "cpsat", "greedy")
    site.work_off()
    engineer = site.program("engineer")
    page = engineer.get("/api/v1/measurements?engine=cpsat&most=1").json()
    assert ([item["id"] for item in page["items"]], page["count"]) == ([done], 1)
    assert page["next_offset"] is None
    assert engineer.get("/api/v1/measurements?most=1").json()["next_offset"] == 1
    assert engineer.get("/api/v1/measurements?state=none").status_code == 422
    measured = engineer.get(f"/api/v1/runs/{done}/measurements").json()
    assert [curve["goal"] for curve in measured["goals"]] == ["placed", "match", "wait", "cost"]
    assert measured["attempts"][0]["ending"] == "done"
    assert measured["phases"][0]["phase"] == "compile"
    assert site.program("finance").get("/api/v1/measurements").status_code == 403
    assert engineer.get("/api/v1/runs/99/measurements").status_code == 404
