"""Offers that do not fit their contract, or whose weeks do not fit each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _offer_contracts(problem: Problem, _: Known) -> Iterator[Fault]:
    provider_of_site = {site.id: site.provider_id for site in problem.sites}
    provider_of_contract = {entry.id: entry.provider_id for entry in problem.contracts}
    for row, offer in enumerate(problem.offers):
        of_site = provider_of_site.get(offer.site_id)
        of_contract = provider_of_contract.get(offer.contract_id or "")
        if offer.contract_id and of_site and of_contract and of_site != of_contract:
            expected = Message(
                "a contract with {provider}, which runs {site}",
                provider=of_site,
                site=offer.site_id,
            )
            yield Fault("offers", row, "contract_id", offer.contract_id, expected)


def _offer_weeks(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, offer in enumerate(problem.offers):
        if offer.start_every_weeks is not None and offer.first_start is None:
            expected = Message("a first start too, to count from")
            yield Fault("offers", row, "start_every_weeks", str(offer.start_every_weeks), expected)
        if offer.most_weeks is None:
            continue
        if offer.most_weeks < offer.weeks:
            expected = Message("not fewer than the weeks of the course, {weeks}", weeks=offer.weeks)
            yield Fault("offers", row, "most_weeks", str(offer.most_weeks), expected)
        needs_price = offer.price_per == "course" and offer.extra_week_price_ore is None
        if offer.most_weeks > offer.weeks and needs_price:
            expected = Message(
                "a price of an extra week too, or not more than {weeks}", weeks=offer.weeks
            )
            yield Fault("offers", row, "most_weeks", str(offer.most_weeks), expected)


CHECKS: tuple[Check, ...] = (_offer_contracts, _offer_weeks)
