from __future__ import annotations

import contextlib
import re
from pathlib import Path

import httpx2 as httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from api.app import make_app
from api.runs.dispatcher import Dispatcher
from api.services.problems import latest_version
from api.services.runs import RunSettings, submit_run
from api.settings import Settings
from api.store import Store, open_store
from tests.api.site import ORIGIN, Site
from tests.api.test_dispatcher import HandMade, wait_until

TOKEN = "a-token-for-metrics-in-tests"


def client(site: Site, host: str = "127.0.0.1") -> TestClient:
    return TestClient(site.app, base_url=ORIGIN, client=(host, 50_000))


def samples(answer: httpx.Response) -> dict[str, float]:
    """By name and labels."""
    assert answer.status_code == 200
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.fixture
def site(store: Store, settings: Settings) -> Site:
    return Site.make(store, settings)


def test_a_living_process_says_so_without_asking_anybody(settings: Settings) -> None:
    away = open_store("postgresql+psycopg://nobody@127.0.0.1:9/none")
    site = Site.make(away, settings)
    assert client(site).get("/healthz").text == "ok\n"
    answer = client(site).get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
    assert samples(client(site).get("/metrics"))["ungeplan_database_up[]"] == 0


def test_readiness_names_what_is_missing(database: str, settings: Settings) -> None:
    store = open_store(database)
    answer = client(Site.make(store, settings)).get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "database": True,
        "migrations": False,
        "dispatcher": False,
    }
    store.close()


def test_it_is_ready_once_runs_are_looked_for(store: Store, settings: Settings) -> None:
    dispatcher = Dispatcher(settings, store, lambda _: contextlib.nullcontext(HandMade()))
    app = make_app(settings, store, dispatcher)
    with TestClient(app, base_url=ORIGIN) as browser:
        wait_until(lambda: dispatcher.is_alive)
        answer = browser.get("/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (200, True)
    assert not dispatcher.is_alive
    assert TestClient(app, base_url=ORIGIN).get("/readyz").status_code == 503


def test_a_dispatcher_that_is_stuck_is_not_alive(
    sqlite_store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatcher = Dispatcher(settings, sqlite_store, lambda _: contextlib.nullcontext(HandMade()))
    dispatcher.start()
    wait_until(lambda: dispatcher.is_alive)
    monkeypatch.setattr("api.runs.dispatcher._LONGEST_SILENCE_SECONDS", 0.0)
    assert not dispatcher.is_alive
    dispatcher.close()


def test_runs_and_requests_are_counted(site: Site) -> None:
    account = site.account("planner", "planner")
    problem = site.problem(account)
    with site.store.write() as session:
        version = latest_version(session, problem)
        submit_run(session, version.id, RunSettings(), account)
    site.work_off()
    with site.store.write() as session:
        submit_run(session, version.id, RunSettings(), account)
    monitor = client(site)
    for person in ("syn-0001", "syn-0002"):
        monitor.get(f"/problems/{problem}/people/{person}", follow_redirects=False)
    monitor.get("/static/app.css")
    monitor.get("/nowhere/syn-0003")
    answer = monitor.get("/metrics")
    found = samples(answer)
    assert found["ungeplan_runs[('state', 'done')]"] == 1
    assert found["ungeplan_runs[('state', 'queued')]"] == 1
    assert found["ungeplan_runs[('state', 'failed')]"] == 0
    assert found["ungeplan_oldest_queued_run_seconds[]"] > 0
    assert found["ungeplan_last_run_seconds[]"] > 0
    assert found["ungeplan_plans[]"] == 1
    assert found["ungeplan_database_bytes[]"] > 10_000
    counted = {
        dict(re.findall(r"\('(\w+)', '([^']*)'\)", name))["route"]: value
        for name, value in found.items()
        if name.startswith("ungeplan_http_request_seconds_count")
    }
    assert counted["/problems/{problem_id:int}/people/{person_id}"] == 2
    assert {"/static", "none"} < set(counted)
    assert "syn-" not in answer.text
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")


def test_json_routes_are_named_with_their_prefix(site: Site) -> None:
    monitor = client(site)
    monitor.get("/api/v1/runs/77")
    assert 'route="/api/v1/runs/{run_id}"' in monitor.get("/metrics").text


def test_attempts_that_were_repeated_are_counted(site: Site) -> None:
    account = site.account("planner", "planner")
    problem = site.problem(account)
    with site.store.write() as session:
        run_id = submit_run(session, latest_version(session, problem).id, RunSettings(), account)
    from api.store import RunRow  # noqa: PLC0415

    with site.store.write() as session:
        session.get_one(RunRow, run_id).attempts = 3
    assert samples(client(site).get("/metrics"))["ungeplan_run_repeated_attempts_total[]"] == 2


@pytest.mark.parametrize(
    ("changes", "host", "headers", "status"),
    [
        ({}, "127.0.0.1", {}, 200),
        ({}, "::1", {}, 200),
        ({}, "192.0.2.7", {}, 403),
        ({}, "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 403),
        ({"public_url": "https://plan.example.org"}, "127.0.0.1", {}, 403),
        ({"metrics_token": TOKEN}, "127.0.0.1", {}, 403),
        ({"metrics_token": TOKEN}, "127.0.0.1", {"authorization": "Bearer no"}, 403),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": f"Bearer {TOKEN}"}, 200),
        ({"metrics_token": TOKEN}, "192.0.2.7", {"authorization": f"Basic {TOKEN}"}, 403),
    ],
)
def test_metrics_are_for_this_machine_or_for_the_token(
    sqlite_store: Store,
    tmp_path: Path,
    changes: dict[str, str],
    host: str,
    headers: dict[str, str],
    status: int,
) -> None:
    settings = Settings.model_validate({"data_folder": tmp_path, **changes})
    site = Site.make(sqlite_store, settings)
    assert client(site, host).get("/metrics", headers=headers).status_code == status


def test_a_token_for_metrics_is_long_and_not_shown(settings: Settings) -> None:
    with pytest.raises(ValueError, match="metrics_token"):
        Settings(metrics_token="short")
    assert TOKEN not in repr(Settings(metrics_token=TOKEN))
    assert settings.metrics_token == ""
