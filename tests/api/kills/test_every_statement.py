"""Processes that are killed before each statement and each commit in turn: no gap is left out."""

from __future__ import annotations

import functools
import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update

from api.clock import now
from api.runs import lease, work
from api.runs.lease import Claim
from api.services.accounts import add_account
from api.services.problems import add_problem
from api.services.runs import RunSettings, submit_run
from api.services.submissions import Answer, answer_once, submission_of
from api.store import PlanRow, RunAttemptRow, RunRow, Store, open_store
from scheduler.check import verify
from scheduler.outcome import Outcome, PlanDocument
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.solve import Settings, solve
from tests.api.site import PASSWORD, small_problem

pytestmark = pytest.mark.xdist_group("every statement")
"""One process has all of them, so that what they fork from is loaded once."""
_LONG = 600.0
_FEWEST = {"submit": 6, "claim": 4, "return": 5, "work": 15}
"""So many places to be killed at there are at least."""


@dataclass(frozen=True)
class Scene:
    """A database with a problem, and who asks."""

    url: str
    account: int
    version: int

    def submit(self, key: str) -> int:
        """The run that the key stands for."""

        def do(session: Any) -> Answer:
            run_id = submit_run(session, self.version, RunSettings(), self.account)
            return Answer(202, {}, str(run_id))

        store = open_store(self.url)
        sent = submission_of(key, "POST", "/", b"")
        try:
            return int(answer_once(store, self.account, sent, do).body)
        finally:
            store.close()


@functools.cache
def forking() -> ForkServerContext:
    """Forks of a process that has everything loaded, and no threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.api.kills.test_every_statement"])
    return context


@pytest.fixture(scope="module", autouse=True)
def own_server() -> Iterator[None]:
    """One that was there before has less loaded: each child would load the rest by itself."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    forking()
    forkserver.ensure_running()
    yield
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    forking.cache_clear()


@functools.cache
def plan_document() -> PlanDocument:
    outcome = solve(small_problem(), Settings(engine="greedy", threads=1))
    assert isinstance(outcome, PlanDocument)
    return outcome


def solve_at_once(document: PlanDocument) -> Callable[..., Outcome]:
    """A solver that tells and keeps something, and knows what comes out."""

    def solve_it(problem: Problem, _settings: Settings, **more: Any) -> Outcome:
        plan = Plan(placements=tuple(each.placement for each in document.placements))
        more["watch"](Progress("solve", 0.1, 0, 4, "placed", 1, 2))
        more["keep"](verify(problem, plan))
        more["watch"](Progress("explain", 0.2, 0, 0, "", None, None))
        return document

    return solve_it


def do_and_die(statement: int, act: Callable[[], object]) -> None:
    """In a child: the process is killed just before its so-many-eth statement or commit."""
    count = itertools.count(1)

    def strike(*_: object) -> None:
        if next(count) == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", strike)
    event.listen(Engine, "commit", strike)
    act()


def act_submit(scene: Scene, key: str) -> None:
    scene.submit(key)


def act_claim(scene: Scene) -> None:
    lease.claim_next(open_store(scene.url), "child", _LONG)


def act_return(scene: Scene) -> None:
    lease.return_expired(open_store(scene.url))


def act_work(scene: Scene, claim: Claim, document: PlanDocument) -> None:
    work.solve = solve_at_once(document)  # type: ignore[assignment]
    work.work(scene.url, claim, _LONG, 1)


def killed_at(statement: int, act: Callable[..., None], *arguments: object) -> bool:
    """Whether there was so late a statement to be killed at."""
    child = forking().Process(
        target=do_and_die, args=(statement, functools.partial(act, *arguments))
    )
    child.start()
    child.join()
    assert child.exitcode in {0, -signal.SIGKILL}
    return child.exitcode != 0


@pytest.fixture
def scene(database: str, store: Store) -> Scene:
    with store.write() as session:
        planner = add_account(session, "planner", ["planner"], PASSWORD)
        version = add_problem(session, small_problem(), planner.id, "test")
        return Scene(database, planner.id, version.id)


def each_statement(name: str) -> Iterator[int]:
    """Numbers from 1; whoever takes them stops at the first that nobody was killed at."""
    for number in itertools.count(1):
        yield number
        assert number < 200, name


def test_a_run_that_is_asked_for_again_is_there_once(scene: Scene, store: Store) -> None:
    for number in each_statement("submit"):
        was_killed = killed_at(number, act_submit, scene, f"key-{number}")
        told = scene.submit(f"key-{number}")
        with store.read() as session:
            assert list(session.scalars(select(RunRow.id).order_by(RunRow.id)))[-1] == told
            assert session.scalar(select(func.count()).select_from(RunRow)) == number
        if not was_killed:
            break
    assert number > _FEWEST["submit"]


def test_a_run_is_claimed_whole_or_not_at_all(scene: Scene, store: Store) -> None:
    scene.submit("key")
    for number in each_statement("claim"):
        if not killed_at(number, act_claim, scene):
            break
        assert seen(store) == ("queued", 0, 0, 0)
    assert seen(store) == ("running", 1, 1, 1)
    assert number > _FEWEST["claim"]


def test_a_run_goes_back_whole_or_not_at_all(scene: Scene, store: Store) -> None:
    scene.submit("key")
    lease.claim_next(store, "gone", _LONG)
    with store.write() as session:
        session.execute(update(RunRow).values(lease_until=now()))
    for number in each_statement("return"):
        if not killed_at(number, act_return, scene):
            break
        assert seen(store) == ("running", 1, 1, 1)
    assert seen(store) == ("queued", 1, 1, 0)
    assert number > _FEWEST["return"]


def test_a_worker_killed_at_any_statement_leaves_a_run_that_another_does_once(
    scene: Scene, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "solve", solve_at_once(plan_document()))
    for number in each_statement("work"):
        run_id = scene.submit(f"key-{number}")
        claim = lease.claim_next(store, "one", _LONG)
        assert claim is not None
        was_killed = killed_at(number, act_work, scene, claim, plan_document())
        state, plans = state_and_plans(store, run_id)
        assert (state, plans) == (("running", 0) if was_killed else ("done", 1))
        if not was_killed:
            break
        lease.give_back(store, claim)
        again = lease.claim_next(store, "two", _LONG)
        assert again == Claim(run_id, claim.fence + 1)
        work.work(scene.url, again, _LONG, 1)
        work.work(scene.url, claim, _LONG, 1)
        assert state_and_plans(store, run_id) == ("done", 1)
    assert number > _FEWEST["work"]


def seen(store: Store) -> tuple[str, int, int, int]:
    """State, fence, attempts, and attempts under way of the only run."""
    with store.read() as session:
        row = session.scalars(select(RunRow)).one()
        under_way = session.scalar(
            select(func.count()).select_from(RunAttemptRow).where(RunAttemptRow.ended_at.is_(None))
        )
    return row.state, row.fence, row.attempts, under_way or 0


def state_and_plans(store: Store, run_id: int) -> tuple[str, int]:
    with store.read() as session:
        plans = select(func.count()).select_from(PlanRow).where(PlanRow.run_id == run_id)
        return session.get_one(RunRow, run_id).state, session.scalar(plans) or 0
