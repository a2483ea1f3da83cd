"""Spec cases of `capacity`."""

from small import offer, person, site, week

from providers import Capacity, Closure
from scheduler.person import Use
from spec.case import case, enrolment, own, place


def _rows(
    resource: str, amount: int, first: str | None = None, last: str | None = None
) -> Capacity:
    return Capacity(
        site_id="cafe",
        resource=resource,
        first_week=None if first is None else week(first),
        last_week=None if last is None else week(last),
        amount=amount,
    )


_HOUR = (Use(offer_id="course", resource="support_minutes", amount=60),)
_EXCEEDED = (("capacity", "resource-exceeded"),)
_SHORT = {"programmes": (own(least_weeks=2),), "offers": (offer("course", weeks=2),)}

CASES = (
    case("Two people and two places", place(), place("bo")),
    case(
        "Two people and one place",
        place(),
        place("bo", "2016-W28"),
        sites=(site("cafe", places=1),),
        expected=_EXCEEDED,
    ),
    case(
        "One after the other on one place",
        place(weeks=2),
        place("bo", "2016-W29", weeks=2),
        sites=(site("cafe", places=1),),
        **_SHORT,
    ),
    case(
        "A place less in one week",
        place(),
        place("bo"),
        capacity=(_rows("places", 1, "2016-W35", "2016-W35"),),
        expected=_EXCEEDED,
    ),
    case(
        "Two weeks apart without a place are two breaches",
        place(),
        capacity=(
            _rows("places", 0, "2016-W30", "2016-W30"),
            _rows("places", 0, "2016-W40", "2016-W41"),
        ),
        expected=_EXCEEDED * 2,
    ),
    case(
        "A row for places replaces the site's own number",
        place(),
        place("bo"),
        sites=(site("cafe", places=0),),
        capacity=(_rows("places", 2),),
    ),
    case(
        "Support hours for one of two",
        place(),
        place("bo"),
        uses=_HOUR,
        capacity=(_rows("support_minutes", 119),),
        expected=_EXCEEDED,
    ),
    case(
        "A person's own use comes on top",
        place(),
        place("bo"),
        uses=(*_HOUR, Use(person_id="bo", resource="support_minutes", amount=30)),
        capacity=(_rows("support_minutes", 150),),
    ),
    case(
        "A resource that the site has no row for in the later weeks",
        place(),
        uses=_HOUR,
        capacity=(_rows("support_minutes", 60, last="2016-W40"),),
        expected=_EXCEEDED,
    ),
    case(
        "A closed week keeps the place",
        place(weeks=2),
        place("bo", "2016-W29", weeks=2),
        sites=(site("cafe", places=1),),
        closures=(Closure(first_week=week("2016-W28"), last_week=week("2016-W28")),),
        expected=_EXCEEDED,
        **_SHORT,
    ),
    case(
        "No support hours are used in a closed week",
        place(),
        uses=_HOUR,
        closures=(Closure(first_week=week("2016-W30"), last_week=week("2016-W30")),),
        capacity=(
            _rows("support_minutes", 60, last="2016-W29"),
            _rows("support_minutes", 60, first="2016-W31"),
        ),
    ),
    case(
        "An offer that uses two places",
        place(),
        place("bo"),
        uses=(Use(offer_id="course", resource="places", amount=2),),
        expected=_EXCEEDED,
    ),
    case(
        "An enrolment holds a place",
        place("bo"),
        sites=(site("cafe", places=1),),
        enrolments=(enrolment(start=week("2016-W12")),),
        expected=_EXCEEDED,
    ),
    case(
        "Enrolments alone use more than there is, and the plan adds nothing there",
        place("bo", "2016-W29"),
        sites=(site("cafe", places=1),),
        enrolments=(
            enrolment(
                "one", start=week("2016-W12"), status="dropped-out", last_week=week("2016-W25")
            ),
            enrolment("two", person_id="bo", start=week("2016-W10")),
        ),
        inherited=_EXCEEDED,
    ),
    case(
        "Enrolments alone use more than there is, and the plan adds to it",
        place("bo"),
        sites=(site("cafe", places=1),),
        people=(person("ada"), person("bo"), person("cy"), person("di")),
        enrolments=(
            enrolment("one", person_id="cy", start=week("2016-W12")),
            enrolment("two", person_id="di", start=week("2016-W12")),
        ),
        expected=_EXCEEDED,
        inherited=_EXCEEDED,
    ),
)
