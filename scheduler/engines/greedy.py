"""What a careful planner does by hand: one person after the other, the best match that still fits.

People with a fixed pin come first, then by priority, referral and id; each gets the option with
most match points that still fits, the earliest start among equals, then the smaller offer id. A
group that did not become large enough is sent home. It proves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.engine import Answer, Task, Tell
from scheduler.formulation import Formulation
from scheduler.instance import Instance, first_of_each
from scheduler.rules.rows import UNLIMITED, Coefficients, joined

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


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

    def choose(own: Ints) -> int:
        course = instance.options.course[own]
        order = np.lexsort(
            (instance.courses.offer[course], instance.courses.start[course], -match[own])
        )
        return int(own[order[0]])

    return _place(formulation, _by_urgency(instance), choose)


def place_by_gain(formulation: Formulation, gain: Floats) -> Ints:
    """Who gains most comes first, and gets the option with the largest gain that still fits.

    Parameters
    ----------
    gain
        ``gain[option]``: what it is worth beyond the prices of what it uses.
    """
    person = formulation.instance.options.person
    first = first_of_each(person)
    largest = np.maximum.reduceat(gain, first) if len(first) else gain
    gaining = np.flatnonzero(largest > 0)
    order = person[first[gaining[np.argsort(-largest[gaining], kind="stable")]]]
    return _place(formulation, order.tolist(), lambda own: int(own[np.argmax(gain[own])]))


def _place(formulation: Formulation, people: Sequence[int], choose: Callable[[Ints], int]) -> Ints:
    """One person after the other gets what `choose` takes of the options that still fit."""
    room = Room(formulation)
    chosen: list[int] = []
    for person in people:
        own = room.fitting(person)
        if not len(own):
            continue
        chosen.append(choose(own))
        room.take(chosen[-1])
    return np.sort(np.array(_without_small_groups(formulation, chosen), dtype=np.int64))


def _by_urgency(instance: Instance) -> list[int]:
    people = instance.supply.people
    pinned = {pin.person_id for pin in instance.supply.problem.pins if pin.kind == "fixed"}

    def key(index: int) -> tuple[bool, int, int, int]:
        person = people[index]
        return person.id not in pinned, person.priority, person.referral.ordinal, index

    return sorted(range(len(people)), key=key)


class Room:
    """What is left of every row that only has a most, and which courses still fit in it.

    A course is blocked by a row that has less left than the course needs. What is left only falls,
    so with each row's needs in order of size, those newly blocked stand side by side.
    """

    def __init__(self, formulation: Formulation) -> None:
        self.instance = formulation.instance
        groups = [
            group
            for group in formulation.groups
            if group.rule != "one-course" and group.switches is None
        ]
        self.need = joined(groups, self.instance)
        none = np.zeros(0, dtype=np.int64)
        self.left: Ints = np.concatenate([none, *(group.upper for group in groups)])
        """``left[row]`` of these groups' rows."""
        self.fixed: Ints = np.flatnonzero(
            np.array([demand.side == "fixed" for group in groups for demand in group.demands])
        )
        """Rows of fixed pins."""
        self._rows = _by_size(self.need)
        self._blocks: Ints = np.zeros(self.instance.courses.count, dtype=np.int64)
        """``blocks[course]``: rows that have too little left for it."""
        for row in range(self.need.size):
            self._block(row, UNLIMITED)
        self._is_special = _people_with_needs(self.need, self.instance)

    def fitting(self, person: int) -> Ints:
        """The person's options that still fit, of those that a pin leaves."""
        span = self.instance.options_of(person)
        own: Ints = np.arange(span.start, span.stop, dtype=np.int64)
        own = own[np.flatnonzero(self._blocks[self.instance.options.course[own]] == 0)]
        return self._keeping_own_needs(own) if self._is_special[person] else own

    @property
    def fits(self) -> Bools:
        """``fits[option]``: whether no row has too little left for its course, or for it alone."""
        fits: Bools = self._blocks[self.instance.options.course] == 0
        own = self.need.by_option
        if own is not None:
            left = np.repeat(self.left, np.diff(own.indptr))
            fits[own.indices[own.data > left]] = False
        return fits

    def _keeping_own_needs(self, own: Ints) -> Ints:
        need = self.need.columns(self.instance, own)
        owner = np.repeat(np.arange(len(own)), np.diff(need.indptr))
        too_much = np.bincount(owner[need.data > self.left[need.indices]], minlength=len(own))
        fits: Bools = too_much == 0
        is_pinned = np.bincount(owner[np.isin(need.indices, self.fixed)], minlength=len(own)) > 0
        if is_pinned.any():
            fits &= is_pinned
        return own[np.flatnonzero(fits)]

    def take(self, option: int) -> None:
        """The option's needs are no longer left."""
        rows, uses = self.need.entries_of(self.instance, option)
        for row, use in zip(rows.tolist(), uses.tolist(), strict=True):
            before = int(self.left[row])
            self.left[row] = before - use
            self._block(row, before)

    def _block(self, row: int, before: int) -> None:
        """Courses that need more of the row than is left, but not more than was, are blocked."""
        first, last = self._rows.indptr[row], self._rows.indptr[row + 1]
        needs = self._rows.data[first:last]
        if not len(needs) or needs[-1] <= self.left[row]:
            return
        low, high = np.searchsorted(needs, [self.left[row], before], side="right")
        self._blocks[self._rows.indices[first + low : first + high]] += 1


def _by_size(need: Coefficients) -> sparse.csr_array:
    """``need[row, course]``, each row's entries in order of size."""
    rows = sparse.csr_array((need.size, 0), dtype=np.int64)
    if need.by_course is not None:
        rows = sparse.csr_array(need.by_course)
    owner = np.repeat(np.arange(need.size), np.diff(rows.indptr))
    order = np.lexsort((rows.data, owner))
    return sparse.csr_array((rows.data[order], rows.indices[order], rows.indptr), shape=rows.shape)


def _people_with_needs(need: Coefficients, instance: Instance) -> Bools:
    """``special[person]``: whether some row says more about them than about everybody."""
    special = np.zeros(len(instance.supply.people), dtype=np.bool_)
    if need.by_person is not None:
        special |= np.diff(need.by_person.indptr) > 0
    if need.by_option is not None:
        special[instance.options.person[need.by_option.indices]] = True
    return special


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
