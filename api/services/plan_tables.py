"""Who starts and who waits in a plan, as tables to be searched."""

from __future__ import annotations

import functools
from typing import Any, Literal

from api.services.listing import Column, Filter, Sheet
from api.services.plans import StoredPlan
from scheduler.explain.names import Names
from scheduler.language import Language, Message
from scheduler.report.views.people import Start, Waiting, start_list, waiting_list
from scheduler.report.views.reasons import REASON_LABELS

PlanTableName = Literal["starts", "waiting"]
_MOST_CACHED = 12


class SamePlan:
    """A plan, alike where its hash is."""

    __slots__ = ("plan",)

    def __init__(self, plan: StoredPlan) -> None:
        self.plan = plan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SamePlan) and self.plan.sha256 == other.plan.sha256

    def __hash__(self) -> int:
        return hash(self.plan.sha256)


def sheet_of_plan(plan: StoredPlan, name: PlanTableName, language: Language) -> Sheet[Any]:
    """A table of the plan, ready to be searched; made once, since a plan never changes."""
    return _sheet(SamePlan(plan), name, language)


@functools.lru_cache(maxsize=_MOST_CACHED)
def _sheet(same: SamePlan, name: PlanTableName, language: Language) -> Sheet[Any]:
    return _starts(same.plan, language) if name == "starts" else _waiting(same.plan, language)


def _starts(plan: StoredPlan, language: Language) -> Sheet[Start]:
    names, placed = Names(plan.problem), {row.person_id: row for row in plan.document.placements}
    columns: tuple[Column[Start], ...] = (
        Column("id", Message("Person"), "text", lambda row: row.person_id),
        Column("start", Message("Start week"), "week", lambda row: row.start),
        Column("site", Message("Site"), "text", lambda row: row.site),
        Column("programme", Message("Programme"), "text", lambda row: row.programme),
        Column("end", Message("Last week"), "week", lambda row: row.end),
        Column("weeks", Message("Weeks"), "count", lambda row: row.weeks),
        Column("target_groups", Message("Target groups"), "text", lambda row: row.target_groups),
        Column("priority", Message("Priority"), "count", lambda row: row.priority),
        Column("wait", Message("Weeks from referral"), "count", lambda row: row.wait_weeks),
        Column("match", Message("Match points"), "count", lambda row: row.match.total),
        Column("cost", Message("Cost"), "kr", lambda row: row.cost_ore),
    )
    filters: tuple[Filter[Start], ...] = (
        Filter("site", Message("Site"), lambda row: (placed[row.person_id].site_id,), names.site),
        Filter(
            "programme",
            Message("Programme"),
            lambda row: (placed[row.person_id].programme_id,),
            names.programme,
        ),
        Filter("week", Message("Start week"), lambda row: (str(row.start),), str),
        _target_group(plan, names),
        _priority(),
    )
    return Sheet(columns, filters, start_list(plan.problem, plan.document), language)


def _waiting(plan: StoredPlan, language: Language) -> Sheet[Waiting]:
    columns: tuple[Column[Waiting], ...] = (
        Column("id", Message("Person"), "text", lambda row: row.person_id),
        Column("priority", Message("Priority"), "count", lambda row: row.priority),
        Column("reason", Message("Reason"), "text", lambda row: REASON_LABELS[row.reason]),
        Column("why", Message("In words"), "prose", lambda row: row.planner),
        Column("referral", Message("Referred"), "week", lambda row: row.referral),
        Column(
            "wait",
            Message("Weeks from referral to the end of the plan"),
            "count",
            lambda row: row.wait_weeks,
        ),
        Column("target_groups", Message("Target groups"), "text", lambda row: row.target_groups),
        Column("options", Message("Possible placements"), "count", lambda row: row.options),
    )
    filters: tuple[Filter[Waiting], ...] = (
        Filter(
            "reason",
            Message("Reason"),
            lambda row: (row.reason,),
            {str(code): label for code, label in REASON_LABELS.items()}.__getitem__,
        ),
        _target_group(plan, Names(plan.problem)),
        _priority(),
    )
    return Sheet(columns, filters, waiting_list(plan.problem, plan.document), language)


def _target_group(plan: StoredPlan, names: Names) -> Filter[Any]:
    people = plan.books.facts.people
    return Filter(
        "target_group",
        Message("Target group"),
        lambda row: people[row.person_id].target_groups,
        lambda code: names.code(code, "target-group"),
    )


def _priority() -> Filter[Any]:
    return Filter("priority", Message("Priority"), lambda row: (str(row.priority),), str)
