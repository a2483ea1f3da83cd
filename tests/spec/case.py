"""A spec case: what is given, what is planned, and what the rules say to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from small import small_problem, week

from providers import Record
from scheduler.person import Enrolment
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.programme import BudgetMovement, Programme
from scheduler.violation import Fact, RuleName

Verdict = tuple[RuleName, Fact]


@dataclass(frozen=True)
class SpecCase:
    """One plan for one problem, with what it breaks; run as a test and shown in the docs."""

    title: str
    """One line, in English."""
    problem: Problem
    plan: Plan
    expected: tuple[Verdict, ...] = ()
    """What is broken, one entry for each violation; empty: the plan is legal."""
    inherited: tuple[Verdict, ...] = ()
    """Limits that the enrolments alone break."""
    stated: tuple[tuple[int, int], ...] | None = None
    """What a plan file says that the only placement costs: years and øre."""

    @property
    def is_legal(self) -> bool:
        return not self.expected

    def given(self) -> tuple[tuple[str, str, str, str], ...]:
        """Table, record, field and value of everything that is not as in `small_problem`."""
        base = small_problem()
        rows: list[tuple[str, str, str, str]] = []
        for name in Problem.model_fields:
            before, after = getattr(base, name), getattr(self.problem, name)
            if before == after:
                continue
            if not isinstance(after, tuple):
                rows.append(("plan", "", name, _shown(after)))
                continue
            rows += [(name, *row) for row in _differences(before, after)]
        return tuple(rows)

    def planned(self) -> tuple[tuple[str, str, str, str], ...]:
        """Person, offer, start and weeks of each placement."""
        return tuple(
            (one.person_id, one.offer_id, str(one.start), str(one.weeks))
            for one in self.plan.placements
        )


def _differences(
    before: tuple[Record, ...], after: tuple[Record, ...]
) -> Iterator[tuple[str, str, str]]:
    known = {_name(record): record for record in before}
    for record in after:
        old = known.get(_name(record))
        for field in type(record).model_fields:
            default = type(record).model_fields[field].get_default()
            value = getattr(record, field)
            if field != "id" and value != (default if old is None else getattr(old, field)):
                yield _name(record), field, _shown(value)
    kept = {_name(record) for record in after}
    for name in known:
        if name not in kept:
            yield name, "", "left out"


def _name(record: Record) -> str:
    for field in ("id", "budget_line_id", "person_id", "offer_id", "site_id"):
        name = getattr(record, field, None)
        if name is not None:
            return str(name)
    return ""


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(part) for part in value)
    if isinstance(value, Record):
        return " ".join(f"{name}={_shown(part)}" for name, part in value)
    return str(value)


def case(
    title: str,
    *placements: Placement,
    expected: tuple[Verdict, ...] = (),
    inherited: tuple[Verdict, ...] = (),
    stated: tuple[tuple[int, int], ...] | None = None,
    **changes: Any,
) -> SpecCase:
    """A case for the small problem with these fields replaced."""
    plan = Plan(placements=placements)
    return SpecCase(title, small_problem(**changes), plan, expected, inherited, stated)


def place(
    person_id: str = "ada", start: str = "2016-W27", weeks: int = 16, offer_id: str = "course"
) -> Placement:
    return Placement(person_id=person_id, offer_id=offer_id, start=week(start), weeks=weeks)


def enrolment(id_: str = "before", **changes: Any) -> Enrolment:
    """Ada's earlier course at the café, which ends in 2016-W26."""
    fields: dict[str, Any] = {
        "id": id_,
        "person_id": "ada",
        "offer_id": "course",
        "start": week("2016-W11"),
        "weeks": 16,
        "status": "started",
        "price_ore": 0,
    }
    return Enrolment(**{**fields, **changes})


def own(**changes: Any) -> Programme:
    return Programme(**{"id": "own", "name": "Own courses", "budget_line_id": "line", **changes})


def money(ore: int, year: int = 2016, line: str = "line", **changes: Any) -> BudgetMovement:
    return BudgetMovement(budget_line_id=line, year=year, amount_ore=ore, **changes)
