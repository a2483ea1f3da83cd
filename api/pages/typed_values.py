"""What people type into the fields of forms, as values."""

from __future__ import annotations

from api.faults import Fault, fault_of
from providers import Week
from scheduler.files.numbers import parse_hundredths, parse_whole
from scheduler.files.places import Refused
from scheduler.language import Message


def read_week(text: str, name: str, faults: list[Fault]) -> Week | None:
    """The week that is typed, if any; what is wrong becomes a fault."""
    if not text:
        return None
    try:
        return Week.parse(text.upper().replace("U", "W"))
    except ValueError:
        faults.append(fault_of(Message("A week is written like 2016-W27."), name))
        return None


def read_whole(text: str, name: str, faults: list[Fault]) -> int | None:
    """The whole number that is typed, if any; what is wrong becomes a fault."""
    number = parse_whole(text)
    if number is None and text:
        faults.append(fault_of(Message("This is a whole number, such as 12."), name))
    return number


def read_ore(text: str, name: str, faults: list[Fault]) -> int | None:
    """The amount that is typed, if any; what is wrong becomes a fault."""
    if not text:
        return None
    try:
        return parse_hundredths(text.removesuffix("kr.").removesuffix("kr").strip())
    except Refused as error:
        faults.append(fault_of(Message("Expected {expected}.", expected=error.what), name))
        return None
