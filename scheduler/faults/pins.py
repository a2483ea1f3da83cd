"""Fixed pins that name no offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _pins(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, pin in enumerate(problem.pins):
        if pin.kind == "fixed" and pin.offer_id is None:
            yield Fault("pins", row, "offer_id", "", Message("the offer that is fixed"))


def name_people(problem: Problem, faults: Iterable[Fault]) -> Iterator[Fault]:
    """The faults of pins, each of which says whose pin it is."""
    for fault in faults:
        assert fault.row is not None
        if fault.field == "person_id":
            yield fault
        else:
            person = problem.pins[fault.row].person_id
            said = Message("for {person}: {expected}", person=person, expected=fault.expected)
            yield replace(fault, expected=said)


CHECKS: tuple[Check, ...] = (_pins,)
