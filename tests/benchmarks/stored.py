"""Stored runs to compare and to show, in which each test changes what it is about."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.records import (
    Crossing,
    Ending,
    GoalRun,
    InstanceRun,
    Machine,
    PhaseRun,
    Results,
    WayName,
    WayRun,
)

OFFICE, CITY = "plain-office-blend", "plain-city-blend"
_MACHINE = Machine(
    processor="a processor",
    cores=2,
    memory_gib=24,
    system="a system",
    python="3.11",
    versions=(("a solver", "1.0"),),
)


def way_run(
    way: WayName = "ungeplan",
    seconds: float = 1.0,
    *,
    value: int | None = 1000,
    bound: int | None = 1000,
    ended: Ending = "finished",
    limit_seconds: float | None = None,
    fault: str = "",
    is_checked: bool = True,
) -> WayRun:
    """One goal, whose gap is what it is after these seconds."""
    goal = GoalRun(name="placed", sense="most", value=value, bound=bound, seconds=seconds)
    if goal.gap is not None:
        crossing = Crossing(gap_basis_points=round(10_000 * goal.gap), seconds=seconds)
        goal = goal.model_copy(update={"crossings": (crossing,)})
    return WayRun(
        way=way,
        seconds=seconds,
        ended=ended,
        limit_seconds=limit_seconds,
        goals=(goal,),
        own_mib=100,
        children_mib=200,
        is_checked=is_checked,
        placed=value,
        fault=fault,
    )


def run_of(
    *ways: WayRun,
    instance: str = OFFICE,
    seed: int = 1,
    options: int = 50_000,
    phases: Sequence[PhaseRun] = (),
) -> InstanceRun:
    """What these ways did with an instance."""
    return InstanceRun(
        instance=instance,
        seed=seed,
        people=300,
        sites=20,
        options=options,
        load_before=0.5,
        phases=tuple(phases),
        ways=ways,
    )


def results_of(*runs: InstanceRun, note: str = "") -> Results:
    """One run of the benchmarks over these instances."""
    return Results(
        started_at="2016-07-04T12:00:00+00:00",
        commit="0123456789ab",
        note=note,
        machine=_MACHINE,
        runs=runs,
    )
