"""Pairs of areas whose minutes stand twice, or are needed and missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.ids import repeated
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _travel_once(problem: Problem, _: Known) -> Iterator[Fault]:
    keys = [(entry.from_area, entry.to_area) for entry in problem.travel]
    expected = Message("each pair of areas once")
    yield from repeated("travel", "to_area", keys, expected)


def _travel_known(problem: Problem, known: Known) -> Iterator[Fault]:
    """Each pair of areas that has no minutes is told once, for the first person who needs it."""
    if not (known.all_read("travel") and known.all_read("sites")):
        return
    area_of = {site.id: site.area for site in problem.sites}
    areas = sorted({area for offer in problem.offers if (area := area_of.get(offer.site_id))})
    pairs = {(entry.from_area, entry.to_area) for entry in problem.travel}
    told: set[str] = set()
    for row, person in enumerate(problem.people):
        if person.most_travel_minutes is None or not person.seeks_place:
            continue
        if person.area is None:
            expected = Message("an area to travel from, as most travel minutes are given")
            yield Fault("people", row, "area", "", expected)
        elif person.area not in told:
            told.add(person.area)
            missing = tuple(
                area for area in areas if area != person.area and (person.area, area) not in pairs
            )
            if missing:
                expected = Message("an area with minutes of travel to {areas}", areas=missing)
                yield Fault("people", row, "area", person.area, expected)


CHECKS: tuple[Check, ...] = (_travel_once, _travel_known)
