"""Every breach of a plan, week by week, added up afresh from the courses alone.

Written apart from the checker's ledger, to hold it against: only `Course` is shared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from providers import Contract
from scheduler.check import Course, Facts
from scheduler.check.registry import RULES
from scheduler.problem import Problem
from scheduler.violation import Violation


class Breach(NamedTuple):
    """What is broken, where: a fact, and a key that names one limit."""

    fact: str
    key: tuple[object, ...]


class Amount(NamedTuple):
    """What is allowed, what there is, and how bad that is."""

    limit: int | None
    value: int | None
    inherited: bool = False

    @property
    def excess(self) -> int:
        return abs((self.value or 0) - (self.limit or 0))


Breaches = dict[Breach, Amount]


def all_breaches(facts: Facts, placed: list[Course]) -> Breaches:
    """Everything that a plan of these courses breaks."""
    enrolled = list(facts.enrolled)
    return dict(
        [
            *_by_itself(facts, placed),
            *_two_placements(placed),
            *_resources(facts, enrolled, placed),
            *_starts(facts.problem, enrolled, placed),
            *_groups(facts, enrolled, placed),
            *_money(facts, enrolled, placed),
            *_volumes(facts.problem, enrolled, placed),
            *_contracts(facts.problem, enrolled, placed),
            *_fixed(facts.problem, placed),
        ]
    )


def new_breaches(before: Breaches, after: Breaches) -> Breaches:
    """What is broken after but not before, or by more."""
    return {
        breach: amount
        for breach, amount in after.items()
        if not amount.inherited
        and (
            breach not in before
            or before[breach].inherited
            or amount.excess > before[breach].excess
        )
    }


Found = Iterator[tuple[Breach, Amount]]


def _by_itself(facts: Facts, placed: list[Course]) -> Found:
    for number, course in enumerate(placed):
        all_found = [found for rule in RULES for found in rule.by_itself(facts, course)]
        # The rank tells two alike apart, such as overlaps with two enrolments in the same week.
        for rank, found in enumerate(all_found):
            key = (number, rank, found.person_ids, found.offer_id, course.start)
            key += (found.first_week, found.value, found.codes)
            yield Breach(found.fact, key), Amount(found.limit, found.value)


def _two_placements(placed: list[Course]) -> Found:
    for person_id, count in Counter(course.person_id for course in placed).items():
        if count > 1:
            yield Breach("two-placements", (person_id,)), Amount(1, count)


def _most(
    fact: str, limits: dict[tuple[object, ...], int], used: Counter, planned: Counter
) -> Found:
    for key, limit in limits.items():
        if used[key] > limit and not planned[key]:
            yield Breach(fact, key), Amount(limit, used[key], inherited=True)
        elif used[key] + planned[key] > limit:
            yield Breach(fact, key), Amount(max(limit, used[key]), used[key] + planned[key])


def _weekly(courses: list[Course]) -> Counter:
    total: Counter = Counter()
    for course in courses:
        for week in course.active:
            for resource, amount in course.uses:
                total[course.site_id, resource, week.ordinal] += amount
        for week in course.paused:
            total[course.site_id, "places", week.ordinal] += dict(course.uses).get("places", 0)
    return total


def _resources(facts: Facts, enrolled: list[Course], placed: list[Course]) -> Found:
    used, planned = _weekly(enrolled), _weekly(placed)
    limits = {key: facts.amounts[key] for key in {*used, *planned}}
    yield from _most("resource-exceeded", limits, used, planned)


def _starts(problem: Problem, enrolled: list[Course], placed: list[Course]) -> Found:
    used = Counter((course.site_id, course.start.ordinal) for course in enrolled)
    planned = Counter((course.site_id, course.start.ordinal) for course in placed)
    most = {site.id: site.most_starts_a_week for site in problem.sites}
    limits = {key: most[key[0]] for key in {*used, *planned} if most[key[0]] is not None}
    yield from _most("too-many-starts", limits, used, planned)


def _groups(facts: Facts, enrolled: list[Course], placed: list[Course]) -> Found:
    there = Counter((course.offer_id, course.start.ordinal) for course in enrolled)
    new = Counter((course.offer_id, course.start.ordinal) for course in placed)
    for key in {*there, *new}:
        fewest = facts.offers[key[0]].fewest_participants
        count = there[key] + new[key]
        if count < fewest:
            amount = Amount(fewest, count, inherited=not new[key])
            yield Breach("group-too-small", key), amount


def _paid(facts: Facts, courses: list[Course]) -> Counter:
    total: Counter = Counter()
    for course in courses:
        line_id = facts.programmes[course.programme_id].budget_line_id
        for week, ore in course.paid:
            for line in _upwards(facts.problem, line_id):
                total[line, week.year] += ore
    return total


def _upwards(problem: Problem, line_id: str | None) -> list[str]:
    parents = {line.id: line.parent_id for line in problem.budget_lines}
    return [line_id, *_upwards(problem, parents[line_id])] if line_id else []


def _money(facts: Facts, enrolled: list[Course], placed: list[Course]) -> Found:
    problem = facts.problem
    used, planned = _paid(facts, enrolled), _paid(facts, placed)
    for contract in problem.contracts:
        if contract.take_or_pay:
            courses, ore = _called_off(contract, [*enrolled, *placed])
            missing = max(0, contract.least_courses - courses)
            short = missing * (contract.shortfall_course_ore or 0)
            short += max(0, contract.least_ore - ore)
            for line in _upwards(problem, contract.shortfall_budget_line_id):
                planned[line, contract.last_week.year] += short
    decided: Counter = Counter()
    reserve = {line.id: line.reserve_ore for line in problem.budget_lines}
    for movement in problem.budget_movements:
        if movement.status == "decided":
            decided[movement.budget_line_id, movement.year] += movement.amount_ore
    limits = {key: decided[key] - reserve[key[0]] for key in decided}
    limits |= dict.fromkeys({*used, *planned} - {*decided}, 0)
    yield from _most("line-exceeded", limits, used, planned)


def _volumes(problem: Problem, enrolled: list[Course], placed: list[Course]) -> Found:
    used = Counter((course.programme_id, course.start.year) for course in enrolled)
    planned = Counter((course.programme_id, course.start.year) for course in placed)
    limits = {
        (programme.id, volume.year): volume.most
        for programme in problem.programmes
        for volume in programme.volumes
    }
    yield from _most("too-many-courses", limits, used, planned)


def _called_off(contract: Contract, courses: list[Course]) -> tuple[int, int]:
    of_contract = [course for course in courses if course.contract_id == contract.id]
    return len(of_contract), sum(course.cost_ore for course in of_contract)


def _contracts(problem: Problem, enrolled: list[Course], placed: list[Course]) -> Found:
    for contract in problem.contracts:
        key = (contract.id,)
        before, added = _called_off(contract, enrolled), _called_off(contract, placed)
        for unit, name in enumerate(("courses", "money")):
            most = (contract.most_courses, contract.most_ore)[unit]
            least = (contract.least_courses, contract.least_ore)[unit]
            total = before[unit] + added[unit]
            used, planned = Counter({key: before[unit]}), Counter({key: added[unit]})
            if most is not None:
                yield from _most(f"most-{name}", {key: most}, used, planned)
            if contract.take_or_pay or total >= least:
                continue
            if contract.least_applies == "always" or added[0]:
                yield Breach(f"least-{name}", key), Amount(least, total)
            elif before[0]:
                yield Breach(f"least-{name}", key), Amount(least, total, inherited=True)


def _fixed(problem: Problem, placed: list[Course]) -> Found:
    for pin in problem.pins:
        met = [
            course
            for course in placed
            if course.person_id == pin.person_id
            and course.offer_id == pin.offer_id
            and (pin.start is None or course.start == pin.start)
        ]
        if pin.kind == "fixed" and not met:
            yield Breach("fixed-missing", (pin.person_id, pin.offer_id, pin.start)), Amount(0, 0)


def as_breaches(violations: tuple[Violation, ...]) -> list[tuple[Breach, Amount, set[int]]]:
    """Violations of whole plans in the same terms, with the weeks of a range."""
    return [(*_as_breach(found), _weeks(found)) for found in violations]


def _weeks(found: Violation) -> set[int]:
    if found.fact != "resource-exceeded" or found.first_week is None or found.last_week is None:
        return set()
    return set(range(found.first_week.ordinal, found.last_week.ordinal + 1))


def _as_breach(found: Violation) -> tuple[Breach, Amount]:
    start = found.first_week.ordinal if found.first_week else None
    keys: dict[str, tuple[object, ...]] = {
        "two-placements": found.person_ids[:1],
        "resource-exceeded": (found.site_id, found.resource),
        "too-many-starts": (found.site_id, start),
        "group-too-small": (found.offer_id, start),
        "line-exceeded": (found.budget_line_id, found.year),
        "too-many-courses": (found.programme_id, found.year),
        "most-courses": (found.contract_id,),
        "most-money": (found.contract_id,),
        "least-courses": (found.contract_id,),
        "least-money": (found.contract_id,),
        "fixed-missing": (*found.person_ids, found.offer_id, found.first_week),
    }
    amount = Amount(found.limit, found.value, found.inherited)
    if found.fact == "fixed-missing":
        amount = Amount(0, 0)
    return Breach(found.fact, keys.get(found.fact, ("by itself",))), amount


def grouped(breaches: Breaches) -> list[tuple[Breach, Amount, set[int]]]:
    """Breaches with consecutive weeks of one resource put together, with the worst amount."""
    out: list[tuple[Breach, Amount, set[int]]] = []
    weekly: list[tuple[tuple[object, ...], Amount]] = []
    for breach, amount in breaches.items():
        if breach.fact == "resource-exceeded":
            weekly.append((breach.key, amount))
        elif len(breach.key) == _KEY_OF_ONE_PLACEMENT:
            out.append((Breach(breach.fact, ("by itself",)), amount, set()))
        else:
            out.append((breach, amount, set()))
    weekly.sort(key=lambda pair: str(pair[0]))
    for (site_id, resource, ordinal), amount in weekly:
        kept = out[-1] if out else None
        same = kept is not None and kept[0] == Breach("resource-exceeded", (site_id, resource))
        if same and ordinal - 1 in kept[2] and kept[1].inherited == amount.inherited:
            worst = max(kept[1], amount, key=lambda one: one.excess)
            out[-1] = (kept[0], worst, {*kept[2], ordinal})
        else:
            breach = Breach("resource-exceeded", (site_id, resource))
            out.append((breach, amount, {ordinal}))
    return out


_KEY_OF_ONE_PLACEMENT = 8
