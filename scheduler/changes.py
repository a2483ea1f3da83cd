"""Changes of a problem, each a record: it makes a new problem, or says why that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from providers import Amount, Capacity, Code, DomainId, Name, Ore, Record, Week
from scheduler.check import pin_faults
from scheduler.cpr import mask
from scheduler.errors import ChangeRefused
from scheduler.explain.names import Names, name_weeks
from scheduler.faults import Fault, find_faults
from scheduler.language import Kr, Message
from scheduler.person import Pin
from scheduler.problem import Problem
from scheduler.programme import BudgetMovement, Year


class FixPlacement(Record):
    """A person gets a placement at an offer; an earlier fixed placement of theirs is given up."""

    kind: Literal["fix"] = "fix"
    person_id: DomainId
    """Who."""
    offer_id: DomainId
    """Where."""
    start: Week | None = None
    """In which week; none: in any."""
    reason: Name | None = None
    """Why."""


class ForbidPlacement(Record):
    """A person gets no placement that fits the fields given."""

    kind: Literal["forbid"] = "forbid"
    person_id: DomainId
    """Who."""
    offer_id: DomainId | None = None
    """Where; none: nowhere."""
    start: Week | None = None
    """In which week; none: in any."""
    reason: Name | None = None
    """Why."""


class RemovePin(Record):
    """What was fixed or forbidden is so no more."""

    kind: Literal["remove-pin"] = "remove-pin"
    pin_kind: Literal["fixed", "forbidden"]
    """Which kind of pin."""
    person_id: DomainId
    """Whose."""
    offer_id: DomainId | None = None
    """The pin's offer."""
    start: Week | None = None
    """The pin's week."""


class SetCapacity(Record):
    """A site has so much of a resource in each week of a range, whatever was said before."""

    kind: Literal["capacity"] = "capacity"
    site_id: DomainId
    """Where."""
    resource: Code = "places"
    """Of what."""
    first_week: Week | None = None
    """From when; none: from the beginning."""
    last_week: Week | None = None
    """Until when; none: for ever."""
    amount: Amount
    """How much in each week: a count, or minutes."""


class SetBudget(Record):
    """A budget line has so much decided money in a year; the difference becomes a movement."""

    kind: Literal["budget"] = "budget"
    budget_line_id: DomainId
    """Which line."""
    year: Year
    """Which year."""
    amount_ore: Ore
    """Øre in all, after the change."""
    movement_kind: Code = "supplementary"
    """What kind of decision the difference is."""


Change = FixPlacement | ForbidPlacement | RemovePin | SetCapacity | SetBudget

MOVEMENT_KINDS = ("original", "supplementary", "transfer")
"""Kinds of decisions where the problem has no list of its own."""


def apply_change(problem: Problem, change: Change) -> Problem:
    """The problem after the change; the given one stays as it is.

    Raises
    ------
    ChangeRefused
        With everything that would be wrong then, by the change's field.
    """
    match change:
        case FixPlacement() | ForbidPlacement():
            return _checked(problem, "pins", _with_pin(problem, change), change)
        case RemovePin():
            return _checked(problem, "pins", _without_pin(problem, change), change)
        case SetCapacity():
            return _checked(problem, "capacity", _with_capacity(problem, change), change)
        case SetBudget():
            return _checked(problem, "budget_movements", _with_money(problem, change), change)


def take_back(before: Problem, after: Problem, now: Problem) -> Problem:
    """The problem `now` without what changed from `before` to `after`; later changes are kept.

    Raises
    ------
    ChangeRefused
        If a later change has changed the same, or relies on it.
    """
    fields = {name: getattr(now, name) for name in Problem.model_fields}
    for name in Problem.model_fields:
        old, new, latest = getattr(before, name), getattr(after, name), getattr(now, name)
        if old != new:
            fields[name] = _undo(old, new, latest)
    candidate = now.model_copy(update=fields)
    faults = [*find_faults(candidate)] or [*pin_faults(candidate)]
    if faults:
        text = Message("Later changes rely on it: {fault}", fault=faults[0].message)
        raise ChangeRefused([("", text)])
    return candidate


def _undo(old: object, new: object, latest: object) -> object:
    later = ChangeRefused([("", Message("A later change has changed the same again."))])
    if not isinstance(old, tuple) or not isinstance(new, tuple) or not isinstance(latest, tuple):
        if latest != new:
            raise later
        return old
    added, removed, present = Counter(new), Counter(old), Counter(latest)
    added, removed = added - removed, removed - added
    if added - present:
        raise later
    kept = list(latest)
    for row in added.elements():
        kept.remove(row)
    return (*kept, *removed.elements())


def describe_change(change: Change, problem: Problem) -> Message:
    """What the change does, in words, with the names of the problem."""
    names = Names(problem)
    match change:
        case FixPlacement():
            text = Message(
                "{person} gets a place at {offer} ({weeks})",
                person=change.person_id,
                offer=names.offer(change.offer_id),
                weeks=_say_start(change.start),
            )
            return _with_reason(text, change.reason)
        case ForbidPlacement():
            return _with_reason(_say_forbidden(change, names), change.reason)
        case RemovePin():
            return Message(
                "{person}: what was fixed at {offer} is open again ({weeks})"
                if change.pin_kind == "fixed"
                else "{person}: what was ruled out at {offer} is open again ({weeks})",
                person=change.person_id,
                offer=_say_offer(change.offer_id, names),
                weeks=_say_start(change.start),
            )
        case SetCapacity():
            one = change.resource == "places" and change.amount == 1
            return Message(
                "{site} has 1 place ({weeks})"
                if one
                else "{site} has {amount} {resource} ({weeks})",
                site=names.site(change.site_id),
                amount=change.amount,
                resource=names.resource(change.resource),
                weeks=say_weeks(change.first_week, change.last_week),
            )
        case SetBudget():
            return Message(
                "Budget line {line} has {amount} in {year}",
                line=names.line(change.budget_line_id),
                amount=Kr(change.amount_ore),
                year=str(change.year),
            )


def _say_forbidden(change: ForbidPlacement, names: Names) -> Message:
    return Message(
        "{person} gets no place at {offer} ({weeks})",
        person=change.person_id,
        offer=_say_offer(change.offer_id, names),
        weeks=_say_start(change.start),
    )


def _say_offer(offer_id: str | None, names: Names) -> object:
    return Message("any offer") if offer_id is None else names.offer(offer_id)


def _say_start(start: Week | None) -> object:
    return Message("any week") if start is None else start


def _with_reason(text: Message, reason: str | None) -> Message:
    return text if reason is None else Message("{text}: {reason}", text=text, reason=reason)


def say_weeks(first: Week | None, last: Week | None) -> object:
    """A range of weeks that may be open at either end."""
    if first is not None and last is not None:
        return name_weeks(first, last)
    if first is not None:
        return Message("from {week}", week=first)
    return Message("all weeks") if last is None else Message("until {week}", week=last)


def movement_kinds(problem: Problem) -> tuple[str, ...]:
    """The kinds that a movement of the problem's money can have in its as-of week."""
    listed = [entry for entry in problem.codes if entry.kind == "movement-kind"]
    valid = tuple(
        entry.code
        for entry in listed
        if (entry.valid_from or problem.as_of) <= problem.as_of <= (entry.valid_to or problem.as_of)
    )
    return valid if listed else MOVEMENT_KINDS


# What each change does to its table


def _with_pin(problem: Problem, change: FixPlacement | ForbidPlacement) -> tuple[Pin, ...]:
    pin = Pin(
        kind="fixed" if isinstance(change, FixPlacement) else "forbidden",
        person_id=change.person_id,
        offer_id=change.offer_id,
        start=change.start,
        reason=change.reason,
    )
    if any(_says_the_same(pin, other) for other in problem.pins):
        raise ChangeRefused([("offer_id", Message("That is so already."))])
    kept = (
        other
        for other in problem.pins
        if not (pin.kind == other.kind == "fixed" and pin.person_id == other.person_id)
    )
    return (*kept, pin)


def _without_pin(problem: Problem, change: RemovePin) -> tuple[Pin, ...]:
    pin = Pin(
        kind=change.pin_kind,
        person_id=change.person_id,
        offer_id=change.offer_id,
        start=change.start,
    )
    kept = tuple(other for other in problem.pins if not _says_the_same(pin, other))
    if len(kept) == len(problem.pins):
        raise ChangeRefused([("person_id", Message("There is no such pin."))])
    return kept


def _says_the_same(pin: Pin, other: Pin) -> bool:
    return pin.model_copy(update={"reason": None}) == other.model_copy(update={"reason": None})


def _with_capacity(problem: Problem, change: SetCapacity) -> tuple[Capacity, ...]:
    first, last = change.first_week, change.last_week
    if first is not None and last is not None and last < first:
        raise ChangeRefused([("last_week", Message("The last week lies before the first."))])
    row = Capacity(
        site_id=change.site_id,
        resource=change.resource,
        first_week=first,
        last_week=last,
        amount=change.amount,
    )
    if row in problem.capacity:
        raise ChangeRefused([("amount", Message("That is so already."))])
    return (*(part for other in problem.capacity for part in _cut(other, row)), row)


def _cut(row: Capacity, by: Capacity) -> Iterator[Capacity]:
    """What is left of a row beside another that says something else of the same weeks."""
    if (row.site_id, row.resource) != (by.site_id, by.resource):
        yield row
        return
    starts_before = by.first_week is not None and (
        row.first_week is None or row.first_week < by.first_week
    )
    if by.first_week is not None and starts_before:
        before = by.first_week + -1
        end = before if row.last_week is None else min(row.last_week, before)
        yield row.model_copy(update={"last_week": end})
    ends_after = by.last_week is not None and (
        row.last_week is None or row.last_week > by.last_week
    )
    if by.last_week is not None and ends_after:
        after = by.last_week + 1
        begin = after if row.first_week is None else max(row.first_week, after)
        yield row.model_copy(update={"first_week": begin})


def _with_money(problem: Problem, change: SetBudget) -> tuple[BudgetMovement, ...]:
    decided = sum(
        movement.amount_ore
        for movement in problem.budget_movements
        if (movement.budget_line_id, movement.year) == (change.budget_line_id, change.year)
        and movement.status == "decided"
    )
    if decided == change.amount_ore:
        raise ChangeRefused([("amount_ore", Message("That is so already."))])
    movement = BudgetMovement(
        budget_line_id=change.budget_line_id,
        year=change.year,
        amount_ore=change.amount_ore - decided,
        kind=change.movement_kind,
    )
    return (*problem.budget_movements, movement)


_FIELDS = {"kind": {"budget_movements": "movement_kind", "pins": "offer_id"}}
"""Where a field of the record is called otherwise in the change."""


def _checked(problem: Problem, table: str, rows: tuple[Record, ...], change: Change) -> Problem:
    candidate = problem.model_copy(update={table: rows})
    faults = find_faults(candidate) or pin_faults(candidate)
    if faults:
        known = type(change).model_fields
        raise ChangeRefused(_by_field(faults, known))
    return candidate


def _by_field(faults: Iterable[Fault], known: Iterable[str]) -> Iterator[tuple[str, Message]]:
    for fault in faults:
        field = _FIELDS.get(fault.field, {}).get(fault.table, fault.field)
        text = Message(
            "Expected {expected}, not “{value}”.", expected=fault.expected, value=mask(fault.value)
        )
        yield (field if field in known else ""), text
