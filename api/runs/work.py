"""What a worker does with a run: solve it, tell where it is, keep what it finds.

Runs in a process of the Dask cluster. Everything it needs to know is in its arguments and the
database; everything that it finds is in the database when it returns.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psutil
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from api.clock import now
from api.runs import lease
from api.runs.lease import Claim, Fenced
from api.services.packing import pack
from api.services.problems import version_by_id
from api.services.runs import RunSettings, problem_of_run
from api.store import PlanRow, RunPlanRow, RunProgressRow, Store, open_store
from scheduler.check import Verified
from scheduler.errors import EngineDied, EngineFailed, InputError
from scheduler.outcome import NoPlan, Outcome, PlanDocument
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.report import outcome_json, plan_json
from scheduler.solve import Settings as SolveSettings
from scheduler.solve import solve

_RENEWALS_PER_LEASE = 6
_LONGEST_LOOK_SECONDS = 1.0
"""How long a wish to stop may go unheard."""


def work(database: str, claim: Claim, lease_seconds: float, threads: int) -> None:
    """The run has ended, and its result is kept; or somebody else has it."""
    store = open_store(database)
    try:
        _Work(store, claim, lease_seconds, threads).run()
    finally:
        store.close()


@dataclass
class _Work:
    """A run in the hands of this process."""

    store: Store
    claim: Claim
    lease_seconds: float
    threads: int
    _stop: threading.Event = field(default_factory=threading.Event)
    """The best plan so far is wanted, or nothing at all."""
    _fenced: threading.Event = field(default_factory=threading.Event)
    _told: tuple[object, ...] = ()
    _seconds: float = 0.0
    _version_id: int = 0

    def run(self) -> None:
        """Solves, and keeps what comes out."""
        try:
            problem, settings = self._begin()
            with self._heartbeat():
                try:
                    outcome = self._solve(problem, settings)
                except EngineDied as error:
                    lease.try_again(self.store, self.claim, str(error))
                except (EngineFailed, InputError) as error:
                    self._fail(str(error))
                except (Fenced, OperationalError):
                    # The database was away, which is not the run's fault: it is tried again.
                    raise
                except Exception as error:  # noqa: BLE001 - whatever breaks, the run has an end
                    # Its text may name people; its kind does not.
                    self._fail(type(error).__name__)
                else:
                    self._deliver(outcome)
        except Fenced:
            return

    def _begin(self) -> tuple[Problem, RunSettings]:
        with self.store.write() as session:
            row = lease.begin(session, self.claim)
            version = version_by_id(session, row.problem_version_id)
            self._version_id = version.id
            settings = RunSettings.model_validate_json(row.settings)
            return problem_of_run(version.problem, settings), settings

    def _solve(self, problem: Problem, settings: RunSettings) -> Outcome:
        return solve(
            problem,
            SolveSettings(
                engine=settings.engine,
                gap_basis_points=settings.gap_basis_points,
                time_limit_seconds=settings.time_limit_seconds,
                seed=settings.seed,
                threads=self.threads,
            ),
            watch=self._tell,
            stop=self._stop.is_set,
            keep=self._keep,
        )

    def _tell(self, progress: Progress) -> None:
        """Progress is kept where anything but the clock has moved."""
        self._refuse_if_fenced()
        self._seconds = progress.seconds
        news = (progress.phase, progress.stage_index, progress.value, progress.bound)
        if news == self._told:
            return
        self._told = news
        with self.store.write() as session:
            lease.change(session, self.claim, phase=progress.phase)
            session.add(
                RunProgressRow(
                    run_id=self.claim.run_id,
                    fence=self.claim.fence,
                    seconds=progress.seconds,
                    phase=progress.phase,
                    stage_index=progress.stage_index,
                    stages=progress.stages,
                    stage_name=progress.stage_name,
                    value=progress.value,
                    bound=progress.bound,
                )
            )

    def _keep(self, verified: Verified) -> None:
        self._refuse_if_fenced()
        with self.store.write() as session:
            lease.change(session, self.claim, phase="solve")
            session.add(
                RunPlanRow(
                    run_id=self.claim.run_id,
                    fence=self.claim.fence,
                    seconds=self._seconds,
                    goals=verified.goals.model_dump_json(),
                    placements=pack(verified.plan.model_dump_json()),
                )
            )

    def _deliver(self, outcome: Outcome) -> None:
        """Result and state are kept in one transaction."""
        with self.store.write() as session:
            if isinstance(outcome, PlanDocument):
                lease.finish(session, self.claim, state="done", outcome="plan")
                self._add_plan(session, outcome)
            else:
                lease.finish(
                    session,
                    self.claim,
                    state="done",
                    outcome="no-plan" if isinstance(outcome, NoPlan) else "undecided",
                    outcome_document=pack(outcome_json(outcome)),
                )

    def _add_plan(self, session: Session, document: PlanDocument) -> None:
        content = plan_json(document)
        session.add(
            PlanRow(
                run_id=self.claim.run_id,
                problem_version_id=self._version_id,
                document=pack(content),
                sha256=hashlib.sha256(content).hexdigest(),
                placed=len(document.placements),
                waiting=len(document.waiting),
                proof=document.proof,
                created_at=now(),
            )
        )

    def _fail(self, why: str) -> None:
        with self.store.write() as session:
            lease.finish(session, self.claim, state="failed", error=why[:400])

    def _refuse_if_fenced(self) -> None:
        if self._fenced.is_set():
            raise Fenced

    @contextmanager
    def _heartbeat(self) -> Iterator[None]:
        """The lease is renewed, and wishes are heard, until the block ends."""
        over = threading.Event()

        def beat() -> None:
            pause = min(_LONGEST_LOOK_SECONDS, self.lease_seconds / _RENEWALS_PER_LEASE)
            while not over.wait(pause):
                try:
                    if lease.renew(self.store, self.claim, self.lease_seconds, memory_bytes()):
                        self._stop.set()
                except Fenced:
                    self._fenced.set()
                    self._stop.set()
                    return
                except OperationalError:
                    # It may be there again before the lease has run out.
                    continue

        thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def memory_bytes() -> int:
    """What this process and its children use now."""
    total = 0
    own = psutil.Process()
    for process in (own, *own.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total
