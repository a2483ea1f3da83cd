"""Violations in words: one table from facts to texts.

A new rule adds its facts to `WORDINGS`, and their Danish to ``locale/da/explain.po``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scheduler.explain.names import Names, fill, name_people, name_weeks
from scheduler.language import Kr, Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.problem import CodeKind
    from scheduler.violation import Violation

_UNKNOWN = "?"

Unit = Literal["number", "ore", "weeks", "places", "courses"]
_COUNTED: dict[Unit, tuple[str, str]] = {
    "number": ("{count}", "{count}"),
    "weeks": ("1 week", "{count} weeks"),
    "places": ("1 place", "{count} places"),
    "courses": ("1 course", "{count} courses"),
}
"""One, and several or none."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How a fact is said.

    The texts may name: ``who``, ``offer``, ``site``, ``provider``, ``programme``, ``contract``,
    ``line``, ``resource``, ``start``, ``weeks``, ``year``, ``limit``, ``value``, ``over`` (value
    less limit), ``short`` (limit less value) and ``codes``.
    """

    sentence: str
    """Of a plan: a whole sentence."""
    clause: str
    """Of one placement that is not in the plan: what stands in its way, without a full stop."""
    brief: str
    """Of every start at an offer: the fact alone, without values."""
    code_kind: CodeKind | None = None
    """What the violation's codes are."""
    unit: Unit = "number"
    """What limit and value count."""
    groups_by: tuple[str, ...] = ("offer_id",)
    """Fields of a violation that say what is exceeded, whoever and whenever."""


WORDINGS: dict[str, Wording] = {
    # one-course
    "two-placements": Wording(
        "{who} has {value} placements; the most is {limit}.",
        "the person already has a placement",
        "the person already has a placement",
    ),
    "overlaps-enrolment": Wording(
        "The course of {who} at {offer} overlaps an enrolment in {weeks}.",
        "it overlaps the person's enrolment in {weeks}",
        "it overlaps the person's enrolment",
    ),
    "seeks-no-place": Wording(
        "{who} is placed at {offer} without seeking a place.",
        "the person does not seek a place",
        "the person does not seek a place",
    ),
    # eligibility
    "target-group-programme": Wording(
        "{who} is in none of the target groups that {programme} takes.",
        "{programme} does not take the person's target group",
        "the programme does not take the target group",
        "target-group",
    ),
    "target-group-site": Wording(
        "{who} is in none of the target groups that {site} takes.",
        "{site} does not take the person's target group",
        "the site does not take the target group",
        "target-group",
    ),
    "status": Wording(
        "{who} has the status {codes}, which {programme} does not take.",
        "{programme} does not take the status {codes}",
        "the programme does not take the status",
        "status",
    ),
    "age/below": Wording(
        "{who} is {value} years old; {programme} takes nobody under {limit}.",
        "{value} years is under {limit}, the least age of {programme}",
        "outside the programme's ages",
    ),
    "age": Wording(
        "{who} is {value} years old; {programme} takes nobody over {limit}.",
        "{value} years is over {limit}, the highest age of {programme}",
        "outside the programme's ages",
    ),
    "age/unknown": Wording(
        "The age of {who} is not known, and {programme} has age limits.",
        "the age is not known, and {programme} has age limits",
        "the age is not known",
    ),
    "last-eligible-week": Wording(
        "{who} would start at {offer} in {start}, {over} after the last eligible week.",
        "the start in {start} is {over} after the last eligible week",
        "after the last eligible week",
        unit="weeks",
    ),
    "needs": Wording(
        "{who} needs {codes}, which {site} does not have.",
        "needs {codes}, which the site does not have",
        "the site lacks what the person needs",
        "need",
    ),
    "excluded-site": Wording(
        "{who} is placed at {site}, which is ruled out for them.",
        "{site} is ruled out for the person",
        "the site is ruled out",
    ),
    "excluded-provider": Wording(
        "{who} is placed with {provider}, which is ruled out for them.",
        "{provider} is ruled out for the person",
        "the provider is ruled out",
    ),
    "travel": Wording(
        "{who} would travel {value} minutes to {site}; the most is {limit}.",
        "the travel takes {value} minutes, and the most is {limit}",
        "too long a way",
    ),
    "travel/unknown": Wording(
        "The travel of {who} to {site} is not known; the most is {limit} minutes.",
        "the travel is not known, and the most is {limit} minutes",
        "the travel is not known",
    ),
    # window
    "before-referral": Wording(
        "{who} would start at {offer} in {start}, {short} before the referral.",
        "the start in {start} is {short} before the referral",
        "before the referral",
        unit="weeks",
    ),
    "person-window/below": Wording(
        "{who} would start at {offer} in {start}, {short} before the person's first start.",
        "the start in {start} is {short} before the person's first start",
        "outside the person's weeks",
        unit="weeks",
    ),
    "person-window": Wording(
        "{who} would start at {offer} in {start}, {over} after the person's last start.",
        "the start in {start} is {over} after the person's last start",
        "outside the person's weeks",
        unit="weeks",
    ),
    "plan-window/below": Wording(
        "{who} would start at {offer} in {start}, {short} before the first start of the plan.",
        "the start in {start} is {short} before the first start of the plan",
        "outside the plan's start weeks",
        unit="weeks",
    ),
    "plan-window": Wording(
        "{who} would start at {offer} in {start}, {over} after the last start of the plan.",
        "the start in {start} is {over} after the last start of the plan",
        "outside the plan's start weeks",
        unit="weeks",
    ),
    "programme-window/below": Wording(
        "{who} would start at {offer} in {start}, {short} before the first start of {programme}.",
        "the start in {start} is {short} before the first start of {programme}",
        "outside the programme's start weeks",
        unit="weeks",
    ),
    "programme-window": Wording(
        "{who} would start at {offer} in {start}, {over} after the last start of {programme}.",
        "the start in {start} is {over} after the last start of {programme}",
        "outside the programme's start weeks",
        unit="weeks",
    ),
    "offer-window/below": Wording(
        "{who} would start at {offer} in {start}, {short} before the first start of the offer.",
        "the start in {start} is {short} before the first start of the offer",
        "outside the offer's start weeks",
        unit="weeks",
    ),
    "offer-window": Wording(
        "{who} would start at {offer} in {start}, {over} after the last start of the offer.",
        "the start in {start} is {over} after the last start of the offer",
        "outside the offer's start weeks",
        unit="weeks",
    ),
    "start-pattern": Wording(
        "{who} would start at {offer} in {start}, in which the offer has no start.",
        "the offer has no start in {start}",
        "no start in the weeks that fit",
    ),
    "closed-start": Wording(
        "{who} would start at {offer} in {start}, in which the site is closed.",
        "the site is closed in the start week {start}",
        "the site is closed in the start week",
    ),
    "site-not-open/below": Wording(
        "{who} would begin at {offer} {short} before the site opens, in {weeks}.",
        "the course in {weeks} would begin {short} before the site opens",
        "outside the site's opening weeks",
        unit="weeks",
    ),
    "site-not-open": Wording(
        "{who} would end at {offer} {over} after the site closes, in {weeks}.",
        "the course in {weeks} would end {over} after the site closes",
        "outside the site's opening weeks",
        unit="weeks",
    ),
    "contract-period/below": Wording(
        "{who} would begin at {offer} {short} before contract {contract} begins, in {weeks}.",
        "the course in {weeks} would begin {short} before contract {contract} begins",
        "outside the contract's weeks",
        unit="weeks",
    ),
    "contract-period": Wording(
        "{who} would end at {offer} {over} after contract {contract} ends, in {weeks}.",
        "the course in {weeks} would end {over} after contract {contract} ends",
        "outside the contract's weeks",
        unit="weeks",
    ),
    # length
    "too-short": Wording(
        "{who} would get {value} at {offer}; the least is {limit}.",
        "{value} is too little; the least is {limit}",
        "too few weeks",
        unit="weeks",
    ),
    "too-long": Wording(
        "{who} must have {value} at {offer}, which can give {limit} at most.",
        "{value} must be given, and {limit} is the most",
        "more weeks than the offer can give",
        unit="weeks",
    ),
    "not-the-length": Wording(
        "{who} would get {value} at {offer}; the right length is {limit}.",
        "{value} is not the right length, which is {limit}",
        "not the right length",
        unit="weeks",
    ),
    # capacity
    "resource-exceeded": Wording(
        "{site} can give {limit} {resource} in {weeks}, and {value} would be used. Placed: {who}.",
        "{over} {resource} too few at {site} in {weeks}",
        "the enrolments leave too little of a resource",
        groups_by=("site_id", "resource"),
    ),
    "resource-exceeded/places": Wording(
        "{site} can give {limit} in {weeks}, and {value} would be used. Placed: {who}.",
        "no place at {site} in {weeks}",
        "the enrolments leave no place",
        unit="places",
        groups_by=("site_id", "resource"),
    ),
    # intake
    "too-many-starts": Wording(
        "{site} can start {limit} in {start}, and {value} would start. Placed: {who}.",
        "no start left at {site} in {weeks}",
        "the enrolments leave no start",
        unit="courses",
        groups_by=("site_id",),
    ),
    # cohort
    "group-too-small": Wording(
        "The group at {offer} in {start} has {value} of at least {limit} participants: {who}.",
        "the group at {offer} in {start} would have {value} of at least {limit} participants",
        "the group would be too small",
    ),
    # budget
    "line-exceeded": Wording(
        "Budget line {line} can pay {limit} in {year}, and {value} would be paid: {over} too much.",
        "budget line {line} {year} is {over} short",
        "the budget line has too little left",
        unit="ore",
        groups_by=("budget_line_id", "year"),
    ),
    # volume
    "too-many-courses": Wording(
        "{programme} can start {limit} in {year}, and {value} would start.",
        "{programme} can start no more than {limit} in {year}",
        "the programme has no more courses",
        unit="courses",
        groups_by=("programme_id", "year"),
    ),
    # contract
    "most-courses": Wording(
        "Contract {contract} can give {limit}, and {value} would be used.",
        "contract {contract} can give no more than {limit}",
        "the contract has no more courses",
        unit="courses",
        groups_by=("contract_id",),
    ),
    "most-money": Wording(
        "Contract {contract} has a ceiling of {limit}, and {value} would be called off: "
        "{over} too much.",
        "the ceiling of contract {contract} is {over} short",
        "the contract's ceiling is reached",
        unit="ore",
        groups_by=("contract_id",),
    ),
    "least-courses": Wording(
        "Contract {contract} asks for {limit} at least, and {value} would be used.",
        "contract {contract} would give {value}, and asks for {limit} at least",
        "the contract's least courses would not be met",
        unit="courses",
        groups_by=("contract_id",),
    ),
    "least-money": Wording(
        "Contract {contract} asks for {limit} at least, and {value} would be called off: "
        "{short} too little.",
        "contract {contract} would be {short} below its least",
        "the contract's least amount would not be met",
        unit="ore",
        groups_by=("contract_id",),
    ),
    # price
    "cost-differs/whole": Wording(
        "The plan file says {value} in all for {who} at {offer} instead of {limit}.",
        "the cost in all is {limit}, not {value}",
        "the cost is not the price",
        unit="ore",
    ),
    "cost-differs": Wording(
        "The plan file says {value} in {year} for {who} at {offer} instead of {limit}.",
        "the cost in {year} is {limit}, not {value}",
        "the cost is not the price",
        unit="ore",
    ),
    # pins
    "fixed-missing": Wording(
        "{who} has no placement at {offer}, though a pin fixes it.",
        "the fixed pin at {offer} would not be met",
        "a fixed pin would not be met",
    ),
    "forbidden": Wording(
        "{who} is placed at {offer}, though a pin forbids it.",
        "a pin forbids it",
        "a pin forbids it",
    ),
}
"""By fact, or by fact and variant.

``fact/<resource>``: of that resource; ``fact/unknown``: the value is not known; ``fact/below``: the
value is below the limit; ``fact/whole``: of no year.
"""


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
    variants = {
        violation.resource: True,
        "unknown": violation.value is None,
        "below": (violation.value or 0) < (violation.limit or 0),
        "whole": violation.year is None,
    }
    keys = (f"{violation.fact}/{name}" for name, applies in variants.items() if applies)
    return next((WORDINGS[key] for key in keys if key in WORDINGS), WORDINGS[violation.fact])


def _name_values(given: Violation, wording: Wording, names: Names) -> dict[str, object]:
    violation = names.complete(given)
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
        "resource": _UNKNOWN if violation.resource is None else names.resource(violation.resource),
        "start": _UNKNOWN if violation.first_week is None else str(violation.first_week),
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
    return _UNKNOWN if amount is None else show_amount(amount, wording.unit)


def show_amount(amount: int, unit: Unit) -> object:
    """The amount with its unit, to be a message's value."""
    if unit == "ore":
        return Kr(amount)
    one, several = _COUNTED[unit]
    return Message(one if amount == 1 else several, count=amount)
