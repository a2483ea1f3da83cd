"""The smallest whole problem, to be changed by each test."""

from __future__ import annotations

import datetime as dt
from typing import Any

from providers import Offer, Provider, Site, Week
from scheduler.person import Person
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme


def week(text: str) -> Week:
    return Week.parse(text)


def small_problem(**changes: Any) -> Problem:
    """Two synthetic people, one café, one offer of 16 weeks at 12 500 kr; four start weeks.

    Each change replaces a field of the problem.
    """
    fields: dict[str, Any] = {
        "title": "Small",
        "as_of": week("2016-W26"),
        "first_start": week("2016-W27"),
        "last_start": week("2016-W30"),
        "programmes": (Programme(id="own", name="Own courses", budget_line_id="line"),),
        "budget_lines": (BudgetLine(id="line", name="Line"),),
        "budget_movements": (
            BudgetMovement(
                budget_line_id="line",
                year=2016,
                amount_ore=2_500_000,
                date=dt.date(2015, 12, 10),
            ),
        ),
        "people": (person("ada"), person("bo")),
        "providers": (Provider(id="city", name="The city", kind="municipal"),),
        "sites": (site("cafe"),),
        "offers": (offer("course"),),
    }
    return Problem(**{**fields, **changes})


def person(id_: str, **changes: Any) -> Person:
    fields: dict[str, Any] = {
        "id": id_,
        "target_groups": ("autism",),
        "status": "activity-ready",
        "referral": week("2016-W20"),
    }
    return Person(**{**fields, **changes})


def site(id_: str, **changes: Any) -> Site:
    fields: dict[str, Any] = {"id": id_, "name": f"Site {id_}", "provider_id": "city", "places": 2}
    return Site(**{**fields, **changes})


def offer(id_: str, **changes: Any) -> Offer:
    fields: dict[str, Any] = {
        "id": id_,
        "site_id": "cafe",
        "programme_id": "own",
        "price_ore": 1_250_000,
    }
    return Offer(**{**fields, **changes})
