"""What may stand in a cell of each kind, and what it means. Nothing is guessed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from providers import Week
from scheduler.cpr import looks_like_cpr
from scheduler.files.columns import CHOICE_ALIASES, Column, Kind, plain
from scheduler.files.goal_text import parse_blend, parse_tolerance
from scheduler.files.numbers import parse_hundredths, parse_whole
from scheduler.files.places import NO_CPR, Refused, as_text, printable
from scheduler.language import Kr, Message
from scheduler.programme import Volume

Raw = object
"""A cell as read: text, a number, a date, a truth value, or a list or table of TOML."""

ANY = "*"
"""Written for an empty list where leaving the cell empty means the default."""
LONGEST_CELL = 32_767
"""Characters in a cell, as in Excel."""
_ID = re.compile(r"[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå_.\-]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")
_LONGEST_NAME = 200
_WEEK = re.compile(r"(?i:([0-9]{4})-W([0-9]{2}))")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DANISH_DATE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")
_YEARS = range(2000, 2100)
_FLAGS: Mapping[str, bool] = {
    "ja": True,
    "yes": True,
    "true": True,
    "sand": True,
    "1": True,
    "nej": False,
    "no": False,
    "false": False,
    "falsk": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A cell of a workbook that shows an error, such as ``#REF!``, or a formula without a value."""

    shown: str

    def __str__(self) -> str:
        return self.shown or "=…"


def is_blank(raw: Raw) -> bool:
    """Whether nothing stands in the cell."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def parse_cell(raw: Raw, column: Column) -> object:
    """The value of a cell that is not blank.

    Raises
    ------
    Refused
        If it is not what the column holds.
    """
    if isinstance(raw, ErrorCell):
        raise Refused(_error_message(raw))
    if isinstance(raw, str) and len(raw) > LONGEST_CELL:
        raise Refused(Message("at most {most} characters", most=LONGEST_CELL))
    if column.kind in _NUMBERS_BY_DESIGN:
        return _parse_number(raw, column)
    if isinstance(raw, str | int | float) and looks_like_cpr(as_text(raw)):
        raise Refused(NO_CPR)
    return _PARSERS[column.kind](raw, column)


def _error_message(raw: ErrorCell) -> Message:
    if raw.shown:
        return Message("a value; this is an error, to be corrected in the workbook")
    return Message("a value; this formula has none until Excel has saved the workbook")


def _parse_number(raw: Raw, column: Column) -> object:
    """Numbers by design may have the shape of a CPR number, but must be numbers."""
    try:
        return _PARSERS[column.kind](raw, column)
    except Refused:
        if isinstance(raw, str | int | float | Decimal) and looks_like_cpr(as_text(raw)):
            raise Refused(NO_CPR) from None
        raise


def _text(raw: Raw, _: Column | None = None) -> str:
    match raw:
        case bool():
            raise Refused(Message("a text, not a truth value"))
        case str():
            return raw.strip()
        case int() | float() | Decimal():
            return as_text(raw)
        case dt.date() | dt.time():
            raise Refused(Message("a text, not a date"))
        case _:
            raise Refused(Message("a single value"))


def _id(raw: Raw, _: Column) -> str:
    text = unicodedata.normalize("NFC", _text(raw))
    if looks_like_cpr(text):
        raise Refused(NO_CPR)
    if not _ID.fullmatch(text):
        raise Refused(
            Message("an id: a letter or digit, then at most 63 letters, digits, _ . or -")
        )
    return text


def _name(raw: Raw, _: Column) -> str:
    text = _text(raw)
    if _CONTROL.search(text):
        raise Refused(Message("a text without line breaks and other control characters"))
    if len(text) > _LONGEST_NAME:
        raise Refused(Message("at most {most} characters", most=_LONGEST_NAME))
    return text


def _parts(raw: Raw) -> list[Raw]:
    if isinstance(raw, list):
        return raw
    text = _text(raw)
    if text == ANY:
        return []
    parts = [part.strip() for part in re.split(r"[,|]", text)]
    if not all(parts):
        raise Refused(Message("a list with something between all its commas"))
    return list(parts)


def _ids(raw: Raw, column: Column) -> tuple[str, ...]:
    return tuple(_id(part, column) for part in _parts(raw))


def _week(raw: Raw, _: Column) -> Week:
    if isinstance(raw, str):
        found = _WEEK.fullmatch(raw.strip())
        if found:
            return _week_of(int(found[1]), int(found[2]))
    day = _day(raw, Message("a week such as 2016-W26, or a date such as 27-06-2016 or 2016-06-27"))
    week = Week.holding(day)
    if week.year not in _YEARS:
        raise Refused(Message("a week of the years 2000–2099"))
    return week


def _week_of(year: int, number: int) -> Week:
    if year not in _YEARS:
        raise Refused(Message("a week of the years 2000–2099"))
    try:
        return Week.of(year, number)
    except ValueError:
        raise Refused(Message("a week that {year} has", year=str(year))) from None


def _date(raw: Raw, _: Column) -> dt.date:
    return _day(raw, Message("a date such as 27-06-2016 or 2016-06-27"))


def _day(raw: Raw, otherwise: Message) -> dt.date:
    match raw:
        case dt.datetime():
            if raw.time() != dt.time():
                raise Refused(Message("a date without a time of day"))
            return raw.date()
        case dt.date():
            return raw
        case str():
            return _day_of_text(raw.strip(), otherwise)
        case _:
            raise Refused(otherwise)


def _day_of_text(text: str, otherwise: Message) -> dt.date:
    if found := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DANISH_DATE.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        raise Refused(otherwise)
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Refused(Message("a date that is in the calendar")) from None


def _weeks(raw: Raw, column: Column) -> tuple[Week, ...]:
    parts = [raw] if isinstance(raw, dt.date) else _parts(raw)
    return tuple(_week(part, column) for part in parts)


def _flag(raw: Raw, _: Column) -> bool:
    if isinstance(raw, bool):
        return raw
    flag = _FLAGS.get(plain(as_text(raw)))
    if flag is None:
        raise Refused(Message("yes or no"))
    return flag


def _choice(raw: Raw, column: Column) -> str:
    given = plain(_text(raw))
    for choice in column.choices:
        if given in {plain(choice), *(plain(alias) for alias in CHOICE_ALIASES.get(choice, ()))}:
            return choice
    raise Refused(Message("one of: {choices}", choices=column.choices))


def _cvr(raw: Raw, _: Column) -> str:
    text = _text(raw).replace(" ", "")
    if not re.fullmatch(r"[0-9]{8}", text):
        raise Refused(Message("a CVR number of eight digits"))
    return text


def _whole(raw: Raw, column: Column) -> int:
    least, most = column.least or 0, column.most or 0
    otherwise = Message(
        "a whole number from {least} to {most}",
        least=_bound(least, column),
        most=_bound(most, column),
    )
    number = parse_whole(raw)
    if number is None or not least <= number <= most:
        raise Refused(otherwise)
    return number


def _bound(limit: int, column: Column) -> str | int:
    return str(limit) if column.field == "year" else limit


def _kr(raw: Raw, column: Column) -> int:
    ore = parse_hundredths(raw)
    least, most = column.least or 0, column.most or 0
    if not least <= ore <= most:
        raise Refused(Message("an amount from {least} to {most}", least=Kr(least), most=Kr(most)))
    return ore


def _percent(raw: Raw, column: Column) -> int:
    text = raw.strip() if isinstance(raw, str) else as_text(raw)
    if not text.endswith("%"):
        if text == "0":
            return 0
        raise Refused(Message("a percentage with its sign, such as 1 %"))
    points = parse_hundredths(text[:-1].strip())
    if not 0 <= points <= (column.most or 0):
        raise Refused(Message("a percentage from 0 % to 100 %"))
    return points


def _volumes(raw: Raw, column: Column) -> tuple[Volume, ...]:
    if isinstance(raw, dict):
        pairs = [(str(year), most) for year, most in raw.items()]
    else:
        pairs = [_volume_pair(as_text(part)) for part in _parts(raw)]
    return tuple(_volume(year, most, column) for year, most in pairs)


def _volume_pair(text: str) -> tuple[str, str]:
    year, colon, most = text.partition(":")
    if not colon:
        raise Refused(Message("years and courses such as 2016: 62, 2017: 60"))
    return year.strip(), most.strip()


_MOST_COURSES = 10**6


def _volume(year: str, most: Raw, _: Column) -> Volume:
    year_number, number = parse_whole(year), parse_whole(most)
    if year_number is None or year_number not in _YEARS:
        raise Refused(Message("a year from 2000 to 2099, not {year}", year=printable(year)))
    if number is None or not 0 <= number <= _MOST_COURSES:
        raise Refused(
            Message(
                "for {year} a whole number of courses from 0 to {most}",
                year=year,
                most=_MOST_COURSES,
            )
        )
    return Volume(year=year_number, most=number)


_NUMBERS_BY_DESIGN: frozenset[Kind] = frozenset({"whole", "kr", "cvr"})
_PARSERS: Mapping[Kind, Callable[[Raw, Column], object]] = {
    "id": _id,
    "ids": _ids,
    "code": _id,
    "codes": _ids,
    "name": _name,
    "cvr": _cvr,
    "whole": _whole,
    "kr": _kr,
    "percent": _percent,
    "flag": _flag,
    "choice": _choice,
    "week": _week,
    "weeks": _weeks,
    "date": _date,
    "goal": lambda raw, _: parse_blend(raw),
    "tolerance": lambda raw, _: parse_tolerance(raw),
    "volumes": _volumes,
}
