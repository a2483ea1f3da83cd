"""One person: the facts, what they could have, and what a plan gives them."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.errors import NotFound
from api.security.caller import Caller
from api.security.permissions import Action
from api.services.plans import StoredPlan, note_lookup, plan_by_id
from api.services.problem_tables import Same
from api.services.problems import ProblemVersion, latest_version
from scheduler.check import Facts
from scheduler.explain.choices import OfferChoices, explain_placement, find_choices
from scheduler.explain.citizen import tell_placed
from scheduler.explain.names import Names
from scheduler.explain.waiting import say_reservation
from scheduler.language import LocalText, Message
from scheduler.outcome import DecidedPlacement, PlanDocument, WaitingPerson
from scheduler.person import Enrolment, Person, Pin
from scheduler.plan import Plan
from scheduler.problem import Problem

_MOST_CACHED = 8
_MOST_PEOPLE_CACHED = 128
"""A person may have some thousand possible placements, which take a megabyte."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody in a problem."""

    person: Person
    problem: Problem
    offers: tuple[OfferChoices, ...]
    """What each offer can give; in a plan, held against the others' placements."""
    pins: tuple[Pin, ...]
    enrolments: tuple[Enrolment, ...]


@dataclass(frozen=True, slots=True)
class PlacedView:
    """Somebody in a plan; exactly one of placement and waiting is there, or none of them."""

    view: PersonView
    placement: DecidedPlacement | None
    waiting: WaitingPerson | None
    planner: tuple[LocalText, ...]
    """Why this placement, or why none, a paragraph each."""
    citizen: LocalText | None
    """The same to the young person."""


def look_up_in_problem(
    session: Session, caller: Caller, problem_id: int, person_id: str
) -> ProblemVersion:
    """The latest version of a problem that has the person; the look is written down.

    Raises
    ------
    NotFound
        If there is no such problem or person.
    """
    version = latest_version(session, problem_id)
    _demand(facts_of(version), person_id)
    note_lookup(session, caller, Action.READ_PERSON, version.id, person_id)
    return version


def look_up_in_plan(session: Session, caller: Caller, plan_id: int, person_id: str) -> StoredPlan:
    """A plan whose problem has the person; the look is written down.

    Raises
    ------
    NotFound
        If there is no such plan or person.
    """
    plan = plan_by_id(session, plan_id)
    _demand(plan.books.facts, person_id)
    note_lookup(session, caller, Action.READ_PERSON, plan.problem_version_id, person_id)
    return plan


def facts_of(version: ProblemVersion) -> Facts:
    """The version by id; a version never changes, so that indexing it once is enough."""
    return _facts(Same(version.sha256, version.problem))


@functools.lru_cache(maxsize=_MOST_CACHED)
def _facts(same: Same) -> Facts:
    return Facts(same.problem)


def _demand(facts: Facts, person_id: str) -> None:
    if person_id not in facts.people:
        raise NotFound(Message("There is no such person."))


def person_in_problem(version: ProblemVersion, person_id: str) -> PersonView:
    """A person of the version, who has been looked up."""
    return _view(_Looked(facts_of(version), version.sha256), person_id)


class _Looked:
    """A problem's facts and what is looked at, alike where the hash is."""

    __slots__ = ("facts", "plan", "sha256")

    def __init__(self, facts: Facts, sha256: str, plan: Plan | None = None) -> None:
        self.facts, self.sha256, self.plan = facts, sha256, plan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Looked) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


@functools.lru_cache(maxsize=_MOST_PEOPLE_CACHED)
def _view(looked: _Looked, person_id: str) -> PersonView:
    """Versions and plans never change, and trying each start of each offer takes a while."""
    facts, plan = looked.facts, looked.plan
    person, problem = facts.people[person_id], facts.problem
    return PersonView(
        person=person,
        problem=problem,
        offers=find_choices(facts, person_id, plan) if person.seeks_place else (),
        pins=tuple(facts.pins.get(person_id, ())),
        enrolments=tuple(one for one in problem.enrolments if one.person_id == person_id),
    )


def person_in_plan(plan: StoredPlan, person_id: str) -> PlacedView:
    """A person of the plan's problem, who has been looked up."""
    document = plan.document
    placements = Plan(placements=tuple(row.placement for row in document.placements))
    view = _view(_Looked(plan.books.facts, plan.sha256, placements), person_id)
    placement = next((row for row in document.placements if row.person_id == person_id), None)
    waiting = next((row for row in document.waiting if row.person_id == person_id), None)
    if placement is not None:
        said = _why(view, placement, document)
        return PlacedView(view, placement, None, said, _tell(view, placement))
    if waiting is not None:
        return PlacedView(view, None, waiting, (waiting.planner,), waiting.citizen)
    return PlacedView(view, None, None, (), None)


def _why(
    view: PersonView, placement: DecidedPlacement, document: PlanDocument
) -> tuple[LocalText, ...]:
    said = explain_placement(
        placement,
        view.offers,
        Names(view.problem),
        is_fixed=any(pin.kind == "fixed" for pin in view.pins),
        reservation=say_reservation(
            proven=document.proof != "unproven",
            tolerance_spent=any(
                stage.value != stage.value_when_decided for stage in document.stages
            ),
        ),
    )
    return tuple(message.local() for message in said)


def _tell(view: PersonView, placement: DecidedPlacement) -> LocalText:
    site = Names(view.problem).site(placement.site_id)
    told = tell_placed(site, placement.start, placement.weeks, view.person, placement.match)
    return told.local()
