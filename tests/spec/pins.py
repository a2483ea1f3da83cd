"""Spec cases of `pins`."""

from small import week

from scheduler.person import Pin
from spec.case import case, place


def _fixed(start: str | None = None) -> dict[str, object]:
    at = None if start is None else week(start)
    return {"pins": (Pin(kind="fixed", person_id="ada", offer_id="course", start=at),)}


def _forbidden(offer_id: str | None = None, start: str | None = None) -> dict[str, object]:
    at = None if start is None else week(start)
    return {"pins": (Pin(kind="forbidden", person_id="ada", offer_id=offer_id, start=at),)}


CASES = (
    case("A fixed placement happens", place(start="2016-W28"), **_fixed("2016-W28")),
    case("Fixed at the offer, in any week", place(start="2016-W30"), **_fixed()),
    case("Nobody is placed", place("bo"), expected=(("pins", "fixed-missing"),), **_fixed()),
    case(
        "Placed in another week than the fixed one",
        place(start="2016-W29"),
        expected=(("pins", "fixed-missing"),),
        **_fixed("2016-W28"),
    ),
    case("Another week than the forbidden one", place(), **_forbidden("course", "2016-W28")),
    case("Somebody else's forbidden placement", place("bo"), **_forbidden("course")),
    case(
        "The forbidden week at the forbidden offer",
        place(start="2016-W28"),
        expected=(("pins", "forbidden"),),
        **_forbidden("course", "2016-W28"),
    ),
    case(
        "The forbidden offer, whatever the week",
        place(),
        expected=(("pins", "forbidden"),),
        **_forbidden("course"),
    ),
    case(
        "The forbidden week, whatever the offer",
        place(start="2016-W28"),
        expected=(("pins", "forbidden"),),
        **_forbidden(start="2016-W28"),
    ),
    case(
        "The person is to have no placement at all",
        place(),
        expected=(("pins", "forbidden"),),
        **_forbidden(),
    ),
)
