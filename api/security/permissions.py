"""Who may do what: one table, for pages and JSON alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Literal, get_args

from scheduler.language import Message

Role = Literal["planner", "approver", "buyer", "finance", "engineer", "auditor", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_LABELS: Mapping[Role, Message] = {
    "planner": Message("Planner"),
    "approver": Message("Approver"),
    "buyer": Message("Buyer"),
    "finance": Message("Finance"),
    "engineer": Message("Engineer"),
    "auditor": Message("Auditor"),
    "administrator": Message("Administrator"),
}


class Action(StrEnum):
    """Something that a route does; every route names one."""

    OWN_SESSION = "session.own"
    """See one's own account, and what one made for it."""
    OWN_PASSWORD = "password.own"  # noqa: S105 - no secret
    """Change one's own password, and log out: all that a password made by others is good for."""
    MANAGE_ACCOUNTS = "account.manage"
    """See, make and lock accounts, and say their roles."""
    READ_PROBLEM = "problem.read"
    """See a problem in numbers, its sites, offers and money."""
    WRITE_PROBLEM = "problem.write"
    """Upload a problem, or make a new version."""
    READ_PERSON = "person.read"
    """See rows of single people; each look is logged."""
    READ_RUN = "run.read"
    """See runs and how far they are."""
    READ_GOALS = "goal.read"
    """See exact values of goals, which of a small plan tell how many are placed."""
    READ_MEASUREMENTS = "run.measurements"
    """See what runs took: phases, goals over time, memory and attempts."""
    START_RUN = "run.start"
    """Start a run."""
    STOP_RUN = "run.stop"
    """End a run early."""
    READ_PLAN = "plan.read"
    """See a plan; without `READ_PERSON`, nobody's row."""
    DECIDE_PLAN = "plan.decide"
    """Approve a plan that others made, decline it, or withdraw an approval."""
    DOWNLOAD_PERSON = "person.download"
    """Take files with rows of people along; each is logged."""
    DOWNLOAD_FINANCE = "finance.download"
    """Take what each line pays month by month along; small amounts tell of single courses."""
    COMPARE_PLANS = "plan.compare"
    """See plans side by side, in numbers from which no small count can be worked out."""
    WRITE_PRICE = "price.write"
    """Change prices and terms of contracts."""
    WRITE_SCENARIO = "scenario.write"
    """Copy a problem with other prices, money, providers or people."""


ALLOWED: Mapping[Action, frozenset[Role]] = {
    Action.OWN_SESSION: frozenset(ROLES),
    Action.OWN_PASSWORD: frozenset(ROLES),
    Action.MANAGE_ACCOUNTS: frozenset({"administrator"}),
    Action.READ_PROBLEM: frozenset({"planner", "approver", "buyer", "finance", "auditor"}),
    Action.WRITE_PROBLEM: frozenset({"planner"}),
    Action.READ_PERSON: frozenset({"planner", "approver", "auditor"}),
    Action.READ_RUN: frozenset({"planner", "approver", "buyer", "finance", "engineer", "auditor"}),
    Action.READ_GOALS: frozenset({"planner", "approver", "finance", "engineer", "auditor"}),
    Action.READ_MEASUREMENTS: frozenset({"planner", "engineer", "auditor"}),
    Action.START_RUN: frozenset({"planner", "buyer"}),
    Action.STOP_RUN: frozenset({"planner", "buyer", "engineer"}),
    Action.READ_PLAN: frozenset({"planner", "approver", "finance", "auditor"}),
    Action.DECIDE_PLAN: frozenset({"approver"}),
    Action.DOWNLOAD_PERSON: frozenset({"planner", "approver", "auditor"}),
    Action.DOWNLOAD_FINANCE: frozenset({"planner", "approver", "finance", "auditor"}),
    Action.COMPARE_PLANS: frozenset({"planner", "approver", "buyer", "finance", "auditor"}),
    Action.WRITE_PRICE: frozenset({"planner", "buyer"}),
    Action.WRITE_SCENARIO: frozenset({"planner", "buyer"}),
}


def is_allowed(roles: Iterable[Role], action: Action) -> bool:
    """Whether one of the roles may do it."""
    return not ALLOWED[action].isdisjoint(roles)
