"""Two plans side by side: goals, who moved, gained or lost a place, and money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from api.pages.rendering import language_of, render
from api.security.caller import Caller
from api.security.permissions import Action
from api.security.requests import may
from api.services.differences import TwoPlans, compare_plans, other_plans, plan_before
from api.services.plans import plan_by_id
from api.state import state_of
from scheduler.language import Kr, Message
from scheduler.report.label import Label
from scheduler.report.views.difference import PersonChange

ROUTER = APIRouter()
_WEIGHTED = {"placed": Message("People placed, weighted by priority")}
"""Where people are counted beside the goal that weighs them."""
_MOST_PEOPLE = 500
"""Of each kind; a page with thousands of rows helps nobody."""


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal in both plans."""

    label: Message
    before: Label
    after: Label
    change: Label
    verdict: Message


@dataclass(frozen=True, slots=True)
class PersonGroup:
    """People whom the two plans treat differently in the same way."""

    key: str
    title: Message
    people: tuple[PersonChange, ...]
    count: int
    """How many there are, those who are not listed among them."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in both plans."""

    shown: Label
    change: Label
    """Empty: there is none."""


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """A budget line and year in both plans."""

    line: str
    year: str
    amounts: tuple[Amount, Amount, Amount]
    """Decided, planned and left."""


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """From one plan to another."""

    template: ClassVar[str] = "pages/difference.html"

    plan_id: int
    problem_id: int
    problem_title: str
    others: tuple[tuple[str, str], ...]
    """The plans that it can be compared with."""
    other_id: str
    """The plan that it is compared with; empty: there is none."""
    changes: tuple[Message, ...]
    goals: tuple[GoalRow, ...]
    placed: tuple[int, int]
    groups: tuple[PersonGroup, ...]
    unchanged: int
    money: tuple[MoneyRow, ...]
    sees_people: bool


@ROUTER.get("/plans/{plan_id:int}/difference")
def show_difference(
    request: Request,
    plan_id: int,
    caller: Annotated[Caller, may(Action.READ_PLAN)],
    other: Annotated[int | None, Query(ge=1, lt=2**31)] = None,
) -> Response:
    """What the plan does differently from `other`; from the plan before it, where none is given."""
    with state_of(request).store.write() as session:
        plan = plan_by_id(session, plan_id)
        others = other_plans(session, plan)
        before_id = other if other is not None else plan_before(session, plan.problem_id, plan_id)
        if before_id is None and others:
            before_id = others[0].id
        two = compare_plans(session, caller, before_id, plan_id) if before_id is not None else None
    sees_people = caller.may(Action.READ_PERSON)
    page = DifferencePage(
        plan_id=plan_id,
        problem_id=plan.problem_id,
        problem_title=plan.problem.title,
        others=tuple(
            (
                str(each.id),
                Message(
                    "Plan {number}: version {version}, {placed} placed",
                    number=str(each.id),
                    version=str(each.version),
                    placed=each.placed,
                ).render(language_of(request)),
            )
            for each in others
        ),
        other_id="" if before_id is None else str(before_id),
        changes=two.changes if two else (),
        goals=_goals(two) if two else (),
        placed=(two.difference.placed_before, two.difference.placed_after) if two else (0, 0),
        groups=_groups(two) if two and sees_people else (),
        unchanged=two.difference.unchanged if two and sees_people else 0,
        money=_money(two) if two else (),
        sees_people=sees_people,
    )
    return render(request, page, caller)


def _goals(two: TwoPlans) -> tuple[GoalRow, ...]:
    verdicts = {True: Message("better"), False: Message("worse"), None: Message("alike")}
    return tuple(
        GoalRow(
            label=_WEIGHTED.get(goal.goal, goal.label),
            before=goal.shown(goal.before),
            after=goal.shown(goal.after),
            change=_signed(goal.change, goal.shown(abs(goal.change))),
            verdict=verdicts[goal.is_better],
        )
        for goal in two.difference.goals
    )


def _groups(two: TwoPlans) -> tuple[PersonGroup, ...]:
    titles = {
        "gained": Message("Got a place"),
        "lost": Message("Lost their place"),
        "moved": Message("Moved"),
    }
    found = two.difference
    groups = (
        ("gained", found.of_kind("gained")),
        ("lost", found.of_kind("lost")),
        ("moved", found.of_kind("moved")),
    )
    return tuple(
        PersonGroup(key, titles[key], people[:_MOST_PEOPLE], len(people)) for key, people in groups
    )


def _money(two: TwoPlans) -> tuple[MoneyRow, ...]:
    return tuple(
        MoneyRow(
            line.line,
            str(line.year),
            (
                _amount(line.decided_before_ore, line.decided_after_ore),
                _amount(line.planned_before_ore, line.planned_after_ore),
                _amount(line.left_before_ore, line.left_after_ore),
            ),
        )
        for line in two.difference.money
        if line.is_change
    )


def _amount(before: int, after: int) -> Amount:
    if before == after:
        return Amount(Message("{amount}", amount=Kr(after)), "")
    change = Message("{amount}", amount=Kr(abs(after - before)))
    both = Message("{before} → {after}", before=Kr(before), after=Kr(after))
    return Amount(both, _signed(after - before, change))


def _signed(change: int, shown: Label) -> Label:
    if not change:
        return "0"
    return Message("{sign}{amount}", sign="+" if change > 0 else "−", amount=shown)
