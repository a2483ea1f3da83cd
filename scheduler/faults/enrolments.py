"""Enrolments whose weeks do not fit their status or their offer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from providers import Week
from scheduler.faults.check import Check
from scheduler.faults.fault import Fault
from scheduler.faults.known import Known
from scheduler.faults.ranges import not_below
from scheduler.language import Message

if TYPE_CHECKING:
    from scheduler.person import Enrolment
    from scheduler.problem import Problem


def _enrolments(problem: Problem, _: Known) -> Iterator[Fault]:
    offers = {offer.id: offer for offer in problem.offers}
    for row, enrolment in enumerate(problem.enrolments):
        for name, value, expected in _last_week_faults(enrolment):
            yield Fault("enrolments", row, name, value, expected)
        offer = offers.get(enrolment.offer_id)
        if offer is None:
            continue
        last = _course_end(problem, offer.site_id, enrolment)
        if enrolment.last_week is not None and enrolment.last_week > last:
            expected = Message("a week of the course, which ends in {week}", week=last)
            yield Fault("enrolments", row, "last_week", str(enrolment.last_week), expected)
        has_price = offer.extra_week_price_ore is not None or enrolment.price_ore is not None
        if enrolment.weeks > offer.weeks and offer.price_per == "course" and not has_price:
            expected = Message(
                "at most {weeks}, as neither the offer has a price of an extra week nor the "
                "enrolment one of its own",
                weeks=offer.weeks,
            )
            yield Fault("enrolments", row, "weeks", str(enrolment.weeks), expected)


def _last_week_faults(enrolment: Enrolment) -> Iterator[tuple[str, str, Message]]:
    if enrolment.status == "dropped-out" and enrolment.last_week is None:
        yield "last_week", "", Message("the last week of one who dropped out")
    if enrolment.last_week is None:
        return
    if enrolment.status != "dropped-out":
        expected = Message("nothing here, as the status is {status}", status=enrolment.status)
        yield "last_week", str(enrolment.last_week), expected
    elif enrolment.last_week < enrolment.start:
        yield "last_week", str(enrolment.last_week), not_below(enrolment.start, "start")


def _course_end(problem: Problem, site_id: str, enrolment: Enrolment) -> Week:
    """The last active week of an enrolment; closed weeks come on top."""
    closures = sorted(
        (entry.first_week, entry.last_week)
        for entry in problem.closures
        if entry.site_id in {None, site_id} and entry.first_week <= entry.last_week
    )
    end = enrolment.start + (enrolment.weeks - 1)
    counted_to = enrolment.start + -1
    for first, last in closures:
        low = max(first, counted_to + 1)
        if low <= end and last >= low:
            end += last - low + 1
            counted_to = last
    return end


CHECKS: tuple[Check, ...] = (_enrolments,)
