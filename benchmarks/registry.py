"""What is measured: instances as data, each made from a seed or read from a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from benchmarks.records import PEERS, WayName
from benchmarks.shapes import SHAPES, changed, plain
from scheduler.files import read_problem
from scheduler.generate import CityShape, generate_city
from scheduler.goal import GOAL_NAMES, GoalName, GoalWeight, Stage
from scheduler.problem import Problem

EXAMPLES = Path(__file__).parents[1] / "examples"
PLAIN = "plain-"
"""Begins the names of plain cities."""
Goals = Literal["blend", "ordered", "own"]
"""One stage of 1000·placed + match - 2·wait; the four default goals with zero tolerance; or the
stages that the input itself has."""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a city is, and what is asked of a run on it."""

    name: str
    people: int
    sites: int
    weeks: int
    blend_gap: int
    """Hundredths of a per cent at which a run on the blend may stop."""
    ordered_gaps: tuple[int, int, int, int]
    """The same for each of the ordered goals."""
    blend_seconds: float
    """How long a run on the blend should take."""
    ordered_seconds: float
    """The same for the ordered goals."""
    rounds: int
    """How often the phases around solving are timed; the best counts."""
    peers: tuple[WayName, ...] = PEERS
    """Where the whole model would not fit in memory, no solver is given it."""
    is_explained: bool = True
    """Whether everybody who waits gets a reason, and results are written: no office reads the
    reasons of forty thousand people, which are gigabytes."""


TINY = Size("tiny", 12, 10, 8, 1, (0, 5, 100, 100), 20, 20, rounds=1)
OFFICE = Size("office", 300, 20, 52, 1, (0, 5, 100, 100), 5, 30, rounds=3)
CITY = Size("city", 3_500, 60, 52, 5, (5, 50, 100, 100), 120, 360, rounds=2)
REGION = Size("region", 20_000, 200, 52, 50, (50, 100, 200, 200), 480, 1_440, rounds=1)
COUNTRY = Size(
    *("country", 100_000, 500, 52, 200, (200, 200, 500, 500), 1_800, 5_400, 1),
    peers=("greedy",),
    is_explained=False,
)
SIZES = (TINY, OFFICE, CITY, REGION, COUNTRY)
_HARD_SECONDS = 60.0
_STORED_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Instance:
    """One problem to measure, for any seed."""

    name: str
    size: Size
    make: Callable[[int], Problem]
    """The problem of a seed; a stored one is the same for any."""
    seconds: float
    """How long a run should take."""
    kind: Literal["generated", "hard", "stored"]
    goals: Goals
    peers: tuple[WayName, ...]
    """What else is tried on it."""

    @property
    def is_seeded(self) -> bool:
        """Whether another seed gives another problem."""
        return self.kind != "stored"

    @property
    def has_command(self) -> bool:
        """Whether the whole command is measured too, from its start to files written."""
        return self.goals == "own"


def stages_of(goals: Literal["blend", "ordered"], size: Size) -> tuple[Stage, ...]:
    """The stages, each with the gap at which a run may stop."""
    if goals == "ordered":
        return tuple(
            Stage.single(goal, gap_basis_points=gap)
            for goal, gap in zip(GOAL_NAMES, size.ordered_gaps, strict=True)
        )
    weights: dict[GoalName, int] = {"placed": 1000, "match": 1, "wait": -2}
    blend = tuple(GoalWeight(goal=goal, weight=weight) for goal, weight in weights.items())
    return (Stage(blend=blend, gap_basis_points=size.blend_gap),)


def list_instances() -> tuple[Instance, ...]:
    """Everything that can be measured, the tiny ones that only show that all works included."""
    return (
        *(_plain(size, goals) for size in SIZES for goals in ("blend", "ordered")),
        *(_generated(size, goals) for size in SIZES for goals in ("blend", "ordered")),
        *(_hard(size, shape) for size in (TINY, OFFICE) for shape in SHAPES),
        *(_stored(size, goals) for size in (TINY, OFFICE) for goals in ("own", "ordered")),
    )


def _plain(size: Size, goals: Literal["blend", "ordered"]) -> Instance:
    return replace(
        _generated(size, goals),
        name=f"{PLAIN}{size.name}-{goals}",
        make=lambda seed: changed(plain(city_of(size, seed)), stages=stages_of(goals, size)),
    )


def _generated(size: Size, goals: Literal["blend", "ordered"]) -> Instance:
    return Instance(
        name=f"{size.name}-{goals}",
        size=size,
        make=lambda seed: changed(city_of(size, seed), stages=stages_of(goals, size)),
        seconds=size.blend_seconds if goals == "blend" else size.ordered_seconds,
        kind="generated",
        goals=goals,
        peers=size.peers,
    )


def _hard(size: Size, shape: str) -> Instance:
    stages = stages_of("ordered", size)
    return Instance(
        name=f"{size.name}-{shape}",
        size=size,
        make=lambda seed: changed(SHAPES[shape](city_of(size, seed)), stages=stages),
        seconds=_HARD_SECONDS,
        kind="hard",
        goals="ordered",
        peers=() if size is TINY else ("greedy",),
    )


def _stored(size: Size, goals: Literal["own", "ordered"]) -> Instance:
    """The example city, with its own tolerances or with none."""

    def make(_: int) -> Problem:
        problem = read_problem(EXAMPLES / "copenhagen-2016")
        if size is TINY:
            problem = shrunk(problem, size.people)
        return problem if goals == "own" else changed(problem, stages=without_tolerances(problem))

    start = "tiny-" if size is TINY else ""
    return Instance(
        name=f"{start}copenhagen-2016{'' if goals == 'own' else '-no-tolerance'}",
        size=size,
        make=make,
        seconds=_STORED_SECONDS if goals == "own" else _HARD_SECONDS,
        kind="stored",
        goals=goals,
        peers=() if size is TINY else PEERS if goals == "own" else ("greedy",),
    )


def city_of(size: Size, seed: int) -> Problem:
    """The generated city of a size and seed."""
    return generate_city(
        CityShape(people=size.people, sites=size.sites, weeks=size.weeks, seed=seed)
    )


def without_tolerances(problem: Problem) -> tuple[Stage, ...]:
    """The problem's stages, none of which may lose anything later."""
    return tuple(changed(stage, tolerance=0, tolerance_basis_points=0) for stage in problem.stages)


def shrunk(problem: Problem, count: int) -> Problem:
    """The problem with its first so many people alone, and no contract that needs more."""
    kept = {person.id for person in problem.people[:count]}
    return changed(
        problem,
        people=problem.people[:count],
        contracts=tuple(
            changed(contract, least_applies="if-used", take_or_pay=False)
            for contract in problem.contracts
        ),
        enrolments=tuple(row for row in problem.enrolments if row.person_id in kept),
        ratings=tuple(row for row in problem.ratings if row.person_id in kept),
        pins=tuple(row for row in problem.pins if row.person_id in kept),
        uses=tuple(row for row in problem.uses if row.person_id is None or row.person_id in kept),
    )


INSTANCES = {instance.name: instance for instance in list_instances()}
"""Every instance by name."""
