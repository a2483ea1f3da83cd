"""What enrolments and placements count, rule by rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.rule import Counts, Key, Rule, nothing
from scheduler.violation import RuleName

Tally = dict[Key, int]


class Ledger:
    """Tallies of each rule: what is committed by enrolments, and what placements add.

    Parameters
    ----------
    facts
        The problem.
    rules
        The rules that count something.
    """

    def __init__(self, facts: Facts, rules: tuple[Rule, ...]) -> None:
        self.facts = facts
        self.rules = tuple(rule for rule in rules if rule.counts is not nothing)
        self.committed: dict[RuleName, Tally] = facts.once("committed", self._commitments)
        self.planned: dict[RuleName, Tally] = {rule.name: {} for rule in self.rules}
        self.placed: dict[str, list[Course]] = {}
        """Courses of placements by person."""

    def _commitments(self) -> dict[RuleName, Tally]:
        tallies: dict[RuleName, Tally] = {}
        for rule in self.rules:
            tally = tallies[rule.name] = {}
            for course in self.facts.enrolled:
                _add(tally, rule.counts(self.facts, course))
        return tallies

    def add(self, course: Course) -> None:
        """Count a placement's course."""
        self.placed.setdefault(course.person_id, []).append(course)
        for rule in self.rules:
            _add(self.planned[rule.name], rule.counts(self.facts, course))

    def remove(self, course: Course) -> None:
        """Count it no more; KeyError or ValueError if it is not held."""
        held = self.placed[course.person_id]
        held.remove(course)
        if not held:
            del self.placed[course.person_id]
        for rule in self.rules:
            tally = self.planned[rule.name]
            _add(tally, ((key, -amount) for key, amount in rule.counts(self.facts, course)))

    def courses(self) -> Iterator[Course]:
        """Courses of placements, by person id."""
        for person_id in sorted(self.placed):
            yield from self.placed[person_id]

    def together(self, rule: RuleName, key: Key) -> int:
        """What enrolments and placements count."""
        return self.committed[rule].get(key, 0) + self.planned[rule].get(key, 0)

    def keys(self, rule: RuleName) -> list[Key]:
        """Every key that anything counts for, in order."""
        return sorted({*self.committed[rule], *self.planned[rule]})

    def people(
        self, counts: Callable[[Facts, Course], Counts], keys: Iterable[Key]
    ) -> tuple[str, ...]:
        """The people whose placements count for any of the keys, in order of id."""
        wanted = set(keys)
        return tuple(
            person_id
            for person_id in sorted(self.placed)
            if any(
                key in wanted
                for course in self.placed[person_id]
                for key, _ in counts(self.facts, course)
            )
        )


def _add(tally: Tally, counts: Iterable[tuple[Key, int]]) -> None:
    for key, amount in counts:
        total = tally.get(key, 0) + amount
        if total:
            tally[key] = total
        else:
            tally.pop(key, None)
