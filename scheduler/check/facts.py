"""Look-ups over a problem by id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

from providers import Capacity, Closure, Week
from scheduler.check.courses import Course, Uses, course_of_enrolment
from scheduler.person import Pin
from scheduler.problem import Problem

T = TypeVar("T")


class Facts:
    """What a problem says, by id; never changed, so that many checkers can share it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.people = {person.id: person for person in problem.people}
        self.providers = {provider.id: provider for provider in problem.providers}
        self.sites = {site.id: site for site in problem.sites}
        self.offers = {offer.id: offer for offer in problem.offers}
        self.programmes = {programme.id: programme for programme in problem.programmes}
        self.contracts = {contract.id: contract for contract in problem.contracts}
        self.lines = {line.id: line for line in problem.budget_lines}
        self.has_take_or_pay = any(contract.take_or_pay for contract in problem.contracts)
        self.travel = {(row.from_area, row.to_area): row.minutes for row in problem.travel}
        self.closed = {site: _weeks(problem.closures, site) for site in self.sites}
        """By site: its closed weeks."""
        self.pins: defaultdict[str, list[Pin]] = defaultdict(list)
        """By person."""
        for pin in problem.pins:
            self.pins[pin.person_id].append(pin)
        self._ratings = {
            (rating.person_id, rating.site_id): rating.points
            for rating in sorted(problem.ratings, key=lambda rating: rating.date.ordinal)
            if rating.date <= problem.as_of
        }
        self._capacity: defaultdict[tuple[str, str], list[Capacity]] = defaultdict(list)
        for capacity in problem.capacity:
            self._capacity[capacity.site_id, capacity.resource].append(capacity)
        self.amounts: Mapping[tuple[str, str, int], int] = _Amounts(self._amount)
        """By site, resource and ordinal of the week: how much there is."""
        self._decided: defaultdict[tuple[str, int], int] = defaultdict(int)
        for movement in problem.budget_movements:
            if movement.status == "decided":
                self._decided[movement.budget_line_id, movement.year] += movement.amount_ore
        self._offer_uses: defaultdict[str, dict[str, int]] = defaultdict(lambda: {"places": 1})
        self._person_uses: defaultdict[str, dict[str, int]] = defaultdict(dict)
        for use in problem.uses:
            if use.offer_id is not None:
                self._offer_uses[use.offer_id][use.resource] = use.amount
            if use.person_id is not None:
                self._person_uses[use.person_id][use.resource] = use.amount
        self._once: dict[Hashable, Any] = {}
        self.enrolled = tuple(
            course_of_enrolment(self, enrolment)
            for enrolment in problem.enrolments
            if enrolment.status != "no-show"
        )
        """Courses of all enrolments but no-shows."""
        self.enrolled_of: defaultdict[str, list[Course]] = defaultdict(list)
        """By person."""
        for course in self.enrolled:
            self.enrolled_of[course.person_id].append(course)

    def once(self, key: Hashable, compute: Callable[[], T]) -> T:
        """What `compute` answers, asked only once for each key."""
        try:
            answer: T = self._once[key]
        except KeyError:
            answer = self._once[key] = compute()
        return answer

    def year(self, week: Week) -> int:
        """The ISO year of a week."""
        return self.once(("year", week.ordinal), lambda: week.year)

    def minutes(self, person_id: str, site_id: str) -> int | None:
        """Minutes of travel from the person's area to the site's; none: unknown."""
        here, there = self.people[person_id].area, self.sites[site_id].area
        if here is None or there is None:
            return None
        return self.travel.get((here, there), 0 if here == there else None)

    def rating(self, person_id: str, site_id: str) -> int | None:
        """Points of the latest rating not after the as-of week."""
        return self._ratings.get((person_id, site_id))

    def own_uses(self, person_id: str) -> Uses:
        """What the person uses in a week on top of what an offer takes of everybody."""
        return tuple(sorted(self._person_uses.get(person_id, {}).items()))

    def uses(self, person_id: str, offer_id: str) -> tuple[Uses, Uses]:
        """What the person uses of each resource in an active and in a paused week."""
        return self.once(("uses", person_id, offer_id), lambda: self._uses(person_id, offer_id))

    def _uses(self, person_id: str, offer_id: str) -> tuple[Uses, Uses]:
        of_offer, of_person = self._offer_uses[offer_id], self._person_uses[person_id]
        resources = sorted({*of_offer, *of_person})
        both = [(name, of_offer.get(name, 0) + of_person.get(name, 0)) for name in resources]
        active = tuple((name, amount) for name, amount in both if amount)
        return active, tuple((name, amount) for name, amount in active if name == "places")

    def amount(self, site_id: str, resource: str, week: Week) -> int:
        """How much of a resource a site has in a week."""
        return self.amounts[site_id, resource, week.ordinal]

    def _amount(self, site_id: str, resource: str, ordinal: int) -> int:
        week = Week(ordinal)
        for row in self._capacity.get((site_id, resource), ()):
            after_first = row.first_week is None or row.first_week <= week
            if after_first and (row.last_week is None or week <= row.last_week):
                return row.amount
        return self.sites[site_id].places if resource == "places" else 0

    def line_and_ancestors(self, line_id: str) -> tuple[str, ...]:
        """The line, its parent, the parent's parent and so on."""
        found = []
        at: str | None = line_id
        while at is not None:
            found.append(at)
            at = self.lines[at].parent_id
        return tuple(found)

    def has_money(self, line_id: str, year: int) -> bool:
        """Whether there are decided movements of the line in the year."""
        return (line_id, year) in self._decided

    def decided_years(self) -> tuple[tuple[str, int], ...]:
        """Every line and year with decided movements."""
        return tuple(self._decided)

    def decided(self, line_id: str, year: int) -> int:
        """Øre of the line's decided movements in the year."""
        return self._decided.get((line_id, year), 0)

    def limit(self, line_id: str, year: int) -> int:
        """Øre that the line may pay in the year: the decided amount less the reserve."""
        if not self.has_money(line_id, year):
            return 0
        return self._decided[line_id, year] - self.lines[line_id].reserve_ore


class _Amounts(dict[tuple[str, str, int], int]):
    """Amounts that are looked up only once."""

    def __init__(self, look_up: Callable[[str, str, int], int]) -> None:
        super().__init__()
        self._look_up = look_up

    def __missing__(self, key: tuple[str, str, int]) -> int:
        self[key] = amount = self._look_up(*key)
        return amount


def _weeks(closures: tuple[Closure, ...], site_id: str) -> frozenset[Week]:
    rows = [row for row in closures if row.site_id in {None, site_id}]
    return frozenset(
        row.first_week + later
        for row in rows
        for later in range(row.last_week - row.first_week + 1)
    )
