"""Every page can be used by everybody: no violation of WCAG 2.2 A or AA that axe can see.

Pages are taken from the application's routes, so that a new one cannot be forgotten; each is looked
at empty, filled, and after each of its forms was sent wrongly. Browsers must complain of nothing.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from api.app import make_app
from api.runs import lease
from api.security.permissions import ROLES, Action, Role, is_allowed
from api.services.accounts import add_account
from api.services.problems import add_problem
from api.settings import Settings
from api.store import open_store
from api.store.migrate import migrate
from api.texts import add_texts
from benchmarks.shapes import changed
from scheduler.generate import CityShape, generate_city
from scheduler.problem import Problem
from tests.api.site import PASSWORD, Site
from tests.api.test_routes import routes
from tests.walks.windows import ALL, Window

_RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
_NO_PAGE = re.compile(r"^/(healthz|readyz|metrics)$|\.xlsx$|/progress$|files/|\{name\}\.\{kind\}$")
"""Routes that answer with something else than a page."""
_REFUSED: dict[tuple[str, Role | None], int] = {
    ("/no/such/page", "planner"): 404,
    ("/plans/99", "planner"): 404,
    ("/accounts", "planner"): 403,
}
"""Pages that say no; all others must be there."""
_LEAST_ERROR, _MOST_STATUS = 400, 499
_NARROWEST = 320
"""In pixels: a window of 1280 at four times the size (WCAG 1.4.10)."""
_TELL_OF_POLICY = """addEventListener("securitypolicyviolation", event => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});"""
_SUITS = frozenset({"/me", "/me/tokens", "/accounts/1", "/plans/1/decisions"})
"""Pages with a form that a question mark suits: a name, or a reason."""
_WRONGLY = """form => {
  form.noValidate = true;
  for (const field of form.elements) {
    if (["text", "search", "number", "password", "email", "textarea"].includes(field.type)) {
      field.value = "?";
    }
  }
  form.requestSubmit();
}"""
_FORMS = (
    "form[method=post]:not([action='/logout']):not([action='/language'])"
    ":has(input:not([type=hidden]), textarea, select)"
)


def _city() -> Problem:
    """Synthetic, and with contracts."""
    return generate_city(CityShape(people=30, sites=8, weeks=26, seed=4))


@dataclass
class Pages:
    """The application, and what is in it."""

    site: Site
    address: str
    addresses: list[tuple[str, Role | None]] = field(default_factory=list)
    """Every page, and who looks at it: nobody, where nobody is logged in."""

    def fill(self, problem: Problem) -> None:
        """With what an office has after some weeks; the first of each kind has number 1."""
        store = self.site.store
        with store.write() as session:
            account = add_account(session, "somebody", ("planner", "administrator"), PASSWORD)
            add_problem(session, problem, account.id, "test")
            number = account.id
        planner = self.site.program("planner")
        buyer, approver = self.site.program("buyer"), self.site.program("approver")
        assert planner.post("/api/v1/problems/1/runs", json={}).status_code == 202
        self.site.work_off()
        scenario = {"name": "As it is", "changes": []}
        made = buyer.post("/api/v1/problems/1/scenarios", json=scenario)
        assert made.status_code == 201, made.text
        assert buyer.post("/api/v1/problems/2/runs", json={}).status_code == 202
        self.site.work_off()
        self._run_into_trouble(planner, problem, number)
        waits = planner.post("/api/v1/problems/1/runs", json={})
        gone = planner.post("/api/v1/problems/1/runs", json={})
        assert (waits.status_code, gone.status_code) == (202, 202)
        planner.post(f"/api/v1/runs/{gone.json()['id']}/cancel")
        decided = approver.post("/api/v1/plans/1/decisions", json={"verdict": "approved"})
        assert decided.status_code == 201, decided.text
        states = [planner.get(f"/api/v1/runs/{n}").json()["state"] for n in range(1, 8)]
        assert states == ["done", "done", "done", "failed", "running", "queued", "cancelled"]

    def _run_into_trouble(self, planner: TestClient, problem: Problem, account_id: int) -> None:
        """One run for which no plan exists, one that failed, and one that is on."""
        store = self.site.store
        with store.write() as session:
            number = add_problem(session, _impossible(problem), account_id, "test").problem_id
        assert planner.post(f"/api/v1/problems/{number}/runs", json={}).status_code == 202
        self.site.work_off()
        claims = []
        for _ in range(2):
            assert planner.post("/api/v1/problems/1/runs", json={}).status_code == 202
            claims.append(lease.claim_next(store, "test", 3_600.0))
        failed, running = claims
        assert failed is not None
        assert running is not None
        with store.write() as session:
            lease.begin(session, failed)
            lease.finish(session, failed, "failed", error="The memory was too small.")
            lease.begin(session, running)
            lease.change(session, running, phase="solve")


def _impossible(problem: Problem) -> Problem:
    """Every contract wants a course at least, and there is no money."""
    return changed(
        problem,
        contracts=tuple(
            changed(each, least_courses=1, least_applies="always", take_or_pay=False)
            for each in problem.contracts
        ),
        budget_movements=tuple(changed(each, amount_ore=0) for each in problem.budget_movements),
    )


def list_addresses(site: Site, problem: Problem) -> list[tuple[str, Role | None]]:
    """Every page with its variants, and the first role that may see it."""
    known = {
        "person_id": [problem.people[0].id],
        "contract_id": [problem.contracts[0].id],
        "kind": ["fix", "forbid", "capacity", "budget"],
        "run_id:int": ["1", "3", "4", "5", "6", "7"],
        "plan_id:int": ["1"],
    }
    found: list[tuple[str, Role | None]] = []
    for route in routes(site.app):
        if route.method != "GET" or route.path.startswith("/api/") or _NO_PAGE.search(route.path):
            continue
        addresses = [route.path]
        for name in re.findall(r"{([^}]*)}", route.path):
            addresses = [
                each.replace(f"{{{name}}}", value)
                for each in addresses
                for value in known.get(name, ["1"])
            ]
        found += [(address, _who_sees(route.demands)) for address in addresses]
    found += [("/no/such/page", "planner"), ("/accounts", "planner"), ("/", "buyer")]
    found += [("/comparisons?plan=1&plan=2", "buyer"), ("/plans/1/difference?with=2", "planner")]
    found += [("/plans/1", "approver"), ("/plans/1/decisions", "approver")]
    found += [
        ("/plans/1/money", "finance"),
        ("/problems/1/prices", "buyer"),
        ("/plans/1", "auditor"),
    ]
    found += [("/plans/1/starts?search=no-such-name", "planner"), ("/plans/99", "planner")]
    return found


def _who_sees(demands: Sequence[Action]) -> Role | None:
    if not demands:
        return None
    order: tuple[Role, ...] = ("planner", *ROLES)
    return next(role for role in order if all(is_allowed([role], each) for each in demands))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The application with accounts alone, listening in a thread."""
    add_texts()
    folder = tmp_path_factory.mktemp("pages")
    store = open_store(f"sqlite:///{folder / 'ungeplan.db'}")
    migrate(store)
    settings = Settings(data_folder=folder)
    with store.write() as session:
        for role in ROLES:
            add_account(session, role, (role,), PASSWORD)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        site = Site.make(store, settings)
        server = uvicorn.Server(uvicorn.Config(make_app(settings, store), log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield Pages(site, address)
        server.should_exit = True
        thread.join()
    store.close()


@dataclass
class Eye:
    """Looks at pages in one window, each as the role that sees it."""

    browser: Browser
    pages: Pages
    window: Window
    stack: ExitStack
    faults: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    _views: dict[Role | None, Page] = field(default_factory=dict)

    def view(self, role: Role | None) -> Page:
        """A window of the browser in which the role is logged in."""
        if role not in self._views:
            context = self.browser.new_context(
                viewport={"width": self.window.width, "height": 900}, base_url=self.pages.address
            )
            self.stack.callback(context.close)
            page = context.new_page()
            page.add_init_script(_TELL_OF_POLICY)
            page.on("console", self._hear)
            page.on("response", self._receive)
            page.on("requestfailed", self._miss)
            page.on("pageerror", lambda error: self.faults.append(str(error)))
            page.goto("/login")
            if self.window.language == "en":
                page.get_by_role("button", name="English").click()
                page.goto("/login")
            if role is not None:
                page.locator("input[name=name]").fill(role)
                page.locator("input[name=password]").fill(PASSWORD)
                page.locator("form[action='/login'] button").click()
                page.wait_for_url("**/")
            self._views[role] = page
        return self._views[role]

    def _hear(self, message: ConsoleMessage) -> None:
        # What the server refuses is a page of its own here, and is looked at like any other.
        if "Failed to load resource" not in message.text:
            self.faults.append(f"{message.location['url']}: {message.text}")

    def _receive(self, answer: Response) -> None:
        """What a page loads must be there."""
        if answer.status >= _LEAST_ERROR and answer.request.resource_type != "document":
            self.faults.append(f"{answer.status} {answer.url}")

    def _miss(self, asked: Request) -> None:
        # What was asked for when the next page came along is given up by the browser itself.
        if asked.failure != "net::ERR_ABORTED":
            self.faults.append(f"{asked.failure}: {asked.url}")

    def look(self, address: str, role: Role | None) -> None:
        """At a page, and at what it becomes when its forms are sent wrongly."""
        page = self.view(role)
        self._open(page, address, role)
        self._examine(page, f"{address} ({role})")
        forms = page.locator(_FORMS).count()
        for number in range(forms):
            if number:
                self._open(page, address, role)
            form = page.locator(_FORMS).nth(number)
            with page.expect_navigation() as sent:
                form.evaluate(_WRONGLY)
            answer = sent.value
            assert answer is None or answer.status <= _MOST_STATUS, f"{address}: {answer.status}"
            what = f"{address} ({role}), form {number + 1} sent wrongly"
            if address not in _SUITS and not page.get_by_role("alert").count():
                self.faults.append(f"{what}: nothing says so")
            self._examine(page, what)

    def _open(self, page: Page, address: str, role: Role | None) -> None:
        answer = page.goto(address)
        assert answer is not None
        expected = _REFUSED.get((address, role), 200)
        if answer.status != expected:
            self.faults.append(f"{address} ({role}): {answer.status} instead of {expected}")

    def _examine(self, page: Page, what: str) -> None:
        self.seen.add(what)
        for width in (_NARROWEST, self.window.width):
            page.set_viewport_size({"width": width, "height": 900})
            taken = page.evaluate("document.documentElement.scrollWidth")
            if taken > width:
                self.faults.append(f"{what}: {taken} px wide in {width}")
        for found in Axe().run(page, options=_RULES).response["violations"]:
            nodes = [node["html"][:160] for node in found["nodes"][:3]]
            self.faults.append(f"{what}: {found['id']}: {found['help']}: {nodes}")


def _look_at(eyes: Sequence[Eye], addresses: Sequence[tuple[str, Role | None]]) -> None:
    """The eyes take turns."""
    for number, (address, role) in enumerate(addresses):
        eyes[number % len(eyes)].look(address, role)


def _without_numbers(addresses: Sequence[tuple[str, Role | None]]) -> list[tuple[str, Role | None]]:
    return [each for each in addresses if not re.search(r"\d", each[0])]


def _look_everywhere(browser: Browser, pages: Pages, windows: Sequence[Window]) -> None:
    problem = _city()
    addresses = list_addresses(pages.site, problem)
    with ExitStack() as stack:
        eyes = [Eye(browser, pages, window, stack) for window in windows]
        _look_at(eyes, _without_numbers(addresses))
        pages.fill(problem)
        _look_at(eyes, addresses)
        faults = [f"{eye.window} {fault}" for eye in eyes for fault in eye.faults]
        seen = sum(len(eye.seen) for eye in eyes)
    assert not faults, "\n".join(faults)
    assert seen > 60


@pytest.mark.no_cover
def test_every_page(browser: Browser, pages: Pages) -> None:
    _look_everywhere(browser, pages, [Window("da", True, 1280), Window("en", True, 390)])


@pytest.mark.slow
@pytest.mark.parametrize("window", [each for each in ALL if each.javascript], ids=str)
def test_every_page_in_every_window(browser: Browser, pages: Pages, window: Window) -> None:
    _look_everywhere(browser, pages, [window])
