"""Plans for the same people side by side, in numbers that tell no small count.

What is shown of a plan follows from that plan and the people alone, never from the plans beside it:
`protect_plan` joins small counts within the plan, and a comparison joins no less. Whatever stands
in a comparison can thus be added up from what each plan shows by itself, and comparing plans in any
number of ways tells nothing more about one of them.

Within a plan the tables are nested, so that none gives away what another hides: lines add up to the
plan, and years and providers each add up to lines. Money follows the rows of courses, since prices
are known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scheduler.outcome import Proof
from scheduler.report.disclosure import (
    Counts,
    common_blocks,
    is_small,
    merge_small,
    protect,
    regroup,
)
from scheduler.report.views.books import Books
from scheduler.report.views.headline import left_to_plan
from scheduler.report.views.money import LineYear, money_by_year

LineAndYear = tuple[str, int]
LineAndProvider = tuple[str, str]
Atom = TypeVar("Atom")
MOST_PLANS = 5


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan in all; None where a number is not shown."""

    people: int
    placed: int | None
    """None: 1 to 4, or so few wait that it would tell how many."""
    waiting: int | None
    cost_ore: int | None
    """For new placements and shortfalls; None where 1 to 4 are placed."""
    cost_per_course_ore: int | None
    """Of the placements' prices, rounded down."""
    left_ore: int | None
    proof: Proof
    is_protected: bool
    """Whether so few are placed, or wait, that the plan's courses are not shown."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Target groups that are shown together: one number a plan."""

    groups: tuple[str, ...]
    placed: tuple[int | None, ...]
    waiting: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class LineRow:
    """Budget lines and years that are shown together: one number a plan."""

    lines: tuple[str, ...]
    years: tuple[int, ...]
    """The year, or all the years that are shown together."""
    courses: tuple[int | None, ...]
    """New courses that start."""
    cost_per_course_ore: tuple[int | None, ...]
    """Of the courses that start, over all the years they are paid in; rounded down."""
    decided_ore: tuple[int | None, ...]
    planned_ore: tuple[int | None, ...]
    """Paid in these years for new courses and shortfalls."""
    left_ore: tuple[int | None, ...]
    is_pot: bool = False
    """Whether it holds what the lines below it pay, which have rows of their own."""


@dataclass(frozen=True, slots=True)
class ProviderRow:
    """Providers that are shown together, within the lines that pay them: one number a plan."""

    lines: tuple[str, ...]
    providers: tuple[str, ...]
    courses: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Plans side by side; each tuple of numbers is in the order of the plans."""

    totals: tuple[Totals, ...]
    groups: tuple[GroupRow, ...]
    lines: tuple[LineRow, ...]
    providers: tuple[ProviderRow, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """What may be shown of a plan, whichever plans stand beside it."""

    totals: Totals
    groups: tuple[Counts[str], ...] | None
    """Placed and waiting; none where not even the sum of all groups may be shown."""
    years: tuple[tuple[LineAndYear, ...], ...]
    """Lines and years that are shown together."""
    providers: tuple[Counts[LineAndProvider], ...]


def compare(plans: Sequence[Books]) -> Comparison:
    """The plans side by side; all are for the same people."""
    shown = [protect_plan(books) for books in plans]
    return Comparison(
        totals=tuple(each.totals for each in shown),
        groups=_groups(shown),
        lines=_lines(plans, shown),
        providers=_providers(shown),
    )


def protect_plan(books: Books) -> Protected:
    """What may be shown of a plan."""
    totals = _totals(books)
    if totals.is_protected:
        return Protected(totals, None, (), ())
    courses = _courses_by_line(books)
    by_line = merge_small([Counts((line,), (count,)) for line, count in courses.items()])
    return Protected(
        totals=totals,
        groups=_groups_shown(books),
        years=_year_blocks(books, by_line),
        providers=tuple(_by_provider(books, by_line)),
    )


# What may be shown of one plan


def _totals(books: Books) -> Totals:
    document = books.document
    placed, waiting = len(document.placements), len(document.waiting)
    hides = is_small(placed) or is_small(waiting)
    hides_money = is_small(placed)
    paid = sum(row.cost_ore for row in document.placements)
    return Totals(
        people=document.people,
        placed=None if hides else placed,
        waiting=None if hides else waiting,
        cost_ore=None if hides_money else document.goals.cost,
        cost_per_course_ore=None if hides or not placed else paid // placed,
        left_ore=None if hides_money else left_to_plan(books),
        proof=document.proof,
        is_protected=hides,
    )


def _groups_shown(books: Books) -> tuple[Counts[str], ...] | None:
    rows = protect(_people_by_group(books))
    return None if any(is_small(count) for row in rows for count in row.counts) else rows


def _people_by_group(books: Books) -> tuple[Counts[str], ...]:
    groups = {person.id: person.target_groups for person in books.problem.people}
    placed = Counter(code for row in books.document.placements for code in groups[row.person_id])
    waiting = Counter(code for row in books.document.waiting for code in groups[row.person_id])
    codes = sorted(placed | waiting, key=lambda code: (-placed[code] - waiting[code], code))
    return tuple(Counts((code,), (placed[code], waiting[code])) for code in codes)


def _courses_by_line(books: Books) -> Counter[str]:
    return Counter(_line_of(books, row.programme_id) for row in books.document.placements)


def _line_of(books: Books, programme_id: str) -> str:
    return books.facts.programmes[programme_id].budget_line_id


def _year_blocks(
    books: Books, by_line: Sequence[Counts[str]]
) -> tuple[tuple[LineAndYear, ...], ...]:
    """Years apart where a line stands alone and starts 0 or many in each; else all together."""
    years = _years(books)
    starts = Counter(
        (_line_of(books, row.programme_id), row.start.year) for row in books.document.placements
    )
    used = {line for row in by_line for line in row.groups}
    idle = {programme.budget_line_id for programme in books.problem.programmes} - used
    blocks: list[tuple[LineAndYear, ...]] = []
    for lines in (*(row.groups for row in by_line), *((line,) for line in sorted(idle))):
        atoms = tuple((line, year) for line in lines for year in years)
        stand_apart = len(lines) == 1 and not any(is_small(starts[atom]) for atom in atoms)
        blocks += [(atom,) for atom in atoms] if stand_apart else [atoms]
    return tuple(blocks)


def _years(books: Books) -> tuple[int, ...]:
    years = {row.year for row in money_by_year(books)}
    return tuple(sorted(years | {row.start.year for row in books.document.placements}))


def _by_provider(books: Books, by_line: Sequence[Counts[str]]) -> Iterable[Counts[LineAndProvider]]:
    courses = Counter(
        (_line_of(books, row.programme_id), row.provider_id) for row in books.document.placements
    )
    for row in by_line:
        own = [
            Counts((atom,), (count,)) for atom, count in courses.items() if atom[0] in row.groups
        ]
        yield from merge_small(sorted(own, key=lambda each: (-each.total, each.groups)))


# Plans side by side


def _groups(shown: Sequence[Protected]) -> tuple[GroupRow, ...]:
    blocks = common_blocks([row.groups for row in each.groups or ()] for each in shown)
    tables = [
        None if each.groups is None else _counts_in(each.groups, blocks, width=2) for each in shown
    ]
    return tuple(
        GroupRow(
            groups=block,
            placed=tuple(None if table is None else table[number][0] for table in tables),
            waiting=tuple(None if table is None else table[number][1] for table in tables),
        )
        for number, block in enumerate(blocks)
    )


def _providers(shown: Sequence[Protected]) -> tuple[ProviderRow, ...]:
    blocks = common_blocks([row.groups for row in each.providers] for each in shown)
    tables = [
        None if each.totals.is_protected else _counts_in(each.providers, blocks, width=1)
        for each in shown
    ]
    return tuple(
        ProviderRow(
            lines=tuple(sorted({line for line, _ in block})),
            providers=tuple(dict.fromkeys(provider for _, provider in block)),
            courses=tuple(None if table is None else table[number][0] for table in tables),
        )
        for number, block in enumerate(blocks)
    )


def _counts_in(
    rows: Sequence[Counts[Atom]], blocks: Sequence[tuple[Atom, ...]], *, width: int
) -> list[tuple[int, ...]]:
    """The counts of each block; whatever the plan has none of counts as 0."""
    there = {group for row in rows for group in row.groups}
    own = [tuple(group for group in block if group in there) for block in blocks]
    counted = iter(regroup(rows, [block for block in own if block]))
    return [next(counted).counts if block else (0,) * width for block in own]


def _lines(plans: Sequence[Books], shown: Sequence[Protected]) -> tuple[LineRow, ...]:
    blocks = common_blocks(each.years for each in shown)
    ledgers = [_Ledger(books, each) for books, each in zip(plans, shown, strict=True)]
    apart = {block[0] for block in blocks if len(block) == 1}
    rows = [_line_row(block, ledgers) for block in blocks]
    return (*_pots(ledgers, apart), *rows)


def _line_row(block: tuple[LineAndYear, ...], ledgers: Sequence[_Ledger]) -> LineRow:
    def each(value: Callable[[_Ledger], int | None]) -> tuple[int | None, ...]:
        return tuple(value(ledger) for ledger in ledgers)

    return LineRow(
        lines=tuple(dict.fromkeys(line for line, _ in block)),
        years=tuple(sorted({year for _, year in block})),
        courses=each(lambda ledger: ledger.courses(block)),
        cost_per_course_ore=each(lambda ledger: ledger.cost_per_course(block)),
        decided_ore=each(lambda ledger: ledger.money(block, lambda row: row.decided_ore)),
        planned_ore=each(lambda ledger: ledger.money(block, lambda row: row.planned_ore)),
        left_ore=each(lambda ledger: ledger.money(block, lambda row: row.left_ore)),
    )


def _pots(ledgers: Sequence[_Ledger], apart: set[LineAndYear]) -> tuple[LineRow, ...]:
    """Lines that only hold others, in years in which every payer below them stands alone."""
    found: dict[LineAndYear, None] = {}
    for ledger in ledgers:
        for line, payers in ledger.pots.items():
            for year in ledger.years:
                if all((payer, year) in apart for payer in payers):
                    found[line, year] = None
    return tuple(
        LineRow(
            lines=(atom[0],),
            years=(atom[1],),
            courses=tuple(None for _ in ledgers),
            cost_per_course_ore=tuple(None for _ in ledgers),
            decided_ore=tuple(ledger.pot(atom, lambda row: row.decided_ore) for ledger in ledgers),
            planned_ore=tuple(ledger.pot(atom, lambda row: row.planned_ore) for ledger in ledgers),
            left_ore=tuple(ledger.pot(atom, lambda row: row.left_ore) for ledger in ledgers),
            is_pot=True,
        )
        for atom in found
    )


class _Ledger:
    """Courses and money of a plan by line and year of start or pay."""

    def __init__(self, books: Books, shown: Protected) -> None:
        self._hides_all = shown.totals.is_protected
        self._money = {(row.line_id, row.year): row for row in money_by_year(books)}
        self._starts: Counter[LineAndYear] = Counter()
        self._cost: Counter[LineAndYear] = Counter()
        for row in books.document.placements:
            atom = (_line_of(books, row.programme_id), row.start.year)
            self._starts[atom] += 1
            self._cost[atom] += row.cost_ore
        self.years = _years(books)
        payers = {programme.budget_line_id for programme in books.problem.programmes}
        self.pots = {
            line.id: [payer for payer in payers if line.id in books.facts.line_and_ancestors(payer)]
            for line in books.problem.budget_lines
            if line.id not in payers
        }
        self._holds_others = {line.parent_id for line in books.problem.budget_lines}

    def courses(self, block: Iterable[LineAndYear]) -> int | None:
        """New courses that start."""
        return None if self._hides_all else sum(self._starts[atom] for atom in block)

    def cost_per_course(self, block: tuple[LineAndYear, ...]) -> int | None:
        """Of the courses that start; none where nothing is shown, or nothing starts."""
        courses = self.courses(block)
        return sum(self._cost[atom] for atom in block) // courses if courses else None

    def money(
        self, block: tuple[LineAndYear, ...], amount: Callable[[LineYear], int]
    ) -> int | None:
        """An amount over lines and years; none where it is not shown or would count twice."""
        counts_twice = len({line for line, _ in block}) > 1 and any(
            line in self._holds_others for line, _ in block
        )
        if self._hides_all or counts_twice:
            return None
        return sum(amount(self._money[atom]) for atom in block if atom in self._money)

    def pot(self, atom: LineAndYear, amount: Callable[[LineYear], int]) -> int | None:
        """An amount of a line that only holds others."""
        if self._hides_all or atom not in self._money:
            return None
        return amount(self._money[atom])
