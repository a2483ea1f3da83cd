"""Spec cases of `window`."""

from small import offer, person, site, week

from providers import Closure, Contract
from spec.case import case, own, place


def _ada(**changes: object) -> tuple:
    return (person("ada", **changes), person("bo"))


def _contract(first: str, last: str) -> Contract:
    return Contract(id="contract", provider_id="city", first_week=week(first), last_week=week(last))


_BOUGHT = (offer("course", contract_id="contract"),)

CASES = (
    case("A start in the week of the referral", place(), people=_ada(referral=week("2016-W27"))),
    case(
        "A start before the referral",
        place(),
        people=_ada(referral=week("2016-W28")),
        expected=(("window", "before-referral"),),
    ),
    case(
        "A start within the person's weeks",
        place(start="2016-W28"),
        people=_ada(earliest_start=week("2016-W28"), latest_start=week("2016-W28")),
    ),
    case(
        "A start before the person can",
        place(),
        people=_ada(earliest_start=week("2016-W28")),
        expected=(("window", "person-window"),),
    ),
    case(
        "A start after the person's latest",
        place(start="2016-W30"),
        people=_ada(latest_start=week("2016-W29")),
        expected=(("window", "person-window"),),
    ),
    case("A start in the plan's last week", place(start="2016-W30")),
    case(
        "A start before the plan begins",
        place(start="2016-W26"),
        expected=(("window", "plan-window"),),
    ),
    case(
        "A start after the plan's last start",
        place(start="2016-W31"),
        expected=(("window", "plan-window"),),
    ),
    case(
        "A start within the programme's weeks",
        place(start="2016-W29"),
        programmes=(own(first_start=week("2016-W28"), last_start=week("2016-W29")),),
    ),
    case(
        "A start before the programme begins",
        place(),
        programmes=(own(first_start=week("2016-W28")),),
        expected=(("window", "programme-window"),),
    ),
    case(
        "A start after the programme's last",
        place(start="2016-W30"),
        programmes=(own(last_start=week("2016-W29")),),
        expected=(("window", "programme-window"),),
    ),
    case(
        "A start within the offer's weeks",
        place(start="2016-W28"),
        offers=(offer("course", first_start=week("2016-W28"), last_start=week("2016-W28")),),
    ),
    case(
        "A start before the offer begins",
        place(),
        offers=(offer("course", first_start=week("2016-W28")),),
        expected=(("window", "offer-window"),),
    ),
    case(
        "A start after the offer's last",
        place(start="2016-W30"),
        offers=(offer("course", last_start=week("2016-W29")),),
        expected=(("window", "offer-window"),),
    ),
    case(
        "Every third week, counted from a week before the plan",
        place(start="2016-W29"),
        offers=(offer("course", first_start=week("2016-W23"), start_every_weeks=3),),
    ),
    case(
        "Every third week, but another week",
        place(start="2016-W28"),
        offers=(offer("course", first_start=week("2016-W23"), start_every_weeks=3),),
        expected=(("window", "start-pattern"),),
    ),
    case(
        "A start in a listed week",
        place(start="2016-W28"),
        offers=(offer("course", start_weeks=(week("2016-W28"), week("2016-W30"))),),
    ),
    case(
        "A start in a week that is not listed",
        place(start="2016-W29"),
        offers=(offer("course", start_weeks=(week("2016-W28"), week("2016-W30"))),),
        expected=(("window", "start-pattern"),),
    ),
    case(
        "A course pauses in a closed week",
        place(),
        closures=(Closure(first_week=week("2016-W28"), last_week=week("2016-W30")),),
    ),
    case(
        "A start in a closed week",
        place(),
        closures=(
            Closure(site_id="cafe", first_week=week("2016-W27"), last_week=week("2016-W27")),
        ),
        expected=(("window", "closed-start"),),
    ),
    case(
        "The site opens with the first week and closes after the last",
        place(),
        sites=(site("cafe", opens=week("2016-W27"), closes=week("2016-W42")),),
    ),
    case(
        "The site opens only later",
        place(),
        sites=(site("cafe", opens=week("2016-W28")),),
        expected=(("window", "site-not-open"),),
    ),
    case(
        "A closed week puts the end off until after the site has closed down",
        place(),
        sites=(site("cafe", closes=week("2016-W42")),),
        closures=(
            Closure(site_id="cafe", first_week=week("2016-W30"), last_week=week("2016-W30")),
        ),
        expected=(("window", "site-not-open"),),
    ),
    case(
        "The course ends in the contract's last week",
        place(),
        offers=_BOUGHT,
        contracts=(_contract("2016-W27", "2016-W42"),),
    ),
    case(
        "The course ends after the contract",
        place(start="2016-W28"),
        offers=_BOUGHT,
        contracts=(_contract("2016-W27", "2016-W42"),),
        expected=(("window", "contract-period"),),
    ),
    case(
        "The course starts before the contract",
        place(),
        offers=_BOUGHT,
        contracts=(_contract("2016-W28", "2016-W52"),),
        expected=(("window", "contract-period"),),
    ),
)
