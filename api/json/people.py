"""One person, by JSON, in a problem or in a plan."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request

from api.json.problem_details import RESPONSES
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.people import (
    PersonView,
    look_up_in_plan,
    look_up_in_problem,
    person_in_plan,
    person_in_problem,
)
from api.state import state_of
from providers import DomainId, Record
from scheduler.language import LocalText
from scheduler.outcome import DecidedPlacement, MatchPoints, WaitingPerson
from scheduler.person import Enrolment, Person, Pin
from scheduler.violation import Violation

ROUTER = APIRouter(tags=["people"], responses=RESPONSES)


class ChoiceDetail(Record):
    """A possible placement."""

    placement: DecidedPlacement
    violations: tuple[Violation, ...]
    """What it would break beside the plan's other placements; none: it would fit."""


class OfferDetail(Record):
    """What an offer can give the person."""

    offer_id: DomainId
    site_id: DomainId
    match: MatchPoints
    choices: tuple[ChoiceDetail, ...]
    """Every possible placement there, by start week."""
    ruled_out: tuple[Violation, ...]
    """Where there is none: why."""


class PersonDetail(Record):
    """Somebody in a problem."""

    person: Person
    pins: tuple[Pin, ...]
    enrolments: tuple[Enrolment, ...]
    offers: tuple[OfferDetail, ...]
    """Those with possible placements first, by match points."""


class PlacedPersonDetail(PersonDetail):
    """Somebody in a plan."""

    placement: DecidedPlacement | None
    waiting: WaitingPerson | None
    planner: tuple[LocalText, ...]
    """Why this placement and no other, or why none."""
    citizen: LocalText | None
    """The same to the young person."""


@ROUTER.get("/problems/{problem_id}/people/{person_id}", summary="A person of a problem")
def read_person_json(
    request: Request,
    problem_id: int,
    person_id: str,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
) -> PersonDetail:
    """With every possible placement; it is written down who looked."""
    with state_of(request).store.write() as session:
        version = look_up_in_problem(session, caller, problem_id, person_id)
    view = person_in_problem(version, person_id)
    return PersonDetail(
        person=view.person, pins=view.pins, enrolments=view.enrolments, offers=_offers(view)
    )


@ROUTER.get("/plans/{plan_id}/people/{person_id}", summary="A person of a plan")
def read_placed_person_json(
    request: Request,
    plan_id: int,
    person_id: str,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
) -> PlacedPersonDetail:
    """Each possible placement held against the plan's others; it is written down who looked."""
    with state_of(request).store.write() as session:
        plan = look_up_in_plan(session, caller, plan_id, person_id)
    placed = person_in_plan(plan, person_id)
    return PlacedPersonDetail(
        person=placed.view.person,
        pins=placed.view.pins,
        enrolments=placed.view.enrolments,
        offers=_offers(placed.view),
        placement=placed.placement,
        waiting=placed.waiting,
        planner=placed.planner,
        citizen=placed.citizen,
    )


def _offers(view: PersonView) -> tuple[OfferDetail, ...]:
    return tuple(
        OfferDetail(
            offer_id=offer.offer_id,
            site_id=offer.site_id,
            match=offer.match,
            choices=tuple(
                ChoiceDetail(placement=choice.placement, violations=choice.violations)
                for choice in offer.choices
            ),
            ruled_out=offer.ruled_out,
        )
        for offer in view.offers
    )
