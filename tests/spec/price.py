"""Spec cases of `price`."""

from small import offer, person, week

from providers import Closure
from spec.case import case, money, own, place

_DIFFERS = (("price", "cost-differs"),)
_LATE = {
    "first_start": week("2016-W43"),
    "last_start": week("2016-W43"),
    "budget_movements": (money(2_500_000), money(2_500_000, 2017)),
}
_LONG = {
    "people": (person("ada", weeks_needed=18), person("bo")),
    "offers": (offer("course", most_weeks=18, extra_week_price_ore=50_001),),
}
_AT_START = {"programmes": (own(charged="at-start"),)}

CASES = (
    case("The price of a course", place(), stated=((2016, 1_250_000),)),
    case("An øre less is stated", place(), stated=((2016, 1_249_999),), expected=_DIFFERS * 2),
    case(
        "By week over New Year, rounded down week by week from the start",
        place(start="2016-W43"),
        stated=((2016, 625_005), (2017, 375_004)),
        offers=(offer("course", price_ore=1_000_009),),
        **_LATE,
    ),
    case(
        "The øre left over by rounding fall in the wrong year",
        place(start="2016-W43"),
        stated=((2016, 625_006), (2017, 375_003)),
        offers=(offer("course", price_ore=1_000_009),),
        expected=_DIFFERS * 2,
        **_LATE,
    ),
    case(
        "At start over New Year",
        place(start="2016-W43"),
        stated=((2016, 1_250_000),),
        **_LATE,
        **_AT_START,
    ),
    case(
        "At start, but stated by week",
        place(start="2016-W43"),
        stated=((2016, 781_250), (2017, 468_750)),
        expected=_DIFFERS * 2,
        **_LATE,
        **_AT_START,
    ),
    case(
        "Two extra weeks at their own price", place(weeks=18), stated=((2016, 1_350_002),), **_LONG
    ),
    case(
        "Extra weeks are forgotten",
        place(weeks=18),
        stated=((2016, 1_250_000),),
        expected=_DIFFERS * 2,
        **_LONG,
    ),
    case(
        "A price per week",
        place(),
        stated=((2016, 1_280_000),),
        offers=(offer("course", price_per="week", price_ore=80_000),),
    ),
    case(
        "A price per week is the price of an extra week too, if that has none",
        place(weeks=18),
        stated=((2016, 1_440_000),),
        people=(person("ada", weeks_needed=18), person("bo")),
        offers=(offer("course", price_per="week", price_ore=80_000, most_weeks=18),),
    ),
    case(
        "A closed week costs nothing",
        place(),
        stated=((2016, 1_280_000),),
        offers=(offer("course", price_per="week", price_ore=80_000),),
        closures=(Closure(first_week=week("2016-W30"), last_week=week("2016-W31")),),
    ),
    case(
        "A closed week is charged",
        place(),
        stated=((2016, 1_360_000),),
        offers=(offer("course", price_per="week", price_ore=80_000),),
        closures=(Closure(first_week=week("2016-W30"), last_week=week("2016-W30")),),
        expected=_DIFFERS * 2,
    ),
)
