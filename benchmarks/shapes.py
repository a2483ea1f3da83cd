"""Shapes: variations of a generated city, one plain and the others hard, each for its own reason.

Each is a function from a city to a city; the numbers in it are the whole of its documentation.
Everybody stays eligible at ten sites or more (with 20 sites, in `one_option` two of three people),
and a good plan of an office leaves 20–50 % of the people waiting; tests hold both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from providers import Capacity, Contract, Offer, Record, Site
from scheduler.person import Person, Use
from scheduler.problem import Problem

Shape = Callable[[Problem], Problem]
R = TypeVar("R", bound=Record)

_LIST_KR = {"bought": 20_000, "own": 12_500}
"""What a course costs by programme: the tender's price, and the municipality's own."""
_PLAIN_PERCENT = 104
_CHEAPEST_KR, _TENFOLD = 4_000, 10
_SUPPORT_MINUTES = (37, 53, 71, 89, 113)
_SUPPORT_EACH, _SUPPORT_MORE = 50, 29
_WISHED_SITES, _WISHED = 3, ("kitchen", "it")
_OTHER_TASKS = ("stock-keeping", "administration")
_GROUP_SIZES, _GROUP_EVERY = (3, 4), 4
_LEAST_PERCENT, _MOST_PERCENT = 110, 140
_IN_ORE_EVERY = 3
_ODD_ORE = 771
_TIGHT_PERCENT, _AMPLE_PERCENT = 80, 115
_ONE_OPTION_EVERY = 3
_TURN_WEEKS, _MOST_WEEKS = 16, 26
_AGE = 25


def plain(city: Problem) -> Problem:
    """Courses of 16 weeks at two list prices, paid when they start, and money for whole courses.

    People, sites, places, support, closures and fit are the city's own. Each line has 4 % more
    money than the city's, so that places bind beside it, rounded down to whole courses; the pot
    has what its two lines have.
    """
    programmes = {one.budget_line_id: one.id for one in city.programmes}
    lines = [
        changed(move, amount_ore=move.amount_ore * _PLAIN_PERCENT // 100 // price * price)
        for move in city.budget_movements
        if move.budget_line_id in programmes
        for price in [_LIST_KR[programmes[move.budget_line_id]] * 100]
    ]
    pot = [
        changed(move, amount_ore=sum(line.amount_ore for line in lines if line.year == move.year))
        for move in city.budget_movements
        if move.budget_line_id not in programmes
    ]
    return changed(
        city,
        programmes=tuple(changed(one, charged="at-start") for one in city.programmes),
        people=tuple(changed(person, weeks_needed=None) for person in city.people),
        offers=tuple(
            changed(
                offer,
                price_ore=_LIST_KR[offer.programme_id] * 100,
                extra_week_price_ore=None,
                most_weeks=None,
            )
            for offer in city.offers
        ),
        budget_movements=(*lines, *pot),
    )


def tenfold_prices(city: Problem) -> Problem:
    """Prices from 4 000 to 40 000 kr in even ratios, the dearest where it was dearest, one budget.

    What is cheap is full at once, so each krone is spent where it matters: the knapsack in the
    budget has items of very different size.
    """
    by_price = sorted(city.offers, key=lambda offer: (offer.price_ore, offer.id))
    steps = max(1, len(by_price) - 1)
    kr = {
        offer.id: round(_CHEAPEST_KR * _TENFOLD ** (rank / steps))
        for rank, offer in enumerate(by_price)
    }
    offers = tuple(_priced(offer, kr[offer.id] * 100) for offer in city.offers)
    places = {site.id: site.places for site in city.sites}
    before = sum(offer.price_ore * places[offer.site_id] for offer in city.offers)
    after = sum(offer.price_ore * places[offer.site_id] for offer in offers)
    pot = [line for line in city.budget_lines if line.parent_id is None]
    return changed(
        city,
        offers=offers,
        programmes=tuple(changed(one, budget_line_id=pot[0].id) for one in city.programmes),
        budget_lines=tuple(pot),
        budget_movements=tuple(
            changed(move, amount_ore=move.amount_ore * after // before)
            for move in city.budget_movements
            if move.budget_line_id == pot[0].id
        ),
    )


def odd_support(city: Problem) -> Problem:
    """Everybody needs 37, 53, 71, 89 or 113 support minutes a week, and every site has few.

    The amounts are primes, and a site has 50 minutes for each place and 29 besides: no mix of
    people fills a week exactly, so every week of every site is a knapsack of its own.
    """
    uses = tuple(
        Use(
            person_id=person.id,
            resource="support_minutes",
            amount=_SUPPORT_MINUTES[index % len(_SUPPORT_MINUTES)],
        )
        for index, person in enumerate(city.people)
    )
    places = tuple(row for row in city.capacity if row.resource == "places")
    support = tuple(
        Capacity(
            site_id=site.id,
            resource="support_minutes",
            amount=max(_SUPPORT_MINUTES[-1], site.places * _SUPPORT_EACH + _SUPPORT_MORE),
        )
        for site in city.sites
    )
    return changed(city, uses=uses, capacity=(*places, *support))


def three_sites(city: Problem) -> Problem:
    """Everybody wishes for the same two tasks, which the same three bought sites have alone.

    The three take everybody, and nobody has staff who know them or a rating elsewhere: hundreds
    of people are worth the same there, week after week, which search cannot tell apart.
    """
    own = {offer.site_id for offer in city.offers if offer.programme_id == "own"}
    wished = [site.id for site in city.sites if site.id not in own][:_WISHED_SITES]
    area = {site.id: site.area for site in city.sites}
    minutes = {(row.from_area, row.to_area): row.minutes for row in city.travel}
    every_group = tuple(dict.fromkeys(g for person in city.people for g in person.target_groups))
    every_need = tuple(dict.fromkeys(need for person in city.people for need in person.needs))

    def site_of(site: Site) -> Site:
        if site.id not in wished:
            return changed(site, task_types=_OTHER_TASKS)
        return changed(site, task_types=_WISHED, target_groups=every_group, equipment=every_need)

    def person_of(person: Person) -> Person:
        farthest = max(minutes[person.area or "", area[site] or ""] for site in wished)
        return changed(
            person,
            wishes=_WISHED,
            known_sites=(),
            excluded_providers=(),
            most_travel_minutes=max(farthest, person.most_travel_minutes or 0),
        )

    return changed(
        city,
        sites=tuple(map(site_of, city.sites)),
        people=tuple(map(person_of, city.people)),
        ratings=(),
    )


def group_intakes(city: Problem) -> Problem:
    """All bought courses start in groups of at least three or four, every fourth week.

    A start is worth nothing until enough others start too, which the linear relaxation does not
    see: it starts a quarter of a group. Sites have at least as many places as a group.
    """
    bought = [offer for offer in city.offers if offer.programme_id == "bought"]
    fewest = {
        offer.id: _GROUP_SIZES[index % len(_GROUP_SIZES)] for index, offer in enumerate(bought)
    }
    least_places = {offer.site_id: fewest[offer.id] for offer in bought}

    def offer_of(offer: Offer) -> Offer:
        if offer.id not in fewest:
            return offer
        return changed(
            offer,
            first_start=city.first_start,
            start_every_weeks=_GROUP_EVERY,
            fewest_participants=fewest[offer.id],
        )

    return changed(
        city,
        offers=tuple(map(offer_of, city.offers)),
        sites=tuple(
            changed(site, places=max(site.places, least_places.get(site.id, 0)))
            for site in city.sites
        ),
    )


def least_volumes(city: Problem) -> Problem:
    """Every bought provider has a contract with a least that is more than the money for all.

    The least is 110 % of what the places would give at one start every 16 weeks, the most 140 %.
    A contract of which anything is used must be used that much, and the bought line cannot pay
    all of them: some are best left alone. Two of three leasts count courses, the third øre.
    """
    prices = {offer.site_id: offer.price_ore for offer in city.offers}
    bought = {offer.site_id for offer in city.offers if offer.programme_id == "bought"}
    turns = max(1, (city.last_start - city.first_start + 1) // _TURN_WEEKS)
    courses: dict[str, int] = {}
    ore: dict[str, int] = {}
    for site in city.sites:
        if site.id in bought:
            key, full = site.provider_id, site.places * turns
            courses[key] = courses.get(key, 0) + full
            ore[key] = ore.get(key, 0) + full * prices[site.id]

    def contract_of(index: int, provider: str) -> Contract:
        in_ore = index % _IN_ORE_EVERY == _IN_ORE_EVERY - 1
        full = courses[provider]
        return Contract(
            id=f"least-{provider}",
            provider_id=provider,
            first_week=city.first_start,
            last_week=city.last_start + 2 * _MOST_WEEKS,
            least_courses=0 if in_ore else full * _LEAST_PERCENT // 100,
            least_ore=ore[provider] * _LEAST_PERCENT // 100 if in_ore else 0,
            most_courses=max(1, full * _MOST_PERCENT // 100),
        )

    provider_of = {site.id: site.provider_id for site in city.sites}
    return changed(
        city,
        contracts=tuple(contract_of(index, one) for index, one in enumerate(sorted(courses))),
        offers=tuple(
            changed(
                offer,
                contract_id=f"least-{provider_of[offer.site_id]}"
                if offer.site_id in bought
                else None,
            )
            for offer in city.offers
        ),
    )


def new_year(city: Problem) -> Problem:
    """Courses over New Year, charged by week at odd prices, with too little money before it.

    The first year has 80 % and the later ones 115 % of what even starts would need, each line and
    the pot alike, and every price has 7.71 kr on top: each start week near New Year splits every
    course differently between the years, to the øre.
    """
    first = city.first_start.year

    def share(year: int) -> int:
        return _TIGHT_PERCENT if year == first else _AMPLE_PERCENT

    return changed(
        city,
        programmes=tuple(changed(one, charged="by-week") for one in city.programmes),
        offers=tuple(_priced(offer, offer.price_ore + _ODD_ORE) for offer in city.offers),
        budget_movements=tuple(
            changed(move, amount_ore=move.amount_ore * share(move.year) // 100)
            for move in city.budget_movements
        ),
    )


def all_alike(city: Problem) -> Problem:
    """Everybody is alike in every fact: the first person who belongs to ``autism``, without limits.

    Any two people can be exchanged in any plan: without a way to see that, a search looks at every
    one of these plans.
    """
    pattern = changed(
        next((p for p in city.people if "autism" in p.target_groups), city.people[0]),
        target_groups=("autism",),
        needs=(),
        age=_AGE,
        last_eligible_week=None,
        referral=city.as_of,
        earliest_start=None,
        latest_start=None,
        weeks_needed=None,
        priority=2,
        priority_basis=None,
        known_sites=(),
        excluded_providers=(),
        most_travel_minutes=None,
    )
    return changed(
        city,
        people=tuple(changed(pattern, id=person.id) for person in city.people),
        uses=tuple(use for use in city.uses if use.person_id is None),
        ratings=(),
    )


def one_option(city: Problem) -> Problem:
    """Every third person has one site and one week, spread evenly over what suits them.

    Nobody can be moved out of their way but the others, who can: whether the few fit decides
    where the many have room.
    """
    fit = _Fit(city)
    weeks = city.last_start - city.first_start + 1

    def person_of(index: int, person: Person) -> Person:
        sites = [site.id for site in city.sites if fit.suits(person, site)]
        if index % _ONE_OPTION_EVERY or not sites:
            return person
        kept = sites[index // _ONE_OPTION_EVERY % len(sites)]
        earliest = max(city.first_start, person.referral, person.earliest_start or person.referral)
        latest = min(city.last_start, person.latest_start or city.last_start)
        start = earliest + (index * 7 % weeks) % max(1, latest - earliest + 1)
        return changed(
            person,
            excluded_sites=tuple(site.id for site in city.sites if site.id != kept),
            known_sites=tuple(site for site in person.known_sites if site == kept),
            earliest_start=start,
            latest_start=start,
        )

    people = tuple(person_of(index, person) for index, person in enumerate(city.people))
    return changed(city, people=people)


SHAPES: Mapping[str, Shape] = {
    "tenfold-prices": tenfold_prices,
    "odd-support": odd_support,
    "three-sites": three_sites,
    "group-intakes": group_intakes,
    "least-volumes": least_volumes,
    "new-year": new_year,
    "all-alike": all_alike,
    "one-option": one_option,
}
"""Every hard shape by name."""


def eligible_sites(city: Problem) -> list[int]:
    """By person: how many sites suit, whatever the weeks."""
    fit = _Fit(city)
    return [sum(fit.suits(person, site) for site in city.sites) for person in city.people]


def changed(record: R, **changes: Any) -> R:
    """The record with some fields changed, as valid as any other."""
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    return type(record).model_validate(fields | changes)


class _Fit:
    """Who can go where, whatever the weeks."""

    def __init__(self, city: Problem) -> None:
        programmes = {one.id: set(one.target_groups) for one in city.programmes}
        self._groups: dict[str, set[str]] = {site.id: set() for site in city.sites}
        for offer in city.offers:
            self._groups[offer.site_id] |= programmes[offer.programme_id]
        self._minutes = {(row.from_area, row.to_area): row.minutes for row in city.travel}

    def suits(self, person: Person, site: Site) -> bool:
        """Whether target groups, needs, exclusions and travel allow it."""
        limit = person.most_travel_minutes
        minutes = self._minutes.get((person.area or "", site.area or ""))
        return (
            bool(set(person.target_groups) & set(site.target_groups) & self._groups[site.id])
            and set(person.needs) <= set(site.equipment)
            and site.id not in person.excluded_sites
            and site.provider_id not in person.excluded_providers
            and (limit is None or (minutes is not None and minutes <= limit))
        )


def _priced(offer: Offer, ore: int) -> Offer:
    """The offer at a price; an extra week costs a sixteenth, rounded down to 25 kr."""
    extra = None if offer.extra_week_price_ore is None else ore // 1600 // 25 * 2500
    return changed(offer, price_ore=ore, extra_week_price_ore=extra)
