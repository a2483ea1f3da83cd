"""A plan week by week, its places, its money and its target groups: pictures and their numbers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.plan_head import PlanHead, PlanTab, head_of
from api.pages.rendering import environment, language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.plan_tables import SamePlan
from api.services.plans import plan_by_id
from api.state import state_of
from scheduler.language import Language, Message
from scheduler.report.page import (
    Figure,
    disclosure,
    group_figures,
    money_figure,
    occupancy_figure,
    resources_in_use,
    timeline_figure,
    waiting_figure,
)
from scheduler.report.views.books import Books

ROUTER = APIRouter()
_MOST_CACHED = 32


@dataclass(frozen=True, slots=True)
class PicturesPage:
    """Some pictures of a plan."""

    template: ClassVar[str] = "pages/plan_pictures.html"

    head: PlanHead
    title: Message
    explanations: tuple[Message | str, ...]
    """How to read them."""
    choices: tuple[PlanTab, ...]
    """Other pictures of the same kind; empty: there is one kind."""
    figures: tuple[Markup, ...]
    """Each with its numbers as a table."""


@ROUTER.get("/plans/{plan_id:int}/weeks")
def show_weeks(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """Starts and waiting by week."""
    said = Message(
        "Above: people of this plan who have started, and people referred who have not started "
        "yet. Below: how many start each week."
    )
    return _show(request, plan_id, caller, Message("Week by week"), (said,), _weeks)


@ROUTER.get("/plans/{plan_id:int}/places")
def show_places(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """Use of a resource by site and week; of places unless the address names another."""
    asked = request.query_params.get("resource", "places")
    said = Message(
        "Each number is how much is in use that week, enrolments included. The darker the cell, "
        "the fuller the site; a bold number on the darkest is a full site. Hatched weeks are "
        "closed: courses pause and keep their places. A dot is a week without capacity."
    )
    return _show(request, plan_id, caller, Message("Places in use"), (said,), _places, asked)


@ROUTER.get("/plans/{plan_id:int}/money")
def show_money(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """Money by line and year."""
    said = Message(
        "Each bar is the money decided for a line in a year. A line's pot also pays for the lines "
        "below it. Left is what can still be planned, the reserve apart."
    )
    return _show(request, plan_id, caller, Message("Money"), (said,), _money)


@ROUTER.get("/plans/{plan_id:int}/groups")
def show_groups(
    request: Request, plan_id: int, caller: Annotated[Caller, may(Action.READ_PLAN)]
) -> Response:
    """Who gets a place, by what people are; small counts together for those outside."""
    safe = not caller.may(Action.READ_PERSON)
    said = (
        Message("A person of several target groups counts in each."),
        Message("For those who wait, weeks run to the week after the last start week."),
        *((disclosure(language_of(request)),) if safe else ()),
    )
    draw = _groups_for_all if safe else _groups
    return _show(request, plan_id, caller, Message("Target groups"), said, draw)


Draw = Callable[[Books, Language, str], tuple[Figure, ...]]
"""From books, language and a resource's code to pictures."""


def _show(
    request: Request,
    plan_id: int,
    caller: Caller,
    title: Message,
    explanations: tuple[Message | str, ...],
    draw: Draw,
    code: str = "",
) -> Response:
    with state_of(request).store.read() as session:
        plan = plan_by_id(session, plan_id)
    language = language_of(request)
    same = SamePlan(plan)
    resources = _resources(same, language) if code else ()
    code = code if code in dict(resources) else next((known for known, _ in resources), "")
    page = PicturesPage(
        head=head_of(plan, request, caller),
        title=title,
        explanations=explanations,
        choices=tuple(
            PlanTab(f"{request.url.path}?resource={known}", label, known == code)
            for known, label in resources
        ),
        figures=_drawn(same, language, draw, code),
    )
    return render(request, page, caller)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _drawn(same: SamePlan, language: Language, draw: Draw, code: str) -> tuple[Markup, ...]:
    """A plan never changes, so that drawing it once is enough, down to the tags."""
    macros = environment(language).get_template("macros/figures.html").module
    return tuple(macros.picture(figure) for figure in draw(same.plan.books, language, code))  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=_MOST_CACHED)
def _resources(same: SamePlan, language: Language) -> tuple[tuple[str, str], ...]:
    return resources_in_use(same.plan.books, language)


def _weeks(books: Books, language: Language, _code: str) -> tuple[Figure, ...]:
    return (timeline_figure(books, language),)


def _places(books: Books, language: Language, code: str) -> tuple[Figure, ...]:
    return (occupancy_figure(books, language, code),)


def _money(books: Books, language: Language, _code: str) -> tuple[Figure, ...]:
    return (money_figure(books, language),)


def _groups(books: Books, language: Language, _code: str) -> tuple[Figure, ...]:
    return _people(books, language, safe=False)


def _groups_for_all(books: Books, language: Language, _code: str) -> tuple[Figure, ...]:
    return _people(books, language, safe=True)


def _people(books: Books, language: Language, *, safe: bool) -> tuple[Figure, ...]:
    waiting = waiting_figure(books, language, safe=safe)
    return (*group_figures(books, language, safe=safe), *((waiting,) if waiting else ()))
