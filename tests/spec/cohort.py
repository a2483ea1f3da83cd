"""Spec cases of `cohort`."""

from small import offer, person, week

from spec.case import case, enrolment, own, place

_GROUP_OF_2 = {"offers": (offer("course", fewest_participants=2),)}
_GROUP_OF_3 = {"offers": (offer("course", fewest_participants=3),)}
_ELSEWHERE = (person("ada"), person("bo"), person("cy", seeks_place=False))
_TOO_SMALL = (("cohort", "group-too-small"),)


CASES = (
    case("Two start together in a group of at least two", place(), place("bo"), **_GROUP_OF_2),
    case("A group in which nobody starts", **_GROUP_OF_2),
    case("One alone in a group of at least two", place(), expected=_TOO_SMALL, **_GROUP_OF_2),
    case(
        "Two start, but in different weeks",
        place(),
        place("bo", "2016-W28"),
        expected=_TOO_SMALL * 2,
        **_GROUP_OF_2,
    ),
    case(
        "An accepted enrolment makes the group large enough",
        place(),
        people=_ELSEWHERE,
        enrolments=(enrolment(person_id="cy", start=week("2016-W27"), status="accepted"),),
        **_GROUP_OF_2,
    ),
    case(
        "A no-show does not",
        place(),
        people=_ELSEWHERE,
        enrolments=(enrolment(person_id="cy", start=week("2016-W27"), status="no-show"),),
        expected=_TOO_SMALL,
        **_GROUP_OF_2,
    ),
    case(
        "A group of enrolments alone is too small, and nobody joins it",
        people=_ELSEWHERE,
        enrolments=(enrolment(person_id="cy", start=week("2016-W27"), status="accepted"),),
        inherited=_TOO_SMALL,
        **_GROUP_OF_2,
    ),
    case(
        "One joins such a group, and it stays too small",
        place(),
        people=_ELSEWHERE,
        enrolments=(enrolment(person_id="cy", start=week("2016-W27"), status="accepted"),),
        expected=_TOO_SMALL,
        **_GROUP_OF_3,
    ),
    case(
        "Groups of two offers do not count together",
        place(),
        place("bo", offer_id="other"),
        programmes=(own(),),
        offers=(offer("course", fewest_participants=2), offer("other", fewest_participants=2)),
        expected=_TOO_SMALL * 2,
    ),
)
