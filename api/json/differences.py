"""Two plans side by side, by JSON."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.differences import compare_plans
from api.state import state_of
from providers import DomainId, Record, Week
from scheduler.goal import GoalName
from scheduler.language import LocalText
from scheduler.report.views.difference import PersonChange, Place

ROUTER = APIRouter(prefix="/plans", tags=["plans"], responses=RESPONSES)


class GoalChangeDetail(Record):
    """A goal's value in both plans."""

    goal: GoalName
    before: int
    after: int
    is_better: bool | None
    """None: they are alike."""


class PlaceDetail(Record):
    """Where and when somebody starts."""

    offer_id: DomainId
    start: Week
    weeks: int
    match: int
    cost_ore: int


class PersonChangeDetail(Record):
    """Somebody whom the plans treat differently."""

    person_id: DomainId
    kind: Literal["gained", "lost", "moved"]
    before: PlaceDetail | None
    after: PlaceDetail | None
    why_waiting: LocalText | None
    only_in: Literal["before", "after"] | None
    """Where only one of the problems knows the person."""


class LineChangeDetail(Record):
    """A budget line and year in both plans."""

    budget_line_id: DomainId
    year: int
    decided_before_ore: int
    decided_after_ore: int
    planned_before_ore: int
    planned_after_ore: int
    left_before_ore: int
    left_after_ore: int


class DifferenceDetail(Record):
    """From one plan to another."""

    before: int
    after: int
    placed_before: int
    placed_after: int
    goals: tuple[GoalChangeDetail, ...]
    people: tuple[PersonChangeDetail, ...] | None
    """None: the caller may not see people."""
    unchanged: int | None
    """People with the same place in both; none: the caller may not see people."""
    money: tuple[LineChangeDetail, ...]


@ROUTER.get("/{plan_id}/difference/{other_id}", summary="What a plan does differently")
def read_difference_json(
    request: Request,
    plan_id: int,
    other_id: int,
    caller: Annotated[Caller, may(Action.READ_PLAN)],
) -> DifferenceDetail:
    """From the other plan to this one; who looks at people is written down."""
    with state_of(request).store.write() as session:
        two = compare_plans(session, caller, other_id, plan_id)
    sees_people, found = caller.may(Action.READ_PERSON), two.difference
    return DifferenceDetail(
        before=other_id,
        after=plan_id,
        placed_before=found.placed_before,
        placed_after=found.placed_after,
        goals=tuple(
            GoalChangeDetail(
                goal=goal.goal, before=goal.before, after=goal.after, is_better=goal.is_better
            )
            for goal in found.goals
        ),
        people=tuple(_person(person) for person in found.people) if sees_people else None,
        unchanged=found.unchanged if sees_people else None,
        money=tuple(
            LineChangeDetail(
                budget_line_id=line.line_id,
                year=line.year,
                decided_before_ore=line.decided_before_ore,
                decided_after_ore=line.decided_after_ore,
                planned_before_ore=line.planned_before_ore,
                planned_after_ore=line.planned_after_ore,
                left_before_ore=line.left_before_ore,
                left_after_ore=line.left_after_ore,
            )
            for line in found.money
        ),
    )


def _person(change: PersonChange) -> PersonChangeDetail:
    return PersonChangeDetail(
        person_id=change.person_id,
        kind=change.kind,
        before=_place(change.before),
        after=_place(change.after),
        why_waiting=change.why_waiting,
        only_in=change.only_in,
    )


def _place(place: Place | None) -> PlaceDetail | None:
    if place is None:
        return None
    return PlaceDetail(
        offer_id=place.offer_id,
        start=place.start,
        weeks=place.weeks,
        match=place.match,
        cost_ore=place.cost_ore,
    )
