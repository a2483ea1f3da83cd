"""Spec cases of `budget`."""

from small import offer, person, week

from providers import Contract
from scheduler.programme import BudgetLine
from spec.case import case, enrolment, money, own, place

_OVERDRAWN = (("budget", "line-exceeded"),)
_LATE = {"first_start": week("2016-W43"), "last_start": week("2016-W52")}
_AT_START = {"programmes": (own(charged="at-start"),)}
_POT = (
    BudgetLine(id="line", name="Line", parent_id="pot"),
    BudgetLine(id="pot", name="Pot", parent_id="council"),
    BudgetLine(id="council", name="Council"),
)


def _take_or_pay(**changes: object) -> dict[str, object]:
    fields = {
        "id": "contract",
        "provider_id": "city",
        "first_week": week("2016-W20"),
        "last_week": week("2016-W50"),
        "least_courses": 2,
        "least_applies": "always",
        "take_or_pay": True,
        "shortfall_course_ore": 1_250_001,
        "shortfall_budget_line_id": "line",
    }
    return {
        "contracts": (Contract(**{**fields, **changes}),),
        "offers": (offer("course", contract_id="contract"),),
    }


CASES = (
    case("The whole amount is spent", place(), place("bo")),
    case(
        "An øre short",
        place(),
        place("bo"),
        budget_movements=(money(2_499_999),),
        expected=_OVERDRAWN,
    ),
    case(
        "A decided transfer counts",
        place(),
        place("bo"),
        budget_movements=(money(2_000_000), money(500_000, kind="transfer")),
    ),
    case(
        "What is taken away counts",
        place(),
        place("bo"),
        budget_movements=(money(2_500_000), money(-1, kind="transfer")),
        expected=_OVERDRAWN,
    ),
    case(
        "What is only proposed cannot be spent",
        place(),
        place("bo"),
        budget_movements=(money(2_499_999), money(1, status="proposed")),
        expected=_OVERDRAWN,
    ),
    case(
        "The reserve is left alone",
        place(),
        place("bo"),
        budget_lines=(BudgetLine(id="line", name="Line", reserve_ore=1),),
        expected=_OVERDRAWN,
    ),
    case(
        "By week: 10 of 16 weeks are paid in 2016 and 6 in 2017",
        place(start="2016-W43"),
        budget_movements=(money(781_250), money(468_750, 2017)),
        **_LATE,
    ),
    case(
        "By week: the next year is an øre short",
        place(start="2016-W43"),
        budget_movements=(money(781_250), money(468_749, 2017)),
        expected=_OVERDRAWN,
        **_LATE,
    ),
    case(
        "By week: the next year has no money at all",
        place(start="2016-W43"),
        expected=_OVERDRAWN,
        **_LATE,
    ),
    case(
        "At start: everything is paid in the year of the start",
        place(start="2016-W43"),
        budget_movements=(money(1_250_000),),
        **_LATE,
        **_AT_START,
    ),
    case(
        "At start: the year of the start is an øre short",
        place(start="2016-W43"),
        budget_movements=(money(1_249_999), money(9_000_000, 2017)),
        expected=_OVERDRAWN,
        **_LATE,
        **_AT_START,
    ),
    case(
        "Week 53 is paid in its own year",
        place(start="2020-W53"),
        people=(person("ada", referral=week("2020-W40")), person("bo")),
        as_of=week("2020-W50"),
        first_start=week("2020-W53"),
        last_start=week("2020-W53"),
        budget_movements=(money(78_125, 2020), money(1_171_875, 2021)),
    ),
    case(
        "A parent pot has less than the line",
        place(),
        place("bo"),
        budget_lines=_POT,
        budget_movements=(
            money(9_000_000),
            money(2_499_999, line="pot"),
            money(2_500_000, line="council"),
        ),
        expected=_OVERDRAWN,
    ),
    case(
        "The pot above the pot has less",
        place(),
        place("bo"),
        budget_lines=_POT,
        budget_movements=(
            money(9_000_000),
            money(2_500_000, line="pot"),
            money(2_499_999, line="council"),
        ),
        expected=_OVERDRAWN,
    ),
    case(
        "Enrolments are paid too",
        place("bo"),
        enrolments=(enrolment(price_ore=1_250_001),),
        expected=_OVERDRAWN,
    ),
    case(
        "One who dropped out is paid for until the last week",
        place("bo"),
        budget_movements=(money(1_250_000 + 100_000),),
        enrolments=(
            enrolment(price_ore=1_600_000, status="dropped-out", last_week=week("2016-W11")),
        ),
    ),
    case(
        "At start one who dropped out is paid for in full",
        place("bo"),
        budget_movements=(money(1_250_000 + 1_599_999),),
        enrolments=(
            enrolment(price_ore=1_600_000, status="dropped-out", last_week=week("2016-W11")),
        ),
        expected=_OVERDRAWN,
        **_AT_START,
    ),
    case(
        "Enrolments alone overdraw the line, and the plan adds nothing",
        enrolments=(enrolment(price_ore=2_500_001),),
        inherited=_OVERDRAWN,
    ),
    case(
        "Enrolments alone overdraw the line, and the plan adds to it",
        place("bo"),
        enrolments=(enrolment(price_ore=2_500_001),),
        expected=_OVERDRAWN,
    ),
    case(
        "A take-or-pay contract that is used enough costs nothing more",
        place(),
        place("bo"),
        **_take_or_pay(),
    ),
    case(
        "The shortfall of a take-or-pay contract is an øre too much",
        place(),
        expected=_OVERDRAWN,
        **_take_or_pay(),
    ),
    case(
        "The shortfall of a take-or-pay contract can be paid",
        place(),
        **_take_or_pay(shortfall_course_ore=1_250_000),
    ),
    case(
        "The missing øre of a take-or-pay contract are paid in its last year",
        place(),
        expected=_OVERDRAWN,
        **_take_or_pay(
            least_courses=0,
            least_ore=1_250_001,
            shortfall_course_ore=None,
            last_week=week("2017-W02"),
        ),
    ),
)
