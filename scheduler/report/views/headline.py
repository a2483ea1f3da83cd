"""The plan in a few numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from statistics import median_low

from providers import Week
from scheduler.outcome import Proof
from scheduler.problem import Problem
from scheduler.report.views.books import Books
from scheduler.report.views.money import money_by_year


@dataclass(frozen=True, slots=True)
class Headline:
    """What was decided."""

    title: str
    as_of: Week
    first_start: Week
    last_start: Week
    people: int
    """Who seek a place."""
    placed: int
    waiting: int
    cost_ore: int
    left_ore: int
    """What programmes could still be paid with, all years, within their lines and pots."""
    match_average: Fraction | None
    """Match points per placement; none where there is no placement."""
    wait_median: int | None
    """Weeks to start that half of those placed do not wait longer than."""
    sites_used: int
    proof: Proof

    @property
    def placed_share(self) -> float:
        """Of those who seek a place; 1 if nobody does."""
        return self.placed / self.people if self.people else 1.0


def headline(books: Books) -> Headline:
    """What was decided, in a few numbers."""
    document = books.document
    placements = document.placements
    return Headline(
        title=document.title,
        as_of=document.as_of,
        first_start=document.first_start,
        last_start=document.last_start,
        people=document.people,
        placed=len(placements),
        waiting=len(document.waiting),
        cost_ore=document.goals.cost,
        left_ore=left_to_plan(books),
        match_average=Fraction(document.goals.match, len(placements)) if placements else None,
        wait_median=median_low(row.wait_weeks for row in placements) if placements else None,
        sites_used=len({row.site_id for row in placements}),
        proof=document.proof,
    )


def left_to_plan(books: Books) -> int:
    """Øre that programmes could still be paid with: of a pot no more than its lines can use."""
    left = {(row.line_id, row.year): row.left_ore for row in money_by_year(books)}
    return usable_of(books.problem, left)


def usable_of(problem: Problem, left_ore: Mapping[tuple[str, int], int]) -> int:
    """What programmes could be paid with of what is left by line and year."""
    left = {key: max(0, ore) for key, ore in left_ore.items()}
    payers = {programme.budget_line_id for programme in problem.programmes}
    lines = problem.budget_lines

    def usable(line_id: str, year: int) -> int:
        own = left.get((line_id, year), 0)
        if line_id in payers:
            return own
        return min(own, sum(usable(line.id, year) for line in lines if line.parent_id == line_id))

    years = {year for _, year in left}
    return sum(usable(line.id, year) for line in lines if line.parent_id is None for year in years)
