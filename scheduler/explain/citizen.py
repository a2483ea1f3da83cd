"""What a young person is told: plain words, nobody else, no promise.

Every text is short sentences of everyday words. It says that waiting is no refusal, why in general
terms, and what may open a possibility; it names no other person, no site and no amount. Whoever is
placed is told where and when.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scheduler.language import Date, Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from providers import Week
    from scheduler.outcome import MatchPoints
    from scheduler.person import Person
    from scheduler.violation import Fact

_MOST_CAUSES = 2
"""A third cause would make the text longer and no clearer."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why somebody waits, and what may open a possibility."""

    why: str
    opens: str


_PLACES = Cause(
    "The places that fit you are taken right now.",
    "Something may open when a place becomes free.",
)
_MONEY = Cause(
    "The money for the courses that fit you is in use for now.",
    "Something may open when there is more money for courses.",
)
_COURSES = Cause(
    "There are no more of the courses that fit you in this period.",
    "Something may open when there are more courses.",
)
_GROUP = Cause(
    "The group that fits you cannot start yet.",
    "Something may open when the group can start.",
)
_KIND = Cause(
    "The courses that we have right now are not made for your situation.",
    "Something may open when we get other courses.",
)
_NEEDS = Cause(
    "Right now we do not have a place with what you need.",
    "Something may open when we find a place that has it.",
)
_AGREED = Cause(
    "The places that we have right now do not fit what is agreed for you.",
    "Something may open when we get other places.",
)
_TRAVEL = Cause(
    "Right now we have not found a place that is easy for you to get to.",
    "Something may open when we find a place closer to you.",
)
_TIME = Cause(
    "Right now there is no course that starts at a time that fits you.",
    "Something may open when there are new dates to start.",
)
_LENGTH = Cause(
    "Right now we do not have a course of the length that you need.",
    "Something may open when we get courses of that length.",
)
_RUNNING = Cause(
    "You already have a course. A new one can start after it.",
    "Something may open when your course ends.",
)
_CHOSEN = Cause(
    "The job centre has chosen to wait with a place for you for now.",
    "You can always ask why.",
)
_PERHAPS = Cause(
    "There may be a place that fits you, but it is not certain.",
    "The job centre can look at it again.",
)
_NOTHING = Cause(
    "Right now we do not have any courses.",
    "Something may open when we get courses.",
)

CAUSES: dict[Fact, Cause] = {
    # one-course
    "two-placements": _RUNNING,
    "overlaps-enrolment": _RUNNING,
    "seeks-no-place": _KIND,
    # eligibility
    "target-group-programme": _KIND,
    "target-group-site": _KIND,
    "status": _KIND,
    "age": _KIND,
    "last-eligible-week": _TIME,
    "needs": _NEEDS,
    "excluded-site": _AGREED,
    "excluded-provider": _AGREED,
    "travel": _TRAVEL,
    # window
    "before-referral": _TIME,
    "person-window": _TIME,
    "plan-window": _TIME,
    "programme-window": _TIME,
    "offer-window": _TIME,
    "start-pattern": _TIME,
    "closed-start": _TIME,
    "site-not-open": _TIME,
    "contract-period": _TIME,
    # length
    "too-short": _LENGTH,
    "too-long": _LENGTH,
    "not-the-length": _LENGTH,
    # capacity, intake, cohort
    "resource-exceeded": _PLACES,
    "too-many-starts": _TIME,
    "group-too-small": _GROUP,
    # budget, volume, contract, price
    "line-exceeded": _MONEY,
    "too-many-courses": _COURSES,
    "most-courses": _COURSES,
    "most-money": _COURSES,
    "least-courses": _COURSES,
    "least-money": _COURSES,
    "cost-differs": _MONEY,
    # pins
    "fixed-missing": _CHOSEN,
    "forbidden": _CHOSEN,
}


def tell_causes(facts: Iterable[Fact]) -> Message:
    """The most frequent causes among the facts, at most two; no facts: there are no courses."""
    counted = Counter(CAUSES[fact] for fact in facts)
    return _tell([cause for cause, _ in counted.most_common(_MOST_CAUSES)] or [_NOTHING])


def tell_pinned_out() -> Message:
    """Only the planner's word stands in the way."""
    return _tell([_CHOSEN])


def tell_could_be_added() -> Message:
    """A place may be there."""
    return _tell([_PERHAPS])


def tell_placed(site: str, start: Week, weeks: int, person: Person, match: MatchPoints) -> Message:
    """What a young person with a placement is told: where, when, and what speaks for it."""
    reasons = [
        Message(text)
        for text, holds in (
            ("It has tasks that you wish for.", bool(person.wishes) and match.wishes > 0),
            ("The staff there know you.", match.known_staff > 0),
            ("You can get there.", match.travel > 0),
        )
        if holds
    ] or [Message("It fits what we know about you.")]
    return Message(
        "We propose a course for you at {site}. It starts on {date} and lasts {weeks} weeks. "
        "{why} It is always a person at the job centre who decides. The computer only proposes. "
        "Talk to your caseworker if it does not suit you.",
        site=site,
        date=Date(start),
        weeks=weeks,
        why=_one_after_another(reasons),
    )


def _tell(causes: list[Cause]) -> Message:
    return Message(
        "You are on the waiting list for a course. It is not a refusal. {why} {opens} "
        "We look at the list again when we make a new plan. "
        "It is always a person at the job centre who decides. The computer only proposes. "
        "Talk to your caseworker if something changes for you.",
        why=_one_after_another([Message(cause.why) for cause in causes]),
        opens=_one_after_another([Message(cause.opens) for cause in causes]),
    )


def _one_after_another(texts: list[Message]) -> Message:
    first, *rest = texts
    joined = first
    for text in rest:
        joined = Message("{first} {second}", first=joined, second=text)
    return joined
