"""How a plan breaks a rule: what the checker reports and the explanations are made of."""

from __future__ import annotations

from typing import Literal, get_args

from providers import Code, DomainId, Record, Week

RuleName = Literal[
    "one-course",
    "eligibility",
    "window",
    "length",
    "capacity",
    "intake",
    "cohort",
    "budget",
    "volume",
    "contract",
    "price",
    "pins",
]
RULE_NAMES: tuple[RuleName, ...] = get_args(RuleName)

Fact = Literal[
    # one-course
    "two-placements",
    "overlaps-enrolment",
    "seeks-no-place",
    # eligibility
    "target-group-programme",
    "target-group-site",
    "status",
    "age",
    "last-eligible-week",
    "needs",
    "excluded-site",
    "excluded-provider",
    "travel",
    # window
    "before-referral",
    "person-window",
    "plan-window",
    "programme-window",
    "offer-window",
    "start-pattern",
    "closed-start",
    "site-not-open",
    "contract-period",
    # length
    "too-short",
    "too-long",
    "not-the-length",
    # capacity, intake, cohort
    "resource-exceeded",
    "too-many-starts",
    "group-too-small",
    # budget, volume, contract
    "line-exceeded",
    "too-many-courses",
    "most-courses",
    "most-money",
    "least-courses",
    "least-money",
    # price
    "cost-differs",
    # pins
    "fixed-missing",
    "forbidden",
]
FACTS: tuple[Fact, ...] = get_args(Fact)


class Violation(Record):
    """One way in which a plan breaks a rule, with whom, where, when and by how much."""

    rule: RuleName
    """The rule."""
    fact: Fact
    """Which of the rule's facts fails."""
    inherited: bool = False
    """The enrolments alone break the limit already, and the plan does not make it worse."""
    person_ids: tuple[DomainId, ...] = ()
    """The people whose placements have a part in it, in order of id."""
    offer_id: DomainId | None = None
    site_id: DomainId | None = None
    provider_id: DomainId | None = None
    programme_id: DomainId | None = None
    contract_id: DomainId | None = None
    budget_line_id: DomainId | None = None
    resource: Code | None = None
    first_week: Week | None = None
    """First week concerned."""
    last_week: Week | None = None
    """Last week concerned."""
    year: int | None = None
    limit: int | None = None
    """What the rule allows, in the unit of the rule: øre, courses, people, minutes, weeks."""
    value: int | None = None
    """What the plan has instead, in the same unit."""
    codes: tuple[Code, ...] = ()
    """Codes concerned, such as the unmet needs."""

    def __str__(self) -> str:
        from scheduler.explain.wording import word_violation  # noqa: PLC0415 - words read records

        return str(word_violation(self))
