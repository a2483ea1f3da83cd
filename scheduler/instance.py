"""A problem compiled to read-only arrays: the only place where ids become indices.

`Supply` holds what there is, by person, offer, site and week. `Courses` are offers with a length
and a start; `Options` are people on courses that break no rule by themselves.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from providers import Offer, Site, Week
from scheduler.person import Enrolment, Person
from scheduler.plan import Placement, Plan, Start
from scheduler.problem import Problem
from scheduler.rules import RULES, length, price, window
from scheduler.violation import RuleName

if TYPE_CHECKING:
    from scheduler.rules.rule import Rule

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
PLACES = "places"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A whole-number variable: what a take-or-pay contract is short of its least."""

    contract_id: str
    unit: Literal["courses", "ore"]
    most: int
    """The shortfall if the plan places nobody under the contract."""
    ore_each: int
    """What each unit costs in øre."""
    line: int
    """The line that pays."""
    year: int
    """When, counted from the first year."""


class Supply:
    """What there is: people, offers, sites, weeks, resources and money, as arrays.

    Weeks are positions counted from `origin`; years count from `first_year`. People who seek a
    place stand in an order made of their facts, so that ids and the order of rows decide nothing
    but between people alike in every fact.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people: tuple[Person, ...] = _in_canonical_order(problem)
        self.offers: tuple[Offer, ...] = tuple(sorted(problem.offers, key=lambda o: o.id))
        self.sites: tuple[Site, ...] = tuple(sorted(problem.sites, key=lambda s: s.id))
        self.enrolments: tuple[Enrolment, ...] = tuple(
            sorted((e for e in problem.enrolments if e.status != "no-show"), key=lambda e: e.id)
        )
        self.person_index = {person.id: i for i, person in enumerate(self.people)}
        self.offer_index = {offer.id: i for i, offer in enumerate(self.offers)}
        self.site_index = {site.id: i for i, site in enumerate(self.sites)}
        self.programmes = {programme.id: programme for programme in problem.programmes}
        self.contracts = {contract.id: contract for contract in problem.contracts}
        self.site_of_offer: Ints = np.array(
            [self.site_index[offer.site_id] for offer in self.offers], dtype=np.int64
        )
        self._lay_out_weeks()
        self._lay_out_resources()
        self._lay_out_money()
        self._add_enrolments()

    # -- weeks ---------------------------------------------------------------------------------

    def _lay_out_weeks(self) -> None:
        problem = self.problem
        # A shortfall is paid in the year of the last week, whether or not any course runs then.
        charged = [contract.last_week for contract in problem.contracts if contract.take_or_pay]
        firsts = [problem.first_start, *(e.start for e in self.enrolments), *charged]
        self.origin = min(firsts).ordinal
        longest = max(
            [1]
            + [p.weeks_needed or 1 for p in self.people]
            + [p.least_weeks for p in problem.programmes]
            + [o.weeks for o in self.offers]
        )
        latest = [problem.last_start.ordinal + longest]
        latest += [e.start.ordinal + e.weeks for e in self.enrolments]
        latest += [week.ordinal for week in charged]
        closed_weeks = {
            week
            for closure in problem.closures
            for week in range(
                max(closure.first_week.ordinal, self.origin), closure.last_week.ordinal + 1
            )
        }
        self.week_count = max(latest) - self.origin + len(closed_weeks) + 2
        self.closed: Bools = np.zeros((len(self.sites), self.week_count), dtype=np.bool_)
        for closure in problem.closures:
            first = max(0, closure.first_week.ordinal - self.origin)
            last = closure.last_week.ordinal - self.origin
            rows = slice(None) if closure.site_id is None else self.site_index[closure.site_id]
            self.closed[rows, first : max(0, last + 1)] = True
        self.open_before: Ints = np.zeros((len(self.sites), self.week_count + 1), dtype=np.int64)
        """``open_before[site, week]``: open weeks before the week."""
        np.cumsum(~self.closed, axis=1, out=self.open_before[:, 1:])
        self.year_of_week: Ints = np.array(
            [Week(self.origin + w).year for w in range(self.week_count)], dtype=np.int64
        )
        self.first_year = int(self.year_of_week[0])
        self.year_count = int(self.year_of_week[-1]) - self.first_year + 1
        self.year_ends: Ints = np.searchsorted(
            self.year_of_week, self.first_year + np.arange(self.year_count), side="right"
        ).astype(np.int64)
        """``year_ends[year]``: the first week after the year."""

    def position(self, week: Week) -> int:
        """The position of a week; it may lie outside the weeks laid out."""
        return week.ordinal - self.origin

    def week(self, position: int) -> Week:
        """The week at a position."""
        return Week(self.origin + int(position))

    def end_of(self, site: int, starts: Ints, weeks: Ints) -> Ints:
        """``end[k]``: last week of `weeks[k]` active weeks from `starts[k]` on at a site."""
        active = np.flatnonzero(~self.closed[site])
        first = self.open_before[site, starts]
        ends: Ints = active[np.minimum(first + weeks - 1, len(active) - 1)].astype(np.int64)
        return ends

    # -- resources -----------------------------------------------------------------------------

    def _lay_out_resources(self) -> None:
        problem = self.problem
        named = {use.resource for use in problem.uses} | {PLACES}
        self.resources: tuple[str, ...] = tuple(sorted(named))
        index = {resource: i for i, resource in enumerate(self.resources)}
        self.amount: Ints = np.zeros(
            (len(self.resources), len(self.sites), self.week_count), dtype=np.int64
        )
        """``amount[resource, site, week]``."""
        for s, site in enumerate(self.sites):
            self.amount[index[PLACES], s] = site.places
        for row in problem.capacity:
            if row.resource not in index:
                continue
            first = 0 if row.first_week is None else max(0, self.position(row.first_week))
            last = self.week_count if row.last_week is None else self.position(row.last_week) + 1
            self.amount[index[row.resource], self.site_index[row.site_id], first : max(0, last)] = (
                row.amount
            )
        self.offer_use: Ints = np.zeros((len(self.resources), len(self.offers)), dtype=np.int64)
        """``offer_use[resource, offer]`` of each participant in each active week."""
        self.offer_use[index[PLACES]] = 1
        self.person_use: Ints = np.zeros((len(self.resources), len(self.people)), dtype=np.int64)
        """``person_use[resource, person]`` on top."""
        self.person_use_by_id: dict[str, list[tuple[int, int]]] = {}
        for use in problem.uses:
            resource = index[use.resource]
            if use.offer_id is not None:
                self.offer_use[resource, self.offer_index[use.offer_id]] = use.amount
            elif use.person_id is not None:
                self.person_use_by_id.setdefault(use.person_id, []).append((resource, use.amount))
                person = self.person_index.get(use.person_id)
                if person is not None:
                    self.person_use[resource, person] += use.amount
        self.held: Ints = np.zeros_like(self.amount)
        """``held[resource, site, week]`` by enrolments."""

    def uses_when_paused(self, resource: int) -> bool:
        """Whether a participant keeps the resource in a closed week: only the place."""
        return self.resources[resource] == PLACES

    @cached_property
    def room(self) -> Ints:
        """``room[resource, site, week]``: what placements may use; never below 0."""
        room: Ints = np.maximum(self.amount - self.held, 0)
        return room

    # -- money ---------------------------------------------------------------------------------

    def _lay_out_money(self) -> None:
        problem = self.problem
        lines = {line.id: line for line in problem.budget_lines}
        self.lines: tuple[str, ...] = tuple(sorted(lines))
        self.line_index = {line: i for i, line in enumerate(self.lines)}
        shape = (len(self.lines), self.year_count)
        decided: Ints = np.zeros(shape, dtype=np.int64)
        self.has_money: Bools = np.zeros(shape, dtype=np.bool_)
        """``has_money[line, year]``: whether any amount is decided."""
        for movement in problem.budget_movements:
            year = movement.year - self.first_year
            if movement.status == "decided" and 0 <= year < self.year_count:
                line = self.line_index[movement.budget_line_id]
                decided[line, year] += movement.amount_ore
                self.has_money[line, year] = True
        reserves = np.array([lines[line].reserve_ore for line in self.lines], dtype=np.int64)
        self.limit: Ints = np.where(self.has_money, decided - reserves[:, None], 0)
        """``limit[line, year]`` in øre; below 0 where the reserve is larger than the amount."""
        self.payers: tuple[tuple[int, ...], ...] = tuple(
            self._line_and_ancestors(line, {i: row.parent_id for i, row in lines.items()})
            for line in self.lines
        )
        """By line: the line and its ancestors."""
        self.line_of_offer: Ints = np.array(
            [
                self.line_index[self.programmes[offer.programme_id].budget_line_id]
                for offer in self.offers
            ],
            dtype=np.int64,
        )
        self.committed: Ints = np.zeros(shape, dtype=np.int64)
        """``committed[line, year]`` in øre by enrolments, each line with what its children pay."""

    def _line_and_ancestors(self, line: str, parent_of: dict[str, str | None]) -> tuple[int, ...]:
        chain: list[int] = []
        at: str | None = line
        while at is not None:
            chain.append(self.line_index[at])
            at = parent_of[at]
        return tuple(chain)

    @cached_property
    def shortfalls(self) -> tuple[Shortfall, ...]:
        """What take-or-pay contracts may cost besides courses, by contract id."""
        found = []
        for key in sorted(self.contracts):
            contract = self.contracts[key]
            if not contract.take_or_pay or contract.shortfall_budget_line_id is None:
                continue
            courses = contract.least_courses - self.enrolled_courses.get(key, 0)
            ore = contract.least_ore - self.enrolled_ore.get(key, 0)
            counts_courses = contract.least_courses > 0
            found.append(
                Shortfall(
                    contract_id=key,
                    unit="courses" if counts_courses else "ore",
                    most=max(0, courses if counts_courses else ore),
                    ore_each=(contract.shortfall_course_ore or 0) if counts_courses else 1,
                    line=self.line_index[contract.shortfall_budget_line_id],
                    year=contract.last_week.year - self.first_year,
                )
            )
        return tuple(found)

    @cached_property
    def money_left(self) -> Ints:
        """``money_left[line, year]`` in øre that placements may cost; never below 0."""
        left: Ints = np.maximum(self.limit - self.committed, 0)
        return left

    # -- enrolments ----------------------------------------------------------------------------

    def _add_enrolments(self) -> None:
        self.enrolment_weeks: dict[str, list[tuple[int, int]]] = {}
        """By person id: first and last week of each enrolment."""
        self.enrolled_starts: dict[tuple[int, int], int] = {}
        """By offer and start week: enrolments."""
        self.enrolled_courses: dict[str, int] = {}
        """By contract: enrolments."""
        self.enrolled_ore: dict[str, int] = {}
        """By contract: what they cost in all."""
        self.enrolled_in_year: dict[tuple[str, int], int] = {}
        """By programme and year of start: enrolments."""
        for enrolment in self.enrolments:
            self._add_enrolment(enrolment)

    def _add_enrolment(self, enrolment: Enrolment) -> None:
        offer_index = self.offer_index[enrolment.offer_id]
        offer = self.offers[offer_index]
        programme = self.programmes[offer.programme_id]
        site = int(self.site_of_offer[offer_index])
        start = self.position(enrolment.start)
        active = start + np.flatnonzero(~self.closed[site, start:])[: enrolment.weeks]
        end = int(active[-1])
        if enrolment.last_week is not None:
            end = min(end, self.position(enrolment.last_week))
        self.enrolment_weeks.setdefault(enrolment.person_id, []).append((start, end))
        key = (offer_index, start)
        self.enrolled_starts[key] = self.enrolled_starts.get(key, 0) + 1

        own = dict(self.person_use_by_id.get(enrolment.person_id, []))
        for resource in range(len(self.resources)):
            use = int(self.offer_use[resource, offer_index]) + own.get(resource, 0)
            weeks = np.arange(start, end + 1)
            if not self.uses_when_paused(resource):
                weeks = weeks[~self.closed[site, weeks]]
            self.held[resource, site, weeks] += use

        shares = price.enrolment_shares(offer, enrolment)
        paid_weeks = active if programme.charged == "by-week" else np.full(len(active), start)
        if programme.charged == "by-week" and enrolment.last_week is not None:
            shares = np.where(active <= end, shares, 0)
        years = self.year_of_week[paid_weeks] - self.first_year
        for line in self.payers[int(self.line_of_offer[offer_index])]:
            np.add.at(self.committed[line], years, shares)
        year_key = (programme.id, enrolment.start.year)
        self.enrolled_in_year[year_key] = self.enrolled_in_year.get(year_key, 0) + 1
        if offer.contract_id is not None:
            courses, ore = self.enrolled_courses, self.enrolled_ore
            courses[offer.contract_id] = courses.get(offer.contract_id, 0) + 1
            ore[offer.contract_id] = ore.get(offer.contract_id, 0) + int(shares.sum())


@dataclass(frozen=True)
class Courses:
    """Offers with a length and a start week that break no rule by themselves.

    In order of offer, length, start.
    """

    offer: Ints
    """``offer[course]``."""
    weeks: Ints
    """``weeks[course]``: active weeks."""
    start: Ints
    """``start[course]``: position of the start week."""
    end: Ints
    """``end[course]``: position of the last week."""
    cost: Ints
    """``cost[course, year]`` in øre."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.offer)

    @cached_property
    def total(self) -> Ints:
        """``total[course]``: øre in all years."""
        return np.asarray(self.cost.sum(axis=1), dtype=np.int64)

    def only(self, kept: Bools) -> Courses:
        """Those where `kept` is true."""
        return Courses(
            self.offer[kept], self.weeks[kept], self.start[kept], self.end[kept], self.cost[kept]
        )


@dataclass(frozen=True, slots=True)
class Options:
    """Possible placements: a person on a course; in order of person, offer, start."""

    person: NDArray[np.int32]
    """``person[option]``."""
    course: NDArray[np.int32]
    """``course[option]``."""

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.person)

    def only(self, kept: Bools) -> Options:
        """Those where `kept` is true."""
        return Options(self.person[kept], self.course[kept])


@dataclass(frozen=True)
class Instance:
    """A compiled problem."""

    supply: Supply
    courses: Courses
    options: Options
    missing_money: tuple[tuple[int, int, int, int], ...]
    """``(line, year, options, people)`` that years without decided money exclude."""
    rules: tuple[Rule, ...]
    """The rules that are part of the model."""

    def placement(self, option: int) -> Placement:
        """The option as a placement."""
        person = self.supply.people[int(self.options.person[option])]
        return self._starts[int(self.options.course[option])].of(person.id)

    def plan(self, chosen: Ints) -> Plan:
        """The chosen options as placements, by person id."""
        placements = (self.placement(option) for option in chosen.tolist())
        return Plan(placements=tuple(sorted(placements, key=lambda one: one.person_id)))

    def starts_of(self, person_id: str) -> list[Start]:
        """Every possible start of a person who seeks a place."""
        options = self.options_of(self.supply.person_index[person_id])
        return [
            self._starts[course]
            for course in self.options.course[options.start : options.stop].tolist()
        ]

    @cached_property
    def _starts(self) -> list[Start]:
        """``starts[course]``."""
        return [
            Start(self.supply.offers[offer].id, self.supply.week(start), weeks)
            for offer, start, weeks in zip(
                self.courses.offer.tolist(),
                self.courses.start.tolist(),
                self.courses.weeks.tolist(),
                strict=True,
            )
        ]

    def options_of(self, person: int) -> range:
        """The options of a person."""
        return range(int(self._first_option[person]), int(self._first_option[person + 1]))

    @cached_property
    def _first_option(self) -> NDArray[np.intp]:
        """``first[person]``: where their options begin; at the end, how many options there are."""
        people = np.arange(len(self.supply.people) + 1, dtype=np.int32)
        return np.searchsorted(self.options.person, people)

    def option_of(self, placement: Placement) -> int | None:
        """The option that is this placement, if it is one."""
        person = self.supply.person_index.get(placement.person_id)
        if person is None:
            return None
        return next((o for o in self.options_of(person) if self.placement(o) == placement), None)


def compile_problem(problem: Problem, *, without: Collection[RuleName] = ()) -> Instance:
    """`problem` as arrays, with every possible placement.

    Parameters
    ----------
    without
        Rules to leave out of the model, for tests of the checker.
    """
    rules = tuple(rule for rule in RULES if rule.name not in without)
    supply = Supply(problem)
    allowed = np.ones((len(supply.people), len(supply.offers)), dtype=np.bool_)
    for rule in rules:
        if rule.allows_pairs is not None:
            allowed &= rule.allows_pairs(supply)
    weeks = length.active_weeks(supply, bound="length" not in without)
    courses = _list_courses(supply, allowed, weeks, priced="price" not in without)
    for rule in rules:
        if rule.allows_courses is not None:
            courses = courses.only(rule.allows_courses(supply, courses))
    person_weeks = window.person_weeks(supply, bound="window" not in without)
    options = _list_options(courses, allowed, weeks, person_weeks)
    for rule in rules:
        if rule.allows_options is not None:
            options = options.only(rule.allows_options(supply, courses, options))
    missing: tuple[tuple[int, int, int, int], ...] = ()
    if "budget" not in without:
        options, missing = _leave_out_missing_money(supply, courses, options)
    order = np.lexsort(
        (courses.start[options.course], courses.offer[options.course], options.person)
    )
    options = Options(options.person[order], options.course[order])
    return Instance(supply, courses, options, missing, rules)


def _in_canonical_order(problem: Problem) -> tuple[Person, ...]:
    """People who seek a place, by referral, then all their other facts, then id."""
    facts: dict[str, list[str]] = {}
    related = (problem.uses, problem.ratings, problem.enrolments, problem.pins)
    for table in related:
        for row in table:
            if row.person_id is not None:
                text = row.model_dump_json(exclude={"person_id", "id"})
                facts.setdefault(row.person_id, []).append(text)

    def key(person: Person) -> tuple[int, str, list[str], str]:
        own = person.model_dump_json(exclude={"id"})
        return person.referral.ordinal, own, sorted(facts.get(person.id, [])), person.id

    return tuple(sorted((p for p in problem.people if p.seeks_place), key=key))


def _list_courses(supply: Supply, allowed: Bools, weeks: Ints, *, priced: bool) -> Courses:
    """Every offer with every length that somebody has there and every start of the plan."""
    first = supply.position(supply.problem.first_start)
    last = supply.position(supply.problem.last_start)
    starts = np.arange(first, last + 1, dtype=np.int64)
    offers: list[Ints] = []
    lengths: list[Ints] = []
    ends: list[Ints] = []
    for offer in range(len(supply.offers)):
        for active_weeks in np.unique(weeks[allowed[:, offer], offer]):
            span = np.full(len(starts), active_weeks, dtype=np.int64)
            offers.append(np.full(len(starts), offer, dtype=np.int64))
            lengths.append(span)
            ends.append(supply.end_of(int(supply.site_of_offer[offer]), starts, span))
    repeated = np.tile(starts, len(offers))
    none: Ints = np.zeros(0, dtype=np.int64)
    offer_of, weeks_of, end_of = (np.concatenate([none, *part]) for part in (offers, lengths, ends))
    cost = price.cost_by_year(supply, offer_of, weeks_of, repeated, priced=priced)
    return Courses(offer_of, weeks_of, repeated, end_of, cost)


def _list_options(
    courses: Courses, allowed: Bools, weeks: Ints, person_weeks: tuple[Ints, Ints]
) -> Options:
    """Everybody on every course of the right offer and length within their own weeks."""
    earliest, latest = person_weeks
    person_parts: list[NDArray[np.int32]] = []
    course_parts: list[NDArray[np.int32]] = []
    keys = courses.offer * 1024 + courses.weeks
    boundaries = np.flatnonzero(np.diff(keys, prepend=-1))
    ends = np.append(boundaries, courses.count)[1:]
    for first, beyond in zip(boundaries, ends, strict=True):
        offer, active_weeks = int(courses.offer[first]), int(courses.weeks[first])
        takers = np.flatnonzero(allowed[:, offer] & (weeks[:, offer] == active_weeks))
        starts = courses.start[first:beyond]
        low = np.searchsorted(starts, earliest[takers], side="left")
        high = np.searchsorted(starts, latest[takers], side="right")
        counts = np.maximum(high - low, 0)
        person_parts.append(np.repeat(takers, counts).astype(np.int32))
        skipped = np.repeat(np.cumsum(counts) - counts, counts)
        within = np.arange(int(counts.sum())) - skipped + np.repeat(low, counts)
        course_parts.append((within + first).astype(np.int32))
    none: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
    return Options(np.concatenate([none, *person_parts]), np.concatenate([none, *course_parts]))


def _leave_out_missing_money(
    supply: Supply, courses: Courses, options: Options
) -> tuple[Options, tuple[tuple[int, int, int, int], ...]]:
    """The options that need no money of a year without any, and what that excludes."""
    kept = np.ones(courses.count, dtype=np.bool_)
    found: list[tuple[int, int, int, int]] = []
    for line in range(len(supply.lines)):
        pays = np.array([line in supply.payers[int(own)] for own in supply.line_of_offer], bool)
        for year in np.flatnonzero(~supply.has_money[line]):
            needs = pays[courses.offer] & (courses.cost[:, year] > 0) if courses.count else kept
            if not needs.any():
                continue
            excluded = needs[options.course]
            kept &= ~needs
            if excluded.any():
                people = len(np.unique(options.person[excluded]))
                found.append((line, int(year), int(excluded.sum()), people))
    return options.only(kept[options.course]), tuple(found)


def first_of_each(person: NDArray[np.int32]) -> Ints:
    """``first[k]``: where the options of the k-th person who has any begin.

    Parameters
    ----------
    person
        ``person[option]``, ascending.
    """
    return np.flatnonzero(np.diff(person, prepend=-1))
