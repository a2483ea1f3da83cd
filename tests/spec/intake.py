"""Spec cases of `intake`."""

from typing import Any

from small import offer, person, site, week

from spec.case import case, enrolment, place

_TOO_MANY = (("intake", "too-many-starts"),)
_PEOPLE = (
    person("ada"),
    person("bo"),
    person("cy", seeks_place=False),
    person("di", seeks_place=False),
)


def _most(starts: int) -> dict[str, object]:
    return {"sites": (site("cafe", places=9, most_starts_a_week=starts),)}


def _before(**changes: Any) -> dict[str, object]:
    """Cy's course at the café, which starts in 2016-W27."""
    fields = {"person_id": "cy", "start": week("2016-W27"), "status": "accepted", **changes}
    return {"people": _PEOPLE, "enrolments": (enrolment(**fields),)}


_TWO_BEFORE = {
    "people": _PEOPLE,
    "enrolments": tuple(
        enrolment(f"of-{who}", person_id=who, start=week("2016-W27"), status="accepted")
        for who in ("cy", "di")
    ),
}

CASES = (
    case("Two start in a week of at most two", place(), place("bo"), **_most(2)),
    case(
        "Two start in a week of at most one",
        place(),
        place("bo"),
        expected=_TOO_MANY,
        **_most(1),
    ),
    case("Two start in different weeks", place(), place("bo", "2016-W28"), **_most(1)),
    case(
        "Offers of one site count together",
        place(),
        place("bo", offer_id="other"),
        offers=(offer("course"), offer("other")),
        expected=_TOO_MANY,
        **_most(1),
    ),
    case(
        "Two sites count apart",
        place(),
        place("bo", offer_id="other"),
        sites=(site("cafe", most_starts_a_week=1), site("shop", most_starts_a_week=1)),
        offers=(offer("course"), offer("other", site_id="shop")),
    ),
    case("Nobody starts at a site that takes in nobody", place(), expected=_TOO_MANY, **_most(0)),
    case(
        "An enrolment that starts in the week counts",
        place(),
        expected=_TOO_MANY,
        **_before(),
        **_most(1),
    ),
    case(
        "So does one that dropped out",
        place(),
        expected=_TOO_MANY,
        **_before(status="dropped-out", last_week=week("2016-W27")),
        **_most(1),
    ),
    case("A no-show does not", place(), **_before(status="no-show"), **_most(1)),
    case(
        "An enrolment that runs since an earlier week does not",
        place(),
        **_before(status="started", start=week("2016-W26")),
        **_most(1),
    ),
    case(
        "Enrolments alone are too many, and the plan starts nobody in that week",
        place("ada", "2016-W28"),
        inherited=_TOO_MANY,
        **_TWO_BEFORE,
        **_most(1),
    ),
    case(
        "Enrolments alone are too many, and the plan starts one more",
        place(),
        expected=_TOO_MANY,
        **_TWO_BEFORE,
        **_most(1),
    ),
    case(
        "A group that is larger than its site can start never starts",
        place(),
        place("bo"),
        offers=(offer("course", fewest_participants=2),),
        expected=_TOO_MANY,
        **_most(1),
    ),
)
