"""``price``: a course costs what its offer's price says, extra weeks included.

Rule: a price per course covers the offer's weeks and is split over them by cumulative rounding; a
price per week is paid for each; each later week costs the extra-week price. By week, each share is
paid in the year of its week; at start, everything in the year of the start.

Why: costs belong to the year of delivery, and the shares must sum to the price to the øre.

Checked by: `scheduler.check.price`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from providers import Offer
from scheduler.person import Enrolment
from scheduler.rules.rule import Rule

if TYPE_CHECKING:
    from scheduler.instance import Supply

Ints = NDArray[np.int64]


def cumulative_price(offer: Offer, weeks: Ints, paid: Ints) -> Ints:
    """``øre[k]``: the price of the first `paid[k]` of `weeks[k]` active weeks."""
    covered = np.minimum(weeks, offer.weeks)
    base_weeks = np.minimum(paid, covered)
    extra = offer.extra_week_price_ore
    if offer.price_per == "week":
        base = offer.price_ore * base_weeks
        extra_price = offer.price_ore if extra is None else extra
    else:
        base = offer.price_ore * base_weeks // covered
        extra_price = 0 if extra is None else extra
    return np.asarray(base + extra_price * (paid - base_weeks), dtype=np.int64)


def enrolment_shares(offer: Offer, enrolment: Enrolment) -> Ints:
    """``share[k]``: what the k-th active week of an enrolment costs, in øre."""
    paid = np.arange(enrolment.weeks + 1, dtype=np.int64)
    if enrolment.price_ore is not None:
        return np.diff(enrolment.price_ore * paid // enrolment.weeks)
    weeks = np.full(len(paid), enrolment.weeks, dtype=np.int64)
    return np.diff(cumulative_price(offer, weeks, paid))


def cost_by_year(supply: Supply, offers: Ints, weeks: Ints, starts: Ints, *, priced: bool) -> Ints:
    """``cost[course, year]`` in øre; zeros unless `priced`."""
    cost = np.zeros((len(offers), supply.year_count), dtype=np.int64)
    if not priced:
        return cost
    start_years = supply.year_of_week[starts] - supply.first_year
    for index, offer in enumerate(supply.offers):
        own = np.flatnonzero(offers == index)
        if supply.programmes[offer.programme_id].charged == "at-start":
            cost[own, start_years[own]] = cumulative_price(offer, weeks[own], weeks[own])
            continue
        before = supply.open_before[int(supply.site_of_offer[index])]
        paid_until = np.zeros(len(own), dtype=np.int64)
        for year, end in enumerate(supply.year_ends):
            active = np.clip(before[end] - before[starts[own]], 0, weeks[own])
            until = cumulative_price(offer, weeks[own], active)
            cost[own, year] = until - paid_until
            paid_until = until
    return cost


RULE = Rule("price")
