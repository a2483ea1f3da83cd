"""Scenarios, by JSON: problems made from another by a list of named changes."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import ConfigDict, Field
from sqlalchemy.orm import Session
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.json.requests import OwnRequest, Submitted, as_json, respond
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.problems import latest_version
from api.services.scenarios import (
    MOST_CHANGES,
    Scenario,
    add_scenario,
    list_family,
    scenario_problem,
)
from api.services.submissions import Answer, answer_once
from api.state import state_of
from providers import Name, Record
from scheduler.language import LocalText
from scheduler.scenarios import ScenarioChange

ROUTER = APIRouter(prefix="/problems", tags=["scenarios"], responses=RESPONSES)
_EXAMPLE: dict[str, Any] = {
    "name": "Prices 5 % higher, without the café",
    "changes": [
        {"kind": "scale-prices", "basis_points": 10_500, "programme_id": "bought"},
        {"kind": "price", "offer_id": "bought-course", "price_ore": 2_000_100},
        {"kind": "budget", "budget_line_id": "bought", "year": 2016, "amount_ore": 260_000_000},
        {"kind": "leave-out", "site_ids": ["cafe-valby"]},
        {"kind": "people", "priorities": [1, 2], "last_referral": "2016-W26"},
    ],
}


class NewScenario(Record):
    """A scenario to be made."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    name: Name
    """What it is called."""
    changes: Annotated[tuple[ScenarioChange, ...], Field(max_length=MOST_CHANGES)] = ()
    """What is otherwise, in this order."""


class ScenarioDetail(Record):
    """A base problem, or one that was made from it."""

    problem_id: int
    title: str
    base_id: int | None
    """The problem that it was made from; none: the base itself."""
    created_at: dt.datetime
    changes: tuple[LocalText, ...]
    """What is otherwise than in the problem that it was made from, in words."""
    run_id: int | None
    """The latest run of its latest version."""
    run_state: str | None
    plan_id: int | None
    """The latest plan of its latest version."""


class Family(Record):
    """A base problem and its scenarios."""

    items: tuple[ScenarioDetail, ...]


@ROUTER.post(
    "/{problem_id}/scenarios",
    status_code=201,
    summary="Make a scenario",
    response_model=ScenarioDetail,
    dependencies=[OwnRequest],
)
def make_scenario_json(
    request: Request,
    problem_id: int,
    asked: Annotated[NewScenario, as_json(NewScenario)],
    caller: Annotated[Caller, may(Action.WRITE_SCENARIO)],
    submission: Submitted,
) -> Response:
    """A new problem: the latest version of this one with the changes."""
    store = state_of(request).store
    with store.read() as session:
        base = latest_version(session, problem_id)
    problem = scenario_problem(base, asked.name, asked.changes)

    def do(session: Session) -> Answer:
        made = add_scenario(session, base, problem, asked.changes, caller.account_id)
        session.flush()
        family = list_family(session, made.problem_id)
        detail = next(_detail(each) for each in family if each.problem_id == made.problem_id)
        headers = {"location": f"/api/v1/problems/{made.problem_id}"}
        return Answer(201, headers, detail.model_dump_json())

    return respond(answer_once(store, caller.account_id, submission, do))


@ROUTER.get("/{problem_id}/scenarios", summary="A problem and its scenarios")
def list_scenarios_json(
    request: Request, problem_id: int, _caller: Annotated[Caller, may(Action.COMPARE_PLANS)]
) -> Family:
    """The base first, from whichever of them one asks."""
    with state_of(request).store.read() as session:
        return Family(items=tuple(_detail(each) for each in list_family(session, problem_id)))


def _detail(scenario: Scenario) -> ScenarioDetail:
    return ScenarioDetail(
        problem_id=scenario.problem_id,
        title=scenario.title,
        base_id=scenario.base_id,
        created_at=scenario.created_at,
        changes=tuple(change.local() for change in scenario.changes),
        run_id=scenario.run_id,
        run_state=scenario.run_state,
        plan_id=scenario.plan_id,
    )
