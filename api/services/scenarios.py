"""Scenarios: problems made from another by a list of named changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from api.errors import Outdated, WrongInput
from api.faults import fault_of
from api.services.changes import ListedChanges
from api.services.price_lists import CHANGES, changed_problem, note_changes
from api.services.problems import ProblemVersion, add_problem, latest_version, version_by_id
from api.services.runs import State
from api.store import PlanRow, ProblemRow, ProblemVersionRow, RunRow, VersionChangesRow
from scheduler.language import Message
from scheduler.problem import Problem
from scheduler.report.disclosure import SMALLEST_SHOWN, is_small
from scheduler.report.views.comparison import Parts
from scheduler.scenarios import (
    ChoosePeople,
    ScenarioChange,
    describe_scenario_change,
    parts_of,
)

MOST_CHANGES = 2000


@dataclass(frozen=True, slots=True)
class Scenario:
    """A base problem, or one that was made from it, with its latest run and plan."""

    problem_id: int
    title: str
    base_id: int | None
    """The problem that it was made from; none: the base itself."""
    created_at: dt.datetime
    changes: tuple[Message, ...]
    """What is otherwise than in the problem that it was made from."""
    run_id: int | None
    """The latest run of its latest version."""
    run_state: State | None
    run_outcome: str | None
    plan_id: int | None
    """The latest plan of its latest version."""


def scenario_problem(base: ProblemVersion, name: str, changes: Sequence[ScenarioChange]) -> Problem:
    """The base's version with the changes, under a name of its own.

    Raises
    ------
    WrongInput
        If the changes are wrong.
    """
    return changed_problem(base.problem, changes).model_copy(update={"title": name})


def add_scenario(
    session: Session,
    base: ProblemVersion,
    problem: Problem,
    changes: Sequence[ScenarioChange],
    account_id: int,
) -> ProblemVersion:
    """The first version of a new problem, which `scenario_problem` made.

    Raises
    ------
    WrongInput
        If it would tell few people apart from those of other scenarios.
    """
    _demand_apart(session, base, changes)
    what = ListedChanges(scenario_of=base.problem_id).model_dump_json()
    version = add_problem(session, problem, account_id, what, parent=base)
    note_changes(session, version, changes)
    return version


def parts_of_people(session: Session, version: ProblemVersion) -> Parts:
    """For a problem with chosen people: everybody, in parts that earlier choices and it tell apart.

    Later scenarios do not count: what was shown of this one stays so. Empty: everybody is in.
    """
    lineage = _lineage(session, version.id)
    own = _choices(session, lineage)
    if not own:
        return ()
    earlier = [
        choice
        for problem_id, choice in _choices_of_family(session, version.problem_id)
        if problem_id < version.problem_id
    ]
    everybody = version_by_id(session, lineage[-1]).problem.people
    return parts_of(everybody, [own, *earlier])


def _demand_apart(
    session: Session, base: ProblemVersion, changes: Sequence[ScenarioChange]
) -> None:
    """Each part of the people that scenarios tell apart has nobody or many."""
    new = [change for change in changes if isinstance(change, ChoosePeople)]
    if not new:
        return
    lineage = _lineage(session, base.id)
    root = version_by_id(session, lineage[-1])
    # Two who choose at the same time take turns.
    session.scalar(select(ProblemRow).where(ProblemRow.id == root.problem_id).with_for_update())
    own = [*_choices(session, lineage), *new]
    others = [choice for _, choice in _choices_of_family(session, base.problem_id)]
    parts = parts_of(root.problem.people, [own, *others])
    seeking = [person for part in parts for person in part]
    kept = sum(all(each.keeps(person) for each in own) for person in seeking)
    number = next(n for n, change in enumerate(changes) if isinstance(change, ChoosePeople))
    if kept < SMALLEST_SHOWN:
        text = Message("Fewer than {least} people would be left.", least=SMALLEST_SHOWN)
        raise WrongInput([fault_of(text, f"{number}.people")])
    if any(is_small(len(part)) for part in parts):
        text = Message(
            "Fewer than {least} people would be in here and not in the problem or another of its"
            " scenarios, or the other way round, so that it would tell how many they are. Choose"
            " more or fewer.",
            least=SMALLEST_SHOWN,
        )
        raise WrongInput([fault_of(text, f"{number}.people")])


def _lineage(session: Session, version_id: int) -> list[int]:
    """The version, the one that it was made from, and so on to the first of all."""
    ids: list[int] = []
    parent: int | None = version_id
    while parent is not None:
        ids.append(parent)
        parent = session.scalar(
            select(ProblemVersionRow.parent_id).where(ProblemVersionRow.id == parent)
        )
    return ids


def _choices(session: Session, lineage: Sequence[int]) -> list[ChoosePeople]:
    """Who was chosen on the way to a version."""
    return [
        change
        for version_id in reversed(lineage)
        for change in changes_of(session, version_id)
        if isinstance(change, ChoosePeople)
    ]


def _choices_of_family(session: Session, problem_id: int) -> list[tuple[int, list[ChoosePeople]]]:
    """By problem of the family, who was chosen; without those in which everybody is."""
    _, ids = _family(session, problem_id)
    found = []
    for each in ids:
        first = session.scalars(
            select(ProblemVersionRow.id).where(
                ProblemVersionRow.problem_id == each, ProblemVersionRow.number == 1
            )
        ).one()
        if choices := _choices(session, _lineage(session, first)):
            found.append((each, choices))
    return found


def demand_same_version(session: Session, problem_id: int, version_id: int) -> ProblemVersion:
    """The problem's latest version, if it is the one that somebody saw.

    Raises
    ------
    Outdated
        If it is not.
    """
    latest = latest_version(session, problem_id)
    if latest.id != version_id:
        raise Outdated(
            Message(
                "Somebody has changed the problem in the meantime. Look again, and decide again."
            )
        )
    return latest


def changes_of(session: Session, version_id: int) -> tuple[ScenarioChange, ...]:
    """The list of changes that made a version; empty where it was made otherwise."""
    row = session.get(VersionChangesRow, version_id)
    return () if row is None else CHANGES.validate_json(row.changes)


def list_family(session: Session, problem_id: int) -> tuple[Scenario, ...]:
    """The base of a problem and everything that was made from it, the base first.

    Raises
    ------
    NotFound
        If there is no such problem.
    """
    latest_version(session, problem_id)
    parents, ids = _family(session, problem_id)
    return tuple(_scenario(session, each, parents.get(each)) for each in ids)


def _family(session: Session, problem_id: int) -> tuple[dict[int, int], list[int]]:
    """Each problem's base, and the problems of one family, the first of all first."""
    parents = _parents(session)
    root = problem_id
    while root in parents:
        root = parents[root]
    children: defaultdict[int, list[int]] = defaultdict(list)
    for child, parent in sorted(parents.items()):
        children[parent].append(child)
    ids, todo = [], [root]
    while todo:
        ids.append(todo.pop(0))
        todo += children[ids[-1]]
    return parents, ids


def _parents(session: Session) -> dict[int, int]:
    """By problem: the problem that its first version was made from."""
    parent = aliased(ProblemVersionRow)
    rows = session.execute(
        select(ProblemVersionRow.problem_id, parent.problem_id)
        .join(parent, parent.id == ProblemVersionRow.parent_id)
        .where(ProblemVersionRow.number == 1)
    )
    return {child: base for child, base in rows}  # noqa: C416 - rows are no pairs to mypy


def _scenario(session: Session, problem_id: int, base_id: int | None) -> Scenario:
    row = session.get_one(ProblemRow, problem_id)
    latest = latest_version(session, problem_id)
    run = session.scalar(
        select(RunRow)
        .where(RunRow.problem_version_id == latest.id)
        .order_by(RunRow.id.desc())
        .limit(1)
    )
    plan_id = session.scalar(
        select(PlanRow.id)
        .where(PlanRow.problem_version_id == latest.id)
        .order_by(PlanRow.id.desc())
        .limit(1)
    )
    return Scenario(
        problem_id=problem_id,
        title=latest.problem.title,
        base_id=base_id,
        created_at=row.created_at,
        changes=changes_since_base(session, latest) if base_id is not None else (),
        run_id=None if run is None else run.id,
        run_state=None if run is None else run.state,  # type: ignore[arg-type]
        run_outcome=None if run is None else run.outcome,
        plan_id=plan_id,
    )


def changes_since_base(session: Session, version: ProblemVersion) -> tuple[Message, ...]:
    """What is otherwise than in the problem that this one was made from, in words."""
    rows = session.scalars(
        select(ProblemVersionRow.id)
        .where(
            ProblemVersionRow.problem_id == version.problem_id,
            ProblemVersionRow.number <= version.number,
        )
        .order_by(ProblemVersionRow.number)
    )
    return tuple(
        describe_scenario_change(change, _named_in(session, row_id))
        for row_id in rows
        for change in changes_of(session, row_id)
    )


def _named_in(session: Session, version_id: int) -> Problem:
    """The problem that a version was made from: it has the names of whoever was left out."""
    version = version_by_id(session, version_id)
    parent_id = version.parent_id
    return version.problem if parent_id is None else version_by_id(session, parent_id).problem
