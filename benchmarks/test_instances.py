"""Every phase and every peer on every instance asked for; `python -m benchmarks.run` drives it.

What is found stands in ``extra_info``; times are pytest-benchmark's. Plain ``pytest`` runs it all
once on tiny instances and times nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.material import Material
from benchmarks.memory import MemoryWatch
from benchmarks.records import PhaseName, PhaseRun, WayName, WayRun

Result = TypeVar("Result")


def run_phase(
    benchmark: BenchmarkFixture,
    material: Material,
    phase: PhaseName,
    work: Callable[[], Result],
    rounds: int | None = None,
) -> Result:
    """What `work` gives, timed; memory and the instance's name stand beside the time."""
    with MemoryWatch() as watch:
        result: Result = benchmark.pedantic(work, rounds=rounds or material.instance.size.rounds)
    note(benchmark, material, phase)
    benchmark.extra_info["phase"] = PhaseRun(
        phase=phase,
        seconds=0.0 if benchmark.stats is None else round(benchmark.stats.stats.min, 4),
        own_mib=watch.peak.own_mib,
        children_mib=watch.peak.children_mib,
    ).model_dump(mode="json")
    return result


def note(benchmark: BenchmarkFixture, material: Material, group: str) -> None:
    """Which instance it was."""
    benchmark.group = f"{material.instance.name} {material.seed}: {group}"
    benchmark.extra_info |= {"instance": material.instance.name, "seed": material.seed}


def note_way(benchmark: BenchmarkFixture, material: Material, run: WayRun) -> None:
    """What a way found: value, bound and gap by goal, time and memory."""
    note(benchmark, material, "solve")
    benchmark.extra_info["way"] = run.model_dump(mode="json")
    benchmark.extra_info["gap"] = {goal.name: goal.gap for goal in run.goals}


def test_read(benchmark: BenchmarkFixture, material: Material) -> None:
    """Files to records, every fault looked for."""
    assert material.given.is_dir()
    problem = run_phase(benchmark, material, "read", material.read)
    benchmark.extra_info |= {"people": len(problem.people), "sites": len(problem.sites)}
    assert problem.stages == material.instance.make(material.seed).stages


def test_compile(benchmark: BenchmarkFixture, material: Material) -> None:
    """Records to arrays of options."""
    assert material.problem.people
    compiled = run_phase(benchmark, material, "compile", material.compile)
    benchmark.extra_info["options"] = compiled.options.count
    assert compiled.options.count > 0


def test_formulate(benchmark: BenchmarkFixture, material: Material) -> None:
    """Arrays to rows and objectives."""
    options = material.compiled.options.count
    formulation = run_phase(benchmark, material, "formulate", material.formulate)
    assert formulation.option_count == options


def test_solve(benchmark: BenchmarkFixture, material: Material) -> None:
    """Rows to a plan with its bounds, by Ungeplan as it comes."""
    assert material.formulation.option_count > 0
    run = run_phase(benchmark, material, "solve", lambda: material.solved, rounds=1).run
    note_way(benchmark, material, run)
    assert run.fault == ""
    assert run.is_checked
    assert [goal.name for goal in run.goals] == [stage.name for stage in material.problem.stages]
    assert [goal.name for goal in run.goals if goal.gap is None] == []


def test_settle(benchmark: BenchmarkFixture, material: Material) -> None:
    """Ties go to the earlier referral."""
    placed = material.solved.run.placed
    chosen = run_phase(benchmark, material, "settle", material.settle)
    assert len(chosen) == placed


def test_check(benchmark: BenchmarkFixture, material: Material) -> None:
    """A plan to one that is proven to break nothing."""
    placed = len(material.chosen)
    verified = run_phase(benchmark, material, "check", material.check)
    assert len(verified.plan.placements) == placed


def test_explain(benchmark: BenchmarkFixture, material: Material) -> None:
    """A verified reason for everybody who waits."""
    assert material.facts.people
    placed = len(material.verified.plan.placements)
    waiting = run_phase(benchmark, material, "explain", material.explain, rounds=1)
    seeking = sum(person.seeks_place for person in material.problem.people)
    assert len(waiting) + placed == seeking


def test_report(benchmark: BenchmarkFixture, material: Material) -> None:
    """All files of a result."""
    waiting = material.waiting
    document = run_phase(benchmark, material, "report", material.report)
    assert document.waiting == waiting


def test_peer(benchmark: BenchmarkFixture, material: Material, peer: WayName) -> None:
    """A plan, or a bound, by other means: same instance, same goals, same two workers."""
    ours = material.solved.run.goals[0]
    run = benchmark.pedantic(material.attempt, args=(peer,), rounds=1)
    note_way(benchmark, material, run)
    assert run.is_checked or run.placed is None, run.fault
    if run.goals and run.goals[0].value is not None and ours.bound is not None:
        sign = 1 if ours.sense == "most" else -1
        assert sign * run.goals[0].value <= sign * ours.bound, "better than our bound"


def test_command(benchmark: BenchmarkFixture, material: Material) -> None:
    """The whole command: from its start to files written."""
    assert material.given.is_dir()
    run = benchmark.pedantic(material.command, rounds=1)
    note_way(benchmark, material, run)
    assert run.is_checked
