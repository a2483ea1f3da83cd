"""What engineers look at: all runs, and what was measured of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, cast
from urllib.parse import urlencode

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.clock import now
from api.pages.rendering import language_of, render
from api.pages.run import PHASE_LABELS, in_unit
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.measurements import (
    ENGINES,
    Attempt,
    GoalCurve,
    MeasuredRun,
    Measurements,
    PhaseTime,
    list_measured_runs,
    measurements_of,
)
from api.services.runs import STATE_LABELS, RunSettings, State
from api.state import state_of
from scheduler.engines import EngineName
from scheduler.language import Language, Message, Share, show, show_number
from scheduler.report.page import Figure, PageTable
from scheduler.report.pictures.progress import gap_curve
from scheduler.report.views.goals import stage_label

ROUTER = APIRouter()
ROWS_A_PAGE = 50
_MOST_PAGES = 10_000
_MOST_POINTS = 400
"""Of a goal's curve on the page; JSON has all of them."""
ENGINE_LABELS: dict[EngineName, Message] = {
    "auto": Message("Chosen by the program"),
    "cpsat": Message("CP-SAT, the whole model"),
    "mip": Message("HiGHS, the whole model"),
    "greedy": Message("As by hand (greedy)"),
}
ENDING_LABELS: dict[str, Message] = {
    "done": Message("Finished"),
    "failed": Message("Failed"),
    "cancelled": Message("Cancelled"),
    "engine-died": Message("The solver's process was gone"),
    "worker-gone": Message("The worker was gone"),
    "lease-ran-out": Message("The worker fell silent"),
    "handed-back": Message("The application was stopped"),
    "restored": Message("Ended by a restore"),
}


@dataclass(frozen=True, slots=True)
class RunLine:
    """A run as shown."""

    run: MeasuredRun
    state: Message
    engine: Message
    took: str
    memory: str


@dataclass(frozen=True, slots=True)
class RunsPage:
    """All runs."""

    template: ClassVar[str] = "pages/runs.html"

    lines: tuple[RunLine, ...]
    state: str
    engine: str
    states: tuple[tuple[str, str], ...]
    engines: tuple[tuple[str, str], ...]
    count: int
    first: int
    previous_href: str
    next_href: str
    sees_problems: bool


@dataclass(frozen=True, slots=True)
class MeasurementsPage:
    """What was measured of a run."""

    template: ClassVar[str] = "pages/measurements.html"

    measured: Measurements
    state: Message
    took: str
    queued: str
    memory: str
    options: tuple[tuple[Message, object], ...]
    phases: PageTable | None
    curves: tuple[Figure, ...]
    attempts: PageTable | None
    sees_problems: bool


@ROUTER.get("/runs")
def show_runs(
    request: Request, caller: Annotated[Caller, may(Action.READ_MEASUREMENTS)]
) -> Response:
    """The newest first; by state and engine where asked for."""
    language = language_of(request)
    given = request.query_params
    state, engine = given.get("state", ""), given.get("engine", "")
    state = state if state in set[str](STATE_LABELS) else ""
    engine = engine if engine in set[str](ENGINES) else ""
    page = _page_of(given.get("page", "1"))
    at = now()
    with state_of(request).store.read() as session:
        runs, count = list_measured_runs(
            session,
            at,
            state=cast("State | None", state or None),
            engine=cast("EngineName | None", engine or None),
            most=ROWS_A_PAGE,
            offset=(page - 1) * ROWS_A_PAGE,
        )

    def address(number: int) -> str:
        said = {"state": state, "engine": engine, "page": str(number) if number > 1 else ""}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"/runs?{query}" if query else "/runs"

    shown = RunsPage(
        lines=tuple(_line(run, language) for run in runs),
        state=state,
        engine=engine,
        states=tuple((key, label.render(language)) for key, label in STATE_LABELS.items()),
        engines=tuple((key, label.render(language)) for key, label in ENGINE_LABELS.items()),
        count=count,
        first=(page - 1) * ROWS_A_PAGE + 1,
        previous_href=address(page - 1) if page > 1 else "",
        next_href=address(page + 1) if page * ROWS_A_PAGE < count else "",
        sees_problems=caller.may(Action.READ_PROBLEM),
    )
    return render(request, shown, caller)


@ROUTER.get("/runs/{run_id:int}/measurements")
def show_measurements(
    request: Request, run_id: int, caller: Annotated[Caller, may(Action.READ_MEASUREMENTS)]
) -> Response:
    """Engine, options, phases, goals over time, memory and attempts."""
    language = language_of(request)
    with state_of(request).store.read() as session:
        measured = measurements_of(session, run_id, now())
    page = MeasurementsPage(
        measured=measured,
        state=STATE_LABELS[measured.run.state],
        took=_seconds(measured.seconds, language),
        queued=_seconds(measured.queued_seconds, language),
        memory=_megabytes(measured.run.memory_bytes, language),
        options=_options(measured.run.settings, language),
        phases=_phases_table(measured.phases, language) if measured.phases else None,
        curves=tuple(
            _figure(f"goal-{index}", curve, language) for index, curve in enumerate(measured.goals)
        ),
        attempts=_attempts_table(measured.attempts, language) if measured.attempts else None,
        sees_problems=caller.may(Action.READ_PROBLEM),
    )
    return render(request, page, caller)


def _page_of(text: str) -> int:
    is_page = text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= _MOST_PAGES
    return int(text[:6]) if is_page else 1


def _line(run: MeasuredRun, language: Language) -> RunLine:
    return RunLine(
        run=run,
        state=STATE_LABELS[run.state],
        engine=ENGINE_LABELS[run.engine],
        took=_seconds(run.seconds, language),
        memory=_megabytes(run.memory_bytes, language),
    )


def _options(settings: RunSettings, language: Language) -> tuple[tuple[Message, object], ...]:
    gap, limit = settings.gap_basis_points, settings.time_limit_seconds
    goals = settings.stages
    return (
        (Message("Engine"), ENGINE_LABELS[settings.engine]),
        (
            Message("Gap asked for"),
            Message("as the problem says") if gap is None else Share(gap / 10_000),
        ),
        (
            Message("Time limit"),
            Message("none") if limit is None else Message("{seconds} s", seconds=limit),
        ),
        (Message("Seed"), str(settings.seed)),
        (
            Message("Goals"),
            Message("as the problem says")
            if goals is None
            else ", ".join(show(stage_label(goal.name), language) for goal in goals),
        ),
    )


def _phases_table(phases: tuple[PhaseTime, ...], language: Language) -> PageTable:
    rows = []
    for phase in phases:
        label = show(PHASE_LABELS.get(phase.phase, phase.phase), language)
        goal = f": {show(stage_label(phase.goal), language)}" if phase.goal else ""
        began, took = _seconds(phase.began_seconds, language), _seconds(phase.seconds, language)
        rows.append((label + goal, began, took))
    return PageTable(
        caption=Message("Phases").render(language),
        headers=_headers(language, Message("Phase"), Message("Began after"), Message("Took")),
        is_number=(False, True, True),
        rows=tuple(rows),
    )


def _figure(name: str, curve: GoalCurve, language: Language) -> Figure:
    goal = stage_label(curve.name)
    points = curve.points[:: max(1, len(curve.points) // _MOST_POINTS)]
    points = points if points[-1] is curve.points[-1] else (*points, curve.points[-1])

    def unit(number: int) -> object:
        return in_unit(number, curve.name)

    def cell(number: int | None) -> str:
        return "–" if number is None else show(unit(number), language)

    drawing = gap_curve(
        name,
        goal,
        [(point.seconds, point.value) for point in points],
        [(point.seconds, point.bound) for point in points],
        points[-1].seconds,
        unit,
        language,
    )
    return Figure(
        caption=show(goal, language),
        drawings=(Markup(str(drawing)),),  # noqa: S704 - ElementTree has escaped it
        tables=(
            PageTable(
                caption=show(goal, language),
                headers=_headers(
                    language, Message("Time"), Message("Value"), Message("Bound"), Message("Gap")
                ),
                is_number=(False, True, True, True),
                rows=tuple(
                    (
                        _seconds(point.seconds, language),
                        cell(point.value),
                        cell(point.bound),
                        "–" if point.gap is None else show(Share(point.gap), language),
                    )
                    for point in points
                ),
            ),
        ),
    )


def _attempts_table(attempts: tuple[Attempt, ...], language: Language) -> PageTable:
    return PageTable(
        caption=Message("Attempts").render(language),
        headers=_headers(
            language,
            Message("Attempt"),
            Message("Waited for a worker"),
            Message("Worked"),
            Message("Ended as"),
            Message("Memory at most"),
            Message("Dispatcher"),
        ),
        is_number=(False, True, True, False, True, False),
        rows=tuple(_attempt_row(attempt, language) for attempt in attempts),
    )


def _attempt_row(attempt: Attempt, language: Language) -> tuple[str, ...]:
    waited = worked = None
    if attempt.begun_at is not None:
        waited = (attempt.begun_at - attempt.claimed_at).total_seconds()
        worked = ((attempt.ended_at or now()) - attempt.begun_at).total_seconds()
    ending = Message("Under way") if attempt.ending is None else ENDING_LABELS[attempt.ending]
    return (
        str(attempt.fence),
        _seconds(waited, language),
        _seconds(worked, language),
        ending.render(language),
        _megabytes(attempt.memory_bytes, language),
        attempt.owner,
    )


def _headers(language: Language, *headers: Message) -> tuple[str, ...]:
    return tuple(header.render(language) for header in headers)


def _seconds(seconds: float | None, language: Language) -> str:
    if seconds is None:
        return "–"
    return Message("{seconds} s", seconds=show_number(seconds, language, 1)).render(language)


def _megabytes(count: int, language: Language) -> str:
    return f"{show_number(count / 2**20, language)} MiB" if count else "–"
