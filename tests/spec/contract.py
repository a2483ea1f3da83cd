"""Spec cases of `contract`."""

from small import offer, person, week

from providers import Contract
from spec.case import case, enrolment, money, place


def _contract(**changes: object) -> dict[str, object]:
    fields = {
        "id": "contract",
        "provider_id": "city",
        "first_week": week("2016-W01"),
        "last_week": week("2016-W52"),
    }
    return {
        "contracts": (Contract(**{**fields, **changes}),),
        "offers": (offer("course", contract_id="contract"), offer("other")),
    }


_OTHERS = (person("ada"), person("bo"), person("cy", seeks_place=False))
_ONE = {"people": _OTHERS, "enrolments": (enrolment(person_id="cy", price_ore=100_000),)}

CASES = (
    case("As many courses as the most", place(), place("bo"), **_contract(most_courses=2)),
    case(
        "A course too many",
        place(),
        place("bo"),
        expected=(("contract", "most-courses"),),
        **_contract(most_courses=1),
    ),
    case(
        "Courses of other offers do not count",
        place(),
        place("bo", offer_id="other"),
        **_contract(most_courses=1),
    ),
    case(
        "An enrolment counts",
        place(),
        expected=(("contract", "most-courses"),),
        **_ONE,
        **_contract(most_courses=1),
    ),
    case("As much money as the ceiling", place(), place("bo"), **_contract(most_ore=2_500_000)),
    case(
        "An øre above the ceiling",
        place(),
        place("bo"),
        expected=(("contract", "most-money"),),
        **_contract(most_ore=2_499_999),
    ),
    case(
        "Weeks paid in another year count too",
        place(start="2016-W43"),
        first_start=week("2016-W43"),
        last_start=week("2016-W43"),
        budget_movements=(money(2_500_000), money(2_500_000, 2017)),
        expected=(("contract", "most-money"),),
        **_contract(most_ore=1_249_999, last_week=week("2017-W20")),
    ),
    case(
        "Enrolments alone are above the most, and the plan adds nothing",
        inherited=(("contract", "most-courses"), ("contract", "most-money")),
        **_ONE,
        **_contract(most_courses=0, most_ore=99_999),
    ),
    case(
        "Enrolments alone are above the most, and the plan adds one",
        place(),
        expected=(("contract", "most-courses"), ("contract", "most-money")),
        **_ONE,
        **_contract(most_courses=0, most_ore=99_999),
    ),
    case(
        "A contract that is not used need not reach its least",
        place(offer_id="other"),
        **_contract(least_courses=2, least_ore=9_000_000),
    ),
    case(
        "A contract that is used reaches its least",
        place(),
        place("bo"),
        **_contract(least_courses=2, least_ore=2_500_000),
    ),
    case(
        "A contract that is used stays below its least courses",
        place(),
        expected=(("contract", "least-courses"),),
        **_contract(least_courses=2),
    ),
    case(
        "A contract that is used stays below its least money",
        place(),
        place("bo"),
        expected=(("contract", "least-money"),),
        **_contract(least_ore=2_500_001),
    ),
    case(
        "An enrolment helps to reach the least",
        place(),
        **_ONE,
        **_contract(least_courses=2, least_ore=1_350_000),
    ),
    case(
        "Enrolments alone are below the least, and the plan leaves the contract alone",
        place(offer_id="other"),
        inherited=(("contract", "least-courses"), ("contract", "least-money")),
        **_ONE,
        **_contract(least_courses=2, least_ore=100_001),
    ),
    case(
        "Enrolments alone are below the least, and the plan adds too few",
        place(),
        expected=(("contract", "least-courses"),),
        **_ONE,
        **_contract(least_courses=3),
    ),
    case(
        "A least that always applies is reached",
        place(),
        **_contract(least_courses=1, least_applies="always"),
    ),
    case(
        "A least that always applies is not reached by an unused contract",
        expected=(("contract", "least-courses"),),
        **_contract(least_courses=1, least_applies="always"),
    ),
    case(
        "Money that must always be called off is not",
        place(),
        expected=(("contract", "least-money"),),
        **_contract(least_ore=1_250_001, least_applies="always"),
    ),
    case(
        "Under take-or-pay the least may stay unmet",
        place(),
        **_contract(
            least_courses=2,
            least_applies="always",
            take_or_pay=True,
            shortfall_course_ore=10_000,
            shortfall_budget_line_id="line",
        ),
    ),
)
