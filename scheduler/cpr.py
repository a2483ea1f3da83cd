"""What looks like a Danish CPR number, which Ungeplan neither reads nor shows.

A CPR number is a birth date as six digits (the day plus 60 for some replacement numbers), then four
more; between them a hyphen, a space or nothing. A spreadsheet that takes it for a number loses a
leading zero. Shapes count, not check digits: numbers given out since 2007 need not have valid ones.
"""

from __future__ import annotations

import re
from datetime import date

_HYPHENS = "\\-\u00ad\u2010-\u2015\u2212"
_INVISIBLE = "\u200b-\u200d\u2060"
_SHAPE = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?P<mark>[{_HYPHENS}./ ]?)(?P<month>\d\d)(?P=mark)(?P<year>\d\d)"
    rf"[\s{_INVISIBLE}]{{0,2}}[{_HYPHENS}./_]?[\s{_INVISIBLE}]{{0,2}}\d{{4}}(?!\d)"
)
_CENTURIES = (1800, 1900, 2000)
_SHOWN = 2


def looks_like_cpr(text: str) -> bool:
    """Whether something in `text` has the shape of a CPR number."""
    return any(_is_dated(found) for found in _SHAPE.finditer(text))


def mask(text: str) -> str:
    """`text` with no more than the first two digits of what looks like a CPR number."""
    return _SHAPE.sub(lambda found: _masked(found[0]) if _is_dated(found) else found[0], text)


def _masked(number: str) -> str:
    return number[:_SHOWN] + re.sub(r"\d", "•", number[_SHOWN:])


def _is_dated(found: re.Match[str]) -> bool:
    day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
    return any(_is_date(century + year, month, day % 60) for century in _CENTURIES)


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
