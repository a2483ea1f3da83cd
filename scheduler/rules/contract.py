"""``contract``: courses and money under a contract stay between its least and most.

Rule: with e enrolments and what they cost, the options under a contract number (and cost) at most
the most less e. A least ``if-used``: with a switch u that is on if the plan uses the contract,
``(least - e)·u <= options <= everybody·u``. A least ``always``: ``least - e <= options``, or under
take-or-pay ``least - e <= options + shortfall``, where the shortfall is paid.

Why: a contract's ceiling is hard, and so is what was promised to be called off.

Checked by: `scheduler.check.contract`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from providers import Contract
from scheduler.rules.rows import (
    UNLIMITED,
    Demand,
    RowGroup,
    Switches,
    entries,
    of_limits,
)
from scheduler.rules.rule import Bools, Rule

if TYPE_CHECKING:
    from scheduler.instance import Courses, Instance, Supply

Ints = NDArray[np.int64]


def _under(supply: Supply, courses: Courses, contract: Contract) -> Ints:
    """The courses under a contract."""
    own = np.array([offer.contract_id == contract.id for offer in supply.offers], dtype=np.bool_)
    return np.flatnonzero(own[courses.offer]).astype(np.int64)


def _left(supply: Supply, contract: Contract) -> tuple[int, int]:
    """Courses and øre that the plan may call off; `UNLIMITED` where there is no most."""
    courses, ore = UNLIMITED, UNLIMITED
    if contract.most_courses is not None:
        courses = max(0, contract.most_courses - supply.enrolled_courses.get(contract.id, 0))
    if contract.most_ore is not None:
        ore = max(0, contract.most_ore - supply.enrolled_ore.get(contract.id, 0))
    return courses, ore


def _missing(supply: Supply, contract: Contract) -> tuple[int, int]:
    """Courses and øre that are missing to the least; 0 where there is nothing missing."""
    courses = contract.least_courses - supply.enrolled_courses.get(contract.id, 0)
    ore = contract.least_ore - supply.enrolled_ore.get(contract.id, 0)
    return max(0, courses), max(0, ore)


def _allows(supply: Supply, courses: Courses) -> Bools:
    allowed = np.ones(courses.count, dtype=np.bool_)
    for contract in supply.problem.contracts:
        own = _under(supply, courses, contract)
        most_courses, most_ore = _left(supply, contract)
        allowed[own] = (courses.total[own] <= most_ore) & (most_courses > 0)
    return allowed


def _rows(instance: Instance) -> Iterable[RowGroup]:
    for key in sorted(instance.supply.contracts):
        contract = instance.supply.contracts[key]
        yield from _most_rows(instance, contract)
        if contract.least_applies == "always":
            yield from _always_rows(instance, contract)
        else:
            yield from _if_used_rows(instance, contract)


def _matrices(instance: Instance, contract: Contract) -> tuple[sparse.csc_array, sparse.csc_array]:
    """Courses and øre under the contract, one row each over all courses."""
    courses = instance.courses
    own = _under(instance.supply, courses, contract)
    row = np.zeros(len(own), dtype=np.int64)
    shape = (1, courses.count)
    return entries(row, own, np.ones_like(own), shape), entries(row, own, courses.total[own], shape)


def _most_rows(instance: Instance, contract: Contract) -> Iterable[RowGroup]:
    counted = _matrices(instance, contract)
    units = ("courses", "ore")
    for unit, matrix, most in zip(units, counted, _left(instance.supply, contract), strict=True):
        if most == UNLIMITED or not matrix.nnz:
            continue
        lower, upper = of_limits(np.array([most], dtype=np.int64))
        demand = Demand(rule="contract", unit=unit, contract_id=contract.id)
        yield RowGroup("contract", lower, upper, (demand,), by_course=matrix)


def _always_rows(instance: Instance, contract: Contract) -> Iterable[RowGroup]:
    supply = instance.supply
    counted = _matrices(instance, contract)
    units = ("courses", "ore")
    for unit, matrix, least in zip(units, counted, _missing(supply, contract), strict=True):
        if least == 0:
            continue
        paid = [
            index
            for index, shortfall in enumerate(supply.shortfalls)
            if shortfall.contract_id == contract.id and shortfall.unit == unit
        ]
        one = np.ones(len(paid), dtype=np.int64)
        shape = (1, len(supply.shortfalls))
        by_shortfall = entries(np.zeros_like(one), np.array(paid), one, shape) if paid else None
        yield RowGroup(
            "contract",
            np.array([least], dtype=np.int64),
            np.array([UNLIMITED], dtype=np.int64),
            (Demand(rule="contract", unit=unit, contract_id=contract.id, side="least"),),
            by_course=matrix,
            by_shortfall=by_shortfall,
        )


def _if_used_rows(instance: Instance, contract: Contract) -> Iterable[RowGroup]:
    least_courses, least_ore = _missing(instance.supply, contract)
    counted, cost = _matrices(instance, contract)
    if not counted.nnz or (least_courses <= 1 and least_ore == 0):
        return
    everybody = len(instance.supply.people)

    def demand(unit: str, side: str) -> Demand:
        return Demand(rule="contract", unit=unit, contract_id=contract.id, side=side)

    yield RowGroup(
        "contract",
        lower=np.array([0, 0, -UNLIMITED], dtype=np.int64),
        upper=np.array([UNLIMITED, UNLIMITED, 0], dtype=np.int64),
        demands=(
            demand("courses", "least"),
            demand("ore", "least"),
            demand("courses", "link"),
        ),
        by_course=sparse.csc_array(sparse.vstack([counted, cost, counted])),
        switches=Switches(
            matrix=sparse.csc_array(np.array([[-least_courses], [-least_ore], [-everybody]])),
            used=np.array([2], dtype=np.int64),
        ),
    )


RULE = Rule("contract", allows_courses=_allows, rows=_rows)
