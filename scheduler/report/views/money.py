"""Money by line and year, and by line and month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.problem import Problem
from scheduler.report.views.books import SOURCES, Books, Source, month_of


@dataclass(frozen=True, slots=True)
class LineYear:
    """A budget line in a year; ``decided = reserve + committed + planned + left``."""

    line_id: str
    line: str
    depth: int
    """0 for a line without parent, 1 for its children …"""
    year: int
    decided_ore: int
    reserve_ore: int
    """What plans leave alone."""
    committed_ore: int
    """Paid for enrolments."""
    planned_ore: int
    """Paid for placements and shortfalls."""

    @property
    def left_ore(self) -> int:
        """What could still be planned; negative where the enrolments alone exceed the limit."""
        return self.decided_ore - self.reserve_ore - self.committed_ore - self.planned_ore


@dataclass(frozen=True, slots=True)
class LineMonths:
    """What a line pays each month for enrolments, for placements or for shortfalls."""

    line_id: str
    line: str
    depth: int
    source: Source
    ore: tuple[int, ...]
    """For each month of `Payments.months`."""

    @property
    def total_ore(self) -> int:
        """Over all months."""
        return sum(self.ore)


@dataclass(frozen=True, slots=True)
class LineMonth:
    """What a line pays in one month for one thing."""

    line_id: str
    line: str
    source: Source
    month: date
    """Its first day."""
    ore: int


@dataclass(frozen=True, slots=True)
class Payments:
    """Payments by line and month; a parent's include its children's."""

    months: tuple[date, ...]
    """First days of months, all from the first to the last with a payment."""
    lines: tuple[LineMonths, ...]


def money_by_year(books: Books) -> tuple[LineYear, ...]:
    """Every line in every year with decided money or payments, parents before children."""
    keys = {*books.facts.decided_years()}
    keys |= {(line_id, week.year) for paid in books.paid.values() for line_id, week in paid}
    return tuple(
        _line_year(books, line_id, depth, year)
        for line_id, depth in _tree(books.problem)
        for year in sorted(year for each, year in keys if each == line_id)
    )


def _line_year(books: Books, line_id: str, depth: int, year: int) -> LineYear:
    decided = books.checker.decided(line_id, year)
    paid = books.checker.paid(line_id, year)
    return LineYear(
        line_id=line_id,
        line=books.facts.lines[line_id].name,
        depth=depth,
        year=year,
        decided_ore=decided,
        reserve_ore=decided - books.checker.limit(line_id, year),
        committed_ore=paid.committed,
        planned_ore=paid.planned + paid.shortfall,
    )


def payments_by_month(books: Books) -> Payments:
    """What each line pays each month, by what it pays for."""
    by_month: Counter[tuple[Source, str, date]] = Counter()
    for source, payments in books.paid.items():
        for (line_id, week), ore in payments.items():
            by_month[source, line_id, month_of(week)] += ore
    months = _months({month for _, _, month in by_month})
    return Payments(
        months=months,
        lines=tuple(
            LineMonths(
                line_id=line_id,
                line=books.facts.lines[line_id].name,
                depth=depth,
                source=source,
                ore=tuple(by_month[source, line_id, month] for month in months),
            )
            for line_id, depth in _tree(books.problem)
            for source in SOURCES
            if source != "shortfall" or books.paid[source]
        ),
    )


def months_one_by_one(payments: Payments) -> tuple[LineMonth, ...]:
    """Every amount that is not zero, by line, what it pays for, and month."""
    return tuple(
        LineMonth(line.line_id, line.line, line.source, month, ore)
        for line in payments.lines
        for month, ore in zip(payments.months, line.ore, strict=True)
        if ore
    )


def _months(found: set[date]) -> tuple[date, ...]:
    if not found:
        return ()
    first, last = min(found), max(found)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    indices = range(first.month - 1, first.month - 1 + count)
    return tuple(date(first.year + index // 12, index % 12 + 1, 1) for index in indices)


def _tree(
    problem: Problem, parent_id: str | None = None, depth: int = 0
) -> Iterator[tuple[str, int]]:
    for line in problem.budget_lines:
        if line.parent_id == parent_id:
            yield line.id, depth
            yield from _tree(problem, line.id, depth + 1)
