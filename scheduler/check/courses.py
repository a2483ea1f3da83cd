"""Courses as they run: weeks, pauses, uses and pay of a placement or an enrolment."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from providers import Offer, Week
from scheduler.outcome import YearCost
from scheduler.person import Enrolment
from scheduler.plan import Placement

if TYPE_CHECKING:
    from scheduler.check.facts import Facts

Uses = tuple[tuple[str, int], ...]
"""Resources and how much of each a participant uses in a week, none of it zero."""


@dataclass(frozen=True, slots=True)
class Span:
    """What the offer, the start and the length alone decide about a course."""

    end: Week
    active: tuple[Week, ...]
    paused: tuple[Week, ...]
    paid: tuple[tuple[Week, int], ...]
    costs: tuple[YearCost, ...]
    cost_ore: int


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it runs from `start` to `end`."""

    person_id: str
    offer_id: str
    site_id: str
    provider_id: str
    programme_id: str
    contract_id: str | None
    start: Week
    end: Week
    """Last active week; of one who dropped out, the last week held."""
    weeks: int
    """Active weeks agreed."""
    active: tuple[Week, ...]
    """Weeks in which it runs."""
    paused: tuple[Week, ...]
    """Closed weeks between `start` and `end`."""
    uses: Uses
    """What it uses in each active week."""
    keeps: Uses
    """What it uses in each paused week."""
    paid: tuple[tuple[Week, int], ...]
    """Weeks and the øre paid in them, zeros left out; all in `start` when charged at start."""
    costs: tuple[YearCost, ...]
    """What is paid in each year, years in order, zeros left out."""
    cost_ore: int
    """What is paid in all."""
    source: Literal["placement", "enrolment"]

    @property
    def about(self) -> dict[str, Any]:
        """The fields of a violation that say whose course it is and where."""
        return {
            "person_ids": (self.person_id,),
            "offer_id": self.offer_id,
            "site_id": self.site_id,
            "programme_id": self.programme_id,
        }


def course_of(facts: Facts, placement: Placement) -> Course:
    """The course that `placement` gives."""
    key = (placement.person_id, placement.offer_id, placement.start.ordinal, placement.weeks)
    return facts.once(key, lambda: _course_of(facts, placement))


def _course_of(facts: Facts, placement: Placement) -> Course:
    offer, start, weeks = facts.offers[placement.offer_id], placement.start, placement.weeks
    span = facts.once(
        (offer.id, start.ordinal, weeks),
        lambda: _span(facts, offer, start, weeks, prices(offer, weeks)),
    )
    return _course(facts, placement, offer, span, "placement")


def course_of_enrolment(facts: Facts, enrolment: Enrolment) -> Course:
    """The course that `enrolment` is; that of a no-show has no weeks and costs nothing."""
    offer = facts.offers[enrolment.offer_id]
    shares = (
        prices(offer, enrolment.weeks)
        if enrolment.price_ore is None
        else _shares(enrolment.price_ore, enrolment.weeks)
    )
    last_week = enrolment.last_week if enrolment.status == "dropped-out" else None
    if enrolment.status == "no-show":
        shares, last_week = [0] * enrolment.weeks, enrolment.start + -1
    span = _span(facts, offer, enrolment.start, enrolment.weeks, shares, last_week)
    return _course(facts, enrolment, offer, span, "enrolment")


def length_of(facts: Facts, person_id: str, offer_id: str) -> int:
    """The active weeks that the person's course at the offer must have."""
    offer = facts.offers[offer_id]
    programme = facts.programmes[offer.programme_id]
    return max(programme.least_weeks, facts.people[person_id].weeks_needed or 0, offer.weeks)


def prices(offer: Offer, weeks: int) -> list[int]:
    """The price in øre of each of so many active weeks."""
    covered = min(weeks, offer.weeks)
    if offer.price_per == "course":
        base, extra = _shares(offer.price_ore, covered), 0
    else:
        base, extra = [offer.price_ore] * covered, offer.price_ore
    if offer.extra_week_price_ore is not None:
        extra = offer.extra_week_price_ore
    return base + [extra] * (weeks - covered)


def _shares(total_ore: int, weeks: int) -> list[int]:
    return [total_ore * (k + 1) // weeks - total_ore * k // weeks for k in range(weeks)]


def _span(
    facts: Facts,
    offer: Offer,
    start: Week,
    weeks: int,
    shares: list[int],
    last_week: Week | None = None,
) -> Span:
    active: list[Week] = []
    paused: list[Week] = []
    closed = facts.closed[offer.site_id]
    week = start
    while len(active) < weeks:
        (paused if week in closed else active).append(week)
        week += 1
    end = active[-1] if last_week is None else min(active[-1], last_week)
    if facts.programmes[offer.programme_id].charged == "at-start":
        paid = [(start, sum(shares))]
    else:
        paid = [(when, ore) for when, ore in zip(active, shares, strict=True) if when <= end]
    by_year = itertools.groupby(paid, key=lambda pair: pair[0].year)
    costs = [(year, sum(ore for _, ore in pairs)) for year, pairs in by_year]
    return Span(
        end=end,
        active=tuple(when for when in active if when <= end),
        paused=tuple(when for when in paused if when <= end),
        paid=tuple((when, ore) for when, ore in paid if ore),
        costs=tuple(YearCost(year=year, ore=ore) for year, ore in costs if ore),
        cost_ore=sum(ore for _, ore in paid),
    )


def _course(
    facts: Facts,
    record: Placement | Enrolment,
    offer: Offer,
    span: Span,
    source: Literal["placement", "enrolment"],
) -> Course:
    uses, keeps = facts.uses(record.person_id, offer.id)
    return Course(
        person_id=record.person_id,
        offer_id=offer.id,
        site_id=offer.site_id,
        provider_id=facts.sites[offer.site_id].provider_id,
        programme_id=offer.programme_id,
        contract_id=offer.contract_id,
        start=record.start,
        end=span.end,
        weeks=record.weeks,
        active=span.active,
        paused=span.paused,
        uses=uses,
        keeps=keeps,
        paid=span.paid,
        costs=span.costs,
        cost_ore=span.cost_ore,
        source=source,
    )
