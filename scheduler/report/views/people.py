"""Who starts, who waits, and what each provider needs to know about its own."""

from __future__ import annotations

from dataclasses import dataclass

from providers import Week
from scheduler.explain.names import Names
from scheduler.language import LocalText
from scheduler.outcome import DecidedPlacement, MatchPoints, PlanDocument, ReasonCode
from scheduler.person import Person
from scheduler.problem import Problem
from scheduler.report.label import Label


@dataclass(frozen=True, slots=True)
class Start:
    """A person who starts."""

    person_id: str
    priority: int
    target_groups: tuple[Label, ...]
    needs: tuple[Label, ...]
    programme: str
    provider_id: str
    provider: str
    site: str
    offer_id: str
    offer: str
    start: Week
    end: Week
    weeks: int
    """Active weeks."""
    wait_weeks: int
    match: MatchPoints
    cost_ore: int
    year_costs_ore: tuple[int, ...]
    """For each of `cost_years`."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A person who waits."""

    person_id: str
    priority: int
    target_groups: tuple[Label, ...]
    referral: Week
    wait_weeks: int
    """Weeks from referral to the week after the last start week, as the goal ``wait`` counts."""
    reason: ReasonCode
    options: int
    planner: LocalText
    citizen: LocalText


@dataclass(frozen=True, slots=True)
class ProviderStarts:
    """A provider and those who start with it."""

    provider_id: str
    provider: str
    starts: tuple[Start, ...]


def cost_years(document: PlanDocument) -> tuple[int, ...]:
    """Every year in which a placement costs something."""
    return tuple(sorted({cost.year for row in document.placements for cost in row.costs}))


def start_list(problem: Problem, document: PlanDocument) -> tuple[Start, ...]:
    """Everyone who starts, by start week, site and id."""
    names = Names(problem)
    people = {person.id: person for person in problem.people}
    years = cost_years(document)
    rows = [_start(people[row.person_id], row, names, years) for row in document.placements]
    return tuple(sorted(rows, key=lambda row: (row.start, row.site, row.person_id)))


def waiting_list(problem: Problem, document: PlanDocument) -> tuple[Waiting, ...]:
    """Everyone who waits, by priority, referral and id."""
    names = Names(problem)
    people = {person.id: person for person in problem.people}
    rows = [
        Waiting(
            person_id=row.person_id,
            priority=people[row.person_id].priority,
            target_groups=_target_groups(people[row.person_id], names),
            referral=people[row.person_id].referral,
            wait_weeks=problem.last_start + 1 - people[row.person_id].referral,
            reason=row.reason,
            options=row.options,
            planner=row.planner,
            citizen=row.citizen,
        )
        for row in document.waiting
    ]
    return tuple(sorted(rows, key=lambda row: (row.priority, row.referral, row.person_id)))


def starts_by_provider(problem: Problem, document: PlanDocument) -> tuple[ProviderStarts, ...]:
    """Every provider, by name and id, with those who start with it."""
    starts = start_list(problem, document)
    return tuple(
        ProviderStarts(
            provider_id=provider.id,
            provider=provider.name,
            starts=tuple(row for row in starts if row.provider_id == provider.id),
        )
        for provider in sorted(problem.providers, key=lambda row: (row.name, row.id))
    )


def _start(person: Person, row: DecidedPlacement, names: Names, years: tuple[int, ...]) -> Start:
    ore = {cost.year: cost.ore for cost in row.costs}
    return Start(
        person_id=person.id,
        priority=person.priority,
        target_groups=_target_groups(person, names),
        needs=tuple(names.code(code, "need") for code in person.needs),
        programme=names.programme(row.programme_id),
        provider_id=row.provider_id,
        provider=names.provider(row.provider_id),
        site=names.site(row.site_id),
        offer_id=row.offer_id,
        offer=names.offer(row.offer_id),
        start=row.start,
        end=row.end,
        weeks=row.weeks,
        wait_weeks=row.wait_weeks,
        match=row.match,
        cost_ore=row.cost_ore,
        year_costs_ore=tuple(ore.get(year, 0) for year in years),
    )


def _target_groups(person: Person, names: Names) -> tuple[Label, ...]:
    return tuple(names.code(code, "target-group") for code in person.target_groups)
