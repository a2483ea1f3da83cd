"""The application's own database."""

from api.store.accounts import (
    AccountRow,
    ApiTokenRow,
    IdempotencyRow,
    LoginFailureRow,
    LookupRow,
    SessionRow,
)
from api.store.base import Base
from api.store.engine import Store, open_store
from api.store.plans import ApprovalRow, OverrideRow, PlanRow
from api.store.problems import ProblemRow, ProblemVersionRow, VersionChangesRow
from api.store.runs import RunAttemptRow, RunPlanRow, RunProgressRow, RunRow

__all__ = [
    "AccountRow",
    "ApiTokenRow",
    "ApprovalRow",
    "Base",
    "IdempotencyRow",
    "LoginFailureRow",
    "LookupRow",
    "OverrideRow",
    "PlanRow",
    "ProblemRow",
    "ProblemVersionRow",
    "RunAttemptRow",
    "RunPlanRow",
    "RunProgressRow",
    "RunRow",
    "SessionRow",
    "Store",
    "VersionChangesRow",
    "open_store",
]
