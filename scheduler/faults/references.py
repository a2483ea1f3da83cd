"""Ids of records that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check, rows_of, values_of
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known, or_nearest
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem

_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("programmes", "budget_line_id", "budget_lines"),
    ("budget_lines", "parent_id", "budget_lines"),
    ("budget_movements", "budget_line_id", "budget_lines"),
    ("people", "known_sites", "sites"),
    ("people", "excluded_sites", "sites"),
    ("people", "excluded_providers", "providers"),
    ("sites", "provider_id", "providers"),
    ("offers", "site_id", "sites"),
    ("offers", "programme_id", "programmes"),
    ("offers", "contract_id", "contracts"),
    ("contracts", "provider_id", "providers"),
    ("contracts", "shortfall_budget_line_id", "budget_lines"),
    ("capacity", "site_id", "sites"),
    ("uses", "offer_id", "offers"),
    ("uses", "person_id", "people"),
    ("closures", "site_id", "sites"),
    ("ratings", "person_id", "people"),
    ("ratings", "site_id", "sites"),
    ("enrolments", "person_id", "people"),
    ("enrolments", "offer_id", "offers"),
    ("pins", "person_id", "people"),
    ("pins", "offer_id", "offers"),
)
"""Table, field, and the table whose ids it holds."""

_ID_OF = {
    "budget_lines": Message("the id of a budget line"),
    "sites": Message("the id of a site"),
    "providers": Message("the id of a provider"),
    "programmes": Message("the id of a programme"),
    "contracts": Message("the id of a contract"),
    "offers": Message("the id of an offer"),
    "people": Message("the id of a person"),
}


def _references(problem: Problem, known: Known) -> Iterator[Fault]:
    for table, name, target in _REFERENCES:
        ids = known.ids(target)
        for row, record in rows_of(problem, table):
            for value in values_of(record, name):
                if value not in ids and not known.is_unread(target, value):
                    nearest = known.nearest(target, value, ids)
                    yield Fault(table, row, name, value, or_nearest(_ID_OF[target], nearest))


CHECKS: tuple[Check, ...] = (_references,)
