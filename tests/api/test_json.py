from __future__ import annotations

import pytest

from api.settings import Settings
from api.store import Store
from tests.api.site import Site, small_problem


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


def test_a_program_does_what_a_planner_does(site: Site) -> None:
    program = site.program("planner")
    content = small_problem().model_dump(mode="json")
    added = program.post("/api/v1/problems", json=content)
    assert added.status_code == 201
    assert program.get(added.headers["location"]).json()["problem"] == content
    listed = program.get("/api/v1/problems").json()
    assert [each["title"] for each in listed["items"]] == [content["title"]]
    started = program.post(f"{added.headers['location']}/runs", json={"gap_basis_points": 0})
    assert (started.status_code, started.json()["state"]) == (202, "queued")
    site.work_off()
    run = program.get(started.headers["location"]).json()
    assert (run["state"], run["outcome"]) == ("done", "plan")
    plan = program.get(f"/api/v1/plans/{run['plan_id']}")
    assert plan.json()["schema_version"] == "ungeplan-plan/1"
    assert plan.headers["etag"].strip('"')


def test_lists_come_in_parts(site: Site) -> None:
    program = site.program("planner")
    for _ in range(3):
        site.problem(1)
    first = program.get("/api/v1/problems?most=2").json()
    assert (len(first["items"]), first["next_offset"]) == (2, 2)
    rest = program.get("/api/v1/problems?most=2&offset=2").json()
    assert (len(rest["items"]), rest["next_offset"]) == (1, None)
    assert program.get("/api/v1/problems?most=0").status_code == 422


def test_a_run_is_stopped_and_given_up(site: Site) -> None:
    program = site.program("planner")
    path = f"/api/v1/problems/{site.problem(1)}/runs"
    for end in ("stop", "cancel"):
        run = program.post(path, json={}).json()["id"]
        assert program.post(f"/api/v1/runs/{run}/{end}").json()["state"] == "cancelled"
        assert program.post(f"/api/v1/runs/{run}/{end}").status_code == 409


def test_errors_are_problem_details_and_echo_nothing(site: Site) -> None:
    program = site.program("planner")
    content = small_problem().model_dump(mode="json")
    content["people"][0]["id"] = "010203-1234 secret"
    refused = program.post("/api/v1/problems", json=content)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    details = refused.json()
    assert details["faults"]
    assert "secret" not in refused.text
    missing = program.get("/api/v1/problems/99").json()
    assert missing["detail"]["da"] == "Plangrundlaget findes ikke."


def test_the_document_describes_json_routes_and_no_pages(site: Site) -> None:
    document = site.browser().get("/api/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert "ProblemDetails" in document["components"]["schemas"]
