"""A synthetic city of any size from a seed.

What is drawn, and how, stands in ``docs/reference/generated-cities.md``; the constants here are
the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from pydantic import Field

from providers import Capacity, Closure, Contract, Offer, Provider, Record, Site, Week
from scheduler.generate.codes import (
    NEEDS,
    OWN_TARGET_GROUPS,
    PRIORITY_BASES,
    TARGET_GROUPS,
    TASK_TYPES,
    list_codes,
)
from scheduler.generate.draws import Booleans, Draws, Integers
from scheduler.goal import Stage
from scheduler.person import Person, Rating, Travel, Use
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme

# Districts and travel
_LEAST_DISTRICTS, _MOST_DISTRICTS, _SITES_PER_DISTRICT = 10, 100, 5
_EDGE = 1000  # districts lie on a square of so many units
_UNITS_PER_MINUTE = 18
_LONGEST_TRAVEL = 240  # what a person may have to accept who could go nowhere nearer
# Sites
_OWN_EVERY = 4  # every fourth site is the municipality's own
_PROVIDER_SIZES = (50, 30, 20)  # chances of 1, 2, 3 sites
_TARGET_GROUP_PERCENT, _EQUIPMENT_PERCENT = 80, 80
_LEAST_SITES_PER_GROUP = 12
_LONG_COURSES_PERCENT, _MOST_WEEKS = 75, 26
_SUPPORT_PERCENT, _SUPPORT_MINUTES_PER_PLACE = 60, 25
_SUMMER_PERCENT, _SUMMER_FIRST, _SUMMER_LAST = 60, 29, 30
_REDUCED_PERCENT = 10
_CONTRACT_MOST_PERCENT = 30
_SIZES = (2, 3, 4, 5, 6, 8, 12, 16)
_SIZE_WEIGHTS = (16, 20, 18, 14, 12, 10, 6, 4)
_OWN_KR = 12_500
# People
_LEAST_AGE, _MOST_AGE = 18, 29
_GROUP_WEIGHTS = (30, 20, 30, 8, 12)
_SECOND_GROUP_PERCENT = 12
_NEED_COUNT_WEIGHTS, _NEED_WEIGHTS = (72, 22, 6), (25, 30, 12, 13, 20)
_WISH_COUNT_WEIGHTS = (10, 50, 40)
_TASK_WEIGHTS = (20, 18, 10, 12, 12, 8, 5, 5, 4, 6)
_PRIORITY_WEIGHTS = (25, 50, 25)
_LOWEST = 2  # position of priority 3
_WEEKS_NEEDED, _WEEKS_NEEDED_WEIGHTS = (None, 20, 24, 26), (62, 15, 15, 8)
_BACKLOG_PERCENT, _BACKLOG_WEEKS = 25, 20
_LEAST_PATIENCE, _MOST_PATIENCE = 5, 28
_LEAST_ELIGIBLE, _MEAN_ELIGIBLE = 10, 23
_KNOWN_PERCENT, _EXCLUDED_PERCENT, _RATED_PERCENT, _SUPPORTED_PERCENT = 25, 4, 20, 10
_SUPPORT_MINUTES = (60, 90, 120, 180)
# What there is for what is asked
_PLACES_PERCENT, _MONEY_PERCENT, _POT_PERCENT = 85, 72, 98
_GROUP_OF, _GROUP_EVERY = 3, 4
_PLACES_PER_START = 8

_COURSE_WEEKS, _MEAN_WEEKS = 16, 19  # as offered, and as needed on average with pauses
_CHUNK = 8192


class CityShape(Record):
    """How large a generated city is, and its seed."""

    people: Annotated[int, Field(ge=1, le=1_000_000)] = 300
    """Young people who seek a place."""
    sites: Annotated[int, Field(ge=1, le=5_000)] = 20
    """Sites, a quarter of them the municipality's own."""
    weeks: Annotated[int, Field(ge=1, le=260)] = 52
    """Weeks in which a course may start, the first of them 2016-W27."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """The same seed gives the same city on any machine."""
    group_intakes: Annotated[int, Field(ge=0, le=5_000)] = 0
    """Bought sites with group intake: a start every fourth week, at least three at a time."""
    limited_intakes: Annotated[int, Field(ge=0, le=5_000)] = 0
    """Sites, but for those with group intake, that start one person a week for every eight places,
    at least one."""


@dataclass(frozen=True, slots=True)
class _Districts:
    minutes: Integers  # [from, to]
    centrality: Integers  # [district], 0 (edge) to 100 (centre)
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Sites:
    ids: tuple[str, ...]
    own: Booleans  # [site]
    provider_index: Integers  # [site]
    district_index: Integers  # [site]
    target_groups: Booleans  # [site, group]
    equipment: Booleans  # [site, need]
    tasks: Booleans  # [site, task type]
    places: Integers  # [site]
    price_kr: Integers  # [site]
    supports: Booleans  # [site]


@dataclass(frozen=True, slots=True)
class _People:
    ids: tuple[str, ...]
    district_index: Integers  # [person]
    target_groups: Booleans  # [person, group]
    needs: Booleans  # [person, need]
    excluded_provider: Integers  # [person], -1: none
    eligible: Integers  # [person], eligible sites
    most_minutes: Integers  # [person]
    nearest: Integers  # [person, rank]: sites that suit but for travel, nearest first; -1: none


def generate_city(shape: CityShape) -> Problem:
    """The synthetic city of that shape and seed.

    With 20 sites or more everybody is eligible at ten sites at least; money, places and fit all
    bind, and a good plan leaves a fifth to a half of the people waiting.
    """
    districts = _draw_districts(shape)
    sites = _draw_sites(shape, districts)
    people = _draw_people(shape, districts, sites)
    first, last = _first_start(), _last_start(shape)
    lines, movements = _fund(shape, sites)
    return Problem(
        title=(
            f"Synthetic city: {shape.people} people, {shape.sites} sites, {shape.weeks} weeks, "
            f"seed {shape.seed}"
        ),
        as_of=first + -1,
        first_start=first,
        last_start=last,
        stages=(
            Stage.single("placed"),
            Stage.single("match"),
            Stage.single("wait", gap_basis_points=100),
            Stage.single("cost", gap_basis_points=100),
        ),
        programmes=_list_programmes(),
        budget_lines=lines,
        budget_movements=movements,
        people=_list_people(shape, people, districts, sites),
        providers=_list_providers(sites),
        sites=_list_sites(shape, sites, districts),
        offers=_list_offers(shape, sites),
        contracts=_list_contracts(shape, sites),
        capacity=_list_capacity(shape, sites),
        uses=_list_uses(shape, people),
        closures=_list_closures(shape, sites),
        travel=_list_travel(districts),
        ratings=_list_ratings(shape, people, sites),
        codes=list_codes(
            (code, f"Bydel {index + 1}", f"District {index + 1}")
            for index, code in enumerate(districts.codes)
        ),
    )


def _first_start() -> Week:
    return Week.of(2016, 27)


def _last_start(shape: CityShape) -> Week:
    return _first_start() + (shape.weeks - 1)


# Drawing


def _draw_districts(shape: CityShape) -> _Districts:
    draws = Draws(shape.seed, stream=1)
    count = min(max(shape.sites // _SITES_PER_DISTRICT, _LEAST_DISTRICTS), _MOST_DISTRICTS)
    x, y = draws.below(_EDGE, count), draws.below(_EDGE, count)
    squares = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    units = np.sqrt(squares.astype(np.float64)).astype(np.int64)
    waits = draws.between(0, 6, count)  # a change or a poor connection
    minutes = 8 + units // _UNITS_PER_MINUTE + (waits[:, None] + waits) // 2
    from_centre = np.sqrt(((x - _EDGE // 2) ** 2 + (y - _EDGE // 2) ** 2).astype(np.float64))
    centrality = np.maximum(0, 100 - from_centre.astype(np.int64) // 6)
    codes = tuple(f"district-{number + 1:03}" for number in range(count))
    return _Districts(minutes=minutes, centrality=centrality, codes=codes)


def _draw_sites(shape: CityShape, districts: _Districts) -> _Sites:
    draws = Draws(shape.seed, stream=2)
    count = shape.sites
    own = np.arange(count) % _OWN_EVERY == _OWN_EVERY - 1
    district_index = draws.chosen(20 + districts.centrality, count)
    tasks = draws.subsets(draws.between(2, 5, count), _TASK_WEIGHTS)
    central = districts.centrality[district_index]
    price_kr = 11_000 + 100 * draws.spread(112, count) + 40 * central
    price_kr += 1000 * (tasks.sum(axis=1) - 1)
    raw = np.asarray(_SIZES)[draws.dealt(_SIZE_WEIGHTS, count)]
    return _Sites(
        ids=tuple(f"site-{number + 1:04}" for number in range(count)),
        own=own,
        provider_index=_draw_providers(draws, own),
        district_index=district_index,
        target_groups=_draw_target_groups(draws, own),
        equipment=np.column_stack([draws.happens(_EQUIPMENT_PERCENT, count) for _ in NEEDS]),
        tasks=tasks,
        places=_scale_places(shape, raw),
        price_kr=np.where(own, _OWN_KR, price_kr // 100 * 100),
        supports=draws.happens(_SUPPORT_PERCENT, count),
    )


def _draw_providers(draws: Draws, own: Booleans) -> Integers:
    """Provider by site: 0 is the municipality, the others have one to three bought sites each."""
    bought = int((~own).sum())
    sizes = 1 + draws.chosen(_PROVIDER_SIZES, bought)
    by_bought_site = 1 + np.repeat(np.arange(bought), sizes)[:bought]
    provider_index = np.zeros(len(own), dtype=np.int64)
    provider_index[~own] = by_bought_site
    return provider_index


def _draw_target_groups(draws: Draws, own: Booleans) -> Booleans:
    """Target groups by site; each group has `_LEAST_SITES_PER_GROUP` bought sites if there are."""
    groups = np.zeros((len(own), len(TARGET_GROUPS)), dtype=np.bool_)
    for column, code in enumerate(TARGET_GROUPS):
        drawn = draws.happens(_TARGET_GROUP_PERCENT, len(own))
        order = draws.order(len(own))
        lacking = order[~own[order] & ~drawn[order]]
        missing = _LEAST_SITES_PER_GROUP - int((drawn & ~own).sum())
        drawn[lacking[: max(0, missing)]] = True
        groups[:, column] = np.where(own, code in OWN_TARGET_GROUPS, drawn)
    groups[~groups.any(axis=1), 0] = True
    return groups


def _scale_places(shape: CityShape, raw: Integers) -> Integers:
    """Sizes of sites in proportion to `raw`, together `_PLACES_PERCENT` of what is asked for."""
    asked_weeks = shape.people * _MEAN_WEEKS
    places = asked_weeks * _PLACES_PERCENT // (100 * (shape.weeks + _COURSE_WEEKS // 2))
    return np.maximum(1, raw * places // int(raw.sum()))


def _draw_people(shape: CityShape, districts: _Districts, sites: _Sites) -> _People:
    draws = Draws(shape.seed, stream=3)
    count = shape.people
    district_index = draws.chosen(100 - districts.centrality // 2, count)
    target_groups = draws.subsets(np.ones(count, dtype=np.int64), _GROUP_WEIGHTS)
    second = draws.subsets(
        draws.happens(_SECOND_GROUP_PERCENT, count).astype(np.int64), _GROUP_WEIGHTS
    )
    target_groups |= second
    needs = draws.subsets(draws.chosen(_NEED_COUNT_WEIGHTS, count), _NEED_WEIGHTS)
    providers = int(sites.provider_index.max()) + 1
    excluded = np.where(draws.happens(_EXCLUDED_PERCENT, count), draws.below(providers, count), -1)
    mean = min(_MEAN_ELIGIBLE, max(_LEAST_ELIGIBLE, shape.sites * 14 // 20))
    wanted = draws.between(_LEAST_ELIGIBLE, 2 * mean - _LEAST_ELIGIBLE, count)
    eligible, most_minutes, nearest = [], [], []
    for start in range(0, count, _CHUNK):
        rows = slice(start, start + _CHUNK)
        suits = _suits(target_groups[rows], needs[rows], excluded[rows], sites)
        poor = suits.sum(axis=1) < _LEAST_ELIGIBLE
        # Whoever could go nowhere near ten sites loses the needs and exclusions drawn.
        needs[rows][poor] = False
        excluded[rows][poor] = -1
        suits = _suits(target_groups[rows], needs[rows], excluded[rows], sites)
        found = _limit_travel(
            suits, districts.minutes[district_index[rows]][:, sites.district_index], wanted[rows]
        )
        most_minutes.append(found[0])
        nearest.append(found[1])
        eligible.append(found[2])
    width = max(4, len(str(count)))
    return _People(
        ids=tuple(f"syn-{number + 1:0{width}}" for number in range(count)),
        district_index=district_index,
        target_groups=target_groups,
        needs=needs,
        excluded_provider=excluded,
        eligible=np.concatenate(eligible),
        most_minutes=np.concatenate(most_minutes),
        nearest=np.concatenate(nearest),
    )


def _suits(target_groups: Booleans, needs: Booleans, excluded: Integers, sites: _Sites) -> Booleans:
    """Whether a site suits a person in all but travel: ``suits[person, site]``."""
    taken = target_groups.astype(np.float32) @ sites.target_groups.T.astype(np.float32) > 0
    unmet = needs.astype(np.float32) @ (~sites.equipment).T.astype(np.float32) > 0
    suits: Booleans = taken & ~unmet & (sites.provider_index != excluded[:, None])
    return suits


def _limit_travel(
    suits: Booleans, minutes: Integers, wanted: Integers
) -> tuple[Integers, Integers, Integers]:
    """Most minutes by person that leave about the `wanted` nearest sites; the sites; how many.

    Sites equally far come and go together: whichever is nearer to `wanted`, with or without
    the last of them, but never fewer than ten where there are.
    """
    far = 10_000
    reachable = np.where(suits, minutes, far)
    ranked = np.argsort(reachable, axis=1, kind="stable")
    ordered = np.take_along_axis(reachable, ranked, axis=1)
    last = np.minimum(wanted, np.maximum(1, suits.sum(axis=1))) - 1
    limit = np.minimum(ordered[np.arange(len(last)), last], _LONGEST_TRAVEL)
    up_to = (ordered <= limit[:, None]).sum(axis=1)
    short_of = (ordered < limit[:, None]).sum(axis=1)
    is_shorter = (short_of >= _LEAST_ELIGIBLE) & (wanted - short_of < up_to - wanted)
    nearest = np.where(ordered < far, ranked, -1)[:, :_LEAST_ELIGIBLE]
    return limit - is_shorter, nearest, np.where(is_shorter, short_of, up_to)


# Money


def _fund(
    shape: CityShape, sites: _Sites
) -> tuple[tuple[BudgetLine, ...], tuple[BudgetMovement, ...]]:
    """The budget lines, and for each year its share of `_MONEY_PERCENT` of what is asked for."""
    own_places = int(sites.places[sites.own].sum())
    own_people = shape.people * own_places // int(sites.places.sum())
    bought_kr = int(sites.price_kr[~sites.own].sum()) // max(1, int((~sites.own).sum()))
    asked_kr = {"bought": (shape.people - own_people) * bought_kr, "own": own_people * _OWN_KR}
    movements: list[BudgetMovement] = []
    pot: dict[int, int] = {}
    for line_id, kr in asked_kr.items():
        for year, share in _share_by_year(shape).items():
            thousands = kr * _MONEY_PERCENT * share // (100 * 10**6 * 1000)
            pot[year] = pot.get(year, 0) + thousands * 1000
            movements.append(_move(line_id, year, thousands * 1000))
    movements += [_move("pot", year, kr * _POT_PERCENT // 100) for year, kr in pot.items()]
    lines = (
        BudgetLine(id="pot", name="Synthetic pot for all courses"),
        BudgetLine(id="bought", name="Bought courses", parent_id="pot"),
        BudgetLine(id="own", name="The municipality's own courses", parent_id="pot"),
    )
    return lines, tuple(movements)


def _move(line_id: str, year: int, kr: int) -> BudgetMovement:
    return BudgetMovement(budget_line_id=line_id, year=year, amount_ore=kr * 100)


def _share_by_year(shape: CityShape) -> dict[int, int]:
    """Millionths of the course weeks that fall in each year if starts are spread evenly."""
    by_year: dict[int, int] = {}
    for week in range(shape.weeks + _COURSE_WEEKS - 1):
        running = min(week + 1, _COURSE_WEEKS, shape.weeks + _COURSE_WEEKS - 1 - week, shape.weeks)
        year = (_first_start() + week).year
        by_year[year] = by_year.get(year, 0) + running
    total = sum(by_year.values())
    return {year: running * 10**6 // total for year, running in by_year.items()}


# Listing the records


def _list_programmes() -> tuple[Programme, ...]:
    return (
        Programme(
            id="bought",
            name="Bought courses",
            budget_line_id="bought",
            target_groups=TARGET_GROUPS,
            most_age=_MOST_AGE,
        ),
        Programme(
            id="own",
            name="The municipality's own courses",
            budget_line_id="own",
            target_groups=OWN_TARGET_GROUPS,
            most_age=_MOST_AGE,
        ),
    )


def _provider_id(index: int) -> str:
    return f"provider-{index:04}" if index else "municipality"


def _list_providers(sites: _Sites) -> tuple[Provider, ...]:
    return tuple(
        Provider(
            id=_provider_id(index),
            name=f"Synthetic provider {index}" if index else "Synthetic municipality",
            kind=("non-profit" if index % 3 == 0 else "social-economy") if index else "municipal",
        )
        for index in np.unique(sites.provider_index).tolist()
    )


def _list_sites(shape: CityShape, sites: _Sites, districts: _Districts) -> tuple[Site, ...]:
    provider_index = sites.provider_index.tolist()
    district_index = sites.district_index.tolist()
    places = sites.places.tolist()
    limited = _with_limited_intake(shape, sites)
    return tuple(
        Site(
            id=site_id,
            name=f"Synthetic site {index + 1}",
            provider_id=_provider_id(provider_index[index]),
            area=districts.codes[district_index[index]],
            places=places[index],
            target_groups=_pick(TARGET_GROUPS, sites.target_groups[index]),
            task_types=_pick(TASK_TYPES, sites.tasks[index]),
            equipment=_pick(NEEDS, sites.equipment[index]),
            most_starts_a_week=max(1, places[index] // _PLACES_PER_START)
            if index in limited
            else None,
        )
        for index, site_id in enumerate(sites.ids)
    )


def _with_limited_intake(shape: CityShape, sites: _Sites) -> set[int]:
    """The sites that limit their starts: never those with groups, which start together."""
    _, in_groups = _draw_courses(shape, sites)
    order = Draws(shape.seed, stream=11).order(shape.sites).tolist()
    return set([index for index in order if index not in in_groups][: shape.limited_intakes])


def _pick(codes: Sequence[str], chosen: Booleans) -> tuple[str, ...]:
    return tuple(code for code, is_in in zip(codes, chosen.tolist(), strict=True) if is_in)


def _draw_courses(shape: CityShape, sites: _Sites) -> tuple[Booleans, set[int]]:
    """Whether courses at a site can be longer, and the sites with group intake."""
    draws = Draws(shape.seed, stream=4)
    is_long = draws.happens(_LONG_COURSES_PERCENT, shape.sites) | sites.own
    bought = draws.order(shape.sites)
    return is_long, set(bought[~sites.own[bought]][: shape.group_intakes].tolist())


def _list_offers(shape: CityShape, sites: _Sites) -> tuple[Offer, ...]:
    is_long, in_groups = _draw_courses(shape, sites)
    contracted = _contracted(shape, sites)
    price_kr = sites.price_kr.tolist()
    provider_index = sites.provider_index.tolist()
    return tuple(
        Offer(
            id=f"{site_id}-course",
            site_id=site_id,
            programme_id="own" if sites.own[index] else "bought",
            contract_id=(
                f"contract-{provider_index[index]:04}"
                if provider_index[index] in contracted
                else None
            ),
            price_ore=price_kr[index] * 100,
            most_weeks=_MOST_WEEKS if is_long[index] else None,
            extra_week_price_ore=price_kr[index] // 16 // 25 * 2500 if is_long[index] else None,
            first_start=_first_start() if index in in_groups else None,
            start_every_weeks=_GROUP_EVERY if index in in_groups else None,
            fewest_participants=_GROUP_OF if index in in_groups else 1,
        )
        for index, site_id in enumerate(sites.ids)
    )


def _contracted(shape: CityShape, sites: _Sites) -> dict[int, int]:
    """Most courses by provider, for the providers with a contract that limits them."""
    draws = Draws(shape.seed, stream=5)
    indices = np.unique(sites.provider_index)
    is_limited = draws.happens(_CONTRACT_MOST_PERCENT, len(indices)) & (indices > 0)
    shares = draws.between(50, 90, len(indices))
    room = np.bincount(sites.provider_index, weights=sites.places).astype(np.int64)
    turns = max(1, shape.weeks // _COURSE_WEEKS)
    return {
        index: max(1, int(room[index]) * turns * share // 100)
        for index, share in zip(indices[is_limited].tolist(), shares[is_limited], strict=True)
    }


def _list_contracts(shape: CityShape, sites: _Sites) -> tuple[Contract, ...]:
    return tuple(
        Contract(
            id=f"contract-{index:04}",
            provider_id=_provider_id(index),
            first_week=_first_start(),
            last_week=_last_start(shape) + 2 * _MOST_WEEKS,
            most_courses=int(most),
        )
        for index, most in _contracted(shape, sites).items()
    )


def _list_capacity(shape: CityShape, sites: _Sites) -> tuple[Capacity, ...]:
    draws = Draws(shape.seed, stream=6)
    is_reduced = draws.happens(_REDUCED_PERCENT, shape.sites) & (sites.places > 1)
    since = draws.between(shape.weeks // 4, shape.weeks // 2, shape.sites).tolist()
    places = sites.places.tolist()
    reduced = [
        Capacity(
            site_id=sites.ids[index],
            resource="places",
            first_week=_first_start() + since[index],
            last_week=_first_start() + (since[index] + shape.weeks // 4),
            amount=places[index] // 2,
        )
        for index in np.flatnonzero(is_reduced).tolist()
    ]
    support = [
        Capacity(
            site_id=sites.ids[index],
            resource="support_minutes",
            amount=max(_SUPPORT_MINUTES[-1], places[index] * _SUPPORT_MINUTES_PER_PLACE),
        )
        for index in np.flatnonzero(sites.supports).tolist()
    ]
    return (*reduced, *support)


def _list_closures(shape: CityShape, sites: _Sites) -> tuple[Closure, ...]:
    draws = Draws(shape.seed, stream=7)
    in_summer = np.flatnonzero(draws.happens(_SUMMER_PERCENT, shape.sites)).tolist()
    years = range(_first_start().year, (_last_start(shape) + _MOST_WEEKS).year + 1)
    christmas = [
        Closure(first_week=Week.of(year, 52), last_week=Week.of(year, 52), reason="Christmas")
        for year in years
    ]
    summer = [
        Closure(
            site_id=sites.ids[index],
            first_week=Week.of(year, _SUMMER_FIRST),
            last_week=Week.of(year, _SUMMER_LAST),
            reason="Summer",
        )
        for year in years
        for index in in_summer
    ]
    return (*christmas, *summer)


def _list_travel(districts: _Districts) -> tuple[Travel, ...]:
    minutes = districts.minutes.tolist()
    return tuple(
        Travel(from_area=start, to_area=end, minutes=minutes[i][j])
        for i, start in enumerate(districts.codes)
        for j, end in enumerate(districts.codes)
    )


def _list_people(
    shape: CityShape, people: _People, districts: _Districts, sites: _Sites
) -> tuple[Person, ...]:
    draws = Draws(shape.seed, stream=8)
    count = shape.people
    first, last = _first_start(), _last_start(shape)
    latest_referral = shape.weeks - 1 - min(8, shape.weeks // 4)
    referred = np.where(
        draws.happens(_BACKLOG_PERCENT, count),
        -draws.between(1, _BACKLOG_WEEKS, count),
        draws.between(0, latest_referral, count),
    )
    delay = np.where(draws.happens(40, count), draws.between(1, 6, count), 0)
    earliest = np.minimum(referred + delay, shape.weeks - 1)
    patience = draws.between(_LEAST_PATIENCE, _MOST_PATIENCE, count)
    latest = np.minimum(np.maximum(earliest, 0) + patience, shape.weeks - 1).tolist()
    ages = draws.between(_LEAST_AGE, _MOST_AGE, count).tolist()
    weeks_needed = draws.dealt(_WEEKS_NEEDED_WEIGHTS, count).tolist()
    priorities = draws.dealt(_PRIORITY_WEIGHTS, count).tolist()
    bases = draws.below(3, count).tolist()
    wishes = draws.subsets(draws.chosen(_WISH_COUNT_WEIGHTS, count), _TASK_WEIGHTS)
    known = _draw_known(draws, people)
    weeks = [first + offset for offset in range(-_BACKLOG_WEEKS, shape.weeks)]
    groups_of, needs_of, wishes_of = (
        _pick_rows(TARGET_GROUPS, people.target_groups),
        _pick_rows(NEEDS, people.needs),
        _pick_rows(TASK_TYPES, wishes),
    )
    return tuple(
        Person(
            id=person_id,
            target_groups=groups,
            status="activity-ready",
            age=age,
            last_eligible_week=min(last, weeks[at_latest + _BACKLOG_WEEKS])
            if age == _MOST_AGE
            else None,
            referral=weeks[referral + _BACKLOG_WEEKS],
            earliest_start=weeks[at_earliest + _BACKLOG_WEEKS] if at_earliest > referral else None,
            latest_start=weeks[at_latest + _BACKLOG_WEEKS],
            weeks_needed=_WEEKS_NEEDED[needed],
            priority=priority + 1,
            priority_basis=_basis(priority, basis),
            needs=needs,
            wishes=wished,
            known_sites=(sites.ids[site],) if site >= 0 else (),
            excluded_providers=(_provider_id(excluded),) if excluded >= 0 else (),
            area=districts.codes[district],
            most_travel_minutes=minutes,
        )
        for (
            person_id,
            groups,
            age,
            referral,
            at_earliest,
            at_latest,
            needed,
            priority,
            basis,
            needs,
            wished,
            site,
            excluded,
            district,
            minutes,
        ) in zip(
            people.ids,
            groups_of,
            ages,
            referred.tolist(),
            earliest.tolist(),
            latest,
            weeks_needed,
            priorities,
            bases,
            needs_of,
            wishes_of,
            known.tolist(),
            people.excluded_provider.tolist(),
            people.district_index.tolist(),
            people.most_minutes.tolist(),
            strict=True,
        )
    )


def _basis(priority: int, basis: int) -> str:
    """The basis code of a drawn priority (0–2): the lowest has no special one."""
    return PRIORITY_BASES[-1] if priority == _LOWEST else PRIORITY_BASES[basis + priority]


def _pick_rows(codes: Sequence[str], chosen: Booleans) -> list[tuple[str, ...]]:
    """The codes of each row of ``chosen[row, code]``; equal rows share one tuple."""
    keys = (chosen @ (1 << np.arange(len(codes)))).tolist()
    tuples = {
        key: tuple(code for bit, code in enumerate(codes) if key >> bit & 1) for key in set(keys)
    }
    return [tuples[key] for key in keys]


def _draw_known(draws: Draws, people: _People) -> Integers:
    """The site whose staff know a person: one of the ten nearest that suit, or -1."""
    count, ranks = people.nearest.shape
    site = people.nearest[np.arange(count), draws.below(ranks, count)]
    return np.where(draws.happens(_KNOWN_PERCENT, count), site, -1)


def _list_uses(shape: CityShape, people: _People) -> tuple[Use, ...]:
    draws = Draws(shape.seed, stream=9)
    is_supported = np.flatnonzero(draws.happens(_SUPPORTED_PERCENT, shape.people))
    amounts = draws.below(len(_SUPPORT_MINUTES), len(is_supported)).tolist()
    return tuple(
        Use(person_id=people.ids[index], resource="support_minutes", amount=_SUPPORT_MINUTES[pick])
        for index, pick in zip(is_supported.tolist(), amounts, strict=True)
    )


def _list_ratings(shape: CityShape, people: _People, sites: _Sites) -> tuple[Rating, ...]:
    """One rating for a fifth of the people, of one of the ten nearest sites that suit."""
    draws = Draws(shape.seed, stream=10)
    rated = draws.happens(_RATED_PERCENT, shape.people)
    ranks = draws.below(people.nearest.shape[1], shape.people)
    site = people.nearest[np.arange(shape.people), ranks]
    points = (5 * draws.between(4, 20, shape.people)).tolist()
    back = draws.between(1, 30, shape.people).tolist()
    return tuple(
        Rating(
            person_id=people.ids[index],
            site_id=sites.ids[int(site[index])],
            points=points[index],
            date=_first_start() + -back[index],
        )
        for index in np.flatnonzero(rated & (site >= 0)).tolist()
    )
