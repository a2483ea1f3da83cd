"""What rows of the model demand, in words: one table from demands to texts.

A new rule with rows adds its demands to `DEMANDS`, and their Danish to ``locale/da/explain.po``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from providers import Week
from scheduler.explain.names import Names, fill, name_weeks
from scheduler.explain.wording import show_amount
from scheduler.language import Message
from scheduler.problem import Problem
from scheduler.rules.rows import Demand


@dataclass(frozen=True, slots=True)
class DemandWording:
    """How a demand is said.

    The texts may name: ``person``, ``offer``, ``site``, ``programme``, ``contract``, ``line``,
    ``resource``, ``weeks`` and ``year``; `what` also ``left`` (what enrolments leave of a most),
    ``least`` (what a contract asks for) and ``fewest`` (participants); `gives` also ``amount``
    and, without its unit, ``number``.
    """

    what: str
    """The demand, as an item of a list."""
    gives: str = ""
    """How much it would have to give; empty where it never gives."""


DEMANDS: dict[str, DemandWording] = {
    "pins/fixed": DemandWording("the fixed placement of {person} at {offer}"),
    "pins/fixed/week": DemandWording("the fixed placement of {person} at {offer} in {weeks}"),
    "capacity/most": DemandWording(
        "{resource} at {site} in {weeks}: {left} left",
        "{resource} at {site} in {weeks}: {amount} more",
    ),
    "intake/most": DemandWording(
        "starts at {site} in {weeks}: {left} left",
        "starts at {site} in {weeks}: {amount} more",
    ),
    "cohort/least": DemandWording(
        "groups of at least {fewest} at {offer} in {weeks}",
        "the group at {offer} in {weeks}: {number} fewer participants",
    ),
    "budget/most": DemandWording(
        "budget line {line} {year}: {left} left",
        "budget line {line} {year}: {amount} more",
    ),
    "volume/most": DemandWording(
        "{programme} in {year}: {left} left",
        "{programme} in {year}: {amount} more",
    ),
    "contract/most": DemandWording(
        "the most of contract {contract}: {left} left",
        "the most of contract {contract}: {amount} more",
    ),
    "contract/least": DemandWording(
        "the least of contract {contract}: {least}",
        "the least of contract {contract}: {amount} less",
    ),
}
"""By rule and side; ``/week`` where the demand names a week and that says something else."""


def merge_key(demand: Demand) -> Demand:
    """The demand as people know it: a limit whenever it holds."""
    if demand.side == "fixed":
        return demand
    return replace(demand, week=None)


def word_demand(problem: Problem, names: Names, rows: Sequence[Demand], left: int) -> Message:
    """One demand that several rows make.

    Parameters
    ----------
    rows
        Rows of one `merge_key`.
    left
        The smallest upper limit of the rows.
    """
    demand = rows[0]
    dated = DEMANDS.get(f"{_name(demand)}/week") if demand.week is not None else None
    values = {
        **_name_values(names, rows),
        "left": _show(left, demand),
        "least": _show(_least(problem, demand), demand),
        "fewest": _fewest(problem, demand),
    }
    return fill((dated or DEMANDS[_name(demand)]).what, values)


def word_relaxed(names: Names, rows: Sequence[Demand], amount: int) -> Message:
    """By how much each of these rows has to give."""
    demand = rows[0]
    values = {**_name_values(names, rows), "amount": _show(amount, demand), "number": amount}
    return fill(DEMANDS[_name(demand)].gives, values)


def _show(amount: int, demand: Demand) -> object:
    """Øre and courses with their unit; of a resource the text names the unit."""
    match demand.unit:
        case "ore" | "courses":
            return show_amount(amount, demand.unit)
        case _:
            return amount


def _name(demand: Demand) -> str:
    return f"{demand.rule}/{demand.side}"


def _name_values(names: Names, rows: Sequence[Demand]) -> dict[str, object]:
    demand = rows[0]
    return {
        "person": demand.person_id,
        "offer": names.offer(demand.offer_id or ""),
        "site": names.site(demand.site_id or ""),
        "programme": names.programme(demand.programme_id or ""),
        "contract": names.contract(demand.contract_id or ""),
        "line": names.line(demand.budget_line_id or ""),
        "resource": names.resource(demand.resource or ""),
        "weeks": _weeks(row.week for row in rows),
        "year": str(demand.year),
    }


def _weeks(ordinals: Iterable[int | None]) -> str:
    known = [Week(ordinal) for ordinal in ordinals if ordinal is not None]
    return name_weeks(min(known), max(known)) if known else ""


def _least(problem: Problem, demand: Demand) -> int:
    for contract in problem.contracts:
        if contract.id == demand.contract_id:
            return contract.least_ore if demand.unit == "ore" else contract.least_courses
    return 0


def _fewest(problem: Problem, demand: Demand) -> int:
    offers = (offer for offer in problem.offers if offer.id == demand.offer_id)
    return next((offer.fewest_participants for offer in offers), 0)
