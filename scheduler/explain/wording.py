"""Violations in words: one table from facts to texts.

A new rule adds its facts to `WORDINGS`, and their Danish to ``locale/da/explain.po``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.explain.names import Names, fill, name_people, name_weeks
from scheduler.language import Kr, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.problem import CodeKind
    from scheduler.violation import Violation

_UNKNOWN = "?"


@dataclass(frozen=True, slots=True)
class Wording:
    """How a fact is said.

    The texts may name: ``who``, ``offer``, ``site``, ``provider``, ``programme``, ``contract``,
    ``line``, ``resource``, ``weeks``, ``year``, ``limit``, ``value``, ``over`` (value less
    limit), ``short`` (limit less value) and ``codes``.
    """

    sentence: str
    """Of a plan: a whole sentence."""
    clause: str
    """Of one placement that is not in the plan: what stands in its way, without a full stop."""
    code_kind: CodeKind | None = None
    """What the violation's codes are."""
    is_money: bool = False
    """Whether limit and value are øre; else they are counts."""


WORDINGS: dict[str, Wording] = {
    # one-course
    "two-placements": Wording(
        "{who} has {value} placements; the most is {limit}.",
        "the person already has a placement",
    ),
    "overlaps-enrolment": Wording(
        "{who} would start at {offer} while an enrolment runs, in {weeks}.",
        "it overlaps the person's enrolment in {weeks}",
    ),
    "seeks-no-place": Wording(
        "{who} is placed at {offer} without seeking a place.",
        "the person does not seek a place",
    ),
    # eligibility
    "target-group-programme": Wording(
        "{who} is in none of the target groups that {programme} takes.",
        "{programme} does not take the person's target group",
        "target-group",
    ),
    "target-group-site": Wording(
        "{who} is in none of the target groups that {site} takes.",
        "{site} does not take the person's target group",
        "target-group",
    ),
    "status": Wording(
        "{who} has the status {codes}, which {programme} does not take.",
        "{programme} does not take the status {codes}",
        "status",
    ),
    "age": Wording(
        "{who} is {value} years old, which is outside the ages of {programme}.",
        "{value} years is outside the ages of {programme}",
    ),
    "age/unknown": Wording(
        "The age of {who} is not known, and {programme} has age limits.",
        "the age is not known, and {programme} has age limits",
    ),
    "last-eligible-week": Wording(
        "{who} would start at {offer} after the last eligible week.",
        "the start comes after the person's last eligible week",
    ),
    "needs": Wording(
        "{who} needs {codes}, which {site} does not have.",
        "needs {codes}, which the site does not have",
        "need",
    ),
    "excluded-site": Wording(
        "{who} is placed at {site}, which is ruled out for them.",
        "{site} is ruled out for the person",
    ),
    "excluded-provider": Wording(
        "{who} is placed with {provider}, which is ruled out for them.",
        "{provider} is ruled out for the person",
    ),
    "travel": Wording(
        "{who} would travel {value} minutes to {site}; the most is {limit}.",
        "the travel takes {value} minutes, and the most is {limit}",
    ),
    "travel/unknown": Wording(
        "The travel of {who} to {site} is not known; the most is {limit} minutes.",
        "the travel is not known, and the most is {limit} minutes",
    ),
    # window
    "before-referral": Wording(
        "{who} would start at {offer} in {weeks}, before the referral.",
        "the start in {weeks} comes before the referral",
    ),
    "person-window": Wording(
        "{who} would start at {offer} in {weeks}, outside the weeks in which they can start.",
        "the person cannot start in {weeks}",
    ),
    "plan-window": Wording(
        "{who} would start at {offer} in {weeks}, outside the weeks of the plan.",
        "the start in {weeks} is outside the weeks of the plan",
    ),
    "programme-window": Wording(
        "{who} would start at {offer} in {weeks}, outside the weeks of {programme}.",
        "the start in {weeks} is outside the weeks of {programme}",
    ),
    "offer-window": Wording(
        "{who} would start at {offer} in {weeks}, outside the start weeks of the offer.",
        "the start in {weeks} is outside the start weeks of the offer",
    ),
    "start-pattern": Wording(
        "{who} would start at {offer} in {weeks}, in which the offer has no start.",
        "the offer has no start in {weeks}",
    ),
    "closed-start": Wording(
        "{who} would start at {offer} in {weeks}, in which the site is closed.",
        "the site is closed in the start week {weeks}",
    ),
    "site-not-open": Wording(
        "{who} would be at {offer} in {weeks}, outside the opening weeks of the site.",
        "the course runs outside the opening weeks of the site, in {weeks}",
    ),
    "contract-period": Wording(
        "{who} would be at {offer} in {weeks}, outside the period of contract {contract}.",
        "the course runs outside the period of contract {contract}, in {weeks}",
    ),
    # length
    "too-short": Wording(
        "{who} would get {value} weeks at {offer}; the least is {limit}.",
        "{value} weeks are too few; the least is {limit}",
    ),
    "too-long": Wording(
        "{who} would get {value} weeks at {offer}; the most there is {limit}.",
        "{value} weeks are needed, and the most is {limit}",
    ),
    "not-the-length": Wording(
        "{who} would get {value} weeks at {offer}; the right length is {limit}.",
        "{value} weeks are not the right length, which is {limit}",
    ),
    # capacity
    "resource-exceeded": Wording(
        "{site} has {limit} of {resource} in {weeks}, and {value} would be used. Placed: {who}.",
        "{resource} at {site} in {weeks} is {over} short",
    ),
    "resource-exceeded/places": Wording(
        "{site} has {limit} places in {weeks}, and {value} would be used. Placed: {who}.",
        "no place at {site} in {weeks}",
    ),
    # cohort
    "group-too-small": Wording(
        "The group at {offer} in {weeks} has {value} of at least {limit} participants: {who}.",
        "the group at {offer} in {weeks} would have {value} of at least {limit} participants",
    ),
    # budget
    "line-exceeded": Wording(
        "Budget line {line} can pay {limit} in {year}, and {value} would be paid: {over} too much.",
        "budget line {line} {year} is {over} short",
        is_money=True,
    ),
    # volume
    "too-many-courses": Wording(
        "{programme} has room for {limit} courses that start in {year}, and {value} would start.",
        "{programme} has no more courses in {year}: {limit} is the most",
    ),
    # contract
    "most-courses": Wording(
        "Contract {contract} gives {limit} courses at most, and {value} would be used.",
        "contract {contract} has no more courses: {limit} is the most",
    ),
    "most-money": Wording(
        "Contract {contract} has a ceiling of {limit}, and {value} would be called off: "
        "{over} too much.",
        "the ceiling of contract {contract} is {over} short",
        is_money=True,
    ),
    "least-courses": Wording(
        "Contract {contract} asks for {limit} courses at least, and {value} would be used.",
        "contract {contract} would have {value} courses, and asks for {limit} at least",
    ),
    "least-money": Wording(
        "Contract {contract} asks for {limit} at least, and {value} would be called off: "
        "{short} too little.",
        "contract {contract} would be {short} below its least",
        is_money=True,
    ),
    # price
    "cost-differs": Wording(
        "The plan file says that {who} at {offer} costs {value} in {year}; the price is {limit}.",
        "the cost in {year} is {limit}, not {value}",
        is_money=True,
    ),
    # pins
    "fixed-missing": Wording(
        "{who} has no placement at {offer} as the fixed pin says.",
        "the fixed pin at {offer} would not be met",
    ),
    "forbidden": Wording(
        "{who} is placed at {offer} against a forbidden pin.",
        "a pin forbids it",
    ),
}
"""By fact, or by fact and variant: ``fact/resource``, or ``fact/unknown`` without a value."""


def word_violation(violation: Violation, names: Names | None = None) -> Message:
    """What a plan breaks, as a sentence with whom, where, when and by how much."""
    wording = find_wording(violation)
    sentence = fill(wording.sentence, _name_values(violation, wording, names or Names()))
    if not violation.inherited:
        return sentence
    return Message("Inherited from the enrolments: {sentence}", sentence=sentence)


def word_clause(violation: Violation, names: Names | None = None) -> Message:
    """What stands in the way of a placement, as part of a sentence."""
    wording = find_wording(violation)
    return fill(wording.clause, _name_values(violation, wording, names or Names()))


def find_wording(violation: Violation) -> Wording:
    """The wording of a violation: of its variant, if there is one, else of its fact."""
    fact = violation.fact
    if f"{fact}/{violation.resource}" in WORDINGS:
        return WORDINGS[f"{fact}/{violation.resource}"]
    if violation.value is None and f"{fact}/unknown" in WORDINGS:
        return WORDINGS[f"{fact}/unknown"]
    return WORDINGS[fact]


def _name_values(violation: Violation, wording: Wording, names: Names) -> dict[str, object]:
    limit, value = violation.limit, violation.value
    over = None if limit is None or value is None else value - limit
    kinds = () if wording.code_kind is None else (wording.code_kind,)
    return {
        "who": name_people(violation.person_ids) if violation.person_ids else Message("nobody"),
        "offer": _name(violation.offer_id, names.offer),
        "site": _name(violation.site_id, names.site),
        "provider": _name(violation.provider_id, names.provider),
        "programme": _name(violation.programme_id, names.programme),
        "contract": _name(violation.contract_id, names.contract),
        "line": _name(violation.budget_line_id, names.line),
        "resource": _UNKNOWN
        if violation.resource is None
        else names.code(violation.resource, "resource"),
        "weeks": _name_weeks(violation),
        "year": _UNKNOWN if violation.year is None else str(violation.year),
        "limit": _quantity(limit, wording),
        "value": _quantity(value, wording),
        "over": _quantity(over, wording),
        "short": _quantity(None if over is None else -over, wording),
        "codes": tuple(names.code(code, *kinds) for code in violation.codes),
    }


def _name(domain_id: str | None, name: Callable[[str], str]) -> str:
    return _UNKNOWN if domain_id is None else name(domain_id)


def _name_weeks(violation: Violation) -> str:
    first, last = violation.first_week, violation.last_week
    if first is None:
        return _UNKNOWN if last is None else str(last)
    return name_weeks(first, last or first)


def _quantity(amount: int | None, wording: Wording) -> object:
    if amount is None:
        return _UNKNOWN
    return Kr(amount) if wording.is_money else amount
