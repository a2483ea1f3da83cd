"""Fixed pins that name no offer."""

from __future__ import annotations

from collections.abc import Iterator
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


CHECKS: tuple[Check, ...] = (_pins,)
