"""Plans for the same people side by side, in numbers that tell no small count.

What is shown of a plan follows from that plan and the people alone, never from the plans beside it:
`protect_plan` joins small counts within the plan, and a comparison joins no less. Whatever stands
in a comparison can thus be added up from what each plan shows by itself, and comparing plans in any
number of ways tells nothing more about one of them.

Within a plan the tables are nested, so that none gives away what another hides: lines add up to the
plan, and years and providers each add up to lines. A person counts once among target groups, so
that the rows add up to everybody and do not tell how many have several. The order of what is shown
together never follows its counts.

Prices are known, so that an exact sum of few different ones would tell how many of each there are:
such sums are rounded (`coarseness`), and whatever adds them up adds up what was rounded.

Plans for a part of the people are told apart by who is in: target groups are joined until each has
0 or many people in every part.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scheduler.outcome import DecidedPlacement, Proof
from scheduler.person import Person
from scheduler.report.disclosure import (
    Counts,
    coarseness,
    common_blocks,
    is_small,
    merge_small,
    protect,
    regroup,
    round_to,
)
from scheduler.report.views.books import Books
from scheduler.report.views.headline import usable_of
from scheduler.report.views.money import money_by_year

LineAndYear = tuple[str, int]
LineAndProvider = tuple[str, str]
Atom = TypeVar("Atom")
Parts = Sequence[Sequence[Person]]
"""People in parts that plans for some of them could be told apart by."""
MOST_PLANS = 5
SEVERAL = ""
"""Stands for whoever belongs to more than one target group."""


@dataclass(frozen=True, slots=True)
class Totals:
    """A plan in all; None where a number is not shown."""

    people: int
    placed: int | None
    """None: 1 to 4, or so few wait that it would tell how many."""
    waiting: int | None
    cost_ore: int | None
    """For new placements and shortfalls."""
    cost_per_course_ore: int | None
    """Of the placements' prices, rounded down."""
    left_ore: int | None
    rounded_to_ore: int
    """The coarsest that an amount of the plan is rounded to; 1: none is rounded."""
    proof: Proof
    is_protected: bool
    """Whether so few are placed, or wait, that the plan's courses are not shown."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Target groups that are shown together: one number a plan."""

    groups: tuple[str, ...]
    """Codes, or `SEVERAL`."""
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
    money: Money


def compare(plans: Sequence[Books], parts: Sequence[Parts] | None = None) -> Comparison:
    """The plans side by side.

    Parameters
    ----------
    plans
        All for the same people, or each for some of them.
    parts
        For each plan the parts of all people; none: each is for everybody.
    """
    known = parts or [() for _ in plans]
    shown = [protect_plan(books, part) for books, part in zip(plans, known, strict=True)]
    return Comparison(
        totals=tuple(each.totals for each in shown),
        groups=_groups(shown),
        lines=_lines(plans, shown),
        providers=_providers(shown),
    )


def protect_plan(books: Books, parts: Parts = ()) -> Protected:
    """What may be shown of a plan."""
    courses = _courses_by_line(books)
    by_line = merge_small([Counts((line,), (count,)) for line, count in courses.items()])
    providers = tuple(_by_provider(books, by_line))
    money = Money(books, providers)
    totals = _totals(books, money)
    if totals.is_protected:
        return Protected(totals, None, (), (), money)
    return Protected(
        totals=totals,
        groups=_groups_shown(books, parts),
        years=_year_blocks(books, by_line),
        providers=providers,
        money=money,
    )


# What may be shown of one plan


class Money:
    """What is told of a plan's money; sums of few different prices are rounded.

    Parameters
    ----------
    books
        The plan.
    providers
        What is shown of its courses by provider.
    """

    def __init__(self, books: Books, providers: Sequence[Counts[LineAndProvider]]) -> None:
        self._books = books
        self._rows = {(row.line_id, row.year): row for row in money_by_year(books)}
        steps, held = self._placement_steps(providers), self._committed_steps()
        planned, committed = self._exact("placement", "shortfall"), self._exact("enrolment")
        self._planned = {
            atom: round_to(ore, steps.get(atom[0], 1)) for atom, ore in planned.items()
        }
        self._committed = {atom: round_to(ore, held[atom]) for atom, ore in committed.items()}
        self._left_steps = {
            atom: max(steps.get(atom[0], 1), held.get(atom, 1)) for atom in planned | committed
        }
        self.starts = Counter(atom for atom, _ in self._placements())
        self.costs = self._costs(steps)
        """Of the courses that start, by line and year of start."""
        self.total_costs = sum(
            round_to(ore, steps[line]) for line, ore in _by_line(self._placements()).items()
        )
        """Of all courses that start."""
        self.coarsest = max((1, *steps.values(), *held.values()))

    def planned(self, line_id: str, year: int) -> int:
        """Paid in a year for new courses and shortfalls, by a line and those below it."""
        return sum(self._planned.get((each, year), 0) for each in self._below(line_id))

    def left(self, line_id: str, year: int) -> int:
        """What could still be planned, as far as rounded amounts tell; then never below 0.

        Worked out from what is told already, so that it tells no more.
        """
        row, below = self._rows[line_id, year], self._below(line_id)
        committed = sum(self._committed.get((each, year), 0) for each in below)
        left = row.decided_ore - row.reserve_ore - committed - self.planned(line_id, year)
        step = max((self._left_steps.get((each, year), 1) for each in below), default=1)
        return left if step == 1 else max(0, round_to(left, step))

    def total_planned(self) -> int:
        """Of all lines and years."""
        return sum(self._planned.values())

    def usable(self) -> int:
        """What programmes could still be paid with."""
        left = {atom: self.left(*atom) for atom in self._rows}
        return usable_of(self._books.problem, left)

    def _below(self, line_id: str) -> list[str]:
        """The line and all that it holds."""
        facts = self._books.facts
        lines = (line.id for line in self._books.problem.budget_lines)
        return [each for each in lines if line_id in facts.line_and_ancestors(each)]

    def _exact(self, *sources: str) -> Counter[LineAndYear]:
        """Øre by the line itself, without those below it."""
        paid: Counter[LineAndYear] = Counter()
        for course in self._books.courses:
            if course.source in sources:
                for week, ore in course.paid:
                    paid[_line_of(self._books, course.programme_id), week.year] += ore
        if "shortfall" in sources:
            for short in self._books.checker.shortfalls():
                last = self._books.facts.contracts[short.contract_id].last_week
                paid[short.budget_line_id, last.year] += short.ore
        return paid

    def _placements(self) -> Iterable[tuple[LineAndYear, DecidedPlacement]]:
        for row in self._books.document.placements:
            yield (_line_of(self._books, row.programme_id), row.start.year), row

    def _placement_steps(self, providers: Iterable[Counts[LineAndProvider]]) -> dict[str, int]:
        """By line, what its amounts are rounded to: how many courses providers have is known."""
        costs: dict[LineAndProvider, list[int]] = {}
        for (line, _), row in self._placements():
            costs.setdefault((line, row.provider_id), []).append(row.cost_ore)
        steps: dict[str, int] = dict.fromkeys((line for line, _ in costs), 1)
        for shown in providers:
            ore = [cost for atom in shown.groups for cost in costs[atom]]
            for line, _ in shown.groups:
                steps[line] = max(steps[line], coarseness(ore, max(ore) - min(ore)))
        for line, ore_each in self._told_by_shortfalls():
            steps[line] = max(steps.get(line, 1), coarseness([line], ore_each))
        return steps

    def _told_by_shortfalls(self) -> Iterable[tuple[str, int]]:
        """Lines that pay for what few courses of a contract are short of, and how much at most."""
        books = self._books
        contracts = {offer.id: offer.contract_id for offer in books.problem.offers}
        started = Counter(contracts[row.offer_id] for row in books.document.placements)
        for short in books.checker.shortfalls():
            if is_small(started[short.contract_id]):
                yield short.budget_line_id, short.ore

    def _costs(self, steps: Mapping[str, int]) -> dict[LineAndYear, int]:
        """Years apart tell who starts when, too, so that prices of all providers matter."""
        costs: dict[LineAndYear, list[int]] = {}
        for atom, row in self._placements():
            costs.setdefault(atom, []).append(row.cost_ore)
        years = Counter(line for line, _ in costs)
        return {
            (line, year): round_to(
                sum(ore),
                max(steps[line], coarseness(ore, max(ore) - min(ore)) if years[line] > 1 else 1),
            )
            for (line, year), ore in costs.items()
        }

    def _committed_steps(self) -> dict[LineAndYear, int]:
        paid: dict[LineAndYear, Counter[int]] = {}
        for number, course in enumerate(self._books.courses):
            if course.source == "enrolment":
                for week, ore in course.paid:
                    atom = (_line_of(self._books, course.programme_id), week.year)
                    paid.setdefault(atom, Counter())[number] += ore
        return {
            atom: coarseness((True for _ in courses), max(courses.values()))
            for atom, courses in paid.items()
        }


def _by_line(placements: Iterable[tuple[LineAndYear, DecidedPlacement]]) -> Counter[str]:
    costs: Counter[str] = Counter()
    for (line, _), row in placements:
        costs[line] += row.cost_ore
    return costs


def _totals(books: Books, money: Money) -> Totals:
    document = books.document
    placed, waiting = len(document.placements), len(document.waiting)
    # Prices are known, so that money tells how many are placed; and so how many wait.
    hides = is_small(placed) or is_small(waiting)
    return Totals(
        people=document.people,
        placed=None if hides else placed,
        waiting=None if hides else waiting,
        cost_ore=None if hides else money.total_planned(),
        cost_per_course_ore=None if hides or not placed else money.total_costs // placed,
        left_ore=None if hides else money.usable(),
        rounded_to_ore=1 if hides else money.coarsest,
        proof=document.proof,
        is_protected=hides,
    )


def _groups_shown(books: Books, parts: Parts) -> tuple[Counts[str], ...] | None:
    placed_ids = {row.person_id for row in books.document.placements}
    waiting_ids = {row.person_id for row in books.document.waiting}
    people = books.problem.people
    counts = _by_group(
        [
            [person for person in people if person.id in placed_ids],
            [person for person in people if person.id in waiting_ids],
        ]
    )
    if parts:
        sizes = _by_group(parts)
        known = {row.groups for row in counts}
        counts = (
            *counts,
            *(Counts(row.groups, (0, 0)) for row in sizes if row.groups not in known),
        )
        rows = protect(counts, sizes)
    else:
        rows = protect(counts)
    return None if any(is_small(count) for row in rows for count in row.counts) else rows


def _by_group(parts: Parts) -> tuple[Counts[str], ...]:
    """People by target group, once each, in every part."""
    tables = [Counter(_group_of(person) for person in part) for part in parts]
    codes = sorted({code for table in tables for code in table}, key=lambda code: (not code, code))
    return tuple(Counts((code,), tuple(table[code] for table in tables)) for code in codes)


def _group_of(person: Person) -> str:
    return person.target_groups[0] if len(set(person.target_groups)) == 1 else SEVERAL


def _courses_by_line(books: Books) -> dict[str, int]:
    """In the order of the problem, which tells nothing of the counts."""
    counted = Counter(_line_of(books, row.programme_id) for row in books.document.placements)
    return {line.id: counted[line.id] for line in books.problem.budget_lines if counted[line.id]}


def _line_of(books: Books, programme_id: str) -> str:
    return books.facts.programmes[programme_id].budget_line_id


def _year_blocks(
    books: Books, by_line: Sequence[Counts[str]]
) -> tuple[tuple[LineAndYear, ...], ...]:
    """Years apart where a line stands alone and in each 0 or many start and are paid for."""
    years = _years(books)
    starts = Counter(
        (_line_of(books, row.programme_id), row.start.year) for row in books.document.placements
    )
    paid = Counter(
        (_line_of(books, course.programme_id), year)
        for course in books.courses
        if course.source == "placement"
        for year in {week.year for week, ore in course.paid if ore}
    )
    used = {line for row in by_line for line in row.groups}
    idle = {programme.budget_line_id for programme in books.problem.programmes} - used
    blocks: list[tuple[LineAndYear, ...]] = []
    for lines in (*(row.groups for row in by_line), *((line,) for line in sorted(idle))):
        atoms = tuple((line, year) for line in lines for year in years)
        tells_few = any(is_small(count[atom]) for atom in atoms for count in (starts, paid))
        blocks += [(atom,) for atom in atoms] if len(lines) == 1 and not tells_few else [atoms]
    return tuple(blocks)


def _years(books: Books) -> tuple[int, ...]:
    years = {row.year for row in money_by_year(books)}
    return tuple(sorted(years | {row.start.year for row in books.document.placements}))


def _by_provider(books: Books, by_line: Sequence[Counts[str]]) -> Iterable[Counts[LineAndProvider]]:
    courses = Counter(
        (_line_of(books, row.programme_id), row.provider_id) for row in books.document.placements
    )
    for row in by_line:
        atoms = itertools.product(row.groups, (each.id for each in books.problem.providers))
        yield from merge_small(
            [Counts((atom,), (courses[atom],)) for atom in atoms if courses[atom]]
        )


# Plans side by side


def _groups(shown: Sequence[Protected]) -> tuple[GroupRow, ...]:
    blocks = common_blocks([row.groups for row in each.groups or ()] for each in shown)
    tables = [
        None if each.groups is None else _counts_in(each.groups, blocks, width=2) for each in shown
    ]
    rows = (
        GroupRow(
            groups=block,
            placed=tuple(None if table is None else table[number][0] for table in tables),
            waiting=tuple(None if table is None else table[number][1] for table in tables),
        )
        for number, block in enumerate(blocks)
    )
    return tuple(sorted(rows, key=lambda row: -_most(row.placed) - _most(row.waiting)))


def _providers(shown: Sequence[Protected]) -> tuple[ProviderRow, ...]:
    blocks = common_blocks([row.groups for row in each.providers] for each in shown)
    tables = [
        None if each.totals.is_protected else _counts_in(each.providers, blocks, width=1)
        for each in shown
    ]
    rows = (
        ProviderRow(
            lines=tuple(sorted({line for line, _ in block})),
            providers=tuple(dict.fromkeys(provider for _, provider in block)),
            courses=tuple(None if table is None else table[number][0] for table in tables),
        )
        for number, block in enumerate(blocks)
    )
    return tuple(sorted(rows, key=lambda row: -_most(row.courses)))


def _most(counts: Iterable[int | None]) -> int:
    """Rows with many come first; what is shown together is told as one."""
    return max((count or 0 for count in counts), default=0)


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
        decided_ore=each(lambda ledger: ledger.decided(block)),
        planned_ore=each(lambda ledger: ledger.planned(block)),
        left_ore=each(lambda ledger: ledger.left(block)),
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
            decided_ore=tuple(ledger.decided([atom]) for ledger in ledgers),
            planned_ore=tuple(ledger.planned([atom]) for ledger in ledgers),
            left_ore=tuple(ledger.left([atom]) for ledger in ledgers),
            is_pot=True,
        )
        for atom in found
    )


class _Ledger:
    """Courses and money of a plan by line and year of start or pay."""

    def __init__(self, books: Books, shown: Protected) -> None:
        self._hides_all = shown.totals.is_protected
        self._told = shown.money
        self._decided = {(row.line_id, row.year): row.decided_ore for row in money_by_year(books)}
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
        return None if self._hides_all else sum(self._told.starts[atom] for atom in block)

    def cost_per_course(self, block: tuple[LineAndYear, ...]) -> int | None:
        """Of the courses that start; none where nothing is shown, or nothing starts."""
        courses = self.courses(block)
        if not courses:
            return None
        return sum(self._told.costs.get(atom, 0) for atom in block) // courses

    def decided(self, block: Iterable[LineAndYear]) -> int | None:
        """Decided money."""
        return self._add_up(block, lambda atom: self._decided[atom])

    def planned(self, block: Iterable[LineAndYear]) -> int | None:
        """Paid for new courses and shortfalls."""
        return self._add_up(block, lambda atom: self._told.planned(*atom))

    def left(self, block: Iterable[LineAndYear]) -> int | None:
        """What could still be planned."""
        return self._add_up(block, lambda atom: self._told.left(*atom))

    def _add_up(
        self, block: Iterable[LineAndYear], amount: Callable[[LineAndYear], int]
    ) -> int | None:
        """Over lines and years; none where it is not shown or would count twice."""
        atoms = [atom for atom in block if atom in self._decided]
        lines = {line for line, _ in block}
        counts_twice = len(lines) > 1 and not lines.isdisjoint(self._holds_others)
        if self._hides_all or counts_twice or not atoms:
            return None
        return sum(amount(atom) for atom in atoms)
