"""Company numbers that cannot be right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)


def is_cvr(text: str) -> bool:
    """Whether `text` is a Danish company number: eight digits, weighted sum divisible by 11.

    Source: the check digit of the Central Business Register (CVR), modulus 11.
    """
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    return sum(int(d) * w for d, w in zip(text, _CVR_WEIGHTS, strict=True)) % 11 == 0


def _cvr(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, provider in enumerate(problem.providers):
        if provider.cvr is not None and not is_cvr(provider.cvr):
            expected = Message("a CVR number whose check digit is right")
            yield Fault("providers", row, "cvr", provider.cvr, expected)


CHECKS: tuple[Check, ...] = (_cvr,)
