"""Every possible placement of one person: what each gives, and what stands in its way."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from providers import Week
from scheduler.check import Checker, Facts, decided_placement, match_points
from scheduler.explain.crowding import distance_of, subject_of
from scheduler.explain.names import Names, join_clauses
from scheduler.explain.starts import count_facts, try_starts
from scheduler.explain.wording import word_clause
from scheduler.language import Kr, Message
from scheduler.outcome import DecidedPlacement, MatchPoints
from scheduler.plan import Plan
from scheduler.violation import Violation


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible placement: it breaks no rule by itself."""

    placement: DecidedPlacement
    violations: tuple[Violation, ...]
    """What it would break beside the placements of others; none: it would fit."""


@dataclass(frozen=True, slots=True)
class OfferChoices:
    """What an offer can give a person."""

    offer_id: str
    site_id: str
    match: MatchPoints
    choices: tuple[Choice, ...]
    """By start week."""
    ruled_out: tuple[Violation, ...]
    """Where there is no choice: the facts that rule the offer out."""


@dataclass(frozen=True, slots=True)
class Starts:
    """Start weeks one after another that the same stands in the way of."""

    choices: tuple[Choice, ...]
    why_not: Message | None
    """None: each of them would fit."""

    @property
    def first(self) -> Week:
        """The first of them."""
        return self.choices[0].placement.start

    @property
    def last(self) -> Week:
        """The last of them."""
        return self.choices[-1].placement.start


def find_choices(
    facts: Facts, person_id: str, plan: Plan | None = None
) -> tuple[OfferChoices, ...]:
    """What each offer can give the person: those with choices first, by match points, then by id.

    Parameters
    ----------
    facts
        Those of the problem.
    person_id
        Who; one of the problem's people.
    plan
        Whose other placements each choice is held against; none: none is.
    """
    placements = plan.placements if plan is not None else ()
    others = Plan(placements=tuple(one for one in placements if one.person_id != person_id))
    checker = Checker(facts.problem, others, facts=facts)
    offers = [
        _look_at(checker, person_id, offer_id, against_others=plan is not None)
        for offer_id in facts.offers
    ]
    return tuple(
        sorted(
            offers,
            key=lambda offer: (
                not offer.choices,
                count_facts(offer.ruled_out),
                -offer.match.total,
                offer.offer_id,
            ),
        )
    )


def _look_at(
    checker: Checker, person_id: str, offer_id: str, *, against_others: bool
) -> OfferChoices:
    facts = checker.facts
    site_id = facts.offers[offer_id].site_id
    starts = try_starts(checker, person_id, offer_id)
    return OfferChoices(
        offer_id=offer_id,
        site_id=site_id,
        match=match_points(facts, person_id, site_id),
        choices=tuple(
            Choice(
                decided_placement(facts, placement),
                checker.breaks_beside(placement) if against_others else (),
            )
            for placement in starts.possible
        ),
        ruled_out=starts.ruled_out,
    )


def group_starts(choices: Sequence[Choice], names: Names) -> tuple[Starts, ...]:
    """The choices of one offer, those together that the same stands in the way of."""
    grouped = itertools.groupby(choices, key=_obstacles)
    return tuple(_starts(tuple(together), names) for _, together in grouped)


def _obstacles(choice: Choice) -> frozenset[tuple[str, ...]]:
    return frozenset(subject_of(violation) for violation in choice.violations)


def _starts(choices: tuple[Choice, ...], names: Names) -> Starts:
    closest = min(choices, key=_distance)
    if not closest.violations:
        return Starts(choices, None)
    clause = say_why_not(closest, names)
    alike = len({_distance(choice) for choice in choices}) == 1
    return Starts(choices, clause if alike else Message("{clause} at best", clause=clause))


def say_why_not(choice: Choice, names: Names) -> Message:
    """What the choice would break, as part of a sentence; it breaks something."""
    return join_clauses(word_clause(violation, names) for violation in choice.violations)


def _distance(choice: Choice) -> tuple[int, tuple[tuple[int, int], ...]]:
    """How far from fitting: how many things are exceeded, by how much and for how long."""
    return len(choice.violations), tuple(distance_of(found)[:2] for found in choice.violations)


def explain_placement(
    placed: DecidedPlacement,
    offers: Sequence[OfferChoices],
    names: Names,
    *,
    is_fixed: bool,
    reservation: Message,
) -> tuple[Message, ...]:
    """Why this placement and no other, for the planner, a sentence each.

    Parameters
    ----------
    placed
        The person's placement.
    offers
        What every offer can give, held against the others' placements.
    names
        What things are called.
    is_fixed
        Whether a planner has fixed it.
    reservation
        Why a placement that would fit and looks better was not made.
    """
    if is_fixed:
        return (Message("A planner has fixed this placement."),)
    choices = [choice for offer in offers for choice in offer.choices]
    return tuple(_explain(placed, choices, names, reservation))


@dataclass(frozen=True, slots=True)
class _Measure:
    """Something that a placement can have more or less of; less is better."""

    of: Callable[[DecidedPlacement], int]
    best: Callable[[DecidedPlacement], Message]
    """Said where no choice is better than the placement."""
    better: Callable[[DecidedPlacement, DecidedPlacement, str], Message]
    """Said of the placement, and a better choice at the offer of that name."""


_MEASURES = (
    _Measure(
        lambda placed: -placed.match.total,
        lambda own: Message(
            "No possible placement has more match points than {points}.", points=own.match.total
        ),
        lambda own, other, offer: Message(
            "{offer} in {start} has more match points, {other} against {own}",
            offer=offer,
            start=other.start,
            other=other.match.total,
            own=own.match.total,
        ),
    ),
    _Measure(
        lambda placed: placed.start.ordinal,
        lambda own: Message("No possible placement starts before {start}.", start=own.start),
        lambda own, other, offer: Message(
            "{offer} could start earlier, in {other} instead of {own}",
            offer=offer,
            other=other.start,
            own=own.start,
        ),
    ),
    _Measure(
        lambda placed: placed.cost_ore,
        lambda own: Message("No possible placement costs less than {cost}.", cost=Kr(own.cost_ore)),
        lambda own, other, offer: Message(
            "{offer} in {start} costs less, {other} against {own}",
            offer=offer,
            start=other.start,
            other=Kr(other.cost_ore),
            own=Kr(own.cost_ore),
        ),
    ),
)


def _explain(
    placed: DecidedPlacement, choices: Sequence[Choice], names: Names, reservation: Message
) -> Iterator[Message]:
    if len(choices) == 1:
        yield Message("It is the only possible placement.")
        return
    yield Message(
        "It is one of {count} possible placements at {offers} offers.",
        count=len(choices),
        offers=len({choice.placement.offer_id for choice in choices}),
    )
    for measure in _MEASURES:
        yield _measure(measure, placed, choices, names, reservation)


def _measure(
    measure: _Measure,
    placed: DecidedPlacement,
    choices: Sequence[Choice],
    names: Names,
    reservation: Message,
) -> Message:
    better = [choice for choice in choices if measure.of(choice.placement) < measure.of(placed)]
    if not better:
        return measure.best(placed)
    # One that would fit says most; else the one that is best of all.
    best = min(better, key=lambda one: (bool(one.violations), measure.of(one.placement)))
    offer = names.offer(best.placement.offer_id)
    what = measure.better(placed, best.placement, offer)
    if best.violations:
        return Message("{what}, but {why}.", what=what, why=say_why_not(best, names))
    return Message("{what}, and would fit. {reservation}", what=what, reservation=reservation)
