"""No line pays more than it has.

Rule: what a budget line pays in a year for enrolments, placements and shortfalls of contracts is at
most its decided amount less its reserve; and so for each pot above it. Where enrolments alone pay
more, that is inherited, and nothing may be added.

Why: municipal money binds per calendar year, and only decided money can be spent.

Checked by: adding up what each course pays in each year, for its line and each ancestor. `limit`
and `value` are øre. Beside nothing but enrolments shortfalls do not count: other placements may
avert them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from scheduler.check.contract import shortfall, shortfalls
from scheduler.check.courses import Course
from scheduler.check.facts import Facts
from scheduler.check.ledger import Ledger
from scheduler.check.limits import Excess, newly_exceeded
from scheduler.check.rule import Counts, Rule
from scheduler.violation import Violation

LineYear = tuple[str, int]


def counts(facts: Facts, course: Course) -> Counts:
    """By line and year: what the course costs."""
    lines = facts.line_and_ancestors(facts.programmes[course.programme_id].budget_line_id)
    return [((line_id, cost.year), cost.ore) for line_id in lines for cost in course.costs]


def shortfall_paid(ledger: Ledger) -> Counter[LineYear]:
    """By line and year: what is paid for shortfalls of contracts."""
    paid: Counter[LineYear] = Counter()
    for short in shortfalls(ledger):
        for line_id in ledger.facts.line_and_ancestors(short.budget_line_id):
            paid[line_id, short.year] += short.ore
    return paid


def alone(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """What the course and the enrolments would overdraw."""
    facts = ledger.facts
    paid = counts(facts, course)
    for excess in newly_exceeded(ledger, "budget", paid, lambda key: facts.limit(*key)):
        yield _violation(excess, course.about)


def adding(ledger: Ledger, course: Course) -> Iterator[Violation]:
    """What would be overdrawn; a shortfall that the course averts is money saved."""
    facts = ledger.facts
    if not facts.has_take_or_pay:
        yield from alone(ledger, course)
        return
    change = Counter(dict(counts(facts, course)))
    if course.contract_id is not None:
        contract = facts.contracts[course.contract_id]
        before, after = shortfall(ledger, contract), shortfall(ledger, contract, course)
        if before is not None and after is not None:
            for line_id in facts.line_and_ancestors(before.budget_line_id):
                change[line_id, before.year] -= before.ore - after.ore
    short = shortfall_paid(ledger)
    for key, ore in change.items():
        held = ledger.committed["budget"].get(key, 0)
        limit = max(facts.limit(*key), held)
        value = ledger.together("budget", key) + short[key] + ore
        if ore > 0 and value > limit:
            yield _violation(Excess(key, limit, value, inherited=False), course.about)


def whole(ledger: Ledger) -> Iterator[Violation]:
    """Every line and year that is overdrawn."""
    facts = ledger.facts
    short = shortfall_paid(ledger)
    for key in sorted({*facts.decided_years(), *ledger.keys("budget"), *short}):
        limit, held = facts.limit(*key), ledger.committed["budget"].get(key, 0)
        value = ledger.together("budget", key) + short[key]
        if value > max(limit, held):
            people = ledger.people(counts, [key])
            excess = Excess(key, max(limit, held), value, inherited=False)
            yield _violation(excess, {"person_ids": people})
        elif held > limit:
            yield _violation(Excess(key, limit, held, inherited=True), {"inherited": True})


def _violation(excess: Excess, about: dict[str, Any]) -> Violation:
    line_id, year = excess.key
    details = {
        **about,
        "budget_line_id": line_id,
        "year": year,
        "limit": excess.limit,
        "value": excess.value,
    }
    return Violation(rule="budget", fact="line-exceeded", **details)


RULE = Rule(name="budget", counts=counts, alone=alone, adding=adding, whole=whole)
