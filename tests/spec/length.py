"""Spec cases of `length`."""

from small import offer, person

from spec.case import case, own, place

_LONG = (person("ada", weeks_needed=20), person("bo"))

CASES = (
    case("The programme's least weeks", place()),
    case(
        "The offer's weeks, where they are more",
        place(weeks=18),
        offers=(offer("course", weeks=18),),
    ),
    case(
        "The person's weeks, where the offer can be longer at a price",
        place(weeks=20),
        people=_LONG,
        offers=(offer("course", most_weeks=20, extra_week_price_ore=50_000),),
    ),
    case(
        "The person's weeks at a price per week, which needs no other price",
        place(weeks=20),
        people=_LONG,
        offers=(offer("course", most_weeks=20, price_per="week", price_ore=80_000),),
    ),
    case(
        "A week short of the programme's least",
        place(weeks=15),
        expected=(("length", "too-short"),),
    ),
    case(
        "A week short of the person's weeks",
        place(weeks=19),
        people=_LONG,
        offers=(offer("course", most_weeks=20, extra_week_price_ore=50_000),),
        expected=(("length", "too-short"),),
    ),
    case(
        "A week more than is right",
        place(weeks=17),
        offers=(offer("course", most_weeks=20, extra_week_price_ore=50_000),),
        expected=(("length", "not-the-length"),),
    ),
    case(
        "The person needs more weeks than the offer can give",
        place(weeks=20),
        people=_LONG,
        offers=(offer("course", most_weeks=19, extra_week_price_ore=50_000),),
        expected=(("length", "too-long"),),
    ),
    case(
        "The programme's least is more than the offer can give",
        place(weeks=20),
        programmes=(own(least_weeks=20),),
        expected=(("length", "too-long"),),
    ),
)
