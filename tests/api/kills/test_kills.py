from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from api.services.packing import unpack
from api.store import (
    IdempotencyRow,
    PlanRow,
    RunAttemptRow,
    RunPlanRow,
    RunProgressRow,
    RunRow,
    Store,
)
from scheduler.check import check
from scheduler.outcome import PlanDocument
from scheduler.plan import Plan
from tests.api.kills.rehearsal import Rehearsal, rehearse
from tests.api.site import small_problem

_log = logging.getLogger(__name__)


@pytest.mark.parametrize(
    ("seed", "rounds"), [(1, 4), pytest.param(2016, 100, marks=pytest.mark.slow)]
)
def test_whatever_is_killed_each_run_is_done_once(
    database: str, store: Store, tmp_path: Path, seed: int, rounds: int
) -> None:
    # Another order of victims on each kind of database: few rounds see all of them together.
    seed += store.engine.dialect.name == "postgresql"
    found = rehearse(database, store, tmp_path, seed, rounds)
    _log.warning("%s: %s", store.engine.dialect.name, found)
    assert sum(found.kills.values()) >= rounds * 2 // 3
    assert found.wrongs == [], failures(store)
    assert found.stuck == 0
    assert found.orphans == []
    each_key_got_one_run(store, found, rounds)
    each_run_is_done_once_with_a_sound_plan(store)
    attempts_add_up(store)
    nobody_wrote_after_a_successor(store)


def failures(store: Store) -> list[tuple[str | None, list[str | None]]]:
    """Why runs failed, and how their attempts ended."""
    with store.read() as session:
        return [
            (
                run.error,
                list(
                    session.scalars(
                        select(RunAttemptRow.ending).where(RunAttemptRow.run_id == run.id)
                    )
                ),
            )
            for run in session.scalars(select(RunRow).where(RunRow.state == "failed"))
        ]


def each_key_got_one_run(store: Store, found: Rehearsal, rounds: int) -> None:
    assert sorted(found.answers) == sorted(f"run-{number}" for number in range(rounds))
    with store.read() as session:
        runs = set(session.scalars(select(RunRow.id)))
        keys = len(session.scalars(select(IdempotencyRow.key)).all())
    assert all(len(told) == 1 for told in found.answers.values())
    assert set.union(*found.answers.values()) == runs
    assert len(runs) == rounds == keys


def each_run_is_done_once_with_a_sound_plan(store: Store) -> None:
    with store.read() as session:
        states = Counter(session.scalars(select(RunRow.state)))
        runs = list(session.scalars(select(RunRow.id).order_by(RunRow.id)))
        plans = list(session.execute(select(PlanRow.run_id, PlanRow.document)))
        owned = list(session.scalars(select(RunRow.id).where(RunRow.lease_until.is_not(None))))
    assert states == {"done": len(runs)}
    assert sorted(run_id for run_id, _ in plans) == runs
    assert owned == []
    goals = set()
    for _, packed in plans:
        document = PlanDocument.model_validate_json(unpack(packed))
        plan = Plan(placements=tuple(each.placement for each in document.placements))
        report = check(small_problem(), plan, document)
        assert (report.violations, report.misstatements) == ((), ())
        goals.add((document.proof, report.goals))
    assert len(goals) == 1


def attempts_add_up(store: Store) -> None:
    with store.read() as session:
        runs = {row.id: row for row in session.scalars(select(RunRow))}
        attempts = list(session.scalars(select(RunAttemptRow)))
    assert Counter(each.run_id for each in attempts) == {
        run.id: run.attempts for run in runs.values()
    }
    assert all(each.ended_at is not None for each in attempts)
    done = [each for each in attempts if each.ending == "done"]
    assert sorted(each.run_id for each in done) == sorted(runs)
    assert all(each.fence == runs[each.run_id].fence for each in done)
    assert all(each.begun_at is not None for each in done)


def nobody_wrote_after_a_successor(store: Store) -> None:
    with store.read() as session:
        for table in (RunProgressRow, RunPlanRow):
            rows = session.execute(
                select(table.run_id, table.fence).order_by(table.run_id, table.id)
            )
            written = [tuple(row) for row in rows]
            assert written == sorted(written)
