"""Spec cases of `volume`."""

from small import person, week

from scheduler.programme import Volume
from spec.case import case, enrolment, own, place

_TOO_MANY = (("volume", "too-many-courses"),)


def _most(courses: int, year: int = 2016) -> dict[str, object]:
    return {"programmes": (own(volumes=(Volume(year=year, most=courses),)),)}


_OTHERS = (person("ada"), person("bo"), person("cy", seeks_place=False))

CASES = (
    case("Two courses of two", place(), place("bo"), **_most(2)),
    case("Two courses of one", place(), place("bo"), expected=_TOO_MANY, **_most(1)),
    case("Another year's volume says nothing", place(), place("bo"), **_most(1, 2017)),
    case(
        "An enrolment that started this year counts",
        place(),
        people=_OTHERS,
        enrolments=(enrolment(person_id="cy"),),
        expected=_TOO_MANY,
        **_most(1),
    ),
    case(
        "An enrolment that started last year does not",
        place(),
        people=_OTHERS,
        enrolments=(enrolment(person_id="cy", start=week("2015-W53")),),
        **_most(1),
    ),
    case(
        "A no-show does not",
        place(),
        people=_OTHERS,
        enrolments=(enrolment(person_id="cy", status="no-show"),),
        **_most(1),
    ),
    case(
        "Enrolments alone are too many, and the plan adds none",
        people=_OTHERS,
        enrolments=(enrolment(person_id="cy"),),
        inherited=_TOO_MANY,
        **_most(0),
    ),
    case(
        "Enrolments alone are too many, and the plan adds one",
        place(),
        people=_OTHERS,
        enrolments=(enrolment(person_id="cy"),),
        expected=_TOO_MANY,
        **_most(0),
    ),
)
