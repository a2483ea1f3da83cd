"""Option values as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

from scheduler.errors import InputError
from scheduler.language import Message

_PER_CENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*%?")
_MOST_BASIS_POINTS = 10_000


def parse_gap(text: str) -> int:
    """Hundredths of a per cent from ``1``, ``1 %``, ``0,5 %`` or ``0.5%``.

    Raises
    ------
    InputError
        If it is anything else, or more than 100 %.
    """
    found = _PER_CENT.fullmatch(text.strip())
    basis_points = int(Decimal(found[1].replace(",", ".")) * 100) if found else -1
    if not 0 <= basis_points <= _MOST_BASIS_POINTS:
        raise InputError(
            [
                Message(
                    "--gap: {value} is not a number of per cent from 0 to 100 with at most two"
                    " decimals, such as 1 or 0.5 %",
                    value=repr(text),
                )
            ]
        )
    return basis_points
