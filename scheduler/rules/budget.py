"""``budget``: what a line pays in a year never exceeds its decided amount less its reserve.

Rule: for each line (and each of its ancestors) and year, the options' øre of that year, with the
shortfalls it pays, sum to at most the limit less what enrolments cost (0 where they cost more).

Why: municipal money binds per calendar year, and only decided money can be spent.

Checked by: `scheduler.check.budget`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from scheduler.rules.rows import Demand, RowGroup, entries, of_limits
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Supply

_NEVER_COSTS_MORE = 2**62


def _allows(supply: Supply, courses: Courses) -> Bools:
    """Courses that the money left can pay; years without any are left out, and counted, later."""
    allowed = np.ones(courses.count, dtype=np.bool_)
    for line in range(len(supply.lines)):
        pays = paid_by(supply, line)[courses.offer]
        left = np.where(supply.has_money[line], supply.money_left[line], _NEVER_COSTS_MORE)
        allowed &= ~pays | (courses.cost <= left[None, :]).all(axis=1)
    return allowed


def paid_by(supply: Supply, line: int) -> Bools:
    """``paid[offer]``: whether the line, itself or as an ancestor, pays for the offer."""
    return np.array([line in supply.payers[int(own)] for own in supply.line_of_offer], np.bool_)


def _rows(instance: Instance) -> Iterable[RowGroup]:
    supply, courses = instance.supply, instance.courses
    for line, name in enumerate(supply.lines):
        shortfalls = [
            (index, shortfall)
            for index, shortfall in enumerate(supply.shortfalls)
            if line in supply.payers[shortfall.line]
        ]
        pays = np.flatnonzero(paid_by(supply, line)[courses.offer])
        years = [
            year
            for year in range(supply.year_count)
            if courses.cost[pays, year].any() or any(s.year == year for _, s in shortfalls)
        ]
        if not years:
            continue
        at, row = np.nonzero(courses.cost[pays][:, years])
        by_course = entries(
            row, pays[at], courses.cost[pays][:, years][at, row], (len(years), courses.count)
        )
        paid = [(years.index(s.year), i, s.ore_each) for i, s in shortfalls if s.year in years]
        lower, upper = of_limits(supply.money_left[line, years])
        yield RowGroup(
            rule="budget",
            lower=lower,
            upper=upper,
            demands=tuple(
                Demand(
                    rule="budget",
                    unit="ore",
                    budget_line_id=name,
                    year=supply.first_year + year,
                )
                for year in years
            ),
            by_course=by_course,
            by_shortfall=_shortfall_matrix(paid, (len(years), len(supply.shortfalls))),
        )


def _shortfall_matrix(
    paid: list[tuple[int, int, int]], shape: tuple[int, int]
) -> sparse.csc_array | None:
    if not paid:
        return None
    rows, columns, values = (np.array(part, dtype=np.int64) for part in zip(*paid, strict=True))
    return entries(rows, columns, values, shape)


RULE = Rule("budget", allows_courses=_allows, rows=_rows)
