"""What each rule says to which plan: run as tests, and rendered in the docs.

A new rule adds a module of cases here.
"""

from scheduler.violation import RuleName
from spec import (
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
from spec.case import SpecCase

SPEC_CASES: dict[RuleName, tuple[SpecCase, ...]] = {
    "one-course": one_course.CASES,
    "eligibility": eligibility.CASES,
    "window": window.CASES,
    "length": length.CASES,
    "capacity": capacity.CASES,
    "intake": intake.CASES,
    "cohort": cohort.CASES,
    "budget": budget.CASES,
    "volume": volume.CASES,
    "contract": contract.CASES,
    "price": price.CASES,
    "pins": pins.CASES,
}

__all__ = ["SPEC_CASES", "SpecCase"]
