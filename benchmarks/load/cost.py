"""What each page costs: processor time at the first look and at later ones, and its size.

``python -m benchmarks.load.cost`` asks the application in its own process, so that a busy machine
changes little: processor time is counted, not what a clock on the wall says.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

from api.app import make_app
from api.clock import now
from api.runs import lease
from api.runs.work import work
from api.security.passwords import hash_password
from api.services.problems import add_problem
from api.services.runs import RunSettings, submit_run
from api.settings import Settings
from api.store import AccountRow, Store, open_store
from api.store.migrate import migrate
from benchmarks.load import PASSWORD
from scheduler.files import read_problem

ROOT = Path(__file__).parents[2]
_ORIGIN = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class PageCost:
    """What one page costs."""

    page: str
    first_ms: float
    """Processor time of the first look after a start."""
    again_ms: float
    """Median of later looks, each at another person where the page shows one."""
    kilobytes: float
    """Before it is packed."""


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory(prefix="ungeplan-cost-") as folder:
        costs = list(measure(Path(folder)))
    print(markdown(costs))  # noqa: T201 - this is what it is for


def measure(
    folder: Path, problem_folder: Path = ROOT / "examples/copenhagen-2016", looks: int = 20
) -> Iterator[PageCost]:
    """Each page's cost, with two plans of the problem to look at."""
    settings = Settings(data_folder=folder)
    store = open_store(settings.database)
    try:
        migrate(store)
        people, problem_id, plans = _fill(store, problem_folder)
        client = TestClient(make_app(settings, store), base_url=_ORIGIN)
        client.post(
            "/login",
            data={"name": "planner", "password": PASSWORD},
            headers={"sec-fetch-site": "same-origin"},
        )
        # What is loaded by the first request of all is no page's own.
        client.get("/help")
        for page, addresses in _pages(people, problem_id, plans).items():
            yield _cost(client, page, addresses, looks)
    finally:
        store.close()


def markdown(costs: list[PageCost]) -> str:
    """The table as people read it."""
    lines = ["| page | first look, ms | again, ms | kB |", "| --- | ---: | ---: | ---: |"]
    lines += [
        f"| {each.page} | {each.first_ms:.0f} | {each.again_ms:.1f} | {each.kilobytes:.0f} |"
        for each in costs
    ]
    return "\n".join(lines)


def _fill(store: Store, folder: Path) -> tuple[list[str], int, list[int]]:
    problem = read_problem(folder)
    with store.write() as session:
        planner = AccountRow(
            name="planner", roles="planner", password_hash=hash_password(PASSWORD), created_at=now()
        )
        session.add(planner)
        session.flush()
        version = add_problem(session, problem, planner.id, "benchmark")
        runs = [
            submit_run(session, version.id, RunSettings(engine="greedy"), planner.id)
            for _ in range(2)
        ]
    url = store.engine.url.render_as_string(hide_password=False)
    while (claim := lease.claim_next(store, "benchmark", 600)) is not None:
        work(url, claim, 600.0, 1)
    return [person.id for person in problem.people], version.problem_id, runs


def _pages(people: list[str], problem_id: int, plans: list[int]) -> dict[str, list[str]]:
    """Addresses by page; pages of one address are looked at again and again."""
    problem, plan = f"/problems/{problem_id}", f"/plans/{plans[0]}"
    some = people[:: max(1, len(people) // 20)]
    return {
        "overview": ["/"],
        "problem": [problem],
        "people": [f"{problem}/people", f"{problem}/people?page=2"],
        "people, searched": [f"{problem}/people?search={text}&sort=-id" for text in ("1", "aut")],
        "person": [f"{problem}/people/{quote(person)}" for person in some],
        "sites": [f"{problem}/sites"],
        "offers": [f"{problem}/offers"],
        "plan": [plan],
        "plan, starts": [f"{plan}/starts", f"{plan}/starts?page=2"],
        "plan, waiting": [f"{plan}/waiting"],
        "plan, weeks": [f"{plan}/weeks"],
        "plan, places": [f"{plan}/places"],
        "plan, money": [f"{plan}/money"],
        "plan, groups": [f"{plan}/groups"],
        "person in a plan": [f"{plan}/people/{quote(person)}" for person in some],
        "decisions": [f"{plan}/decisions"],
        "downloads": [f"{plan}/downloads"],
        "difference": [f"/plans/{plans[1]}/difference?other={plans[0]}"],
        "run": [f"/runs/{plans[0]}"],
        "run, progress": [f"/runs/{plans[0]}/progress"],
        "new run": [f"{problem}/runs/new"],
        "change": [f"{problem}/changes/capacity"],
    }


def _cost(client: TestClient, page: str, addresses: list[str], looks: int) -> PageCost:
    first, size = _look(client, addresses[0])
    rest = (addresses * (looks + 1))[1 : looks + 1]
    again = statistics.median(_look(client, address)[0] for address in rest)
    return PageCost(page, first, again, size / 1000)


def _look(client: TestClient, address: str) -> tuple[float, int]:
    before = time.process_time()
    answer = client.get(address)
    spent = (time.process_time() - before) * 1000
    if answer.status_code != 200:  # noqa: PLR2004 - all these pages are there
        raise RuntimeError(f"{address}: {answer.status_code}")
    return spent, len(answer.content)


if __name__ == "__main__":
    main()
