"""The people, sites and offers of a problem as tables, with labels rather than codes."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any, Literal

from api.services.listing import Column, Filter, Sheet
from api.services.problems import ProblemVersion
from providers import Offer, Site
from scheduler.explain.names import Names
from scheduler.language import Language, Message
from scheduler.person import Person
from scheduler.problem import Problem
from scheduler.report.label import Label

TableName = Literal["people", "sites", "offers"]
_MOST_CACHED = 12
PIN_LABELS: dict[str, Message] = {
    "fixed": Message("Fixed placement"),
    "forbidden": Message("Ruled out"),
    "none": Message("No pin"),
}


def sheet_of(version: ProblemVersion, name: TableName, language: Language) -> Sheet[Any]:
    """A table of the problem, ready to be searched; made once for each version."""
    return _sheet(Same(version.sha256, version.problem), name, language)


class Same:
    """A problem, alike where its hash is."""

    __slots__ = ("problem", "sha256")

    def __init__(self, sha256: str, problem: Problem) -> None:
        self.sha256, self.problem = sha256, problem

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _sheet(same: Same, name: TableName, language: Language) -> Sheet[Any]:
    match name:
        case "people":
            return _people(same.problem, language)
        case "sites":
            return _sites(same.problem, language)
        case "offers":
            return _offers(same.problem, language)


def _people(problem: Problem, language: Language) -> Sheet[Person]:
    names = Names(problem)
    pins: defaultdict[str, set[str]] = defaultdict(set)
    for pin in problem.pins:
        pins[pin.person_id].add(pin.kind)

    def labels(codes: tuple[str, ...], kind: Any) -> tuple[Label, ...]:
        return tuple(names.code(code, kind) for code in codes)

    def pins_of(person: Person) -> Collection[str]:
        return sorted(pins[person.id], reverse=True) if person.id in pins else ("none",)

    columns: tuple[Column[Person], ...] = (
        Column("id", Message("Person"), "text", lambda one: one.id),
        Column("priority", Message("Priority"), "count", lambda one: one.priority),
        Column(
            "target_groups",
            Message("Target groups"),
            "text",
            lambda one: labels(one.target_groups, "target-group"),
        ),
        Column("referral", Message("Referred"), "week", lambda one: one.referral),
        Column("earliest", Message("Can start from"), "week", lambda one: one.earliest_start),
        Column("needs", Message("Needs"), "text", lambda one: labels(one.needs, "need")),
        Column("wishes", Message("Wishes"), "text", lambda one: labels(one.wishes, "task-type")),
        Column(
            "area",
            Message("Area"),
            "text",
            lambda one: one.area and names.code(one.area, "area"),
        ),
        Column(
            "pins",
            Message("Pins"),
            "text",
            lambda one: tuple(PIN_LABELS[kind] for kind in pins_of(one) if kind != "none"),
        ),
    )
    filters: tuple[Filter[Person], ...] = (
        Filter(
            "target_group",
            Message("Target group"),
            lambda one: one.target_groups,
            lambda code: names.code(code, "target-group"),
        ),
        Filter("priority", Message("Priority"), lambda one: (str(one.priority),), str),
        Filter(
            "need",
            Message("Need"),
            lambda one: one.needs,
            lambda code: names.code(code, "need"),
        ),
        Filter(
            "area",
            Message("Area"),
            lambda one: (one.area,) if one.area else (),
            lambda code: names.code(code, "area"),
        ),
        Filter("pin", Message("Pins"), pins_of, PIN_LABELS.__getitem__),
    )
    return Sheet(columns, filters, problem.people, language)


def _sites(problem: Problem, language: Language) -> Sheet[Site]:
    names = Names(problem)
    offers = Counter(offer.site_id for offer in problem.offers)
    changed = Counter(row.site_id for row in problem.capacity if row.resource == "places")
    columns: tuple[Column[Site], ...] = (
        Column("name", Message("Site"), "text", lambda one: one.name),
        Column(
            "provider", Message("Provider"), "text", lambda one: names.provider(one.provider_id)
        ),
        Column("places", Message("Places"), "count", lambda one: one.places),
        Column(
            "periods", Message("Weeks with other numbers"), "count", lambda one: changed[one.id]
        ),
        Column(
            "tasks",
            Message("Tasks"),
            "text",
            lambda one: tuple(names.code(code, "task-type") for code in one.task_types),
        ),
        Column(
            "target_groups",
            Message("Target groups"),
            "text",
            lambda one: (
                tuple(names.code(code, "target-group") for code in one.target_groups)
                or (Message("all"),)
            ),
        ),
        Column("offers", Message("Offers"), "count", lambda one: offers[one.id]),
    )
    filters: tuple[Filter[Site], ...] = (
        Filter("provider", Message("Provider"), lambda one: (one.provider_id,), names.provider),
        Filter(
            "task",
            Message("Task"),
            lambda one: one.task_types,
            lambda code: names.code(code, "task-type"),
        ),
        Filter(
            "target_group",
            Message("Target group"),
            lambda one: one.target_groups,
            lambda code: names.code(code, "target-group"),
        ),
        Filter(
            "area",
            Message("Area"),
            lambda one: (one.area,) if one.area else (),
            lambda code: names.code(code, "area"),
        ),
    )
    return Sheet(columns, filters, problem.sites, language)


def _offers(problem: Problem, language: Language) -> Sheet[Offer]:
    names = Names(problem)
    providers = {site.id: site.provider_id for site in problem.sites}
    per = {"course": Message("course"), "week": Message("week")}
    columns: tuple[Column[Offer], ...] = (
        Column("name", Message("Offer"), "text", lambda one: names.offer(one.id)),
        Column("site", Message("Site"), "text", lambda one: names.site(one.site_id)),
        Column(
            "provider",
            Message("Provider"),
            "text",
            lambda one: names.provider(providers[one.site_id]),
        ),
        Column(
            "programme",
            Message("Programme"),
            "text",
            lambda one: names.programme(one.programme_id),
        ),
        Column("price", Message("Price"), "kr", lambda one: one.price_ore),
        Column("per", Message("Price for each"), "text", lambda one: per[one.price_per]),
        Column("weeks", Message("Weeks"), "count", lambda one: one.weeks),
        Column("group", Message("Fewest to start"), "count", lambda one: one.fewest_participants),
    )
    filters: tuple[Filter[Offer], ...] = (
        Filter("programme", Message("Programme"), lambda one: (one.programme_id,), names.programme),
        Filter(
            "provider",
            Message("Provider"),
            lambda one: (providers[one.site_id],),
            names.provider,
        ),
        Filter(
            "intake",
            Message("Intake"),
            lambda one: ("group" if one.fewest_participants > 1 else "rolling",),
            {"group": Message("Group intake"), "rolling": Message("Rolling intake")}.__getitem__,
        ),
    )
    return Sheet(columns, filters, problem.offers, language)
