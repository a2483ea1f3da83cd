"""Runs benchmarks and stores what they found: ``python -m benchmarks.run --help``.

Each instance and seed runs in a pytest of its own, so that memory is that of the instance and
nothing is left of the one before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import commit, describe_machine, load_average
from benchmarks.records import InstanceRun, PhaseRun, Results, WayRun, write_results
from benchmarks.registry import INSTANCES, SIZES, Instance

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SETS: dict[str, tuple[str, ...]] = {
    size.name: tuple(one.name for one in INSTANCES.values() if one.size is size) for size in SIZES
}
"""Instances by size; the stored ones are of office size."""


def main(arguments: Sequence[str] | None = None) -> int:
    """What was asked for has run and is stored; 1 if any benchmark failed."""
    asked = _parse(arguments)
    results = Results(
        started_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        commit=commit(),
        note=asked.note,
        machine=describe_machine(),
        runs=(),
    )
    path = asked.out or RESULTS / f"{results.started_at[:10]}-{asked.label}.json"
    failed = []
    for instance, seed in _list_runs(asked):
        sys.stdout.write(f"{instance.name}, seed {seed} …\n")
        sys.stdout.flush()
        run, is_good = run_instance(instance, seed, _options(asked))
        if run is not None:
            # Stored after each instance: a night's work is not lost with its last hour.
            results = results.model_copy(update={"runs": (*results.runs, run)})
            write_results(results, path)
        if not is_good:
            failed.append(f"{instance.name}, seed {seed}")
    if results.runs:
        sys.stdout.write(f"Stored in {path}\n")
    if failed:
        sys.stdout.write(f"Failed: {'; '.join(failed)}\n")
    return 1 if failed else 0


def run_instance(
    instance: Instance, seed: int, options: Sequence[str]
) -> tuple[InstanceRun | None, bool]:
    """What the benchmarks found on an instance, if anything, and whether all of them passed."""
    load = load_average()
    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "benchmark.json"
        run = subprocess.run(  # noqa: S603 - our own tests
            [
                *(sys.executable, "-m", "pytest", str(HERE / "test_instances.py")),
                *("-q", "-n0", "-p", "no:cov", "-p", "no:cacheprovider"),
                *("--benchmark-enable", "--benchmark-quiet", "--benchmark-columns=min,rounds"),
                f"--benchmark-json={stored}",
                f"--bench-instance={instance.name}",
                f"--bench-seed={seed}",
                *options,
            ],
            cwd=HERE.parent,
            check=False,
        )
        found = json.loads(stored.read_bytes()) if stored.is_file() else {"benchmarks": []}
    return distil(found, instance.name, seed, load), run.returncode == 0


def distil(
    found: dict[str, Any], instance: str, seed: int, load_before: float
) -> InstanceRun | None:
    """What is kept of pytest-benchmark's file; none where nothing was measured."""
    notes = [benchmark["extra_info"] for benchmark in found["benchmarks"]]
    if not notes:
        return None
    facts: dict[str, int] = {}
    for note in notes:
        facts |= {name: note[name] for name in ("people", "sites", "options") if name in note}
    return InstanceRun(
        instance=instance,
        seed=seed,
        people=facts.get("people", 0),
        sites=facts.get("sites", 0),
        options=facts.get("options", 0),
        load_before=load_before,
        phases=tuple(
            PhaseRun.model_validate_json(json.dumps(note["phase"]))
            for note in notes
            if "phase" in note
        ),
        ways=tuple(
            WayRun.model_validate_json(json.dumps(note["way"])) for note in notes if "way" in note
        ),
    )


def _list_runs(asked: argparse.Namespace) -> list[tuple[Instance, int]]:
    names = list(dict.fromkeys([*asked.instances, *(n for s in asked.sizes for n in SETS[s])]))
    runs = []
    for instance in (INSTANCES[name] for name in names):
        is_single = not instance.is_seeded or instance.size.name == "country"
        runs += [(instance, seed) for seed in (asked.seeds[:1] if is_single else asked.seeds)]
    return runs


def _options(asked: argparse.Namespace) -> list[str]:
    options = [f"--bench-patience={asked.patience}"]
    if asked.peer_seconds is not None:
        options.append(f"--bench-peer-seconds={asked.peer_seconds}")
    return options


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=sorted(SETS), default=[])
    parser.add_argument(
        "--instances",
        nargs="+",
        choices=sorted(INSTANCES),
        default=[],
        metavar="NAME",
        help="as plain-office-blend; a wrong one is answered with all",
    )
    parser.add_argument(
        "--seeds", nargs="+", type=int, default=[1], help="a country and stored ones have one"
    )
    parser.add_argument(
        "--patience", type=float, default=2.0, help="times what a run should take until it ends"
    )
    parser.add_argument("--peer-seconds", type=float, help="the most a peer has (10 times ours)")
    parser.add_argument("--label", default="run", help="in the name of the file")
    parser.add_argument("--note", default="", help="what a reader has to know")
    parser.add_argument("--out", type=Path, help="another file")
    asked = parser.parse_args(arguments)
    if not asked.sizes and not asked.instances:
        parser.error("name --sizes or --instances")
    return asked


if __name__ == "__main__":
    sys.exit(main())
