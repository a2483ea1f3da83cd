"""What a careful planner does by hand: one person after the other, the best match that still fits.

People come by priority, then referral, then id; each gets the option with most match points that
still fits, the earliest start among equals, then the smaller offer id. A group that did not become
large enough is sent home. It proves nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.engine import Answer, Task, Tell
from scheduler.formulation import Formulation
from scheduler.instance import Instance

Ints = NDArray[np.int64]


class Greedy:
    """The baseline engine."""

    def solve(self, formulation: Formulation, task: Task, tell: Tell) -> Answer:
        """A plan by hand's rules; the start given, where that is better."""
        chosen = place_by_hand(formulation)
        candidates = [c for c in (chosen, task.start) if c is not None]
        allowed = [c for c in candidates if task.allows(formulation, c)]
        if not allowed:
            return Answer("unknown")
        best = max(allowed, key=lambda c: task.value(formulation, c))
        tell(best, None)
        return Answer("feasible", best)


def place_by_hand(formulation: Formulation) -> Ints:
    """The options that a careful planner would choose; it may break a least."""
    instance = formulation.instance
    match = formulation.goals["match"].coefficients[: formulation.option_count]
    room = _Room(formulation)
    chosen: list[int] = []
    for person in _by_urgency(instance):
        own = np.array(instance.options_of(person), dtype=np.int64)
        if not len(own):
            continue
        course = instance.options.course[own]
        order = np.lexsort(
            (instance.courses.offer[course], instance.courses.start[course], -match[own])
        )
        found = next((int(o) for o in own[order] if room.takes(int(o))), None)
        if found is not None:
            room.take(found)
            chosen.append(found)
    return np.sort(np.array(_without_small_groups(formulation, chosen), dtype=np.int64))


def _by_urgency(instance: Instance) -> list[int]:
    people = instance.supply.people
    pinned = {pin.person_id for pin in instance.supply.problem.pins if pin.kind == "fixed"}

    def key(index: int) -> tuple[bool, int, int, int]:
        person = people[index]
        return person.id not in pinned, person.priority, person.referral.ordinal, index

    return sorted(range(len(people)), key=key)


class _Room:
    """What is left of every row that only has a most."""

    def __init__(self, formulation: Formulation) -> None:
        instance = formulation.instance
        self.instance = instance
        every = np.arange(formulation.option_count)
        self.groups = []
        for group in formulation.groups:
            if group.rule == "one-course" or group.switches is not None:
                continue
            columns = group.columns(instance, every)
            fixed = np.array([demand.side == "fixed" for demand in group.demands])
            self.groups.append((columns, group.upper.copy(), fixed))
        self.fixed_options = self._options_that_pins_leave(formulation)

    def _options_that_pins_leave(self, formulation: Formulation) -> dict[int, set[int]]:
        """By pinned person: the options that fit the pin."""
        person = formulation.instance.options.person
        left: dict[int, set[int]] = {}
        for columns, _, fixed in self.groups:
            for row in np.flatnonzero(fixed):
                options = columns[[int(row)], :].tocoo().coords[1]
                for option in options.tolist():
                    left.setdefault(int(person[option]), set()).add(option)
        return left

    def takes(self, option: int) -> bool:
        person = int(self.instance.options.person[option])
        if person in self.fixed_options and option not in self.fixed_options[person]:
            return False
        return all(
            bool((values <= left[rows]).all())
            for rows, values, left in (
                (*_column(columns, option), left) for columns, left, _ in self.groups
            )
        )

    def take(self, option: int) -> None:
        for columns, left, _ in self.groups:
            rows, values = _column(columns, option)
            left[rows] -= values


def _column(matrix: object, option: int) -> tuple[Ints, Ints]:
    first, beyond = matrix.indptr[option], matrix.indptr[option + 1]  # type: ignore[attr-defined] # csc
    return matrix.indices[first:beyond], matrix.data[first:beyond]  # type: ignore[attr-defined] # csc


def _without_small_groups(formulation: Formulation, chosen: list[int]) -> list[int]:
    """Those chosen, less every group whose least is not reached."""
    instance = formulation.instance
    kept = np.array(chosen, dtype=np.int64)
    for group in formulation.groups:
        if group.switches is None:
            continue
        activity = group.activity(instance, kept)
        on = (activity[group.switches.used] > 0).astype(np.int64)
        short = activity + group.switches.matrix @ on < group.lower
        if short.any():
            columns = group.columns(instance, kept)
            hit = np.asarray(columns[np.flatnonzero(short), :].sum(axis=0)).ravel() > 0
            kept = kept[~hit]
    return [int(option) for option in kept]
