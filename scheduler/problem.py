"""The whole input: everything a plan is made from."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from providers import (
    Capacity,
    Closure,
    Code,
    Contract,
    Name,
    Offer,
    Provider,
    Record,
    Site,
    Week,
)
from scheduler.goal import DEFAULT_STAGES, Stage, Weights
from scheduler.person import Enrolment, Person, Pin, Rating, Travel, Use
from scheduler.programme import BudgetLine, BudgetMovement, Programme

CodeKind = Literal[
    "target-group",
    "need",
    "task-type",
    "status",
    "priority-basis",
    "area",
    "resource",
    "movement-kind",
]


class CodeEntry(Record):
    """A code with its labels and the weeks it is valid in.

    A kind with no entries accepts any code; one with entries only those, and only while valid in
    the as-of week.
    """

    kind: CodeKind
    """What the code is for."""
    code: Code
    """The code."""
    label_da: Name
    """Its Danish label."""
    label_en: Name
    """Its English label."""
    valid_from: Week | None = None
    """First valid week; none: always before."""
    valid_to: Week | None = None
    """Last valid week; none: still valid."""


class Problem(Record):
    """Everything a plan is made from; valid once it exists.

    Raises
    ------
    pydantic.ValidationError
        If a record refers to one that does not exist, or records contradict each other; the
        message lists every fault that `scheduler.faults.find_faults` finds.
    """

    title: Name
    """What the plan is called."""
    as_of: Week
    """"Today": what is known is known as of this week."""
    first_start: Week
    """First week in which a placement may start; not before `as_of`."""
    last_start: Week
    """Last week in which a placement may start."""
    stages: tuple[Stage, ...] = DEFAULT_STAGES
    """The goals, in the planner's order; at least one."""
    weights: Weights = Weights()
    """Weights of priorities and match facts."""
    programmes: tuple[Programme, ...]
    budget_lines: tuple[BudgetLine, ...]
    budget_movements: tuple[BudgetMovement, ...]
    people: tuple[Person, ...]
    providers: tuple[Provider, ...]
    sites: tuple[Site, ...]
    offers: tuple[Offer, ...]
    contracts: tuple[Contract, ...] = ()
    capacity: tuple[Capacity, ...] = ()
    uses: tuple[Use, ...] = ()
    closures: tuple[Closure, ...] = ()
    travel: tuple[Travel, ...] = ()
    ratings: tuple[Rating, ...] = ()
    enrolments: tuple[Enrolment, ...] = ()
    pins: tuple[Pin, ...] = ()
    codes: tuple[CodeEntry, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        from scheduler.faults import find_faults  # noqa: PLC0415 - faults reads Problem

        faults = find_faults(self)
        if faults:
            raise ValueError("\n".join(str(fault) for fault in faults))
        return self
