"""The example `staircase`: what a budget buys goes in steps, never in a slope."""

from __future__ import annotations

from providers import Offer, Provider, Site, Week
from scheduler.generate.codes import OWN_TARGET_GROUPS, TARGET_GROUPS, list_codes
from scheduler.generate.draws import Draws
from scheduler.person import Person
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme

_YEAR = 2017
_AREA = "city"
_PEOPLE = 220
_WISHABLE = ("kitchen", "it", "stock-keeping", "administration")
_BOUGHT_ORE, _OWN_ORE = 2_000_000, 1_250_000
_BOUGHT_YEAR_ORE, _OWN_YEAR_ORE = 250_000_000, 75_000_000


def staircase() -> Problem:
    """220 synthetic people, one bought and one own course, and a year's money: 125 + 60 courses.

    Nothing but the two budget lines binds: each site has room for everybody, and everybody can
    start at any of the thirteen starts of the year after their referral. The money is charged at
    start, so that a year buys ``amount // price`` courses: at 20 000 kr a bought course 125 with
    0 kr left, at 20 001 kr 124, at 21 000 kr 119, at 22 000 kr 113.
    """
    return Problem(
        title="Staircase (synthetic): what a year's money buys",
        as_of=Week.of(_YEAR - 1, 52),
        first_start=Week.of(_YEAR, 1),
        last_start=Week.of(_YEAR, 52),
        programmes=(
            Programme(
                id="bought",
                name="Bought courses",
                budget_line_id="bought",
                charged="at-start",
                target_groups=TARGET_GROUPS,
            ),
            Programme(
                id="own",
                name="The municipality's own courses",
                budget_line_id="own",
                charged="at-start",
                target_groups=OWN_TARGET_GROUPS,
            ),
        ),
        budget_lines=(
            BudgetLine(id="bought", name="Bought courses"),
            BudgetLine(id="own", name="The municipality's own courses"),
        ),
        budget_movements=(
            BudgetMovement(budget_line_id="bought", year=_YEAR, amount_ore=_BOUGHT_YEAR_ORE),
            BudgetMovement(budget_line_id="own", year=_YEAR, amount_ore=_OWN_YEAR_ORE),
        ),
        people=_people(),
        providers=(
            Provider(id="enterprise", name="Synthetic enterprise", kind="social-economy"),
            Provider(id="municipality", name="Synthetic municipality", kind="municipal"),
        ),
        sites=(
            Site(
                id="company",
                name="Synthetic company",
                provider_id="enterprise",
                area=_AREA,
                places=_PEOPLE,
                task_types=_WISHABLE,
            ),
            Site(
                id="cafe",
                name="Synthetic café",
                provider_id="municipality",
                area=_AREA,
                places=_PEOPLE,
                task_types=_WISHABLE[:2],
            ),
        ),
        offers=(
            _offer("bought-course", "company", "bought", _BOUGHT_ORE),
            _offer("own-course", "cafe", "own", _OWN_ORE),
        ),
        codes=list_codes([(_AREA, "Byen", "The city")]),
    )


def _offer(offer_id: str, site_id: str, programme_id: str, price_ore: int) -> Offer:
    return Offer(
        id=offer_id,
        site_id=site_id,
        programme_id=programme_id,
        price_ore=price_ore,
        first_start=Week.of(_YEAR, 1),
        start_every_weeks=4,
    )


def _people() -> tuple[Person, ...]:
    draws = Draws(seed=_YEAR, stream=1)
    groups = draws.chosen([30, 20, 30, 8, 12], _PEOPLE).tolist()
    priorities = draws.chosen([25, 45, 30], _PEOPLE).tolist()
    wishes = draws.below(len(_WISHABLE), _PEOPLE).tolist()
    ages = draws.between(18, 29, _PEOPLE).tolist()
    referred = draws.between(-26, 26, _PEOPLE).tolist()
    return tuple(
        Person(
            id=f"syn-{number + 1:04}",
            target_groups=(TARGET_GROUPS[groups[number]],),
            status="activity-ready",
            age=ages[number],
            referral=Week.of(_YEAR, 1) + referred[number],
            priority=priorities[number] + 1,
            wishes=(_WISHABLE[wishes[number]],),
            area=_AREA,
        )
        for number in range(_PEOPLE)
    )
