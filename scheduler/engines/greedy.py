"""What a careful planner does by hand: one person after the other, the best match that still fits.

People come by priority, then referral, then id; each gets the option with most match points that
still fits, the earliest start among equals, then the smaller offer id. A group that did not become
large enough is sent home. It proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from scheduler.engines.engine import Answer, Task, Tell
from scheduler.formulation import Formulation
from scheduler.instance import Instance
from scheduler.rules.rows import RowGroup

Ints = NDArray[np.int64]
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
    room = _Room(formulation)
    chosen: list[int] = []
    for person in _by_urgency(instance):
        own = room.fitting(person)
        if not len(own):
            continue
        course = instance.options.course[own]
        order = np.lexsort(
            (instance.courses.offer[course], instance.courses.start[course], -match[own])
        )
        room.take(int(own[order[0]]))
        chosen.append(int(own[order[0]]))
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
        self.instance = formulation.instance
        groups = [
            group
            for group in formulation.groups
            if group.rule != "one-course" and group.switches is None
        ]
        none = np.zeros(0, dtype=np.int64)
        self.left: Ints = np.concatenate([none, *(group.upper for group in groups)])
        """``left[row]`` of these groups' rows."""
        options, courses = self.instance.options, self.instance.courses
        people = len(self.instance.supply.people)
        self.by_course = _stacked([g.by_course for g in groups], groups, courses.count)
        self.by_person = _stacked([g.by_person for g in groups], groups, people)
        self.by_option = _stacked([g.by_option for g in groups], groups, options.count)
        self.fixed: Ints = np.flatnonzero(
            np.array([demand.side == "fixed" for group in groups for demand in group.demands])
        )
        """Rows of fixed pins."""

    def fitting(self, person: int) -> Ints:
        """The person's options that still fit, of those that a pin leaves."""
        span = self.instance.options_of(person)
        own = np.arange(span.start, span.stop, dtype=np.int64)
        need = self._need(own)
        owner = np.repeat(np.arange(len(own)), np.diff(need.indptr))
        too_much = np.bincount(owner[need.data > self.left[need.indices]], minlength=len(own))
        fits: Bools = too_much == 0
        is_pinned = np.bincount(owner[np.isin(need.indices, self.fixed)], minlength=len(own)) > 0
        if is_pinned.any():
            fits &= is_pinned
        return own[fits]

    def take(self, option: int) -> None:
        """The option's needs are no longer left."""
        need = self._need(np.array([option]))
        self.left[need.indices] -= need.data

    def _need(self, options: Ints) -> sparse.csc_array:
        """``need[row, k]`` of the k-th option."""
        chosen = self.instance.options
        need = self.by_course[:, chosen.course[options]]
        # Sums of sparse matrices are slow, and few people have needs of their own.
        for matrix, columns in (
            (self.by_person, chosen.person[options]),
            (self.by_option, options),
        ):
            if (matrix.indptr[columns + 1] > matrix.indptr[columns]).any():
                need = need + matrix[:, columns]
        return sparse.csc_array(need)


def _stacked(
    matrices: Sequence[sparse.csc_array | None], groups: Sequence[RowGroup], width: int
) -> sparse.csc_array:
    """The groups' matrices on top of each other; one that is none is zero."""
    blocks = [
        sparse.csc_array((group.size, width), dtype=np.int64) if matrix is None else matrix
        for matrix, group in zip(matrices, groups, strict=True)
    ]
    empty = sparse.csc_array((0, width), dtype=np.int64)
    return sparse.csc_array(sparse.vstack([empty, *blocks], format="csc"))


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
