"""Contradictions between records of a problem: the one place that knows them all."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from providers import Record, Week
from scheduler.cpr import looks_like_cpr, mask
from scheduler.language import Kr, Message

if TYPE_CHECKING:
    from scheduler.person import Enrolment
    from scheduler.problem import Problem

_MOST_WEEKS = 520
_MOST_SUGGESTED_FROM = 2_000
_MOST_SUGGESTIONS = 100
_CVR_WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)
_BUILT_IN_RESOURCE = "places"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in one record.

    `table` is a field of `Problem` (or ``plan`` for the fields that are not tables), `row` the
    index in that tuple (none for ``plan``), `field` the field's name; `value` stands there instead
    of what was `expected`.
    """

    table: str
    row: int | None
    field: str
    value: str
    expected: Message

    def __str__(self) -> str:
        place = self.table if self.row is None else f"{self.table}[{self.row}]"
        return f"{place}.{self.field}: “{mask(self.value)}” – expected {self.expected}"


def find_faults(
    problem: Problem, also_known: Mapping[str, Collection[str]] | None = None
) -> tuple[Fault, ...]:
    """Every contradiction between the records of `problem`, in order of table and row.

    Parameters
    ----------
    problem
        It need not have been validated as a whole; its records must have been one by one.
    also_known
        By table: ids of records that could not be read; references to them are no faults. Under
        ``plan``: names of settings that could not be read. Under a table without ids: anything,
        if a row of it could not be read.
    """
    known = _Known(problem, also_known or {})
    found = [fault for check in _CHECKS for fault in check(problem, known)]
    tables = {name: number for number, name in enumerate(("plan", *_TABLES))}
    return tuple(
        sorted(
            found, key=lambda fault: (tables[fault.table], -1 if fault.row is None else fault.row)
        )
    )


_TABLES = (
    "stages",
    "programmes",
    "budget_lines",
    "budget_movements",
    "people",
    "providers",
    "sites",
    "offers",
    "contracts",
    "capacity",
    "uses",
    "closures",
    "travel",
    "ratings",
    "enrolments",
    "pins",
    "codes",
)
_WITH_ID = (
    "programmes",
    "budget_lines",
    "people",
    "providers",
    "sites",
    "offers",
    "contracts",
    "enrolments",
)


@dataclass(slots=True)
class _Known:
    """The ids of each table, those of unreadable records among them."""

    problem: Problem
    also: Mapping[str, Collection[str]]
    suggestions: int = 0
    suggested: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def ids(self, table: str) -> frozenset[str]:
        """The ids of the records of a table that could be read."""
        return frozenset(record.id for record in getattr(self.problem, table))

    def is_unread(self, table: str, name: str) -> bool:
        """Whether a record of that id is there but could not be read."""
        return name in self.also.get(table, ())

    def all_read(self, table: str) -> bool:
        """Whether each row of the table could be read."""
        return not self.also.get(table)

    def nearest(self, kind: str, value: str, among: Collection[str]) -> str | None:
        """What was probably meant; looked for a hundred times at most."""
        if (kind, value) not in self.suggested:
            self.suggestions += 1
            too_many = self.suggestions > _MOST_SUGGESTIONS or len(among) > _MOST_SUGGESTED_FROM
            self.suggested[kind, value] = None if too_many else did_you_mean(value, among)
        return self.suggested[kind, value]


def did_you_mean(value: str, among: Iterable[str]) -> str | None:
    """The one of `among` that is written most like `value`, if any is nearly so."""
    by_plain = {option.casefold(): option for option in sorted(among)}
    found = difflib.get_close_matches(value.casefold(), by_plain, n=1, cutoff=0.7)
    return mask(by_plain[found[0]]) if found else None


def is_cvr(text: str) -> bool:
    """Whether `text` is a Danish company number: eight digits, weighted sum divisible by 11.

    Source: the check digit of the Central Business Register (CVR), modulus 11.
    """
    if not re.fullmatch(r"[0-9]{8}", text):
        return False
    return sum(int(d) * w for d, w in zip(text, _CVR_WEIGHTS, strict=True)) % 11 == 0


Check = Callable[["Problem", _Known], Iterator[Fault]]


def _rows(problem: Problem, table: str) -> Iterator[tuple[int, Record]]:
    yield from enumerate(getattr(problem, table))


# The plan's own settings


def _plan_weeks(problem: Problem, known: _Known) -> Iterator[Fault]:
    unread = known.also.get("plan", ())
    if not {"first_start", "as_of"} & set(unread) and problem.first_start < problem.as_of:
        expected = Message("a week not before the as-of week {week}", week=problem.as_of)
        yield Fault("plan", None, "first_start", str(problem.first_start), expected)
    if {"first_start", "last_start"} & set(unread):
        return
    if problem.last_start < problem.first_start:
        expected = Message("a week not before the first start {week}", week=problem.first_start)
        yield Fault("plan", None, "last_start", str(problem.last_start), expected)
    elif problem.last_start - problem.first_start >= _MOST_WEEKS:
        expected = Message("at most {most} start weeks", most=_MOST_WEEKS)
        yield Fault("plan", None, "last_start", str(problem.last_start), expected)


def _stages(problem: Problem, known: _Known) -> Iterator[Fault]:
    if not problem.stages and known.all_read("stages"):
        yield Fault("plan", None, "stages", "", Message("at least one goal"))


# Ids, references, codes


def _ids_once(problem: Problem, _: _Known) -> Iterator[Fault]:
    for table in _WITH_ID:
        ids = [record.id for record in getattr(problem, table)]
        yield from _repeated(table, "id", ids, Message("an id that no other row has"))


def _repeated(
    table: str, name: str, keys: Iterable[object], expected: Message, shown: str | None = None
) -> Iterator[Fault]:
    seen: set[object] = set()
    for row, key in enumerate(keys):
        if key in seen:
            value = ", ".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
            yield Fault(table, row, name, shown or value, expected)
        seen.add(key)


_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("programmes", "budget_line_id", "budget_lines"),
    ("budget_lines", "parent_id", "budget_lines"),
    ("budget_movements", "budget_line_id", "budget_lines"),
    ("people", "known_sites", "sites"),
    ("people", "excluded_sites", "sites"),
    ("people", "excluded_providers", "providers"),
    ("sites", "provider_id", "providers"),
    ("offers", "site_id", "sites"),
    ("offers", "programme_id", "programmes"),
    ("offers", "contract_id", "contracts"),
    ("contracts", "provider_id", "providers"),
    ("contracts", "shortfall_budget_line_id", "budget_lines"),
    ("capacity", "site_id", "sites"),
    ("uses", "offer_id", "offers"),
    ("uses", "person_id", "people"),
    ("closures", "site_id", "sites"),
    ("ratings", "person_id", "people"),
    ("ratings", "site_id", "sites"),
    ("enrolments", "person_id", "people"),
    ("enrolments", "offer_id", "offers"),
    ("pins", "person_id", "people"),
    ("pins", "offer_id", "offers"),
)
"""Table, field, and the table whose ids it holds."""

_ID_OF = {
    "budget_lines": Message("the id of a budget line"),
    "sites": Message("the id of a site"),
    "providers": Message("the id of a provider"),
    "programmes": Message("the id of a programme"),
    "contracts": Message("the id of a contract"),
    "offers": Message("the id of an offer"),
    "people": Message("the id of a person"),
}


def _references(problem: Problem, known: _Known) -> Iterator[Fault]:
    for table, name, target in _REFERENCES:
        ids = known.ids(target)
        for row, record in _rows(problem, table):
            for value in _values(record, name):
                if value not in ids and not known.is_unread(target, value):
                    nearest = known.nearest(target, value, ids)
                    yield Fault(table, row, name, value, _or_nearest(_ID_OF[target], nearest))


def _values(record: Record, name: str) -> tuple[str, ...]:
    value = getattr(record, name)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _or_nearest(expected: Message, nearest: str | None) -> Message:
    if nearest is None:
        return expected
    return Message("{expected}; did you mean “{nearest}”?", expected=expected, nearest=nearest)


_CODED: tuple[tuple[str, str, str], ...] = (
    ("programmes", "target_groups", "target-group"),
    ("programmes", "statuses", "status"),
    ("budget_movements", "kind", "movement-kind"),
    ("people", "target_groups", "target-group"),
    ("people", "status", "status"),
    ("people", "priority_basis", "priority-basis"),
    ("people", "needs", "need"),
    ("people", "wishes", "task-type"),
    ("people", "area", "area"),
    ("sites", "area", "area"),
    ("sites", "target_groups", "target-group"),
    ("sites", "task_types", "task-type"),
    ("sites", "equipment", "need"),
    ("capacity", "resource", "resource"),
    ("uses", "resource", "resource"),
    ("travel", "from_area", "area"),
    ("travel", "to_area", "area"),
)
"""Table, field, and the kind of code it holds."""


def _codes(problem: Problem, known: _Known) -> Iterator[Fault]:
    declared: dict[str, dict[str, list[tuple[Week | None, Week | None]]]] = defaultdict(dict)
    for entry in problem.codes:
        periods = declared[entry.kind].setdefault(entry.code, [])
        periods.append((entry.valid_from, entry.valid_to))
    as_of = None if "as_of" in known.also.get("plan", ()) else problem.as_of
    for table, name, kind in _CODED:
        if kind not in declared:
            continue
        for row, record in _rows(problem, table):
            for code in _values(record, name):
                expected = _expected_code(kind, code, declared[kind], as_of, known)
                if expected is not None:
                    yield Fault(table, row, name, code, expected)


def _expected_code(
    kind: str,
    code: str,
    declared: Mapping[str, Sequence[tuple[Week | None, Week | None]]],
    as_of: Week | None,
    known: _Known,
) -> Message | None:
    if kind == "resource" and code == _BUILT_IN_RESOURCE:
        return None
    if code not in declared:
        if known.is_unread("codes", code):
            return None
        nearest = known.nearest(kind, code, declared)
        return _or_nearest(Message("a code of the kind {kind}", kind=kind), nearest)
    if as_of is None or any(_holds(period, as_of) for period in declared[code]):
        return None
    return Message("a code of the kind {kind} that is valid in {week}", kind=kind, week=as_of)


def _holds(period: tuple[Week | None, Week | None], week: Week) -> bool:
    first, last = period
    return (first is None or first <= week) and (last is None or week <= last)


_LISTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("programmes", ("target_groups", "statuses")),
    (
        "people",
        (
            "target_groups",
            "needs",
            "wishes",
            "known_sites",
            "excluded_sites",
            "excluded_providers",
        ),
    ),
    ("sites", ("target_groups", "task_types", "equipment")),
    ("offers", ("start_weeks",)),
)


def _lists(problem: Problem, _: _Known) -> Iterator[Fault]:
    expected = Message("each entry once")
    for table, names in _LISTS:
        for row, record in _rows(problem, table):
            for name in names:
                entries = getattr(record, name)
                if len(set(entries)) < len(entries):
                    twice = [entry for entry, count in Counter(entries).items() if count > 1]
                    yield Fault(table, row, name, str(twice[0]), expected)


# Ranges


_RANGES: tuple[tuple[str, str, str], ...] = (
    ("programmes", "first_start", "last_start"),
    ("programmes", "least_age", "most_age"),
    ("people", "earliest_start", "latest_start"),
    ("sites", "opens", "closes"),
    ("offers", "first_start", "last_start"),
    ("contracts", "first_week", "last_week"),
    ("contracts", "least_courses", "most_courses"),
    ("contracts", "least_ore", "most_ore"),
    ("capacity", "first_week", "last_week"),
    ("closures", "first_week", "last_week"),
    ("codes", "valid_from", "valid_to"),
)
"""Table, and the fields that hold the lower and the upper end."""


def _ranges(problem: Problem, _: _Known) -> Iterator[Fault]:
    for table, low, high in _RANGES:
        for row, record in _rows(problem, table):
            first, last = getattr(record, low), getattr(record, high)
            if first is not None and last is not None and last < first:
                yield Fault(table, row, high, _shown(last, high), _not_below(first, low))


def _shown(value: object, name: str) -> str:
    """A value as it stands in a file: money in kr."""
    if not name.endswith("_ore"):
        return str(value)
    kr, ore = divmod(int(str(value)), 100)
    return f"{kr},{ore:02d}" if ore else str(kr)


def _not_below(first: object, name: str) -> Message:
    if isinstance(first, Week):
        return Message("a week not before {week}", week=first)
    shown = Kr(int(str(first))) if name.endswith("_ore") else first
    return Message("not less than the least, {least}", least=shown)


def _overlaps(problem: Problem, _: _Known) -> Iterator[Fault]:
    capacity = [
        ((entry.site_id, entry.resource), entry.first_week, entry.last_week)
        for entry in problem.capacity
    ]
    for row, other in _overlapping(capacity):
        expected = Message(
            "a range that does not overlap {other} of the same site and resource", other=other
        )
        yield Fault("capacity", row, "first_week", _range(*capacity[row][1:]), expected)
    codes = [
        ((entry.kind, entry.code), entry.valid_from, entry.valid_to) for entry in problem.codes
    ]
    for row, other in _overlapping(codes):
        expected = Message(
            "a code that is given once for each week, not also in {other}", other=other
        )
        yield Fault("codes", row, "code", problem.codes[row].code, expected)


def _overlapping(
    ranges: Sequence[tuple[object, Week | None, Week | None]],
) -> Iterator[tuple[int, str]]:
    """The rows whose range overlaps an earlier one of the same key, with that range."""
    by_key: dict[object, list[tuple[int, int, int]]] = defaultdict(list)
    for row, (key, first, last) in enumerate(ranges):
        low = first.ordinal if first else 0
        high = last.ordinal if last else 10**6
        if low <= high:
            by_key[key].append((low, high, row))
    for group in by_key.values():
        furthest = (-1, -1)
        for low, high, row in sorted(group):
            if low <= furthest[0]:
                yield row, _range(*ranges[furthest[1]][1:])
            furthest = max(furthest, (high, row))


def _range(first: Week | None, last: Week | None) -> str:
    return f"{first or '…'}–{last or '…'}"


# Money


def _parents(problem: Problem, _: _Known) -> Iterator[Fault]:
    parent_of = {line.id: line.parent_id for line in problem.budget_lines}
    for row, line in enumerate(problem.budget_lines):
        if line.parent_id is not None and line.id in _ancestors(line.id, parent_of)[1:]:
            expected = Message("a parent whose own parents do not lead back here")
            yield Fault("budget_lines", row, "parent_id", line.parent_id, expected)


def _ancestors(line_id: str, parent_of: Mapping[str, str | None]) -> list[str]:
    """The line, its parent, that one's parent …; a line that comes again ends the list."""
    chain = [line_id]
    parent = parent_of.get(line_id)
    while parent is not None:
        chain.append(parent)
        if parent in chain[:-1]:
            break
        parent = parent_of.get(parent)
    return chain


def _amounts(problem: Problem, known: _Known) -> Iterator[Fault]:
    if not known.all_read("budget_movements"):
        return
    amounts: dict[tuple[str, int], int] = defaultdict(int)
    for movement in problem.budget_movements:
        if movement.status == "decided":
            amounts[movement.budget_line_id, movement.year] += movement.amount_ore
    years = [] if known.also.get("plan") else _start_years(problem)
    needed = _paying_lines(problem)
    for row, line in enumerate(problem.budget_lines):
        if line.id in needed:
            for year in years:
                if (line.id, year) not in amounts:
                    expected = Message(
                        "a decided amount for {year}, in which courses may start", year=str(year)
                    )
                    yield Fault("budget_lines", row, "id", line.id, expected)
        for (line_id, year), amount in amounts.items():
            if line_id == line.id and amount < line.reserve_ore:
                expected = Message(
                    "a reserve within the amount decided for {year}, {amount}",
                    year=str(year),
                    amount=Kr(amount),
                )
                yield Fault(
                    "budget_lines", row, "reserve_ore", _shown(line.reserve_ore, "_ore"), expected
                )


def _start_years(problem: Problem) -> list[int]:
    if problem.last_start < problem.first_start:
        return []
    return list(range(problem.first_start.year, problem.last_start.year + 1))


def _paying_lines(problem: Problem) -> set[str]:
    parent_of = {line.id: line.parent_id for line in problem.budget_lines}
    return {
        line_id
        for programme in problem.programmes
        for line_id in _ancestors(programme.budget_line_id, parent_of)
    }


def _volumes(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, programme in enumerate(problem.programmes):
        years = Counter(volume.year for volume in programme.volumes)
        for year, count in years.items():
            if count > 1:
                expected = Message("each year once")
                yield Fault("programmes", row, "volumes", str(year), expected)


# Providers, offers, contracts


def _cvr(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, provider in enumerate(problem.providers):
        if provider.cvr is not None and not is_cvr(provider.cvr):
            expected = Message("a CVR number whose check digit is right")
            yield Fault("providers", row, "cvr", provider.cvr, expected)


def _offer_contracts(problem: Problem, _: _Known) -> Iterator[Fault]:
    provider_of_site = {site.id: site.provider_id for site in problem.sites}
    provider_of_contract = {entry.id: entry.provider_id for entry in problem.contracts}
    for row, offer in enumerate(problem.offers):
        of_site = provider_of_site.get(offer.site_id)
        of_contract = provider_of_contract.get(offer.contract_id or "")
        if offer.contract_id and of_site and of_contract and of_site != of_contract:
            expected = Message(
                "a contract with {provider}, which runs {site}",
                provider=of_site,
                site=offer.site_id,
            )
            yield Fault("offers", row, "contract_id", offer.contract_id, expected)


def _offer_weeks(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, offer in enumerate(problem.offers):
        if offer.start_every_weeks is not None and offer.first_start is None:
            expected = Message("a first start too, to count from")
            yield Fault("offers", row, "start_every_weeks", str(offer.start_every_weeks), expected)
        if offer.most_weeks is None:
            continue
        if offer.most_weeks < offer.weeks:
            expected = Message("not fewer than the weeks of the course, {weeks}", weeks=offer.weeks)
            yield Fault("offers", row, "most_weeks", str(offer.most_weeks), expected)
        needs_price = offer.price_per == "course" and offer.extra_week_price_ore is None
        if offer.most_weeks > offer.weeks and needs_price:
            expected = Message(
                "a price of an extra week too, or not more than {weeks}", weeks=offer.weeks
            )
            yield Fault("offers", row, "most_weeks", str(offer.most_weeks), expected)


def _take_or_pay(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, contract in enumerate(problem.contracts):
        for name, value, expected in _take_or_pay_faults(
            take_or_pay=contract.take_or_pay,
            always=contract.least_applies == "always",
            courses=contract.least_courses,
            ore=contract.least_ore,
            price=contract.shortfall_course_ore,
            line=contract.shortfall_budget_line_id,
        ):
            yield Fault("contracts", row, name, value, expected)


def _take_or_pay_faults(
    *, take_or_pay: bool, always: bool, courses: int, ore: int, price: int | None, line: str | None
) -> Iterator[tuple[str, str, Message]]:
    if not take_or_pay:
        only = Message("nothing here without take-or-pay")
        if price is not None:
            yield "shortfall_course_ore", _shown(price, "_ore"), only
        if line is not None:
            yield "shortfall_budget_line_id", line, only
        return
    if not always:
        yield "take_or_pay", "yes", Message("take-or-pay only where the least applies always")
    if (courses > 0) == (ore > 0):
        expected = Message("take-or-pay with a least number of courses or a least amount, not both")
        yield "take_or_pay", "yes", expected
    if courses > 0 and price is None:
        expected = Message("a price for each missing course")
        yield "shortfall_course_ore", "", expected
    if courses == 0 and price is not None:
        expected = Message("nothing here without a least number of courses")
        yield "shortfall_course_ore", _shown(price, "_ore"), expected
    if line is None:
        yield "shortfall_budget_line_id", "", Message("the budget line that pays a shortfall")


# Resources


def _use_of_one(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, use in enumerate(problem.uses):
        if (use.offer_id is None) == (use.person_id is None):
            value = "" if use.offer_id is None else f"{use.offer_id}, {use.person_id}"
            expected = Message("either an offer or a person")
            yield Fault("uses", row, "offer_id", value, expected)
    keys = [(use.offer_id or "", use.person_id or "", use.resource) for use in problem.uses]
    expected = Message("one row for each offer or person and resource")
    for fault in _repeated("uses", "resource", keys, expected):
        assert fault.row is not None
        yield Fault("uses", fault.row, "resource", problem.uses[fault.row].resource, expected)


def _use_at_site(problem: Problem, known: _Known) -> Iterator[Fault]:
    if not known.all_read("capacity"):
        return
    held = {(entry.site_id, entry.resource) for entry in problem.capacity}
    site_of = {offer.id: offer.site_id for offer in problem.offers}
    for row, use in enumerate(problem.uses):
        site_id = site_of.get(use.offer_id or "")
        if site_id is None or not use.amount or use.resource == _BUILT_IN_RESOURCE:
            continue
        if (site_id, use.resource) not in held:
            expected = Message("a resource that {site} has in capacity", site=site_id)
            yield Fault("uses", row, "resource", use.resource, expected)


# People, travel, ratings


def _people(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, person in enumerate(problem.people):
        if not person.target_groups:
            yield Fault("people", row, "target_groups", "", Message("at least one target group"))


def _travel_once(problem: Problem, _: _Known) -> Iterator[Fault]:
    keys = [(entry.from_area, entry.to_area) for entry in problem.travel]
    expected = Message("each pair of areas once")
    yield from _repeated("travel", "to_area", keys, expected)


def _travel_known(problem: Problem, known: _Known) -> Iterator[Fault]:
    """Each pair of areas that has no minutes is told once, for the first person who needs it."""
    if not (known.all_read("travel") and known.all_read("sites")):
        return
    area_of = {site.id: site.area for site in problem.sites}
    areas = sorted({area for offer in problem.offers if (area := area_of.get(offer.site_id))})
    pairs = {(entry.from_area, entry.to_area) for entry in problem.travel}
    told: set[str] = set()
    for row, person in enumerate(problem.people):
        if person.most_travel_minutes is None or not person.seeks_place:
            continue
        if person.area is None:
            expected = Message("an area to travel from, as most travel minutes are given")
            yield Fault("people", row, "area", "", expected)
        elif person.area not in told:
            told.add(person.area)
            missing = tuple(
                area for area in areas if area != person.area and (person.area, area) not in pairs
            )
            if missing:
                expected = Message("an area with minutes of travel to {areas}", areas=missing)
                yield Fault("people", row, "area", person.area, expected)


def _ratings_once(problem: Problem, _: _Known) -> Iterator[Fault]:
    keys = [(entry.person_id, entry.site_id, entry.date) for entry in problem.ratings]
    expected = Message("one rating for each person, site and week")
    yield from _repeated("ratings", "date", keys, expected)


# Enrolments and pins


def _enrolments(problem: Problem, _: _Known) -> Iterator[Fault]:
    offers = {offer.id: offer for offer in problem.offers}
    for row, enrolment in enumerate(problem.enrolments):
        for name, value, expected in _last_week_faults(enrolment):
            yield Fault("enrolments", row, name, value, expected)
        offer = offers.get(enrolment.offer_id)
        if offer is None:
            continue
        last = _course_end(problem, offer.site_id, enrolment)
        if enrolment.last_week is not None and enrolment.last_week > last:
            expected = Message("a week of the course, which ends in {week}", week=last)
            yield Fault("enrolments", row, "last_week", str(enrolment.last_week), expected)
        has_price = offer.extra_week_price_ore is not None or enrolment.price_ore is not None
        if enrolment.weeks > offer.weeks and offer.price_per == "course" and not has_price:
            expected = Message(
                "at most {weeks}, as neither the offer has a price of an extra week nor the "
                "enrolment one of its own",
                weeks=offer.weeks,
            )
            yield Fault("enrolments", row, "weeks", str(enrolment.weeks), expected)


def _last_week_faults(enrolment: Enrolment) -> Iterator[tuple[str, str, Message]]:
    if enrolment.status == "dropped-out" and enrolment.last_week is None:
        yield "last_week", "", Message("the last week of one who dropped out")
    if enrolment.last_week is None:
        return
    if enrolment.status != "dropped-out":
        expected = Message("nothing here, as the status is {status}", status=enrolment.status)
        yield "last_week", str(enrolment.last_week), expected
    elif enrolment.last_week < enrolment.start:
        yield "last_week", str(enrolment.last_week), _not_below(enrolment.start, "start")


def _course_end(problem: Problem, site_id: str, enrolment: Enrolment) -> Week:
    """The last active week of an enrolment; closed weeks come on top."""
    closures = sorted(
        (entry.first_week, entry.last_week)
        for entry in problem.closures
        if entry.site_id in {None, site_id} and entry.first_week <= entry.last_week
    )
    end = enrolment.start + (enrolment.weeks - 1)
    counted_to = enrolment.start + -1
    for first, last in closures:
        low = max(first, counted_to + 1)
        if low <= end and last >= low:
            end += last - low + 1
            counted_to = last
    return end


def _pins(problem: Problem, _: _Known) -> Iterator[Fault]:
    for row, pin in enumerate(problem.pins):
        if pin.kind == "fixed" and pin.offer_id is None:
            yield Fault("pins", row, "offer_id", "", Message("the offer that is fixed"))


# What looks like a person's number


def _cpr(problem: Problem, _: _Known) -> Iterator[Fault]:
    expected = Message(
        "nothing that looks like a CPR number; use an id that says nothing of the person"
    )
    if looks_like_cpr(problem.title):
        yield Fault("plan", None, "title", mask(problem.title), expected)
    for table in _TABLES[1:]:
        for row, record in _rows(problem, table):
            for name, value in record:
                for text in value if isinstance(value, tuple) else (value,):
                    if isinstance(text, str) and len(text) > 8 and looks_like_cpr(text):  # noqa: PLR2004 - shorter ones cannot
                        yield Fault(table, row, name, mask(text), expected)


_CHECKS: tuple[Check, ...] = (
    _plan_weeks,
    _stages,
    _ids_once,
    _references,
    _codes,
    _lists,
    _ranges,
    _overlaps,
    _parents,
    _amounts,
    _volumes,
    _cvr,
    _offer_contracts,
    _offer_weeks,
    _take_or_pay,
    _use_of_one,
    _use_at_site,
    _people,
    _travel_once,
    _travel_known,
    _ratings_once,
    _enrolments,
    _pins,
    _cpr,
)
