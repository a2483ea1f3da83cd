"""One person, in a problem or in a plan: the facts, every possible placement, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.changes import tag_of
from api.services.people import (
    PersonView,
    look_up_in_plan,
    look_up_in_problem,
    person_in_plan,
    person_in_problem,
)
from api.services.problem_tables import PIN_LABELS
from api.services.problems import latest_version
from api.state import state_of
from providers import Week
from scheduler.explain.choices import OfferChoices, group_starts
from scheduler.explain.names import Names, name_weeks
from scheduler.explain.wording import find_wording
from scheduler.language import Kr, Language, LocalText, Message, show
from scheduler.outcome import DecidedPlacement, MatchPoints
from scheduler.person import Enrolment, Person, Pin
from scheduler.report.label import Label
from scheduler.report.table import capital

ROUTER = APIRouter()
ENROLMENT_LABELS: dict[str, Message] = {
    "offered": Message("Offered"),
    "accepted": Message("Accepted"),
    "started": Message("Started"),
    "ended": Message("Ended"),
    "dropped-out": Message("Dropped out"),
    "no-show": Message("Did not turn up"),
}


@dataclass(frozen=True, slots=True)
class StartsRow:
    """Start weeks of an offer that the same stands in the way of."""

    weeks: str
    count: int
    cost: Label
    why_not: str
    """Empty: they would fit."""
    is_chosen: bool
    """Whether the person's own start is among them."""
    fix_href: str


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer that is possible."""

    offer: str
    site: str
    provider: str
    match: MatchPoints
    starts: tuple[StartsRow, ...]
    is_chosen: bool
    forbid_href: str


@dataclass(frozen=True, slots=True)
class RuledOutRow:
    """An offer that is not."""

    offer: str
    why: str


@dataclass(frozen=True, slots=True)
class PinRow:
    """A pin, and what takes it away again."""

    pin: Pin
    label: Message
    offer: Label
    start: Label


@dataclass(frozen=True, slots=True)
class PersonParts:
    """What is shown of a person with and without a plan."""

    facts: tuple[tuple[Message, Label], ...]
    offers: tuple[OfferRow, ...]
    ruled_out: tuple[RuledOutRow, ...]
    pins: tuple[PinRow, ...]
    enrolments: tuple[tuple[str, Label, Message], ...]
    """Offer, weeks and state of each."""


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything that a planner may know about one person."""

    template: ClassVar[str] = "pages/person.html"

    person_id: str
    problem_id: int
    problem_title: str
    plan_id: int | None
    """None: the person is looked at without a plan."""
    parts: PersonParts
    placement: tuple[tuple[Message, Label], ...]
    """Where and when, if placed."""
    is_waiting: bool
    planner: tuple[LocalText, ...]
    citizen: LocalText | None
    may_change: bool
    base: str
    """The version that a change is made to."""


@ROUTER.get("/problems/{problem_id:int}/people/{person_id}")
def show_person(
    request: Request,
    problem_id: int,
    person_id: str,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
) -> Response:
    """In the latest version of the problem."""
    with state_of(request).store.write() as session:
        version = look_up_in_problem(session, caller, problem_id, person_id)
    view = person_in_problem(version, person_id)
    shown = _Shown(view, problem_id, None, language_of(request))
    page = PersonPage(
        person_id=person_id,
        problem_id=problem_id,
        problem_title=version.problem.title,
        plan_id=None,
        placement=(),
        is_waiting=False,
        planner=(),
        citizen=None,
        may_change=caller.may(Action.WRITE_PROBLEM),
        base=tag_of(version),
        parts=shown.parts(),
    )
    return render(request, page, caller)


@ROUTER.get("/plans/{plan_id:int}/people/{person_id}")
def show_person_in_plan(
    request: Request,
    plan_id: int,
    person_id: str,
    caller: Annotated[Caller, may(Action.READ_PERSON)],
) -> Response:
    """In a plan: why this placement and no other, or why none."""
    with state_of(request).store.write() as session:
        plan = look_up_in_plan(session, caller, plan_id, person_id)
        latest = latest_version(session, plan.problem_id)
    placed = person_in_plan(plan, person_id)
    shown = _Shown(placed.view, plan.problem_id, placed.placement, language_of(request))
    page = PersonPage(
        person_id=person_id,
        problem_id=plan.problem_id,
        problem_title=plan.problem.title,
        plan_id=plan_id,
        placement=shown.placement(),
        is_waiting=placed.waiting is not None,
        planner=placed.planner,
        citizen=placed.citizen,
        may_change=caller.may(Action.WRITE_PROBLEM),
        base=tag_of(latest),
        parts=shown.parts(),
    )
    return render(request, page, caller)


class _Shown:
    """A person with names instead of ids."""

    def __init__(
        self,
        view: PersonView,
        problem_id: int,
        placement: DecidedPlacement | None,
        language: Language,
    ) -> None:
        self.view, self.names, self.language = view, Names(view.problem), language
        self.chosen = placement
        person_id = view.person.id
        self.change = f"/problems/{problem_id}/changes/{{kind}}?person_id={person_id}"

    def parts(self) -> PersonParts:
        """What both pages show."""
        names = self.names
        return PersonParts(
            facts=_facts(self.view.person, names),
            offers=tuple(self._offer(each) for each in self.view.offers if each.choices),
            ruled_out=tuple(
                RuledOutRow(names.offer(each.offer_id), self._say(_briefly(each)))
                for each in self.view.offers
                if not each.choices
            ),
            pins=tuple(_pin(pin, names) for pin in self.view.pins),
            enrolments=tuple(_enrolment(each, names) for each in self.view.enrolments),
        )

    def placement(self) -> tuple[tuple[Message, Label], ...]:
        """Where and when the plan places the person."""
        placed, names = self.chosen, self.names
        if placed is None:
            return ()
        return (
            (Message("Offer"), names.offer(placed.offer_id)),
            (Message("Provider"), names.provider(placed.provider_id)),
            (Message("Programme"), names.programme(placed.programme_id)),
            (Message("Weeks"), name_weeks(placed.start, placed.end)),
            (Message("Active weeks"), Message("{count}", count=placed.weeks)),
            (Message("Weeks from referral"), Message("{count}", count=placed.wait_weeks)),
            (Message("Match points"), Message("{count}", count=placed.match.total)),
            (Message("Cost"), Message("{amount}", amount=Kr(placed.cost_ore))),
        )

    def _say(self, clause: object) -> str:
        return capital(show(clause, self.language))

    def _offer(self, offer: OfferChoices) -> OfferRow:
        names = self.names
        provider_id = offer.choices[0].placement.provider_id
        here = f"&offer_id={offer.offer_id}"
        rows = []
        for starts in group_starts(offer.choices, names):
            placements = [choice.placement for choice in starts.choices]
            costs = sorted({placement.cost_ore for placement in placements})
            cost = Message("{amount}", amount=Kr(costs[0]))
            start = self.chosen.start if self.chosen in placements else starts.first
            rows.append(
                StartsRow(
                    weeks=name_weeks(starts.first, starts.last),
                    count=len(placements),
                    cost=cost if len(costs) == 1 else Message("from {amount}", amount=cost),
                    why_not=self._say(starts.why_not) if starts.why_not else "",
                    is_chosen=self.chosen in placements,
                    fix_href=self.change.format(kind="fix") + f"{here}&start={start}",
                )
            )
        return OfferRow(
            offer=names.offer(offer.offer_id),
            site=names.site(offer.site_id),
            provider=names.provider(provider_id),
            match=offer.match,
            starts=tuple(rows),
            is_chosen=any(row.is_chosen for row in rows),
            forbid_href=self.change.format(kind="forbid") + here,
        )


def _briefly(offer: OfferChoices) -> tuple[Message, ...]:
    briefs = dict.fromkeys(find_wording(found).brief for found in offer.ruled_out)
    return tuple(Message(brief) for brief in briefs)


def _facts(person: Person, names: Names) -> tuple[tuple[Message, Label], ...]:
    def labels(codes: tuple[str, ...], kind: str) -> Label:
        return Message("{all}", all=tuple(names.code(code, kind) for code in codes))  # type: ignore[arg-type]

    def week(value: Week | None) -> Label:
        return "" if value is None else str(value)

    rows: tuple[tuple[Message, Label], ...] = (
        (Message("Target groups"), labels(person.target_groups, "target-group")),
        (Message("Status"), names.code(person.status, "status")),
        (Message("Age"), "" if person.age is None else str(person.age)),
        (Message("Priority"), str(person.priority)),
        (
            Message("Basis of the priority"),
            names.code(person.priority_basis, "priority-basis") if person.priority_basis else "",
        ),
        (Message("Referred"), week(person.referral)),
        (Message("Can start from"), week(person.earliest_start)),
        (Message("Can start until"), week(person.latest_start)),
        (Message("Last eligible week"), week(person.last_eligible_week)),
        (Message("Weeks needed"), "" if person.weeks_needed is None else str(person.weeks_needed)),
        (Message("Needs"), labels(person.needs, "need") if person.needs else ""),
        (Message("Wishes"), labels(person.wishes, "task-type") if person.wishes else ""),
        (Message("Known at"), ", ".join(names.site(id_) for id_ in person.known_sites)),
        (
            Message("Ruled out"),
            ", ".join(
                (
                    *(names.site(id_) for id_ in person.excluded_sites),
                    *(names.provider(id_) for id_ in person.excluded_providers),
                )
            ),
        ),
        (Message("Area"), names.code(person.area, "area") if person.area else ""),
        (
            Message("Most travel"),
            Message("{minutes} minutes", minutes=person.most_travel_minutes)
            if person.most_travel_minutes is not None
            else "",
        ),
    )
    return tuple((label, value) for label, value in rows if value)


def _pin(pin: Pin, names: Names) -> PinRow:
    return PinRow(
        pin=pin,
        label=PIN_LABELS[pin.kind],
        offer=names.offer(pin.offer_id) if pin.offer_id else Message("any offer"),
        start=str(pin.start) if pin.start else Message("any week"),
    )


def _enrolment(enrolment: Enrolment, names: Names) -> tuple[str, Label, Message]:
    weeks = Message("{count} weeks from {start}", count=enrolment.weeks, start=enrolment.start)
    return names.offer(enrolment.offer_id), weeks, ENROLMENT_LABELS[enrolment.status]
