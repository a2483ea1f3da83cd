"""Contradictions between records of a problem, one module for each table or subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from scheduler.faults import (
    codes,
    contracts,
    cpr,
    enrolments,
    ids,
    lists,
    money,
    offers,
    people,
    pins,
    plan,
    providers,
    ranges,
    ratings,
    references,
    travel,
    uses,
)
from scheduler.faults.check import TABLES, Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known, did_you_mean
from scheduler.faults.pins import name_people
from scheduler.faults.providers import is_cvr

if TYPE_CHECKING:
    from scheduler.problem import Problem

CHECKS: tuple[Check, ...] = (
    # In this order the faults of one row are told.
    *plan.CHECKS,
    *ids.CHECKS,
    *references.CHECKS,
    *codes.CHECKS,
    *lists.CHECKS,
    *ranges.CHECKS,
    *money.CHECKS,
    *providers.CHECKS,
    *offers.CHECKS,
    *contracts.CHECKS,
    *uses.CHECKS,
    *people.CHECKS,
    *travel.CHECKS,
    *ratings.CHECKS,
    *enrolments.CHECKS,
    *pins.CHECKS,
    *cpr.CHECKS,
)


def find_faults(
    problem: Problem, also_known: Mapping[str, Collection[str]] | None = None
) -> tuple[Fault, ...]:
    """Every contradiction between the records of `problem`, in order of table and row.

    Parameters
    ----------
    problem
        It need not have been validated as a whole; its records must have been one by one.
    also_known
        By table: ids of records that could not be read; references to them are no faults. Under
        ``plan``: names of settings that could not be read. Under a table without ids: anything,
        if a row of it could not be read.
    """
    known = Known(problem, also_known or {})
    found = [fault for check in CHECKS for fault in check(problem, known)]
    tables = {name: number for number, name in enumerate(("plan", *TABLES))}
    return tuple(
        sorted(
            found, key=lambda fault: (tables[fault.table], -1 if fault.row is None else fault.row)
        )
    )


__all__ = ["CHECKS", "Fault", "did_you_mean", "find_faults", "is_cvr", "name_people"]
