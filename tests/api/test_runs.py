from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from api.runs import lease, work
from api.runs.lease import Fenced
from api.services.packing import unpack
from api.services.plans import plan_by_id
from api.services.problems import latest_version
from api.services.runs import RunSettings, cancel, run_by_id, submit_run
from api.settings import Settings
from api.store import PlanRow, RunPlanRow, RunProgressRow, RunRow, Store
from scheduler.check import check
from scheduler.errors import EngineDied, EngineFailed
from scheduler.goal import Stage
from scheduler.outcome import Outcome
from scheduler.plan import Plan
from scheduler.solve import solve
from tests.api.site import Site, small_problem


@pytest.fixture
def site(store: Store, settings: Settings) -> Site:
    return Site.make(store, settings)


def submit(site: Site, settings: RunSettings | None = None) -> int:
    account = site.account("planner", "planner")
    problem = site.problem(account)
    with site.store.write() as session:
        version = latest_version(session, problem)
        return submit_run(session, version.id, settings or RunSettings(), account)


def test_a_run_ends_with_a_checked_plan_and_how_it_got_there(site: Site) -> None:
    run_id = submit(site)
    site.work_off()
    with site.store.read() as session:
        run = run_by_id(session, run_id)
        assert (run.state, run.outcome, run.error) == ("done", "plan", None)
        assert [stage.name for stage in run.stages] == ["placed", "match", "wait", "cost"]
        assert run.plan_id is not None
        plan = plan_by_id(session, run.plan_id)
        row = session.get_one(PlanRow, run.plan_id)
        kept = session.scalars(select(RunPlanRow)).all()
    assert row.sha256 == hashlib.sha256(unpack(row.document)).hexdigest()
    assert plan.document.proof == "optimal"
    assert row.placed == len(plan.document.placements) == 12
    for each in kept:
        better = Plan.model_validate_json(unpack(each.placements))
        assert check(small_problem(), better).violations == ()


def test_better_plans_are_kept_while_it_runs(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scheduler.solve._KEEP_EVERY_SECONDS", 0.0)
    submit(site, RunSettings(engine="cpsat"))
    site.work_off()
    with site.store.read() as session:
        assert (session.scalar(select(func.count()).select_from(RunPlanRow)) or 0) >= 1


def test_a_run_with_its_own_goals(site: Site) -> None:
    stages = (Stage.single("cost"), Stage.single("placed"))
    run_id = submit(site, RunSettings(stages=stages))
    site.work_off()
    with site.store.read() as session:
        run = run_by_id(session, run_id)
        assert [stage.name for stage in run.stages] == ["cost", "placed"]
        plan = plan_by_id(session, run.plan_id or 0)
    assert plan.document.goals.cost == 0
    assert plan.problem.stages == stages


def test_what_breaks_is_said_without_values(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = submit(site)

    def break_down(*_args: object, **_more: object) -> None:
        raise RuntimeError("syn-0001 stands in this text")

    monkeypatch.setattr(work, "solve", break_down)
    site.work_off()
    with site.store.read() as session:
        run = run_by_id(session, run_id)
    assert (run.state, run.error) == ("failed", "RuntimeError")


def test_an_engine_that_fails_says_how(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = submit(site)

    def break_down(*_args: object, **_more: object) -> None:
        raise EngineFailed("the engine's process ended by itself")

    monkeypatch.setattr(work, "solve", break_down)
    site.work_off()
    with site.store.read() as session:
        assert run_by_id(session, run_id).error == "the engine's process ended by itself"


def die(times: int) -> Callable[..., Outcome]:
    """A solver whose engine is killed so often, and then works."""
    left = itertools.count(times, -1)

    def solve_or_die(*args: Any, **more: Any) -> Outcome:
        if next(left) > 0:
            raise EngineDied("the engine's process ended by itself (exit code -9)")
        return solve(*args, **more)

    return solve_or_die


def test_a_run_whose_engine_was_killed_is_tried_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "REST_AFTER_DEATH", dt.timedelta())
    run_id = submit(site)
    monkeypatch.setattr(work, "solve", die(2))
    site.work_off()
    with site.store.read() as session:
        run = run_by_id(session, run_id)
        assert session.scalar(select(func.count()).select_from(PlanRow)) == 1
        assert session.get_one(RunRow, run_id).attempts == 3
    assert (run.state, run.error) == ("done", None)


def test_a_run_whose_engine_always_dies_fails_in_the_end(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "REST_AFTER_DEATH", dt.timedelta())
    run_id = submit(site)
    monkeypatch.setattr(work, "solve", die(99))
    site.work_off()
    with site.store.read() as session:
        run = run_by_id(session, run_id)
    assert (run.state, run.error) == (
        "failed",
        "the engine's process ended by itself (exit code -9); tried 5 times",
    )


def away(*_: object, **_more: object) -> None:
    raise OperationalError("select", None, Exception("the database is away"))


def test_a_database_that_is_away_fails_no_run(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    run_id = submit(site)
    with monkeypatch.context() as patched:
        patched.setattr(work, "solve", away)
        claim = lease.claim_next(site.store, "one", 30)
        assert claim is not None
        with pytest.raises(OperationalError):
            work.work(site.store.engine.url.render_as_string(hide_password=False), claim, 30.0, 1)
    lease.give_back(site.store, claim)
    site.work_off()
    with site.store.read() as session:
        assert run_by_id(session, run_id).state == "done"


def test_a_lease_is_renewed_again_when_the_database_is_back(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(site)
    renew, solve, beats = lease.renew, work.solve, list[bool]()
    is_back = threading.Event()

    def renew_at_last(*args: Any) -> bool:
        beats.append(True)
        if len(beats) == 1:
            away()
        answer = renew(*args)
        is_back.set()
        return answer

    def wait_and_solve(*args: Any, **more: Any) -> Outcome:
        assert is_back.wait(30)
        return solve(*args, **more)

    monkeypatch.setattr(lease, "renew", renew_at_last)
    monkeypatch.setattr(work, "solve", wait_and_solve)
    site.work_off()
    assert len(beats) > 1


def test_who_was_fenced_off_puts_nothing_back(site: Site) -> None:
    run_id = submit(site)
    claim = lease.claim_next(site.store, "one", 30)
    assert claim is not None
    with site.store.write() as session:
        cancel(session, run_id)
    with pytest.raises(Fenced):
        lease.try_again(site.store, claim, "gone")


def test_what_a_fenced_worker_finds_is_not_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = submit(site)
    solve = work.solve

    def solve_and_lose(*args: object, **more: object) -> object:
        outcome = solve(*args, **more)
        with site.store.write() as session:
            cancel(session, run_id)
        return outcome

    monkeypatch.setattr(work, "solve", solve_and_lose)
    site.work_off()
    with site.store.read() as session:
        assert run_by_id(session, run_id).state == "cancelled"
        assert session.scalar(select(func.count()).select_from(PlanRow)) == 0


def test_a_task_that_is_handed_out_twice_is_done_once(site: Site) -> None:
    submit(site)
    claim = lease.claim_next(site.store, "one", 30)
    assert claim is not None
    url = site.store.engine.url.render_as_string(hide_password=False)
    work.work(url, claim, 30.0, 1)
    with site.store.read() as session:
        told = session.scalar(select(func.count()).select_from(RunProgressRow))
    work.work(url, claim, 30.0, 1)
    with site.store.read() as session:
        assert session.scalar(select(func.count()).select_from(RunProgressRow)) == told
        assert session.scalar(select(func.count()).select_from(PlanRow)) == 1
