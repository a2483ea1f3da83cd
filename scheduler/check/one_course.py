"""One course at a time.

Rule: a person has at most one placement; its weeks from start to end share none with the weeks of
the person's enrolments, no-shows apart; and the person seeks a place.

Why: a placement is a full-time course; who has one needs no second, and who runs one cannot start
another.

Checked by: counting the placements of each person, and comparing first and last weeks.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.rule import Rule
from scheduler.violation import Violation


def by_itself(facts: Facts, course: Course) -> Iterator[Violation]:
    """Overlaps with the person's enrolments; a person who seeks no place."""
    for enrolled in facts.enrolled_of.get(course.person_id, ()):
        first, last = max(course.start, enrolled.start), min(course.end, enrolled.end)
        if first <= last:
            yield Violation(
                rule="one-course",
                fact="overlaps-enrolment",
                person_ids=(course.person_id,),
                offer_id=course.offer_id,
                site_id=course.site_id,
                first_week=first,
                last_week=last,
                limit=0,
                value=last - first + 1,
            )
    if not facts.people[course.person_id].seeks_place:
        yield Violation(
            rule="one-course",
            fact="seeks-no-place",
            person_ids=(course.person_id,),
            offer_id=course.offer_id,
            site_id=course.site_id,
            first_week=course.start,
            last_week=course.end,
        )


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """A person who would have two placements."""
    held = ledger.placed.get(course.person_id, ())
    if held:
        yield _two_placements(course.person_id, [*held, course])


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every person with more than one placement."""
    for person_id in sorted(ledger.placed):
        courses = ledger.placed[person_id]
        if len(courses) > 1:
            yield _two_placements(person_id, courses)


def _two_placements(person_id: str, courses: list[Course]) -> Violation:
    return Violation(
        rule="one-course",
        fact="two-placements",
        person_ids=(person_id,),
        first_week=min(course.start for course in courses),
        last_week=max(course.end for course in courses),
        limit=1,
        value=len(courses),
    )


RULE = Rule(name="one-course", by_itself=by_itself, adding=adding, whole=whole)
