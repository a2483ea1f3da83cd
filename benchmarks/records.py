"""What a run of the benchmarks stores: one JSON file, compared and shown later."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from providers import Record

Seconds = Annotated[float, Field(ge=0)]
MiB = Annotated[int, Field(ge=0)]
WayName = Literal["ungeplan", "cpsat", "mip", "relaxation", "greedy", "command-line"]
"""Ungeplan as it comes (``--engine auto``); the peers: CP-SAT and HiGHS on the whole model, the
linear relaxation of the whole model alone, the greedy planner; and the whole command."""
PEERS: tuple[WayName, ...] = ("cpsat", "mip", "relaxation", "greedy")
PhaseName = Literal["read", "compile", "formulate", "solve", "settle", "check", "explain", "report"]
Ending = Literal["finished", "time", "memory", "failed"]
"""It ended by itself; it was stopped at a limit of time or memory; something went wrong."""
GAPS = (1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0)
"""Hundredths of a per cent whose first crossing is noted."""


class Crossing(Record):
    """When a goal's gap first was no larger than this."""

    gap_basis_points: int
    seconds: Seconds
    """Since solving began, earlier goals included."""


class GoalRun(Record):
    """What a way found for one stage."""

    name: str
    sense: Literal["most", "least"]
    value: int | None
    """Of the plan when the stage was decided; none: no plan."""
    bound: int | None
    """None: nothing is known."""
    seconds: Seconds
    crossings: tuple[Crossing, ...] = ()

    @property
    def gap(self) -> float | None:
        """Distance of value and bound as a share of the value (at least 1)."""
        if self.value is None or self.bound is None:
            return None
        return abs(self.bound - self.value) / max(1, abs(self.value))

    def seconds_to(self, gap_basis_points: int) -> float | None:
        """When the gap was first no larger; none: never."""
        reached = [c.seconds for c in self.crossings if c.gap_basis_points <= gap_basis_points]
        return min(reached, default=None)


class WayRun(Record):
    """What one way did with an instance."""

    way: WayName
    seconds: Seconds
    """From a formulation in memory to a plan in memory, the start of processes included."""
    ended: Ending
    limit_seconds: Seconds | None = None
    """The time it was given; none: no limit."""
    goals: tuple[GoalRun, ...] = ()
    own_mib: MiB = 0
    """The most memory of the process that asked."""
    children_mib: MiB = 0
    """The most memory of the solver's process."""
    is_checked: bool = False
    """Whether the plan passed the checker, and is worth what was claimed."""
    placed: int | None = None
    """People with a place in the plan."""
    fault: str = ""
    """What went wrong, if anything."""


class PhaseRun(Record):
    """How long a phase took."""

    phase: PhaseName
    seconds: Seconds
    """The best of the rounds."""
    own_mib: MiB
    children_mib: MiB


class InstanceRun(Record):
    """An instance with one seed."""

    instance: str
    seed: int
    people: int
    sites: int
    options: int
    load_before: float
    """Processes that wanted to run, on average over the minute before."""
    phases: tuple[PhaseRun, ...] = ()
    ways: tuple[WayRun, ...] = ()

    def way(self, name: WayName) -> WayRun | None:
        """What that way did, if it was tried."""
        return next((way for way in self.ways if way.way == name), None)


class Machine(Record):
    """What it ran on."""

    processor: str
    cores: int
    memory_gib: int
    system: str
    python: str
    versions: tuple[tuple[str, str], ...]
    """Of the solvers and what they stand on."""


class Results(Record):
    """One run of the benchmarks."""

    schema_version: Literal["ungeplan-benchmarks/1"] = "ungeplan-benchmarks/1"
    started_at: str
    """UTC, ISO 8601."""
    commit: str
    """The commit measured; ends in ``+`` where files differed from it."""
    note: str = ""
    """What a reader has to know, such as what else the machine did."""
    machine: Machine
    runs: tuple[InstanceRun, ...]


def read_results(path: Path) -> Results:
    """The results stored at `path`."""
    return Results.model_validate_json(path.read_bytes())


def write_results(results: Results, path: Path) -> None:
    """The results are stored at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(results.model_dump_json(indent=1) + "\n", encoding="utf-8", newline="\n")
