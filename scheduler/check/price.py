"""A placement costs what its offer says.

Rule: what a plan file states that a placement costs, by year and in all, is what the price per
course or per week, the extra weeks and the way of charging make it.

Why: money is decided on from what plan files say.

Checked by: computing the cost of each year anew. `limit` is what it costs, `value` what is stated,
in øre; without a `year` it is the whole cost.
"""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.check.courses import course_of
from scheduler.check.facts import Facts
from scheduler.check.rule import Rule
from scheduler.outcome import DecidedPlacement
from scheduler.violation import Violation


def stated(facts: Facts, decided: DecidedPlacement) -> Iterator[Violation]:
    """Every year's cost, and the whole, that is stated wrongly."""
    course = course_of(facts, decided.placement)
    right: dict[int | None, int] = {cost.year: cost.ore for cost in course.costs}
    said: dict[int | None, int] = {cost.year: cost.ore for cost in decided.costs}
    right[None], said[None] = course.cost_ore, decided.cost_ore
    for year in sorted({*right, *said}, key=lambda year: year or 0):
        if right.get(year, 0) != said.get(year, 0):
            yield Violation(
                rule="price",
                fact="cost-differs",
                person_ids=(course.person_id,),
                offer_id=course.offer_id,
                site_id=course.site_id,
                programme_id=course.programme_id,
                first_week=course.start,
                last_week=course.end,
                year=year,
                limit=right.get(year, 0),
                value=said.get(year, 0),
            )


RULE = Rule(name="price", stated=stated)
