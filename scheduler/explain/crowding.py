"""What starts would break beside a plan, looked at once for all people who use the same there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.check import Checker
from scheduler.check.courses import Uses
from scheduler.explain.wording import find_wording
from scheduler.plan import Start
from scheduler.violation import Violation

Subject = tuple[str, ...]
"""What is exceeded, whoever and whenever."""
Distance = tuple[int, int, int]
"""How far from fitting: by how much, for how many weeks, and from when."""


@dataclass(slots=True)
class Obstacle:
    """One thing that some starts of a person would exceed."""

    subject: Subject
    closest: Start
    """Which of them would exceed it by least; the first of equals."""
    distance: Distance
    starts: int = 1
    """How many of them there are."""
    alike: bool = True
    """Whether all exceed it alike."""

    def add(self, start: Start, distance: Distance) -> None:
        """Another start would exceed it too."""
        self.starts += 1
        self.alike = self.alike and distance == self.distance
        if distance < self.distance:
            self.closest, self.distance = start, distance


@dataclass(slots=True)
class Tried:
    """What the starts of one person would break."""

    fitting: list[Start] = field(default_factory=list)
    """Those that would break nothing."""
    obstacles: dict[Subject, Obstacle] = field(default_factory=dict)
    """What stands in the way of the others."""


class Crowding:
    """A plan that people who have no place in it try to join.

    What a possible start breaks beside a plan depends on its course and on what the person uses
    there, and on nothing else about the person: whoever waits has no other placement.

    Parameters
    ----------
    checker
        Holds the plan, which must not change.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._known: dict[tuple[Start, Uses], Mapping[Subject, Distance]] = {}

    def try_starts(self, person_id: str, starts: Sequence[Start]) -> Tried:
        """What stands in the way of each possible start."""
        uses = self._checker.facts.own_uses(person_id)
        tried = Tried()
        for start in starts:
            key = start, uses
            broken = self._known.get(key)
            if broken is None:
                broken = self._known[key] = self._look_at(person_id, start)
            if not broken:
                tried.fitting.append(start)
            for subject, distance in broken.items():
                known = tried.obstacles.get(subject)
                if known is None:
                    tried.obstacles[subject] = Obstacle(subject, start, distance)
                else:
                    known.add(start, distance)
        return tried

    def example_of(self, person_id: str, obstacle: Obstacle) -> Violation:
        """What the person's closest start would exceed, by a check of that person's own."""
        found = self._checker.breaks(obstacle.closest.of(person_id))
        return max((one for one in found if subject_of(one) == obstacle.subject), key=distance_of)

    def _look_at(self, person_id: str, start: Start) -> Mapping[Subject, Distance]:
        """By subject: the worst."""
        worst: dict[Subject, Distance] = {}
        for violation in self._checker.breaks(start.of(person_id)):
            subject, distance = subject_of(violation), distance_of(violation)
            worst[subject] = max(worst.get(subject, distance), distance)
        return worst


def subject_of(violation: Violation) -> Subject:
    """What is exceeded, whoever and whenever."""
    fields = find_wording(violation).groups_by
    return (violation.rule, violation.fact, *(str(getattr(violation, field)) for field in fields))


def distance_of(violation: Violation) -> Distance:
    """How far from fitting it is."""
    first, last = violation.first_week, violation.last_week
    excess = abs((violation.value or 0) - (violation.limit or 0))
    if first is None or last is None:
        return excess, 0, 0
    return excess, last - first, first.ordinal
