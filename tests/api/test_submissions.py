"""What is sent twice with one idempotency key is done once."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import func, select, update

from api.services.problems import add_problem
from api.services.submissions import Answer, answer_once, submission_of
from api.settings import Settings
from api.store import IdempotencyRow, ProblemRow, RunRow, Store
from tests.api.site import Site, small_problem


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


def count(store: Store, row: type[RunRow | ProblemRow]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def test_the_same_run_is_started_once_and_answered_alike(site: Site) -> None:
    program = site.program("planner")
    path = f"/api/v1/problems/{site.problem(1)}/runs"
    key = {"idempotency-key": "first"}
    one, two = (program.post(path, json={"seed": 1}, headers=key) for _ in range(2))
    assert (one.status_code, one.content) == (two.status_code, two.content)
    assert one.headers["location"] == two.headers["location"] == "/api/v1/runs/1"
    assert ("idempotent-replayed" in one.headers, "idempotent-replayed" in two.headers) == (
        False,
        True,
    )
    assert count(site.store, RunRow) == 1
    program.post(path, json={"seed": 1}, headers={"idempotency-key": "second"})
    program.post(path, json={"seed": 1})
    assert count(site.store, RunRow) == 3


def test_the_same_problem_is_stored_once_with_its_tag(site: Site) -> None:
    program = site.program("planner")
    content = small_problem().model_dump(mode="json")
    key = {"idempotency-key": "x"}
    one, two = (program.post("/api/v1/problems", json=content, headers=key) for _ in range(2))
    assert one.json() == two.json()
    assert one.headers["etag"] == two.headers["etag"]
    assert count(site.store, ProblemRow) == 1


@pytest.mark.parametrize("place", ["body", "path"])
def test_a_key_stands_for_one_request(site: Site, place: str) -> None:
    program = site.program("planner")
    paths = [f"/api/v1/problems/{site.problem(1)}/runs" for _ in range(2)]
    key = {"idempotency-key": "x"}
    assert program.post(paths[0], json={}, headers=key).status_code == 202
    path, body = (paths[0], {"seed": 2}) if place == "body" else (paths[1], {})
    refused = program.post(path, json=body, headers=key)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "Idempotency-Key" in refused.json()["detail"]["da"]
    assert count(site.store, RunRow) == 1


def test_each_account_has_keys_of_its_own(site: Site) -> None:
    path = f"/api/v1/problems/{site.problem(site.account('owner', 'planner'))}/runs"
    for role in ("planner", "buyer"):
        answer = site.program(role).post(path, json={}, headers={"idempotency-key": "x"})
        assert answer.status_code == 202
    assert count(site.store, RunRow) == 2


def test_what_was_refused_can_be_sent_again(site: Site) -> None:
    program = site.program("planner")
    key = {"idempotency-key": "x"}
    assert program.post("/api/v1/problems/1/runs", json={}, headers=key).status_code == 404
    site.problem(1)
    assert program.post("/api/v1/problems/1/runs", json={}, headers=key).status_code == 202


@pytest.mark.parametrize("key", ["", "x" * 129, "with space"])
def test_a_key_has_a_shape(site: Site, key: str) -> None:
    path = f"/api/v1/problems/{site.problem(site.account('owner', 'planner'))}/runs"
    program = site.program("planner")
    answer = program.post(path, json={}, headers={"idempotency-key": key})
    assert answer.status_code == 422


def test_answers_are_forgotten_after_a_day(site: Site) -> None:
    program = site.program("planner")
    path = f"/api/v1/problems/{site.problem(1)}/runs"
    program.post(path, json={}, headers={"idempotency-key": "x"})
    with site.store.write() as session:
        before = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)
        session.execute(update(IdempotencyRow).values(created_at=before))
    program.post(path, json={}, headers={"idempotency-key": "y"})
    with site.store.read() as session:
        assert session.scalars(select(IdempotencyRow.key)).all() == ["y"]


def test_many_at_once_do_it_once(store: Store, settings: Settings) -> None:
    account = Site.make(store, settings).account("planner", "planner")
    submission = submission_of("x", "POST", "/", b"")
    answers: list[Answer] = []
    failed: list[Exception] = []

    def send() -> None:
        try:
            answers.append(
                answer_once(
                    store,
                    account,
                    submission,
                    lambda session: Answer(
                        201, {}, str(add_problem(session, small_problem(), account, "x").id)
                    ),
                )
            )
        except Exception as error:  # noqa: BLE001 - whatever it is
            failed.append(error)

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert {answer.body for answer in answers} == {"1"}
    assert sorted(answer.is_repeated for answer in answers) == [False, True, True, True]
    assert count(store, ProblemRow) == 1
