"""Spec cases of `one-course`."""

from small import person, week

from spec.case import case, enrolment, place

CASES = (
    case("One placement for each of two people", place("ada"), place("bo")),
    case("Nobody is placed"),
    case("An enrolment that ends the week before the start", place(), enrolments=(enrolment(),)),
    case(
        "An enrolment that began and was a no-show is no course",
        place(),
        enrolments=(enrolment(start=week("2016-W20"), status="no-show"),),
    ),
    case(
        "An enrolment left before the start no longer overlaps",
        place(),
        enrolments=(
            enrolment(start=week("2016-W20"), status="dropped-out", last_week=week("2016-W25")),
        ),
    ),
    case(
        "Two placements for one person, though there is room for both",
        place(),
        place(start="2016-W30"),
        expected=(("one-course", "two-placements"),),
    ),
    case(
        "An enrolment that still runs in the week of the start",
        place(),
        enrolments=(enrolment(start=week("2016-W12")),),
        expected=(("one-course", "overlaps-enrolment"),),
    ),
    case(
        "An accepted enrolment that starts in the last week of the placement",
        place(),
        enrolments=(enrolment(start=week("2016-W42"), status="accepted"),),
        expected=(("one-course", "overlaps-enrolment"),),
    ),
    case(
        "A person who seeks no place is placed",
        place(),
        people=(person("ada", seeks_place=False), person("bo")),
        expected=(("one-course", "seeks-no-place"),),
    ),
)
