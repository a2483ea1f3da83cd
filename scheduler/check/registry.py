"""Every rule that the checker knows, in the order of `scheduler.violation.RULE_NAMES`."""

from __future__ import annotations

from scheduler.check import (
    budget,
    capacity,
    cohort,
    contract,
    eligibility,
    intake,
    length,
    one_course,
    pins,
    price,
    volume,
    window,
)
from scheduler.check.rule import Rule

RULES: tuple[Rule, ...] = (
    one_course.RULE,
    eligibility.RULE,
    window.RULE,
    length.RULE,
    capacity.RULE,
    intake.RULE,
    cohort.RULE,
    budget.RULE,
    volume.RULE,
    contract.RULE,
    price.RULE,
    pins.RULE,
)
