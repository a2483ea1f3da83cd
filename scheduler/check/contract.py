"""A contract is called off between its least and its most.

Rule: courses of a contract, enrolments included, are at most its most courses and their whole price
at most its most øre. Its least courses and least øre are reached: `if-used`, as soon as the plan
places anybody under it; `always`, in any case, unless it is take-or-pay, when the shortfall is paid
instead. Where enrolments alone exceed a most, or are below the least of a contract `if-used`, that
is inherited.

Why: a contract binds both sides.

Checked by: counting courses and øre of each contract. `limit` and `value` are courses or øre.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from providers import Contract
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.limits import Excess, Limit, exceeded, newly_exceeded
from scheduler.check.rule import Counts, Rule
from scheduler.violation import Fact, Violation

Unit = Literal["courses", "ore"]
_MOST: dict[Unit, Fact] = {"courses": "most-courses", "ore": "most-money"}
_LEAST: dict[Unit, Fact] = {"courses": "least-courses", "ore": "least-money"}
_UNITS: tuple[Unit, ...] = ("courses", "ore")


class Shortfall(NamedTuple):
    """What a take-or-pay contract costs because too little of it is used."""

    contract_id: str
    budget_line_id: str
    """Who pays it."""
    year: int
    """In which year."""
    missing_courses: int
    """Courses short of the least; 0 where the least is an amount of money."""
    ore: int


def counts(_: Facts, course: Course) -> Counts:
    """By contract and unit: one course, and its whole price."""
    if course.contract_id is None:
        return ()
    return (
        ((course.contract_id, "courses"), 1),
        ((course.contract_id, "ore"), course.cost_ore),
    )


def most(contract: Contract, unit: Unit) -> int | None:
    """The most of a contract in a unit; none: no limit."""
    return contract.most_courses if unit == "courses" else contract.most_ore


def least(contract: Contract, unit: Unit) -> int:
    """The least of a contract in a unit."""
    return contract.least_courses if unit == "courses" else contract.least_ore


def limit_of(facts: Facts) -> Limit:
    """The most by contract and unit."""
    return lambda key: most(facts.contracts[key[0]], key[1])


def alone(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """A most that would be exceeded."""
    facts = ledger.facts
    for excess in newly_exceeded(ledger, "contract", counts(facts, course), limit_of(facts)):
        yield _too_much(facts, excess, course.about)


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """A most that would be exceeded, or a least not reached by the first placement."""
    yield from alone(ledger, course)
    if course.contract_id is None or _is_used_by_plan(ledger, course.contract_id):
        return
    contract = ledger.facts.contracts[course.contract_id]
    if contract.least_applies == "always":
        return
    for key, amount in counts(ledger.facts, course):
        value = ledger.together("contract", key) + amount
        if value < least(contract, key[1]):
            yield _too_little(contract, key[1], value, course.about)


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every most exceeded and every least not reached."""
    facts = ledger.facts
    keys = [(contract_id, unit) for contract_id in sorted(facts.contracts) for unit in _UNITS]
    for excess in exceeded(ledger, "contract", keys, limit_of(facts)):
        people = () if excess.inherited else ledger.people(counts, [excess.key])
        yield _too_much(facts, excess, {"person_ids": people, "inherited": excess.inherited})
    for contract_id, unit in keys:
        contract = facts.contracts[contract_id]
        value = ledger.together("contract", (contract_id, unit))
        if value < least(contract, unit) and _is_bound(ledger, contract):
            yield _too_little(contract, unit, value, _who(ledger, contract))


def shortfall(ledger: Ledger, contract: Contract, more: Course | None = None) -> Shortfall | None:
    """What is paid for a contract's unmet least, perhaps with one course `more`."""
    if not contract.take_or_pay or contract.shortfall_budget_line_id is None:
        return None
    courses = ledger.together("contract", (contract.id, "courses"))
    ore = ledger.together("contract", (contract.id, "ore"))
    if more is not None:
        courses, ore = courses + 1, ore + more.cost_ore
    missing = max(0, contract.least_courses - courses)
    missing_ore = max(0, contract.least_ore - ore)
    to_pay = missing * (contract.shortfall_course_ore or 0) + missing_ore
    return Shortfall(
        contract.id, contract.shortfall_budget_line_id, contract.last_week.year, missing, to_pay
    )


def shortfalls(ledger: Ledger) -> tuple[Shortfall, ...]:
    """What is paid for unmet leasts, by contract id, zeros left out."""
    contracts = ledger.facts.contracts
    each = (shortfall(ledger, contracts[contract_id]) for contract_id in sorted(contracts))
    return tuple(one for one in each if one is not None and one.ore)


def _is_used_by_plan(ledger: Ledger, contract_id: str) -> bool:
    return (contract_id, "courses") in ledger.planned["contract"]


def _is_bound(ledger: Ledger, contract: Contract) -> bool:
    if contract.least_applies == "always":
        return not contract.take_or_pay
    return ledger.together("contract", (contract.id, "courses")) > 0


def _who(ledger: Ledger, contract: Contract) -> dict[str, Any]:
    used = _is_used_by_plan(ledger, contract.id)
    people = ledger.people(counts, [(contract.id, "courses")])
    return {
        "person_ids": people,
        "inherited": contract.least_applies == "if-used" and not used,
    }


def _too_much(facts: Facts, excess: Excess, about: dict[str, Any]) -> Violation:
    contract_id, unit = excess.key
    return _violation(facts.contracts[contract_id], _MOST[unit], excess.limit, excess.value, about)


def _too_little(contract: Contract, unit: Unit, value: int, about: dict[str, Any]) -> Violation:
    return _violation(contract, _LEAST[unit], least(contract, unit), value, about)


def _violation(
    contract: Contract, fact: Fact, limit: int, value: int, about: dict[str, Any]
) -> Violation:
    details = {
        **about,
        "contract_id": contract.id,
        "provider_id": contract.provider_id,
        "first_week": contract.first_week,
        "last_week": contract.last_week,
        "limit": limit,
        "value": value,
    }
    return Violation(rule="contract", fact=fact, **details)


RULE = Rule(name="contract", counts=counts, alone=alone, adding=adding, whole=whole)
