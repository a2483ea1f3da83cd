"""Starts the application, lets planners click while plans are made, and says how fast pages were.

``python -m benchmarks.load.run`` prints the table and keeps it, with the figures as JSON, under
``benchmarks/load/results/`` by date. It ends with 1 where a request failed or a page's 95th
percentile is above the limit.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import os
import platform
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from sqlalchemy import func, select

from api.clock import now
from api.security.passwords import hash_password
from api.services.problems import add_problem
from api.services.runs import RunSettings, submit_run
from api.store import AccountRow, PlanRow, RunRow, Store, open_store
from benchmarks.load import PASSWORD
from scheduler.files import read_problem
from scheduler.generate import CityShape, generate_city

ROOT = Path(__file__).parents[2]
LIMIT_MILLISECONDS = 300
_RESULTS = ROOT / "benchmarks" / "load" / "results"
_SOLVES = 2
_PATIENCE_SECONDS = 180


@dataclass(frozen=True, slots=True)
class PageTimes:
    """How long one page took, in milliseconds."""

    page: str
    requests: int
    failures: int
    p50: int
    p95: int
    p99: int
    most: int


@dataclass(frozen=True, slots=True)
class Result:
    """One run of the benchmark."""

    began_at: str
    seconds: int
    planners: int
    solves_under_way: float
    """On average over the samples, one a second."""
    cores: int
    python: str
    database: str
    load_before: float
    load_after: float
    """Averages over a minute, of everything on the machine."""
    others_share: float
    """Of all cores' time, what processes that are not ours took."""
    pages: tuple[PageTimes, ...]

    @property
    def is_good(self) -> bool:
        """Whether no request failed and all pages are within the limit."""
        every = self.pages
        return all(page.failures == 0 and page.p95 <= LIMIT_MILLISECONDS for page in every)


def main() -> int:
    """What the command ends with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--planners", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--out", type=Path, help="instead of benchmarks/load/results/<date>.json")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ungeplan-load-") as folder:
        result = measure(Path(folder), asked.planners, asked.seconds)
    print(markdown(result))  # noqa: T201 - this is what it is for
    store_result(result, asked.out or _RESULTS / f"{result.began_at[:10]}.json")
    return 0 if result.is_good else 1


def store_result(result: Result, path: Path) -> None:
    """The figures as JSON, and beside them the table."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(result), indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(markdown(result) + "\n", encoding="utf-8")


def measure(folder: Path, planners: int, seconds: int) -> Result:
    """The result, with an application and a database that are gone afterwards."""
    environment = {
        **os.environ,
        "UNGEPLAN_DATA_FOLDER": str(folder),
        "UNGEPLAN_WORKERS": str(_SOLVES),
        "UNGEPLAN_THREADS_PER_RUN": "1",
        "UNGEPLAN_LOAD_EXAMPLES": "false",
    }
    url = environment.get("UNGEPLAN_DATABASE_URL") or f"sqlite:///{folder / 'ungeplan.db'}"
    load_before = os.getloadavg()[0]
    with _served(folder, environment) as address:
        store = open_store(url)
        account = _add_planners(store, planners)
        with store.write() as session:
            looked_at = add_problem(
                session, read_problem(ROOT / "examples" / "copenhagen-2016"), account, "benchmark"
            )
            quick = RunSettings(engine="greedy")
            for _ in range(2):
                submit_run(session, looked_at.id, quick, account)
        _wait_until(lambda: len(_ids(store, PlanRow)) == 2)  # noqa: PLR2004 - as submitted
        with store.write() as session:
            city = generate_city(CityShape(people=300, sites=20, weeks=52, seed=1))
            solved = add_problem(session, city, account, "benchmark")
        with _solving(store, solved.id, account) as under_way:
            _wait_until(lambda: _running(store) == _SOLVES)
            environment |= {
                "LOAD_HOST": address,
                "LOAD_PROBLEM": str(looked_at.problem_id),
                "LOAD_PLANS": ",".join(map(str, _ids(store, PlanRow))),
                "LOAD_RUNS": ",".join(map(str, _ids(store, RunRow)[-_SOLVES:])),
            }
            under_way.clear()
            began, before = now(), _spent()
            pages = _click(folder, environment, planners, seconds)
            others = _share_of_others(before, _spent(), seconds + planners)
            samples = list(under_way)
        store.close()
    return Result(
        began_at=began.isoformat(timespec="seconds"),
        seconds=seconds,
        planners=planners,
        solves_under_way=round(sum(samples) / max(1, len(samples)), 2),
        cores=os.cpu_count() or 1,
        python=platform.python_version(),
        database=url.partition(":")[0].partition("+")[0],
        load_before=round(load_before, 2),
        load_after=round(os.getloadavg()[0], 2),
        others_share=others,
        pages=pages,
    )


def markdown(result: Result) -> str:
    """The result as people read it."""
    began = dt.datetime.fromisoformat(result.began_at).date()
    lines = [
        _headline(result, began),
        "",
        "| page | requests | failed | p50 ms | p95 ms | p99 ms | most ms |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {page.page} | {page.requests} | {page.failures} | {page.p50} | {page.p95} | {page.p99}"
        f" | {page.most} |"
        for page in result.pages
    ]
    return "\n".join(lines)


def _headline(result: Result, began: dt.date) -> str:
    return (
        f"{began}: {result.planners} planners for {result.seconds} s while"
        f" {result.solves_under_way} solves ran; {result.database}, {result.cores} cores, Python"
        f" {result.python}; load {result.load_before} before and {result.load_after} at the end,"
        f" {result.others_share:.0%} of the cores' time taken by others."
    )


def _add_planners(store: Store, count: int) -> int:
    # One hash does for all: the benchmark is about pages, and each log-in checks it anyway.
    hashed = hash_password(PASSWORD)
    with store.write() as session:
        rows = [
            AccountRow(
                name=f"planner-{number}", roles="planner", password_hash=hashed, created_at=now()
            )
            for number in range(1, count + 1)
        ]
        session.add_all(rows)
        session.flush()
        return rows[0].id


@contextmanager
def _solving(store: Store, version_id: int, account: int) -> Iterator[list[int]]:
    """Solves are under way all the time; how many there were, second by second."""
    over, samples = threading.Event(), list[int]()

    def keep_up() -> None:
        while not over.wait(1):
            with store.write() as session:
                waiting = session.scalar(
                    select(func.count())
                    .select_from(RunRow)
                    .where(RunRow.state.in_(("queued", "running")))
                )
                for _ in range(_SOLVES - (waiting or 0)):
                    submit_run(session, version_id, RunSettings(gap_basis_points=0), account)
            samples.append(_running(store))

    thread = threading.Thread(target=keep_up, daemon=True)
    thread.start()
    try:
        yield samples
    finally:
        over.set()
        thread.join()


def _click(
    folder: Path, environment: Mapping[str, str], planners: int, seconds: int
) -> tuple[PageTimes, ...]:
    # One logs in a second; what is measured begins when all are there.
    command = [sys.executable, "-m", "locust", "-f", str(ROOT / "benchmarks/load/planners.py")]
    command += ["--headless", "--only-summary", "--users", str(planners), "--spawn-rate", "1"]
    command += [
        "--run-time",
        f"{seconds + planners}s",
        "--csv",
        str(folder / "load"),
        "--reset-stats",
    ]
    command += ["--exit-code-on-error", "0"]
    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)  # noqa: S603
    print((folder / "load_failures.csv").read_text(encoding="utf-8"), file=sys.stderr)  # noqa: T201
    with (folder / "load_stats.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Name"] != "Aggregated"]
    if not rows:
        raise RuntimeError(told.stderr.decode())
    return tuple(
        PageTimes(
            page=row["Name"],
            requests=int(row["Request Count"]),
            failures=int(row["Failure Count"]),
            p50=int(row["50%"]),
            p95=int(row["95%"]),
            p99=int(row["99%"]),
            most=int(row["100%"]),
        )
        for row in sorted(rows, key=lambda row: row["Name"])
        if row["Request Count"] != "0"
    )


@contextmanager
def _served(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    log = folder / "serve.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "scheduler.cli", "serve", "--port", port, "--language", "en"],
            cwd=ROOT,
            env=dict(environment),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until(lambda: bool(re.search(r"Open http", log.read_text(encoding="utf-8"))))
        time.sleep(1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.2)


def _ids(store: Store, table: type[PlanRow | RunRow]) -> list[int]:
    with store.read() as session:
        return list(session.scalars(select(table.id).order_by(table.id)))


def _running(store: Store) -> int:
    with store.read() as session:
        running = select(func.count()).select_from(RunRow).where(RunRow.state == "running")
        return session.scalar(running) or 0


def _spent() -> tuple[float, float]:
    """Processor seconds so far: of the whole machine, and of this process and its family."""
    times = psutil.cpu_times()
    everybody = times.user + times.nice + times.system + getattr(times, "steal", 0.0)
    ours = 0.0
    own = psutil.Process()
    for process in (own, *own.children(recursive=True)):
        with suppress(psutil.Error):
            spent = process.cpu_times()
            ours += spent.user + spent.system + spent.children_user + spent.children_system
    return everybody, ours


def _share_of_others(
    before: tuple[float, float], after: tuple[float, float], seconds: int
) -> float:
    everybody, ours = after[0] - before[0], after[1] - before[1]
    return round(max(0.0, everybody - ours) / (seconds * (os.cpu_count() or 1)), 2)


if __name__ == "__main__":
    sys.exit(main())
