"""Whatever is asked, by whomever: the answer is one that the OpenAPI document describes."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as effort
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok

from api.security.permissions import ROLES, Role
from api.services.problems import latest_version
from api.settings import Settings
from api.store import Store
from tests.api.site import ORIGIN, Site, small_problem

_FEW, _MANY = 1, 60
"""Requests of each kind to each operation: as described, and not as described."""
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
_REAL_PERCENT = 80
"""How often a number in an address is that of a thing that is there."""
_NO_OFFER = {"offer_id": "no-such-offer"}

load_all_checks()
pytestmark = pytest.mark.no_cover
"""Other tests run the same lines; measured for coverage, these take twice as long."""


@pytest.mark.parametrize("role", [*ROLES, None])
def test_answers_are_as_described(
    role: Role | None, sqlite_store: Store, settings: Settings
) -> None:
    _ask_everything(_filled(sqlite_store, settings), role, _FEW)


@pytest.mark.slow
@pytest.mark.parametrize("role", [*ROLES, None])
def test_many_answers_are_as_described(role: Role | None, store: Store, settings: Settings) -> None:
    _ask_everything(_filled(store, settings), role, _MANY)


def _filled(store: Store, settings: Settings) -> Site:
    """With a problem, a plan of it and a scenario, each of number 1 in its table."""
    site = Site.make(store, settings)
    owner = site.account("owner", "planner", "administrator")
    problem_id = site.problem(owner)
    program = site.program("planner")
    assert program.post(f"/api/v1/problems/{problem_id}/runs", json={}).status_code == 202
    site.work_off()
    with store.read() as session:
        assert latest_version(session, problem_id).problem == small_problem()
    return site


class _Asker:
    """Sends requests as one role, and says which answers are not as described."""

    def __init__(self, site: Site, role: Role | None) -> None:
        self._site = site
        self._account = None if role is None else site.account(f"asks-{role}", role)
        self._token = self._new_token()
        self._random = random.Random(f"{role}")
        self._checks = CHECKS.get_by_names(list(_CHECKS))
        self.answers: Counter[int] = Counter()

    def _new_token(self) -> str | None:
        return None if self._account is None else self._site.token(self._account)

    def __call__(self, case: Any) -> None:
        for name in case.path_parameters or {}:
            if self._random.randrange(100) < _REAL_PERCENT:
                case.path_parameters[name] = _real(name)
        headers = {} if self._token is None else {"authorization": f"Bearer {self._token}"}
        answer = case.call(headers=headers)
        self.answers[answer.status_code] += 1
        case.validate_response(answer, checks=self._checks)
        if answer.status_code == 401:
            # It took back its own token.
            self._token = self._new_token()


def _real(name: str) -> int | str:
    problem = small_problem()
    texts = {
        "person_id": problem.people[0].id,
        "provider_id": problem.providers[0].id,
        "offer_id": problem.offers[0].id,
        "contract_id": problem.contracts[0].id if problem.contracts else "none",
    }
    return texts.get(name, 1)


def _ask_everything(site: Site, role: Role | None, count: int) -> None:
    described = schemathesis.openapi.from_dict(site.app.openapi())
    described.app = site.app
    described.config.update(base_url=ORIGIN)
    asker = _Asker(site, role)
    faults: list[str] = []
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            run = effort(
                max_examples=count,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )(given(operation.as_strategy(mode))(asker.__call__))
            try:
                run()
            except Unsatisfiable:
                continue  # There is nothing in it that could be sent wrongly.
            except BaseExceptionGroup as error:
                faults += [f"{operation.label}: {each}" for each in error.exceptions]
            except AssertionError as error:
                faults.append(f"{operation.label}: {error}")
    assert not faults, "\n\n".join(faults)
    assert sum(asker.answers.values()) > 50 * count
