from __future__ import annotations

import datetime as dt
import threading

import pytest
from sqlalchemy import select, update

from api.runs import lease
from api.runs.lease import Claim, Fenced
from api.services.accounts import add_account
from api.services.problems import add_problem
from api.services.runs import RunSettings, cancel, run_by_id, submit_run, use_best
from api.store import RunRow, Store
from tests.api.site import small_problem

LONG_AGO = dt.datetime(2016, 1, 1, tzinfo=dt.UTC)


def queue(store: Store, count: int = 1) -> list[int]:
    with store.write() as session:
        planner = add_account(session, "planner", ["planner"], "a password for tests")
        version = add_problem(session, small_problem(), planner.id, "test")
        return [submit_run(session, version.id, RunSettings(), planner.id) for _ in range(count)]


def claim(store: Store, owner: str = "one") -> Claim:
    found = lease.claim_next(store, owner, 30)
    assert found is not None
    return found


def state(store: Store, run_id: int) -> str:
    with store.read() as session:
        return run_by_id(session, run_id).state


def run_out(store: Store) -> None:
    with store.write() as session:
        session.execute(update(RunRow).values(lease_until=LONG_AGO))


def test_a_run_is_claimed_once_and_the_oldest_first(store: Store) -> None:
    first, second = queue(store, 2)
    assert [claim(store).run_id, claim(store, "two").run_id] == [first, second]
    assert lease.claim_next(store, "three", 30) is None


def test_many_that_claim_at_once_get_each_run_once(store: Store) -> None:
    runs = queue(store, 12)
    claimed: list[int] = []

    def take(owner: str) -> None:
        while (found := lease.claim_next(store, owner, 30)) is not None:
            claimed.append(found.run_id)

    threads = [threading.Thread(target=take, args=(str(number),)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # PostgreSQL passes over rows that another is just taking, and may leave one for the next look.
    take("last")
    assert sorted(claimed) == runs


def test_a_run_goes_back_to_the_queue_when_its_lease_has_run_out(store: Store) -> None:
    (run_id,) = queue(store)
    old = claim(store)
    assert lease.return_expired(store) == 0
    run_out(store)
    assert lease.return_expired(store) == 1
    assert state(store, run_id) == "queued"
    new = claim(store, "two")
    assert new == Claim(run_id, old.fence + 1)


def test_who_was_given_up_for_dead_changes_nothing(store: Store) -> None:
    (run_id,) = queue(store)
    old = claim(store)
    run_out(store)
    lease.return_expired(store)
    claim(store, "two")
    with pytest.raises(Fenced):
        lease.renew(store, old, 30)
    with pytest.raises(Fenced), store.write() as session:
        lease.begin(session, old)
    with pytest.raises(Fenced), store.write() as session:
        lease.finish(session, old, state="done", outcome="undecided")
    lease.give_back(store, old)
    assert state(store, run_id) == "running"


def test_work_begins_once_under_a_claim(store: Store) -> None:
    queue(store)
    mine = claim(store)
    with store.write() as session:
        lease.begin(session, mine)
    with pytest.raises(Fenced), store.write() as session:
        lease.begin(session, mine)


def test_a_lease_lasts_while_it_is_renewed_and_wishes_are_heard(store: Store) -> None:
    (run_id,) = queue(store)
    mine = claim(store)
    run_out(store)
    assert lease.renew(store, mine, 30, memory_bytes=7) is False
    assert lease.return_expired(store) == 0
    with store.write() as session:
        use_best(session, run_id)
    assert lease.renew(store, mine, 30, memory_bytes=5) is True
    with store.read() as session:
        assert session.scalars(select(RunRow.memory_bytes)).one() == 7


def test_a_run_that_many_workers_did_not_survive_has_failed(store: Store) -> None:
    (run_id,) = queue(store)
    for _ in range(lease.MOST_WORKER_DEATHS):
        assert state(store, run_id) == "queued"
        mine = claim(store)
        with store.write() as session:
            lease.begin(session, mine)
        run_out(store)
        lease.return_expired(store)
    assert state(store, run_id) == "failed"
    assert lease.claim_next(store, "one", 30) is None


def test_a_claim_that_nobody_began_on_says_nothing_of_the_run(store: Store) -> None:
    (run_id,) = queue(store)
    for _ in range(lease.MOST_WORKERS_GONE + 1):
        claim(store)
        run_out(store)
        lease.return_expired(store)
    assert state(store, run_id) == "queued"


def test_a_run_that_no_worker_can_even_begin_has_failed_in_the_end(store: Store) -> None:
    (run_id,) = queue(store)
    for _ in range(lease.MOST_WORKERS_GONE):
        assert state(store, run_id) == "queued"
        lease.give_back(store, claim(store))
    assert state(store, run_id) == "failed"


def test_a_run_handed_back_in_order_is_not_held_against_it(store: Store) -> None:
    (run_id,) = queue(store)
    for _ in range(2 * lease.MOST_WORKER_DEATHS):
        mine = claim(store)
        with store.write() as session:
            lease.begin(session, mine)
        lease.give_back(store, mine, "handed-back")
    assert state(store, run_id) == "queued"


def test_a_run_rests_after_its_engine_died_and_others_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = queue(store, 2)
    died = claim(store)
    assert died.run_id == first
    again(store, died)
    assert claim(store).run_id == second
    assert lease.claim_next(store, "one", 30) is None
    monkeypatch.setattr(lease, "REST_AFTER_DEATH", dt.timedelta())
    assert claim(store).run_id == first


def test_deaths_of_engines_and_of_workers_are_counted_apart(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "REST_AFTER_DEATH", dt.timedelta())
    (run_id,) = queue(store)
    for _ in range(lease.MOST_ENGINE_DEATHS - 1):
        for died in (lambda one: lease.give_back(store, one), lambda one: again(store, one)):
            mine = claim(store)
            with store.write() as session:
                lease.begin(session, mine)
            died(mine)
    assert state(store, run_id) == "queued"
    mine = claim(store)
    with store.write() as session:
        lease.begin(session, mine)
    again(store, mine)
    assert state(store, run_id) == "failed"


def again(store: Store, mine: Claim) -> None:
    lease.try_again(store, mine, "the engine died")


def test_a_cancelled_run_is_fenced_off(store: Store) -> None:
    (run_id,) = queue(store)
    mine = claim(store)
    with store.write() as session:
        cancel(session, run_id)
    with pytest.raises(Fenced):
        lease.renew(store, mine, 30)
    assert state(store, run_id) == "cancelled"
    run_out_only_if_running = lease.return_expired(store)
    assert run_out_only_if_running == 0


def test_a_queued_run_that_is_stopped_never_begins(store: Store) -> None:
    (run_id,) = queue(store)
    with store.write() as session:
        use_best(session, run_id)
    assert state(store, run_id) == "cancelled"
    assert lease.claim_next(store, "one", 30) is None
