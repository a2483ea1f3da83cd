"""``one-course``: at most one new placement a person, never overlapping the person's enrolment.

Rule: for each person, the chosen options sum to at most 1; options whose weeks from start to end
share a week with one of the person's enrolments are left out.

Why: a course takes the person's whole week, and a second place would be somebody else's.

Checked by: `scheduler.check.one_course`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from scheduler.rules.rows import Demand, RowGroup, of_limits
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Options, Supply


def _allows(supply: Supply, courses: Courses, options: Options) -> Bools:
    allowed = np.ones(options.count, dtype=np.bool_)
    for person_id, spans in supply.enrolment_weeks.items():
        person = supply.person_index.get(person_id)
        if person is None:
            continue
        own = np.flatnonzero(options.person == person)
        course = options.course[own]
        for first, last in spans:
            allowed[own] &= (courses.start[course] > last) | (courses.end[course] < first)
    return allowed


def _rows(instance: Instance) -> Iterable[RowGroup]:
    people = instance.supply.people
    lower, upper = of_limits(np.ones(len(people), dtype=np.int64))
    yield RowGroup(
        rule="one-course",
        lower=lower,
        upper=upper,
        demands=tuple(
            Demand(rule="one-course", unit="people", person_id=person.id) for person in people
        ),
        by_person=sparse.csc_array(sparse.eye_array(len(people), dtype=np.int64)),
    )


RULE = Rule("one-course", allows_options=_allows, rows=_rows)
