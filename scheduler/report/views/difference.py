"""What another plan does differently: goals, people and money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from providers import Week
from scheduler.explain.names import Names
from scheduler.goal import GOAL_NAMES, SENSES, GoalName
from scheduler.language import Kr, LocalText, Message
from scheduler.outcome import DecidedPlacement
from scheduler.report.label import Label
from scheduler.report.views.books import Books
from scheduler.report.views.goals import GOAL_LABELS
from scheduler.report.views.money import LineYear, money_by_year

Kind = Literal["gained", "lost", "moved"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when somebody starts."""

    offer_id: str
    offer: str
    start: Week
    weeks: int
    match: int
    cost_ore: int


@dataclass(frozen=True, slots=True)
class PersonChange:
    """Somebody whom the two plans treat differently."""

    person_id: str
    kind: Kind
    priority: int
    before: Place | None
    """None: the person had no place."""
    after: Place | None
    """None: the person has no place any more."""
    why_waiting: LocalText | None
    """For the planner, why somebody who lost a place waits now."""
    only_in: Literal["before", "after"] | None
    """Where only one of the problems knows the person."""


@dataclass(frozen=True, slots=True)
class GoalChange:
    """A goal's value in both plans."""

    goal: GoalName
    label: Message
    before: int
    after: int

    @property
    def change(self) -> int:
        """How much more it is in the second plan."""
        return self.after - self.before

    @property
    def is_better(self) -> bool | None:
        """Whether the second plan is better by this goal; none: they are alike."""
        if not self.change:
            return None
        return (self.change > 0) is (SENSES[self.goal] == "most")

    def shown(self, value: int) -> Label:
        """A value with its unit."""
        return Message("{amount}", amount=Kr(value) if self.goal == "cost" else value)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A budget line and year in both plans."""

    line_id: str
    line: str
    depth: int
    year: int
    decided_before_ore: int
    decided_after_ore: int
    planned_before_ore: int
    planned_after_ore: int
    left_before_ore: int
    left_after_ore: int

    @property
    def is_change(self) -> bool:
        """Whether anything differs."""
        return (
            self.decided_before_ore != self.decided_after_ore
            or self.planned_before_ore != self.planned_after_ore
            or self.left_before_ore != self.left_after_ore
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """From one plan to another."""

    goals: tuple[GoalChange, ...]
    placed_before: int
    placed_after: int
    people: tuple[PersonChange, ...]
    """Those who gained a place, then those who lost it, then those who moved; by id."""
    unchanged: int
    """People with the same place in both."""
    money: tuple[LineChange, ...]

    def of_kind(self, kind: Kind) -> tuple[PersonChange, ...]:
        """The people of one kind."""
        return tuple(person for person in self.people if person.kind == kind)


def difference(before: Books, after: Books) -> Difference:
    """What `after` does differently from `before`; they may answer different problems."""
    people = _people(before, after)
    in_both = {row.person_id for row in before.document.placements} & {
        row.person_id for row in after.document.placements
    }
    return Difference(
        goals=tuple(
            GoalChange(
                goal,
                GOAL_LABELS[goal],
                before.document.goals.of(goal),
                after.document.goals.of(goal),
            )
            for goal in GOAL_NAMES
        ),
        placed_before=len(before.document.placements),
        placed_after=len(after.document.placements),
        people=people,
        unchanged=len(in_both) - sum(person.kind == "moved" for person in people),
        money=_money(before, after),
    )


def _people(before: Books, after: Books) -> tuple[PersonChange, ...]:
    old = {row.person_id: row for row in before.document.placements}
    new = {row.person_id: row for row in after.document.placements}
    changed = [
        person_id
        for person_id in sorted({*old, *new})
        if _what(old.get(person_id)) != _what(new.get(person_id))
    ]
    names_before, names_after = Names(before.problem), Names(after.problem)
    reasons = {row.person_id: row.planner for row in after.document.waiting}
    found = []
    for person_id in changed:
        was, is_ = old.get(person_id), new.get(person_id)
        known = [person_id in books.facts.people for books in (before, after)]
        person = (after if known[1] else before).facts.people[person_id]
        found.append(
            PersonChange(
                person_id=person_id,
                kind="moved" if was and is_ else "gained" if is_ else "lost",
                priority=person.priority,
                before=_place(was, names_before),
                after=_place(is_, names_after),
                why_waiting=reasons.get(person_id),
                only_in=None if all(known) else "before" if known[0] else "after",
            )
        )
    order = ("gained", "lost", "moved")
    return tuple(sorted(found, key=lambda change: order.index(change.kind)))


def _what(row: DecidedPlacement | None) -> tuple[str, Week, int] | None:
    return None if row is None else (row.offer_id, row.start, row.weeks)


def _place(row: DecidedPlacement | None, names: Names) -> Place | None:
    if row is None:
        return None
    return Place(
        offer_id=row.offer_id,
        offer=names.offer(row.offer_id),
        start=row.start,
        weeks=row.weeks,
        match=row.match.total,
        cost_ore=row.cost_ore,
    )


def _money(before: Books, after: Books) -> tuple[LineChange, ...]:
    old = {(row.line_id, row.year): row for row in money_by_year(before)}
    new = {(row.line_id, row.year): row for row in money_by_year(after)}
    # In the order of the second plan's lines; those that it lacks come last.
    return tuple(
        _line(old.get(key), new.get(key)) for key in (*new, *(key for key in old if key not in new))
    )


def _line(old: LineYear | None, new: LineYear | None) -> LineChange:
    known = new or old
    assert known is not None
    return LineChange(
        line_id=known.line_id,
        line=known.line,
        depth=known.depth,
        year=known.year,
        decided_before_ore=old.decided_ore if old else 0,
        decided_after_ore=new.decided_ore if new else 0,
        planned_before_ore=old.planned_ore if old else 0,
        planned_after_ore=new.planned_ore if new else 0,
        left_before_ore=old.left_ore if old else 0,
        left_after_ore=new.left_ore if new else 0,
    )
