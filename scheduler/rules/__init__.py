"""The rules as the model knows them, one module each, in the order of `RULE_NAMES`."""

from scheduler.rules import (
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
from scheduler.rules.rule import Rule

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

__all__ = ["RULES", "Rule"]
