"""A problem: what is in it, and its runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.front import run_label
from api.pages.rendering import language_of, render
from api.pages.tables import first_rows
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.approvals import Verdict, verdicts_of
from api.services.plans import note_lookup
from api.services.problems import ProblemVersion, latest_version
from api.services.runs import RunInBrief, list_runs
from api.state import state_of
from scheduler.language import Message
from scheduler.report.disclosure import is_small
from scheduler.report.page import PageTable

ROUTER = APIRouter()
_ROWS_AS_READ = 5


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What a planner checks before a run."""

    template: ClassVar[str] = "pages/problem.html"

    version: ProblemVersion
    counts: tuple[tuple[Message, int], ...]
    """How many rows there are of each table that has any."""
    samples: tuple[PageTable, ...]
    """The first rows as they were read, so that one sees that letters and dates are right."""
    is_confidential: bool
    """Whether there are rows of people among them."""
    runs: tuple[tuple[RunInBrief, Message], ...]
    verdicts: Mapping[int, Verdict | None]
    """What was decided last on their plans."""
    may_run: bool
    compares: bool
    """Whether plans of the problem and its scenarios may be seen side by side."""


@ROUTER.get("/problems/{problem_id:int}")
def show_problem(
    request: Request, problem_id: int, caller: Annotated[Caller, may(Action.READ_PROBLEM)]
) -> Response:
    """The page."""
    sees_people = caller.may(Action.READ_PERSON)
    with state_of(request).store.write() as session:
        version = latest_version(session, problem_id)
        runs = list_runs(session, problem_id=problem_id) if caller.may(Action.READ_RUN) else []
        plans = [run.plan_id for run in runs] if caller.may(Action.READ_PLAN) else []
        verdicts = verdicts_of(session, plans)
        if sees_people:
            note_lookup(session, caller, Action.READ_PROBLEM, version.id)
    language = language_of(request)
    tables = ("people", "sites", "offers") if sees_people else ("sites", "offers")
    page = ProblemPage(
        version=version,
        counts=counts_of(version, hides_few=not sees_people),
        samples=tuple(
            first_rows(version.problem, name, _ROWS_AS_READ, language) for name in tables
        ),
        is_confidential=sees_people,
        runs=tuple((run, run_label(run)) for run in runs),
        verdicts=verdicts,
        may_run=caller.may(Action.START_RUN),
        compares=caller.may(Action.COMPARE_PLANS),
    )
    return render(request, page, caller)


def counts_of(version: ProblemVersion, *, hides_few: bool) -> tuple[tuple[Message, int], ...]:
    """How many rows there are of each table.

    Perhaps without those of few people; and only of people who seek a place, since the others are
    few, and comparisons of plans tell how many seek one.
    """
    problem = version.problem
    people = [person for person in problem.people if person.seeks_place or not hides_few]
    of_people = (
        (Message("Young people"), len(people)),
        (Message("Enrolments"), len(problem.enrolments)),
        (Message("Pins"), len(problem.pins)),
    )
    return (
        *(each for each in of_people if not (hides_few and is_small(each[1]))),
        (Message("Providers"), len(problem.providers)),
        (Message("Sites"), len(problem.sites)),
        (Message("Offers"), len(problem.offers)),
        (Message("Contracts"), len(problem.contracts)),
        (Message("Budget lines"), len(problem.budget_lines)),
    )
