"""The example `copenhagen-2016`: eighteen months of courses with the real budgets.

Real are the two programmes, their target groups, lengths, starts and money. Everything else is
invented: people, providers, sites, prices one by one, minutes of travel. Names say so.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from providers import Capacity, Closure, Contract, Offer, Provider, Site, Week
from scheduler.generate.codes import (
    NEEDS,
    OWN_TARGET_GROUPS,
    PRIORITY_BASES,
    TARGET_GROUPS,
    TASK_TYPES,
    list_codes,
)
from scheduler.generate.draws import Booleans, Draws
from scheduler.goal import Stage
from scheduler.person import Enrolment, EnrolmentStatus, Person, Pin, Rating, Travel, Use
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme, Volume

_SEED = 2016
_AS_OF = Week.of(2016, 26)
_FIRST, _LAST = Week.of(2016, 27), Week.of(2017, 52)
_CONTRACT_END = Week.of(2018, 26)
_SEEKING = 304
_MOST_AGE, _LOWEST_PRIORITY = 29, 3
_PICKS, _EXCLUDING = 1000, 15
_BOUGHT_KR, _OWN_KR, _POT_KR = 2_500_000, 750_000, 10_000_000
_BOUGHT_2018_KR = 250_000

_AREAS = (
    ("indre-by", "Indre By"),
    ("oesterbro", "Østerbro"),
    ("noerrebro", "Nørrebro"),
    ("vesterbro-kongens-enghave", "Vesterbro/Kongens Enghave"),
    ("valby", "Valby"),
    ("vanloese", "Vanløse"),
    ("broenshoej-husum", "Brønshøj-Husum"),
    ("bispebjerg", "Bispebjerg"),
    ("amager-oest", "Amager Øst"),
    ("amager-vest", "Amager Vest"),
)
_GROUP_WEIGHTS = (30, 20, 30, 8, 12)
_NEED_COUNTS, _NEED_WEIGHTS = (62, 28, 10), (25, 30, 0, 12, 33)
_WISH_COUNTS, _TASK_WEIGHTS = (10, 45, 45), (22, 18, 12, 12, 10, 7, 6, 5, 4, 6)
_WEEKS_NEEDED, _WEEKS_NEEDED_WEIGHTS = (None, 20), (80, 20)
_PRIORITY_WEIGHTS = (25, 45, 30)
_PATIENCE = (12, 44)
_MOST_MINUTES, _MOST_MINUTES_WEIGHTS = (25, 35, 45, None), (20, 40, 25, 15)
_FIXED = ("syn-0062", "staeren-husum")
_FORBIDDEN = ("syn-0306", "cafe-valby")
_WITHDRAWN = "syn-0077"
_PEOPLE_BY_AREA = (5, 9, 16, 10, 10, 7, 12, 15, 9, 7)
# Estimated minutes door to door by bus, metro and S-train, above the diagonal of _AREAS.
_MINUTES = (
    (18, 18, 18, 25, 24, 34, 30, 20, 18),
    (20, 30, 36, 35, 36, 24, 32, 32),
    (26, 32, 24, 25, 18, 32, 30),
    (18, 28, 36, 36, 32, 28),
    (22, 30, 40, 40, 36),
    (18, 26, 36, 34),
    (24, 46, 45),
    (42, 42),
    (18,),
)
_MINUTES_WITHIN = 12

_PROVIDERS: tuple[tuple[str, str, Literal["social-economy", "non-profit"]], ...] = (
    ("viben", "Viben Køkken", "social-economy"),
    ("roedhalsen", "Rødhalsen Lager", "social-economy"),
    ("musvitten", "Musvitten IT", "social-economy"),
    ("gaerdesmutten", "Gærdesmutten Grønt", "non-profit"),
    ("staeren", "Stæren Cykler", "social-economy"),
    ("isfuglen", "Isfuglen Grafik", "social-economy"),
    ("solsorten", "Solsorten Genbrug", "non-profit"),
    ("bogfinken", "Bogfinken Kontor", "social-economy"),
    ("laerken", "Lærken Bageri", "social-economy"),
    ("svalen", "Svalen Træ", "non-profit"),
    ("ternen", "Ternen Tekst", "social-economy"),
    ("spurven", "Spurven Systue", "non-profit"),
)
_MUNICIPALITY = "socialforvaltningen"

_GROUP_LETTERS = dict(zip("ciabh", TARGET_GROUPS, strict=True))
_NEED_LETTERS = dict(zip("sqrtf", NEEDS, strict=True))


@dataclass(frozen=True, slots=True)
class _Site:
    """A row of the table of sites; letters stand for `TARGET_GROUPS` and `NEEDS`."""

    id: str
    name: str
    provider_id: str
    area: str
    places: int
    tasks: str
    groups: str
    equipment: str
    kr: int
    most_weeks: int | None = 26
    support_minutes: int | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is one of the municipality's own."""
        return self.provider_id == _MUNICIPALITY


_VESTERBRO, _HUSUM = "vesterbro-kongens-enghave", "broenshoej-husum"
# fmt: off
_SITES = (
    _Site("viben-noerrebro", "Viben, Nørrebro", "viben", "noerrebro", 3,
          "kitchen shop", "cia", "stf", 20_400, support_minutes=180),
    _Site("viben-oesterbro", "Viben, Østerbro", "viben", "oesterbro", 2,
          "kitchen stock-keeping", "cah", "st", 20_400),
    _Site("roedhalsen-valby", "Rødhalsen, Valby", "roedhalsen", "valby", 4,
          "stock-keeping it", "ciah", "sqf", 19_600, support_minutes=240),
    _Site("musvitten-city", "Musvitten, Indre By", "musvitten", "indre-by", 3,
          "it administration media", "cabh", "sqrt", 22_800, support_minutes=120),
    _Site("musvitten-vesterbro", "Musvitten, Vesterbro", "musvitten", _VESTERBRO, 2,
          "it", "a", "qf", 24_000, None, 120),
    _Site("gaerdesmutten-bispebjerg", "Gærdesmutten, Bispebjerg", "gaerdesmutten", "bispebjerg", 3,
          "gardening woodwork", "cia", "qf", 18_800, 20),
    _Site("gaerdesmutten-husum", "Gærdesmutten, Husum", "gaerdesmutten", _HUSUM, 2,
          "gardening", "ciah", "stf", 18_400, 20, 120),
    _Site("staeren-noerrebro", "Stæren, Nørrebro", "staeren", "noerrebro", 3,
          "bicycle-repair shop", "cia", "sf", 20_400, support_minutes=120),
    _Site("staeren-husum", "Stæren, Husum", "staeren", _HUSUM, 2,
          "stock-keeping bicycle-repair gardening", "ciah", "sf", 20_400),
    _Site("isfuglen-vesterbro", "Isfuglen, Vesterbro", "isfuglen", _VESTERBRO, 4,
          "media it", "cabh", "sqrt", 20_000, None, 120),
    _Site("solsorten-amager", "Solsorten, Amager Øst", "solsorten", "amager-oest", 2,
          "shop stock-keeping", "ciah", "stf", 20_000, support_minutes=120),
    _Site("solsorten-sundby", "Solsorten, Amager Vest", "solsorten", "amager-vest", 2,
          "shop textiles", "cih", "st", 19_600),
    _Site("bogfinken-city", "Bogfinken, Indre By", "bogfinken", "indre-by", 2,
          "administration it", "cabh", "sqrtf", 24_800, support_minutes=180),
    _Site("laerken-vanloese", "Lærken, Vanløse", "laerken", "vanloese", 2,
          "kitchen", "cia", "qf", 20_000, support_minutes=120),
    _Site("laerken-valby", "Lærken, Valby", "laerken", "valby", 2,
          "kitchen shop", "ciah", "stf", 21_200, support_minutes=120),
    _Site("svalen-amager", "Svalen, Amager Vest", "svalen", "amager-vest", 2,
          "woodwork", "cia", "f", 20_400, None),
    _Site("ternen-oesterbro", "Ternen, Østerbro", "ternen", "oesterbro", 2,
          "administration media", "cabh", "sqrt", 1_450),
    _Site("spurven-bispebjerg", "Spurven, Bispebjerg", "spurven", "bispebjerg", 2,
          "textiles", "cia", "sqtf", 19_600, support_minutes=120),
    _Site("cafe-noerrebro", "Café Nørrebro", _MUNICIPALITY, "noerrebro", 3,
          "kitchen administration", "ia", "stf", 12_500, 20, 180),
    _Site("cafe-valby", "Café Valby", _MUNICIPALITY, "valby", 2,
          "kitchen", "ia", "stf", 12_500, 20, 120),
    _Site("cafe-oesterbro", "Café Østerbro", _MUNICIPALITY, "oesterbro", 3,
          "kitchen administration", "ia", "sqtf", 12_500, 20, 120),
    _Site("vaerksted-vanloese", "Værksted Vanløse", _MUNICIPALITY, "vanloese", 3,
          "stock-keeping", "ia", "sf", 12_500, 20, 120),
    _Site("vaerksted-amager", "Værksted Amager", _MUNICIPALITY, "amager-oest", 3,
          "stock-keeping it", "ia", "sqtf", 12_500, 20, 120),
    _Site("vaerksted-bispebjerg", "Værksted Bispebjerg", _MUNICIPALITY, "bispebjerg", 2,
          "it administration", "ia", "qf", 12_500, 20, 180),
)
# fmt: on
_OPENS = {
    "cafe-oesterbro": Week.of(2017, 1),
    "laerken-valby": Week.of(2016, 36),
    "ternen-oesterbro": Week.of(2016, 33),
}
_ONE_START_A_WEEK = ("cafe-valby", "vaerksted-bispebjerg")
"""Small, with nobody to receive two at once."""
_GROUP_SITE = "isfuglen-vesterbro"
_GROUP_STARTS = ((2016, 33), (2017, 2), (2017, 19), (2017, 38))
_PER_WEEK_SITE = "ternen-oesterbro"
_LONG_OFFER_SITE, _LONG_OFFER_KR = "roedhalsen-valby", 23_000
_ANY_WEEK = ("musvitten-city", "staeren-noerrebro", "viben-noerrebro")
_OPEN_IN_SUMMER = ("roedhalsen-valby", "musvitten-city", "staeren-noerrebro", "bogfinken-city")


def copenhagen_2016() -> Problem:
    """Copenhagen from July 2016 through 2017: 320 synthetic young people, 24 sites, real budgets.

    Bought courses have 2 500 000 kr in 2016 and in 2017 out of a pot of 10 000 000 kr a year, the
    municipality's own 750 000 kr a year. For 2018 a tenth of the bought courses' money is decided,
    since courses that start late in 2017 are paid for into 2018; nothing is for the own ones,
    which therefore end in 2017.
    """
    people = _list_seeking()
    enrolled, enrolments = _list_enrolled()
    return Problem(
        title="København 2016 (syntetisk eksempel, synthetic)",
        as_of=_AS_OF,
        first_start=_FIRST,
        last_start=_LAST,
        stages=(
            Stage.single("placed", tolerance_basis_points=100),
            Stage.single("match", tolerance_basis_points=200),
            Stage.single("wait", gap_basis_points=100),
            Stage.single("cost", gap_basis_points=100),
        ),
        programmes=_list_programmes(),
        budget_lines=(
            BudgetLine(id="pot", name="Samlet pulje til indsatsen"),
            BudgetLine(id="bought", name="Købte forløb", parent_id="pot"),
            BudgetLine(id="own", name="Kommunens egne forløb"),
        ),
        budget_movements=_list_movements(),
        people=(*people, *enrolled),
        providers=_list_providers(),
        sites=_list_sites(),
        offers=_list_offers(),
        contracts=_list_contracts(),
        capacity=_list_capacity(),
        uses=_list_uses(people),
        closures=_list_closures(),
        travel=_list_travel(),
        ratings=_list_ratings(people),
        enrolments=enrolments,
        pins=_list_pins(),
        codes=list_codes((code, label, label) for code, label in _AREAS),
    )


# Supply and money


def _list_programmes() -> tuple[Programme, ...]:
    return (
        Programme(
            id="bought",
            name="Købte forløb",
            budget_line_id="bought",
            target_groups=TARGET_GROUPS,
            most_age=_MOST_AGE,
        ),
        Programme(
            id="own",
            name="Kommunens egne forløb",
            budget_line_id="own",
            target_groups=OWN_TARGET_GROUPS,
            most_age=_MOST_AGE,
            volumes=(Volume(year=2016, most=60), Volume(year=2017, most=60)),
        ),
    )


def _list_movements() -> tuple[BudgetMovement, ...]:
    decided = (
        ("pot", 2016, _POT_KR),
        ("pot", 2017, _POT_KR),
        ("pot", 2018, _POT_KR),
        ("bought", 2016, _BOUGHT_KR),
        ("bought", 2017, _BOUGHT_KR),
        ("bought", 2018, _BOUGHT_2018_KR),
        ("own", 2016, _OWN_KR),
        ("own", 2017, _OWN_KR),
    )
    proposed = BudgetMovement(
        budget_line_id="bought",
        year=2018,
        amount_ore=(_BOUGHT_KR - _BOUGHT_2018_KR) * 100,
        status="proposed",
    )
    return (
        *(
            BudgetMovement(budget_line_id=line_id, year=year, amount_ore=kr * 100)
            for line_id, year, kr in decided
        ),
        proposed,
    )


def _list_providers() -> tuple[Provider, ...]:
    bought = tuple(
        Provider(id=provider_id, name=f"{name} (syntetisk)", kind=kind)
        for provider_id, name, kind in _PROVIDERS
    )
    own = Provider(
        id=_MUNICIPALITY, name="Socialforvaltningen, caféer og værksteder", kind="municipal"
    )
    return (*bought, own)


def _list_sites() -> tuple[Site, ...]:
    return tuple(
        Site(
            id=site.id,
            name=f"{site.name} (syntetisk)",
            provider_id=site.provider_id,
            area=site.area,
            places=site.places,
            target_groups=tuple(_GROUP_LETTERS[letter] for letter in site.groups),
            task_types=tuple(site.tasks.split()),
            equipment=tuple(_NEED_LETTERS[letter] for letter in site.equipment),
            opens=_OPENS.get(site.id),
            most_starts_a_week=1 if site.id in _ONE_START_A_WEEK else None,
        )
        for site in _SITES
    )


def _list_offers() -> tuple[Offer, ...]:
    long_offer = Offer(
        id="roedhalsen-valby-20",
        name="Rødhalsen, Valby, 20 uger (syntetisk)",
        site_id=_LONG_OFFER_SITE,
        programme_id="bought",
        contract_id="roedhalsen",
        price_ore=_LONG_OFFER_KR * 100,
        weeks=20,
        first_start=_FIRST,
        start_every_weeks=2,
    )
    return (*(_offer(site) for site in _SITES), long_offer)


def _offer(site: _Site) -> Offer:
    is_group, is_weekly = site.id == _GROUP_SITE, site.id == _PER_WEEK_SITE
    extra_kr = site.kr // (16 * 25) * 25
    return Offer(
        id=site.id,
        site_id=site.id,
        programme_id="own" if site.is_own else "bought",
        contract_id=None if site.is_own else site.provider_id,
        price_ore=site.kr * 100,
        price_per="week" if is_weekly else "course",
        most_weeks=site.most_weeks,
        extra_week_price_ore=None if is_weekly or site.most_weeks is None else extra_kr * 100,
        first_start=None if is_group or site.id in _ANY_WEEK else _FIRST,
        start_every_weeks=None if is_group or site.id in _ANY_WEEK else 2,
        start_weeks=tuple(Week.of(*start) for start in _GROUP_STARTS) if is_group else (),
        fewest_participants=3 if is_group else 1,
    )


def _list_contracts() -> tuple[Contract, ...]:
    most_courses = {
        "viben": 22,
        "gaerdesmutten": 20,
        "staeren": 24,
        "laerken": 18,
        "svalen": 8,
        "musvitten": 20,
    }
    most_kr = {"bogfinken": 200_000}
    return tuple(
        Contract(
            id=provider_id,
            provider_id=provider_id,
            name=f"Kontrakt med {name} (syntetisk)",
            first_week=_FIRST,
            last_week=_CONTRACT_END,
            least_courses={"roedhalsen": 12, "spurven": 4}.get(provider_id, 0),
            least_applies="always" if provider_id == "roedhalsen" else "if-used",
            most_courses=most_courses.get(provider_id),
            most_ore=most_kr[provider_id] * 100 if provider_id in most_kr else None,
        )
        for provider_id, name, _ in _PROVIDERS
    )


def _list_capacity() -> tuple[Capacity, ...]:
    places = (
        ("viben-noerrebro", None, Week.of(2016, 40), 1),
        ("viben-oesterbro", None, Week.of(2016, 40), 1),
        ("solsorten-sundby", None, Week.of(2016, 44), 1),
        ("staeren-husum", None, Week.of(2016, 40), 1),
        ("roedhalsen-valby", None, Week.of(2016, 38), 2),
        ("roedhalsen-valby", Week.of(2017, 10), None, 5),
        ("staeren-noerrebro", Week.of(2017, 20), Week.of(2017, 39), 2),
        ("musvitten-city", None, Week.of(2016, 44), 2),
        ("laerken-valby", Week.of(2017, 32), None, 3),
        ("vaerksted-amager", Week.of(2017, 5), Week.of(2017, 12), 2),
    )
    support = (
        Capacity(site_id=site.id, resource="support_minutes", amount=site.support_minutes)
        for site in _SITES
        if site.support_minutes is not None
    )
    return (
        *(
            Capacity(
                site_id=site_id, resource="places", first_week=first, last_week=last, amount=amount
            )
            for site_id, first, last, amount in places
        ),
        *support,
    )


def _list_closures() -> tuple[Closure, ...]:
    christmas = (
        Closure(first_week=Week.of(year, 52), last_week=Week.of(year, 52), reason="Jul")
        for year in (2016, 2017)
    )
    summer = (
        Closure(
            site_id=site.id,
            first_week=Week.of(year, 28),
            last_week=Week.of(year, 30),
            reason="Sommerferie",
        )
        for year in (2016, 2017)
        for site in _SITES
        if site.id not in _OPEN_IN_SUMMER
    )
    return (*christmas, *summer)


def _minutes_between() -> dict[tuple[str, str], int]:
    codes = [code for code, _ in _AREAS]
    minutes = {(code, code): _MINUTES_WITHIN for code in codes}
    for row, (start, estimates) in enumerate(zip(codes, _MINUTES, strict=False)):
        for end, estimate in zip(codes[row + 1 :], estimates, strict=True):
            minutes[start, end] = minutes[end, start] = estimate
    return minutes


def _list_travel() -> tuple[Travel, ...]:
    minutes = _minutes_between()
    codes = [code for code, _ in _AREAS]
    return tuple(
        Travel(from_area=start, to_area=end, minutes=minutes[start, end])
        for start, end in itertools.product(codes, codes)
    )


# People


@dataclass(frozen=True, slots=True)
class _Draw:
    """What is drawn for a person; weeks are counted from the first start week."""

    target_groups: tuple[str, ...]
    age: int
    referred: int
    delay: int
    patience: int | None
    weeks_needed: int | None
    priority: int
    basis: int
    needs: tuple[str, ...]
    wishes: tuple[str, ...]
    area: str
    most_minutes: int | None
    knows: bool
    pick: int


def _list_seeking() -> tuple[Person, ...]:
    """Those who seek a place, and among them a few for whom nothing fits."""
    people = [_person(index, draw) for index, draw in enumerate(_draw_seeking())]
    for index, change in _HARD_CASES.items():
        people[index] = Person.model_validate({**dict(people[index]), **change})
    return tuple(people)


_HARD_CASES: dict[int, dict[str, object]] = {
    40: {"age": 30, "last_eligible_week": None},
    90: {"status": "education-ready"},
    140: {"weeks_needed": 30},
    190: {
        "target_groups": ("blind-or-partially-sighted",),
        "needs": ("screen-reader",),
        "area": "broenshoej-husum",
        "most_travel_minutes": 25,
        "known_sites": (),
    },
    240: {"target_groups": ("intellectual-disability",), "needs": NEEDS, "known_sites": ()},
    265: {"earliest_start": Week.of(2017, 52), "latest_start": Week.of(2017, 52)},
}


def _person_id(index: int) -> str:
    return f"syn-{index + 1:04}"


def _person(index: int, draw: _Draw) -> Person:
    horizon = _LAST - _FIRST
    earliest = draw.referred + draw.delay
    latest = None if draw.patience is None else min(max(earliest, 0) + draw.patience, horizon)
    suiting = [site.id for site in _SITES if _suits(site, draw)]
    return Person(
        id=_person_id(index),
        target_groups=draw.target_groups,
        status="activity-ready",
        age=draw.age,
        last_eligible_week=_FIRST + max(earliest, 8 + draw.pick % 60)
        if draw.age == _MOST_AGE
        else None,
        referral=_FIRST + draw.referred,
        earliest_start=_FIRST + earliest if draw.delay else None,
        latest_start=None if latest is None else _FIRST + latest,
        weeks_needed=draw.weeks_needed,
        priority=draw.priority,
        priority_basis="ordinary"
        if draw.priority == _LOWEST_PRIORITY
        else PRIORITY_BASES[draw.basis],
        needs=draw.needs,
        wishes=draw.wishes,
        known_sites=(suiting[draw.pick % len(suiting)],) if draw.knows and suiting else (),
        excluded_providers=("viben",) if draw.pick < _EXCLUDING else (),
        excluded_sites=("roedhalsen-valby",) if draw.pick >= _PICKS - _EXCLUDING else (),
        area=draw.area,
        most_travel_minutes=draw.most_minutes,
    )


def _suits(site: _Site, draw: _Draw) -> bool:
    groups = {_GROUP_LETTERS[letter] for letter in site.groups}
    equipment = {_NEED_LETTERS[letter] for letter in site.equipment}
    return bool(groups & set(draw.target_groups)) and set(draw.needs) <= equipment


def _draw_seeking() -> Iterator[_Draw]:
    """Draws for everybody who seeks a place; a fifth was referred before the first start."""
    draws = Draws(_SEED, stream=1)
    latest_referral = _LAST - _FIRST - 8
    target_groups = draws.subsets(np.ones(_SEEKING, dtype=np.int64), _GROUP_WEIGHTS)
    target_groups |= draws.subsets(draws.happens(10, _SEEKING) * 1, _GROUP_WEIGHTS)
    blind = target_groups[:, TARGET_GROUPS.index("blind-or-partially-sighted")]
    needs = draws.subsets(draws.dealt(_NEED_COUNTS, _SEEKING), _NEED_WEIGHTS)
    needs[:, NEEDS.index("screen-reader")] = blind
    wishes = draws.subsets(draws.dealt(_WISH_COUNTS, _SEEKING), _TASK_WEIGHTS)
    referred = np.where(
        draws.happens(20, _SEEKING),
        -draws.between(1, 24, _SEEKING),
        draws.between(0, latest_referral, _SEEKING),
    )
    columns = (
        draws.between(18, _MOST_AGE, _SEEKING),
        referred,
        np.where(draws.happens(35, _SEEKING), draws.between(1, 8, _SEEKING), 0),
        np.where(draws.happens(8, _SEEKING), -1, draws.between(*_PATIENCE, _SEEKING)),
        draws.dealt(_WEEKS_NEEDED_WEIGHTS, _SEEKING),
        1 + draws.dealt(_PRIORITY_WEIGHTS, _SEEKING),
        draws.below(4, _SEEKING),
        draws.dealt(_PEOPLE_BY_AREA, _SEEKING),
        draws.dealt(_MOST_MINUTES_WEIGHTS, _SEEKING),
        draws.happens(30, _SEEKING),
        draws.below(_PICKS, _SEEKING),
    )
    for index, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        age, since, delay, patience, weeks, priority, basis, area, minutes, knows, pick = row
        yield _Draw(
            target_groups=_pick(TARGET_GROUPS, target_groups[index]),
            age=age,
            referred=since,
            delay=delay,
            patience=None if patience < 0 else patience,
            weeks_needed=_WEEKS_NEEDED[weeks],
            priority=priority,
            basis=basis,
            needs=_pick(NEEDS, needs[index]),
            wishes=_pick(TASK_TYPES, wishes[index]),
            area=_AREAS[area][0],
            most_minutes=_MOST_MINUTES[minutes],
            knows=knows,
            pick=pick,
        )


def _pick(codes: Sequence[str], chosen: Booleans) -> tuple[str, ...]:
    return tuple(code for code, is_in in zip(codes, chosen.tolist(), strict=True) if is_in)


# offer, start, weeks, status, last week of one who dropped out, whether a new course is sought
_ENROLMENTS: tuple[tuple[str, Week, int, EnrolmentStatus, Week | None, bool], ...] = (
    ("cafe-noerrebro", Week.of(2016, 5), 16, "ended", None, False),
    ("cafe-valby", Week.of(2016, 5), 16, "ended", None, True),
    ("vaerksted-vanloese", Week.of(2016, 6), 16, "ended", None, False),
    ("vaerksted-amager", Week.of(2016, 8), 16, "ended", None, True),
    ("vaerksted-bispebjerg", Week.of(2016, 14), 16, "dropped-out", Week.of(2016, 20), True),
    ("cafe-noerrebro", Week.of(2016, 18), 16, "no-show", None, True),
    ("cafe-noerrebro", Week.of(2016, 15), 16, "started", None, False),
    ("cafe-noerrebro", Week.of(2016, 22), 16, "started", None, False),
    ("cafe-valby", Week.of(2016, 17), 16, "started", None, False),
    ("cafe-valby", Week.of(2016, 24), 20, "started", None, False),
    ("vaerksted-vanloese", Week.of(2016, 20), 16, "started", None, False),
    ("vaerksted-amager", Week.of(2016, 19), 16, "started", None, False),
    ("vaerksted-amager", Week.of(2016, 25), 16, "started", None, False),
    ("vaerksted-bispebjerg", Week.of(2016, 23), 16, "started", None, False),
    ("viben-noerrebro", Week.of(2016, 27), 16, "accepted", None, False),
    ("roedhalsen-valby", Week.of(2016, 27), 16, "accepted", None, False),
    ("musvitten-city", Week.of(2016, 27), 16, "accepted", None, False),
    ("staeren-noerrebro", Week.of(2016, 27), 18, "accepted", None, False),
    ("gaerdesmutten-bispebjerg", Week.of(2016, 27), 16, "accepted", None, False),
    ("laerken-vanloese", Week.of(2016, 31), 16, "accepted", None, False),
    ("solsorten-amager", Week.of(2016, 31), 16, "offered", None, False),
    ("svalen-amager", Week.of(2016, 31), 16, "offered", None, False),
    ("bogfinken-city", Week.of(2016, 32), 20, "offered", None, False),
    ("spurven-bispebjerg", Week.of(2016, 33), 16, "offered", None, False),
)


def _list_enrolled() -> tuple[tuple[Person, ...], tuple[Enrolment, ...]]:
    """Those with a course already, and their courses; a few of them seek a new one."""
    draws = Draws(_SEED, stream=2)
    ages = draws.between(18, 28, len(_ENROLMENTS)).tolist()
    areas = draws.dealt(_PEOPLE_BY_AREA, len(_ENROLMENTS)).tolist()
    ago = draws.between(6, 16, len(_ENROLMENTS)).tolist()
    sites = {site.id: site for site in _SITES}
    people, enrolments = [], []
    for index, (offer_id, start, weeks, status, last_week, seeks) in enumerate(_ENROLMENTS):
        person_id = _person_id(_SEEKING + index)
        people.append(
            Person(
                id=person_id,
                seeks_place=seeks,
                target_groups=(_GROUP_LETTERS[sites[offer_id].groups[0]],),
                status="activity-ready",
                age=ages[index],
                referral=start + -ago[index],
                priority=2,
                priority_basis="ordinary",
                known_sites=() if status in {"offered", "accepted", "no-show"} else (offer_id,),
                area=_AREAS[areas[index]][0],
            )
        )
        enrolments.append(
            Enrolment(
                id=f"enrolment-{index + 1:02}",
                person_id=person_id,
                offer_id=offer_id,
                start=start,
                weeks=weeks,
                status=status,
                last_week=last_week,
            )
        )
    return tuple(people), tuple(enrolments)


def _list_uses(people: Sequence[Person]) -> tuple[Use, ...]:
    draws = Draws(_SEED, stream=3)
    is_supported = draws.happens(10, len(people)).tolist()
    amounts = draws.between(1, 3, len(people)).tolist()
    return tuple(
        Use(person_id=person.id, resource="support_minutes", amount=30 * amount)
        for person, supported, amount in zip(people, is_supported, amounts, strict=True)
        if supported
    )


def _list_ratings(people: Sequence[Person]) -> tuple[Rating, ...]:
    """A caseworker's rating of a site for every fifth person, made before the as-of week."""
    draws = Draws(_SEED, stream=4)
    is_rated = draws.happens(20, len(people)).tolist()
    sites = draws.below(len(_SITES), len(people)).tolist()
    points = draws.between(6, 20, len(people)).tolist()
    ago = draws.between(1, 20, len(people)).tolist()
    return tuple(
        Rating(
            person_id=person.id,
            site_id=person.known_sites[0] if person.known_sites else _SITES[sites[index]].id,
            points=5 * points[index],
            date=_AS_OF + -ago[index],
        )
        for index, person in enumerate(people)
        if is_rated[index]
    )


def _list_pins() -> tuple[Pin, ...]:
    return (
        Pin(
            kind="fixed",
            person_id=_FIXED[0],
            offer_id=_FIXED[1],
            reason="Aftalt med den unge og forløbsstedet",
        ),
        Pin(
            kind="forbidden",
            person_id=_FORBIDDEN[0],
            offer_id=_FORBIDDEN[1],
            reason="Tidligere forløb samme sted",
        ),
        Pin(kind="forbidden", person_id=_WITHDRAWN, reason="Afventer ny afklaring"),
    )
