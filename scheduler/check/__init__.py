"""The checker: slow, obvious, and written from the problem's description alone.

It reads problems and plans and shares nothing with the model that solvers see.
"""

from scheduler.check.checker import Checker, Paid
from scheduler.check.contract import Shortfall
from scheduler.check.courses import Course, course_of, course_of_enrolment, length_of
from scheduler.check.decided import decided_placement
from scheduler.check.facts import Facts
from scheduler.check.goals import match_points, wait_weeks
from scheduler.check.pin_faults import pin_faults
from scheduler.check.registry import RULES
from scheduler.check.report import CheckReport, Misstatement, Verified, check, score, verify
from scheduler.check.rule import Rule

__all__ = [
    "RULES",
    "CheckReport",
    "Checker",
    "Course",
    "Facts",
    "Misstatement",
    "Paid",
    "Rule",
    "Shortfall",
    "Verified",
    "check",
    "course_of",
    "course_of_enrolment",
    "decided_placement",
    "length_of",
    "match_points",
    "pin_faults",
    "score",
    "verify",
    "wait_weeks",
]
