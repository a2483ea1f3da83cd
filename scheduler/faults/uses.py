"""Uses of resources that name nobody, stand twice, or ask for what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.codes import BUILT_IN_RESOURCE
from scheduler.faults.fault import Fault
from scheduler.faults.ids import repeated
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _use_of_one(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, use in enumerate(problem.uses):
        if (use.offer_id is None) == (use.person_id is None):
            value = "" if use.offer_id is None else f"{use.offer_id}, {use.person_id}"
            expected = Message("either an offer or a person")
            yield Fault("uses", row, "offer_id", value, expected)
    keys = [(use.offer_id or "", use.person_id or "", use.resource) for use in problem.uses]
    expected = Message("one row for each offer or person and resource")
    for fault in repeated("uses", "resource", keys, expected):
        assert fault.row is not None
        yield Fault("uses", fault.row, "resource", problem.uses[fault.row].resource, expected)


def _use_at_site(problem: Problem, known: Known) -> Iterator[Fault]:
    if not known.all_read("capacity"):
        return
    held = {(entry.site_id, entry.resource) for entry in problem.capacity}
    site_of = {offer.id: offer.site_id for offer in problem.offers}
    for row, use in enumerate(problem.uses):
        site_id = site_of.get(use.offer_id or "")
        if site_id is None or not use.amount or use.resource == BUILT_IN_RESOURCE:
            continue
        if (site_id, use.resource) not in held:
            expected = Message("a resource that {site} has in capacity", site=site_id)
            yield Fault("uses", row, "resource", use.resource, expected)


CHECKS: tuple[Check, ...] = (_use_of_one, _use_at_site)
