"""The application as tests use it: people of each role, and requests as a browser sends them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import make_app
from api.runs import lease
from api.runs.work import work
from api.security.api_tokens import issue_api_token
from api.security.permissions import Role
from api.services.accounts import add_account
from api.services.problems import add_problem
from api.settings import Settings
from api.store import Store
from scheduler.files import read_problem
from scheduler.problem import Problem

ROOT = Path(__file__).parents[2]
ORIGIN = "http://127.0.0.1:8000"
PASSWORD = "a password for tests"


@functools.cache
def small_problem() -> Problem:
    """The staircase example with few people, solved in a second."""
    problem = read_problem(ROOT / "examples" / "staircase")
    return problem.model_copy(update={"people": problem.people[:12]})


@dataclass
class Site:
    """The application with an empty database."""

    settings: Settings
    store: Store
    app: FastAPI

    @classmethod
    def make(cls, store: Store, settings: Settings) -> Site:
        return cls(settings, store, make_app(settings, store))

    def account(self, name: str, *roles: Role) -> int:
        with self.store.write() as session:
            return add_account(session, name, roles, PASSWORD).id

    def token(self, account_id: int) -> str:
        with self.store.write() as session:
            return issue_api_token(session, account_id, "test", days=1)

    def problem(self, account_id: int) -> int:
        with self.store.write() as session:
            return add_problem(session, small_problem(), account_id, "test").problem_id

    def work_off(self) -> None:
        """What a dispatcher and its workers would do, here and now."""
        url = self.store.engine.url.render_as_string(hide_password=False)
        while (claim := lease.claim_next(self.store, "test", 30)) is not None:
            work(url, claim, 30.0, 1)

    def browser(self) -> Browser:
        return Browser(TestClient(self.app, base_url=ORIGIN, follow_redirects=False))

    def logged_in(self, name: str, *roles: Role) -> Browser:
        self.account(name, *roles)
        browser = self.browser()
        assert browser.post("/login", name=name, password=PASSWORD).status_code == 303
        return browser

    def program(self, *roles: Role) -> TestClient:
        """A client with an API token of somebody in those roles."""
        token = self.token(self.account("-".join(("program", *roles)), *roles))
        return TestClient(
            self.app,
            base_url=ORIGIN,
            headers={"authorization": f"Bearer {token}"},
            raise_server_exceptions=False,
        )


@dataclass
class Browser:
    """Sends forms as a page of ours does."""

    client: TestClient

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: str) -> httpx.Response:
        return self.send(path, fields)

    def send(
        self,
        path: str,
        fields: dict[str, str],
        files: list[tuple[str, tuple[str, bytes]]] | None = None,
        site: str = "same-origin",
    ) -> httpx.Response:
        """A form; its token is taken from the page unless the fields have one."""
        if "csrf_token" not in fields and path not in {"/login", "/language"}:
            fields = {"csrf_token": self.csrf_token(), **fields}
        return self.client.post(path, data=fields, files=files, headers={"sec-fetch-site": site})

    def csrf_token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]*)"', self.get("/").text)
        assert found is not None
        return found[1]
