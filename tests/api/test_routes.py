"""What holds for every route, whoever adds it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from jinja2 import meta, nodes

import api.pages
from api.json.requests import refuse_unsafe_without_token
from api.pages.rendering import environment
from api.routers import modules_of
from api.security.headers import HEADERS
from api.security.permissions import ALLOWED, ROLES, Action, Role, is_allowed
from api.security.requests import Demand, read_own_form, refuse_foreign_token
from api.settings import Settings
from api.store import Store
from tests.api.site import Site

MONITORING = {("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics")}
"""Asked by machines: the first two say nothing, and the third has a rule of its own."""
PUBLIC = {("GET", "/login"), ("POST", "/login"), ("POST", "/language"), *MONITORING}
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    dependant: Dependant

    @property
    def demands(self) -> list[Action]:
        return [call.action for call in calls(self.dependant) if isinstance(call, Demand)]

    @property
    def address(self) -> str:
        return re.sub(r"{[^}]*}", "1", self.path)


def calls(dependant: Dependant) -> Iterator[object]:
    for each in dependant.dependencies:
        yield each.call
        yield from calls(each)


def routes(app: FastAPI) -> list[Route]:
    from fastapi.routing import iter_route_contexts  # noqa: PLC0415

    found = []
    for context in iter_route_contexts(app.routes):
        route = context.original_route if hasattr(context, "original_route") else context
        if isinstance(route, APIRoute):
            path = getattr(context, "path", route.path)
            dependant = getattr(context, "dependant", route.dependant)
            found += [Route(method, path, dependant) for method in sorted(route.methods)]
    return found


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Site:
    return Site.make(sqlite_store, settings)


def test_every_route_names_its_action_or_is_public(site: Site) -> None:
    found = routes(site.app)
    assert len(found) > 20
    for route in found:
        expected = 0 if (route.method, route.path) in PUBLIC else 1
        assert len(route.demands) == expected, (route.method, route.path)


def test_every_change_is_protected_from_other_sites(site: Site) -> None:
    guards = {read_own_form, refuse_unsafe_without_token, refuse_foreign_token}
    for route in routes(site.app):
        if route.method != "GET" and (route.method, route.path) not in PUBLIC:
            assert guards & set(calls(route.dependant)), (route.method, route.path)


def test_every_action_is_somebodys() -> None:
    assert set(ALLOWED) == set(Action)
    assert all(ALLOWED.values())


def test_whoever_only_looks_changes_nothing() -> None:
    changes = {
        Action.WRITE_PROBLEM,
        Action.START_RUN,
        Action.STOP_RUN,
        Action.WRITE_PRICE,
        Action.WRITE_SCENARIO,
    }
    assert not any(is_allowed(["auditor"], action) for action in changes)
    for role in ("buyer", "finance", "engineer", "administrator"):
        assert not is_allowed([role], Action.READ_PERSON)


def test_each_role_is_let_in_where_it_belongs_and_nowhere_else(site: Site) -> None:
    # Number 1 of accounts and tokens is nobody's: some routes would shut a program out for good.
    site.token(site.account("nobody", "planner"))
    programs = {role: site.program(role) for role in ROLES}
    checked = 0
    for route, role in itertools.product(routes(site.app), ROLES):
        if (route.method, route.path) in PUBLIC:
            continue
        answer = programs[role].request(route.method, route.address)
        may = all(is_allowed([role], action) for action in route.demands)
        assert (answer.status_code == 403) is not may, (route.method, route.path, role)
        assert answer.status_code < 500, (route.method, route.path, role)
        checked += 1
    assert checked > 100


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 10**20])
def test_numbers_that_nothing_has_are_answered_calmly(site: Site, number: int) -> None:
    programs = {role: site.program(role) for role in ROLES}
    checked = 0
    for route in routes(site.app):
        role = next((r for r in ROLES if all(is_allowed([r], a) for a in route.demands)), None)
        if role is None or "{" not in route.path or (route.method, route.path) in PUBLIC:
            continue
        address = re.sub(r"{[^}]*}", f"{number}", route.path)
        answer = programs[role].request(route.method, address)
        assert 400 <= answer.status_code < 500, (route.method, route.path)
        checked += 1
    assert checked > 50


def test_nobody_is_let_in_nowhere(site: Site) -> None:
    client = site.browser().client
    for route in routes(site.app):
        if (route.method, route.path) in PUBLIC:
            continue
        headers = {"sec-fetch-site": "same-origin"}
        answer = client.request(route.method, route.address, headers=headers)
        is_json = route.path.startswith("/api/")
        assert answer.status_code == (401 if is_json else 303), route.path
        if is_json:
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/login", "/nowhere", "/api/v1/nowhere", "/static/app.css"])
def test_every_answer_has_the_security_headers(site: Site, path: str) -> None:
    answer = site.browser().get(path)
    assert HEADERS.items() <= dict(answer.headers).items()
    assert "unsafe" not in answer.headers["content-security-policy"]
    kept = "public, max-age=86400" if path.startswith("/static/") else "no-store"
    assert answer.headers["cache-control"] == kept


def test_templates_hold_no_inline_style_or_script() -> None:
    found = [
        path.name
        for path in (ROOT / "api" / "templates").rglob("*.html")
        if re.search(
            r"<style|\sstyle=|<script(?! src=)|\son\w+=|javascript:", path.read_text("utf-8")
        )
    ]
    assert found == []


def test_templates_and_records_agree() -> None:
    records = {
        value.template: value
        for module in modules_of(api.pages)
        for value in vars(module).values()
        if isinstance(value, type) and isinstance(getattr(value, "template", None), str)
    }
    assert len(records) >= 8
    folder = ROOT / "api" / "templates"
    pages = {
        path.relative_to(folder).as_posix()
        for part in ("pages", "parts")
        for path in (folder / part).rglob("*.html")
    }
    assert pages == set(records)
    templates = environment("en")
    for name, record in records.items():
        source = (folder / name).read_text(encoding="utf-8")
        parsed = templates.parse(source)
        macros = {macro for each in parsed.find_all(nodes.FromImport) for macro in each.names}
        named = {each.target.name for each in parsed.find_all(nodes.Assign)}
        used = meta.find_undeclared_variables(parsed) - macros - named
        fields = {field.name for field in dataclasses.fields(record)}
        assert used - {"frame", *templates.globals} == fields, name


def test_each_role_has_a_name() -> None:
    from api.security.permissions import ROLE_LABELS  # noqa: PLC0415

    assert set(ROLE_LABELS) == set(ROLES)
    role: Role = "planner"
    assert ROLE_LABELS[role].render("da") == "Planlægger"
