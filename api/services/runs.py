"""Runs as people see them: asked for, watched, stopped."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Annotated, Literal, cast

from pydantic import Field
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.errors import Conflict, NotFound
from api.security.caller import Caller
from api.security.permissions import Action
from api.services.attempts import end_attempt
from api.services.packing import unpack
from api.services.problems import version_by_id
from api.store import PlanRow, ProblemRow, ProblemVersionRow, RunPlanRow, RunProgressRow, RunRow
from providers import Record
from scheduler.goal import Stage
from scheduler.language import Message
from scheduler.outcome import ConflictItem, NoPlan
from scheduler.problem import Problem

State = Literal["queued", "running", "done", "failed", "cancelled"]
STATE_LABELS: dict[State, Message] = {
    "queued": Message("In the queue"),
    "running": Message("Running"),
    "done": Message("Finished"),
    "failed": Message("Failed"),
    "cancelled": Message("Cancelled"),
}
_NOT_OF_PEOPLE = frozenset({"capacity", "intake", "cohort", "budget", "volume", "contract"})
"""Rules whose demands name nobody."""
ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})


class RunSettings(Record):
    """What a run was asked to do."""

    engine: Literal["auto", "cpsat", "mip", "greedy"] = "auto"
    """Which engine; ``auto`` chooses."""
    gap_basis_points: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Stop each goal this close to the best, in hundredths of a per cent; none: as it says."""
    time_limit_seconds: Annotated[int, Field(gt=0, le=7 * 24 * 3600)] | None = 600
    """Time for all goals together; none: no limit."""
    seed: Annotated[int, Field(ge=0, lt=2**31)] = 0
    """Where engines draw lots, they draw from this seed."""
    stages: Annotated[tuple[Stage, ...], Field(min_length=1, max_length=8)] | None = None
    """Goals instead of the problem's own."""


@dataclass(frozen=True, slots=True)
class StageProgress:
    """The latest of one goal."""

    name: str
    value: int | None
    bound: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class RunInBrief:
    """A line of the list of runs."""

    id: int
    problem_id: int
    title: str
    state: State
    outcome: str | None
    plan_id: int | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A run and how far it is."""

    id: int
    problem_id: int
    problem_version_id: int
    title: str
    state: State
    settings: RunSettings
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    phase: str | None
    stages: tuple[StageProgress, ...]
    kept_plans: int
    """Better plans kept so far."""
    stop_requested: bool
    memory_bytes: int
    outcome: Literal["plan", "no-plan", "undecided"] | None
    plan_id: int | None
    no_plan: NoPlan | None
    """The conflict, where it is proven that no plan exists."""
    error: str | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ENDED


def as_seen_by(run: Run, caller: Caller) -> Run:
    """The run without values of goals or words about people, for whoever may not see them."""
    if not caller.may(Action.READ_GOALS):
        stages = tuple(replace(stage, value=None, bound=None) for stage in run.stages)
        run = replace(run, stages=stages)
    if run.no_plan is not None and not caller.may(Action.READ_PERSON):
        conflict = tuple(_without_people(item) for item in run.no_plan.conflict)
        run = replace(run, no_plan=run.no_plan.model_copy(update={"conflict": conflict}))
    return run


def _without_people(item: ConflictItem) -> ConflictItem:
    if item.rule in _NOT_OF_PEOPLE:
        return item
    what = Message("What is fixed or known of somebody")
    return item.model_copy(update={"what": what.local()})


def submit_run(session: Session, version_id: int, settings: RunSettings, account_id: int) -> int:
    """The id of a new run, in the queue.

    Raises
    ------
    NotFound
        If there is no such version.
    """
    version_by_id(session, version_id)
    row = RunRow(
        problem_version_id=version_id,
        state="queued",
        settings=settings.model_dump_json(),
        created_by=account_id,
        created_at=now(),
    )
    session.add(row)
    session.flush()
    return row.id


def problem_of_run(problem: Problem, settings: RunSettings) -> Problem:
    """The problem as a run solves it: with the goals that were chosen for the run."""
    if settings.stages is None:
        return problem
    # Stages contradict nothing else, so that nothing needs to be validated again.
    return problem.model_copy(update={"stages": settings.stages})


def use_best(session: Session, run_id: int) -> None:
    """A run under way ends with the best plan so far; one in the queue never begins.

    Raises
    ------
    NotFound, Conflict
        If there is no such run, or it has ended.
    """
    _row(session, run_id)
    cancelled = session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.state == "queued")
        .values(state="cancelled", finished_at=now(), fence=RunRow.fence + 1)
    )
    if _changed(cancelled):
        return
    asked = session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.state == "running")
        .values(stop_requested=True)
    )
    if not _changed(asked):
        raise Conflict(Message("The run has ended already."))


def cancel(session: Session, run_id: int) -> None:
    """A run is given up, and whatever it still finds is not kept.

    Raises
    ------
    NotFound, Conflict
        If there is no such run, or it has ended.
    """
    _row(session, run_id)
    done = session.execute(
        update(RunRow)
        .where(RunRow.id == run_id, RunRow.state.in_(("queued", "running")))
        .values(state="cancelled", finished_at=now(), lease_until=None, fence=RunRow.fence + 1)
    )
    if not _changed(done):
        raise Conflict(Message("The run has ended already."))
    end_attempt(session, run_id, "cancelled")


def list_runs(
    session: Session, *, problem_id: int | None = None, most: int = 20, offset: int = 0
) -> list[RunInBrief]:
    """Runs, the newest first."""
    query = (
        select(RunRow, ProblemRow, PlanRow.id)
        .join(ProblemVersionRow, ProblemVersionRow.id == RunRow.problem_version_id)
        .join(ProblemRow, ProblemRow.id == ProblemVersionRow.problem_id)
        .outerjoin(PlanRow, PlanRow.run_id == RunRow.id)
        .order_by(RunRow.id.desc())
        .limit(most)
        .offset(offset)
    )
    if problem_id is not None:
        query = query.where(ProblemRow.id == problem_id)
    return [
        RunInBrief(
            run.id,
            problem.id,
            problem.title,
            cast("State", run.state),
            run.outcome,
            plan_id,
            run.created_at,
        )
        for run, problem, plan_id in session.execute(query)
    ]


def last_settings(session: Session, problem_id: int) -> RunSettings | None:
    """What the problem's latest run was asked to do; none: it was never run."""
    settings = session.scalar(
        select(RunRow.settings)
        .join(ProblemVersionRow, ProblemVersionRow.id == RunRow.problem_version_id)
        .where(ProblemVersionRow.problem_id == problem_id)
        .order_by(RunRow.id.desc())
        .limit(1)
    )
    return None if settings is None else RunSettings.model_validate_json(settings)


def run_by_id(session: Session, run_id: int) -> Run:
    """A run and how far it is.

    Raises
    ------
    NotFound
        If there is none with that id.
    """
    row = _row(session, run_id)
    version = session.get_one(ProblemVersionRow, row.problem_version_id)
    problem = session.get_one(ProblemRow, version.problem_id)
    has_document = row.outcome == "no-plan" and row.outcome_document is not None
    return Run(
        id=row.id,
        problem_id=problem.id,
        problem_version_id=version.id,
        title=problem.title,
        state=cast("State", row.state),
        settings=RunSettings.model_validate_json(row.settings),
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        phase=row.phase,
        stages=_latest(session, row),
        kept_plans=session.scalar(
            select(func.count()).select_from(RunPlanRow).where(RunPlanRow.run_id == run_id)
        )
        or 0,
        stop_requested=row.stop_requested,
        memory_bytes=row.memory_bytes,
        outcome=cast("Literal['plan', 'no-plan', 'undecided'] | None", row.outcome),
        plan_id=session.scalar(select(PlanRow.id).where(PlanRow.run_id == run_id)),
        no_plan=NoPlan.model_validate_json(unpack(row.outcome_document or b""))
        if has_document
        else None,
        error=row.error,
    )


def _latest(session: Session, run: RunRow) -> tuple[StageProgress, ...]:
    """The latest of each goal, of the attempt under way."""
    ids = (
        select(func.max(RunProgressRow.id))
        .where(RunProgressRow.run_id == run.id, RunProgressRow.fence == run.begun_fence)
        .where(RunProgressRow.stages > 0)
        .group_by(RunProgressRow.stage_index)
    )
    rows = session.scalars(
        select(RunProgressRow)
        .where(RunProgressRow.id.in_(ids))
        .order_by(RunProgressRow.stage_index)
    )
    return tuple(StageProgress(row.stage_name, row.value, row.bound, row.seconds) for row in rows)


def _row(session: Session, run_id: int) -> RunRow:
    row = session.get(RunRow, run_id)
    if row is None:
        raise NotFound(Message("There is no such run."))
    return row


def _changed(result: object) -> bool:
    return bool(getattr(result, "rowcount", 0))
