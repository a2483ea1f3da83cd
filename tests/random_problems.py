"""Tiny random problems that use every feature, small enough to try every plan.

All people, sites and numbers are synthetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from providers import Capacity, Closure, Contract, Offer, Provider, Site, Week
from scheduler.check import Checker, Facts, course_of_enrolment, length_of
from scheduler.goal import (
    SENSES,
    GoalName,
    GoalWeight,
    MatchWeights,
    PriorityWeights,
    Stage,
    Weights,
)
from scheduler.person import Enrolment, Person, Pin, Rating, Travel, Use
from scheduler.plan import Placement, Start, start_of
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme, Volume
from scheduler.violation import RuleName

MOST_PLANS = 2_500
"""Most combinations of possible placements, each person's with waiting."""

FEW_PLANS = 10
"""Problems with fewer are mostly drawn again."""

FIRST_STARTS = tuple(
    map(
        Week.parse,
        (
            "2020-W51",
            "2020-W52",
            "2020-W53",
            "2015-W52",
            "2015-W53",
            "2016-W51",
            "2016-W52",
            "2016-W27",
            "2018-W20",
        ),
    )
)
"""Mostly just before New Year, with and without a week 53."""

AREAS = ("north", "south")
GROUPS = ("autism", "brain-injury")
TASKS = ("kitchen", "stock", "it")
NEEDS = ("step-free", "quiet-room")


@dataclass
class Draft:
    """A problem that is being drawn."""

    rng: Random
    people_wanted: int
    theme: str
    """The rule or feature that is drawn to matter."""
    first: Week
    starts: int
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def last(self) -> Week:
        return self.first + (self.starts - 1)

    @property
    def years(self) -> list[int]:
        return sorted({(self.first + later).year for later in range(self.starts)})

    def chance(self, share: float, theme: str = "") -> bool:
        """True in that share of draws, and more often where it is the theme."""
        draw = self.rng.random()
        return draw < (max(share, 0.7) if theme == self.theme else share)

    def week(self, earliest: int, latest: int) -> Week:
        """A week so many weeks from the first start."""
        return self.first + self.rng.randint(earliest, latest)

    def some(self, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(value for value in values if self.rng.random() < 0.5)


THEMES = (
    "one-course",
    "eligibility",
    "window",
    "length",
    "capacity",
    "intake",
    "cohort",
    "budget",
    "volume",
    "contract",
    "price",
    "pins",
    "tolerance",
    "closures",
    "enrolments",
    "volume",
    "contract",
    "tolerance",
    "intake",
)


def random_problem(seed: int) -> Problem:
    """A valid problem of 2–5 people who seek a place, the same for the same seed."""
    rng = Random(f"tiny {seed}")
    theme = THEMES[seed % len(THEMES)]
    people = rng.randint(4, 5)
    while True:
        problem = _draw(rng, theme, max(2, people))
        plans = count_plans(problem)
        if plans > MOST_PLANS:
            people -= 1
        elif plans >= FEW_PLANS or rng.random() < 0.1:
            return problem


def options_of(facts: Facts, ignoring: Collection[RuleName] = ()) -> dict[str, list[Placement]]:
    """By person who seeks a place: the possible placements, as far as the other rules go."""
    checker = Checker(facts.problem, facts=facts)
    return {
        person.id: [
            placement
            for placement in _placements(facts, person.id)
            if all(found.rule in ignoring for found in checker.breaks_alone(placement))
        ]
        for person in facts.problem.people
        if person.seeks_place
    }


def starts_of(options: Mapping[str, Sequence[Placement]]) -> Callable[[str], Sequence[Start]]:
    """What the options of each person are without the person."""
    return lambda person_id: [start_of(option) for option in options.get(person_id, ())]


def count_plans(problem: Problem) -> int:
    """How many plans of possible placements there are, legal together or not."""
    return math.prod(len(options) + 1 for options in options_of(Facts(problem)).values())


def _placements(facts: Facts, person_id: str) -> Iterator[Placement]:
    """Every offer and start week, as long as it must be."""
    problem = facts.problem
    for offer in problem.offers:
        weeks = length_of(facts, person_id, offer.id)
        for later in range(problem.last_start - problem.first_start + 1):
            start = problem.first_start + later
            yield Placement(person_id=person_id, offer_id=offer.id, start=start, weeks=weeks)


def _draw(rng: Random, theme: str, people: int) -> Problem:
    draft = Draft(rng, people, theme, rng.choice(FIRST_STARTS), rng.randint(3, 4))
    fields = draft.fields
    fields["title"] = "Synthetic and tiny"
    fields["as_of"] = draft.week(-2, 0)
    fields["first_start"], fields["last_start"] = draft.first, draft.last
    fields["weights"] = _weights(draft)
    fields["stages"] = _stages(draft)
    fields["programmes"] = _programmes(draft)
    fields["providers"] = (
        Provider(id="cafe-group", name="Café group", kind="social-economy"),
        Provider(id="city", name="City", kind="municipal"),
    )
    fields["sites"] = _sites(draft)
    fields["people"] = _people(draft)
    fields["contracts"] = _contracts(draft)
    fields["offers"] = _offers(draft)
    fields["capacity"] = _capacity(draft)
    fields["uses"] = _uses(draft)
    fields["closures"] = _closures(draft)
    fields["travel"] = _travel(draft)
    fields["ratings"] = _ratings(draft)
    fields["budget_lines"] = _lines(draft)
    fields["budget_movements"] = _movements(draft)
    fields["enrolments"] = _enrolments(draft)
    fields["pins"] = _pins(draft, Problem(**fields))
    return Problem(**fields)


def _weights(draft: Draft) -> Weights:
    if draft.chance(0.6):
        return Weights()
    first, second = draft.rng.randint(3, 9), draft.rng.randint(1, 3)
    return Weights(
        priority=PriorityWeights(first=first, second=second, third=1),
        match=MatchWeights(
            wishes=31, known_staff=17, travel=29, rating=23, travel_scale_minutes=45
        ),
    )


def _stages(draft: Draft) -> tuple[Stage, ...]:
    rng = draft.rng
    goals: list[GoalName] = ["placed", "match", "wait", "cost"]
    if draft.chance(0.4):
        rng.shuffle(goals)
    if draft.chance(0.2):
        goals = goals[: rng.randint(1, 3)]
    if goals[0] == "cost" and draft.chance(0.7):
        goals.append(goals.pop(0))  # the cheapest plan is mostly to place nobody
    stages = [_stage(draft, goal) for goal in goals]
    if draft.chance(0.2):
        stages[rng.randrange(len(stages))] = _blend(draft)
    return tuple(stages)


def _stage(draft: Draft, goal: GoalName) -> Stage:
    rng = draft.rng
    if not draft.chance(0.8, "tolerance"):
        return Stage.single(goal)
    if draft.chance(0.5):
        return Stage.single(
            goal, tolerance_basis_points=rng.choice((500, 1_700, 3_000, 5_000, 5_000))
        )
    most = {"placed": 5, "match": 90, "wait": 15, "cost": 4_000}[goal]
    return Stage.single(goal, tolerance=rng.randint(1, most))


def _blend(draft: Draft) -> Stage:
    rng = draft.rng
    scale = {"placed": 100, "match": 2, "wait": 5, "cost": 1}
    goals: list[GoalName] = ["placed", "match", "wait", "cost"]
    parts = tuple(
        GoalWeight(
            goal=goal,
            weight=rng.randint(1, scale[goal]) * (1 if SENSES[goal] == "most" else -1),
        )
        for goal in rng.sample(goals, rng.randint(2, 4))
    )
    return Stage(blend=parts, tolerance=rng.choice((0, 0, 50)))


def _programmes(draft: Draft) -> tuple[Programme, ...]:
    return tuple(
        Programme(
            id=id_,
            name=id_,
            budget_line_id=f"line-{id_}",
            charged=draft.rng.choice(("by-week", "at-start")),
            least_weeks=2,
            target_groups=("autism",) if draft.chance(0.1, "eligibility") else (),
            statuses=("activity-ready",) if draft.chance(0.5) else (),
            least_age=20 if draft.chance(0.1, "eligibility") else None,
            most_age=28 if draft.chance(0.1, "eligibility") else None,
            first_start=draft.week(0, 1) if draft.chance(0.1, "window") else None,
            last_start=draft.week(1, draft.starts - 1) if draft.chance(0.1, "window") else None,
            volumes=_volumes(draft),
        )
        for id_ in ("own", "bought")[: draft.rng.randint(1, 2)]
    )


def _volumes(draft: Draft) -> tuple[Volume, ...]:
    return tuple(
        Volume(year=year, most=draft.rng.randint(1, 2))
        for year in draft.years
        if draft.chance(0.35, "volume")
    )


def _sites(draft: Draft) -> tuple[Site, ...]:
    rng = draft.rng
    return tuple(
        Site(
            id=f"site-{number}",
            name=f"Site {number}",
            provider_id=rng.choice(("cafe-group", "city")),
            area=rng.choice((*AREAS, None)),
            places=rng.randint(1, 2) if draft.chance(0.5, "capacity") else rng.randint(2, 4),
            target_groups=("autism",) if draft.chance(0.1, "eligibility") else (),
            task_types=draft.some(TASKS),
            equipment=NEEDS if draft.chance(0.6) else draft.some(NEEDS),
            most_starts_a_week=_most_starts(draft),
            opens=draft.week(0, 1) if draft.chance(0.05, "window") else None,
            closes=draft.week(3, 6) if draft.chance(0.1, "window") else None,
        )
        for number in range(1, rng.randint(1, 3) + 1)
    )


def _most_starts(draft: Draft) -> int | None:
    if draft.theme == "intake":
        return 1
    return draft.rng.choice((0, 1, 1, 1, 1, 2)) if draft.chance(0.2) else None


def _people(draft: Draft) -> tuple[Person, ...]:
    seekers = [_person(draft, number) for number in range(1, draft.people_wanted + 1)]
    enrolled = Person(
        id="person-9",
        seeks_place=False,
        target_groups=("autism",),
        status="activity-ready",
        referral=draft.week(-9, -5),
    )
    return (*seekers, enrolled)


def _person(draft: Draft, number: int) -> Person:
    rng = draft.rng
    sites: tuple[Site, ...] = draft.fields["sites"]
    ids = tuple(site.id for site in sites)
    narrow = draft.chance(0.2, "window")
    earliest = draft.week(0, draft.starts - 2) if narrow and draft.chance(0.7) else None
    latest = (earliest or draft.first) + rng.randint(0, 1) if narrow else None
    area = rng.choice((*AREAS, AREAS[0])) if draft.chance(0.9) else None
    wants_more = draft.chance(0.25, "length")
    return Person(
        id=f"person-{number}",
        target_groups=rng.choice((("autism",), ("autism",), ("brain-injury",), GROUPS)),
        status="activity-ready" if draft.chance(0.95) else "education-ready",
        age=rng.choice((17, 22, 25, 29, None)) if draft.chance(0.2) else 24,
        last_eligible_week=draft.week(0, 3) if draft.chance(0.1, "eligibility") else None,
        referral=draft.week(1, 2) if draft.chance(0.1, "window") else draft.week(-6, 0),
        earliest_start=earliest,
        latest_start=latest,
        weeks_needed=rng.randint(3, 4) if wants_more else None,
        priority=rng.randint(1, 3),
        needs=draft.some(NEEDS) if draft.chance(0.15, "eligibility") else (),
        wishes=draft.some(TASKS),
        known_sites=draft.some(ids) if draft.chance(0.4) else (),
        excluded_sites=(rng.choice(ids),) if draft.chance(0.1, "eligibility") else (),
        excluded_providers=("city",) if draft.chance(0.05) else (),
        area=area,
        most_travel_minutes=rng.choice((0, 20, 40)) if area and draft.chance(0.1) else None,
    )


def _contracts(draft: Draft) -> tuple[Contract, ...]:
    rng = draft.rng
    if not draft.chance(0.4, "contract"):
        return ()
    programmes: tuple[Programme, ...] = draft.fields["programmes"]
    always = draft.chance(0.5)
    take_or_pay = always and draft.chance(0.6)
    in_courses = draft.chance(0.6)
    has_least = draft.chance(0.65)
    least_courses = rng.randint(1, 4) if has_least and in_courses else 0
    least_ore = rng.randint(500, 5_000) if has_least and not in_courses else 0
    return (
        Contract(
            id="contract-1",
            provider_id=rng.choice([site.provider_id for site in draft.fields["sites"]]),
            first_week=draft.week(-12, -12) if draft.chance(0.8) else draft.week(0, 1),
            last_week=draft.week(3, 8),
            least_courses=least_courses,
            most_courses=least_courses + rng.randint(0, 1) or 1 if draft.chance(0.5) else None,
            least_ore=least_ore,
            most_ore=least_ore + rng.randint(1_000, 4_000) if draft.chance(0.4) else None,
            least_applies="always" if always else "if-used",
            take_or_pay=take_or_pay and has_least,
            shortfall_course_ore=(
                rng.randint(100, 900) if take_or_pay and has_least and in_courses else None
            ),
            shortfall_budget_line_id=(
                programmes[0].budget_line_id if take_or_pay and has_least else None
            ),
        ),
    )


def _offers(draft: Draft) -> tuple[Offer, ...]:
    return tuple(_offer(draft, number) for number in range(1, draft.rng.randint(2, 3) + 1))


def _offer(draft: Draft, number: int) -> Offer:
    rng = draft.rng
    site = rng.choice(draft.fields["sites"])
    per_week = draft.chance(0.25, "price")
    weeks = rng.randint(2, 3)
    longer = draft.theme == "length" or draft.chance(0.5, "price")
    pattern = rng.choice(("every", "listed", "window")) if draft.chance(0.2, "window") else ""
    if draft.theme == "intake":
        pattern = rng.choice(("once", "listed"))  # few weeks to start in, and many want each
    contracts: tuple[Contract, ...] = draft.fields["contracts"]
    contract_ids = [one.id for one in contracts if one.provider_id == site.provider_id]
    return Offer(
        id=f"offer-{number}",
        site_id=site.id,
        programme_id=rng.choice(draft.fields["programmes"]).id,
        contract_id=contract_ids[0] if contract_ids and draft.chance(0.8) else None,
        price_ore=rng.randint(300, 900) if per_week else rng.randint(700, 2_500),
        price_per="week" if per_week else "course",
        weeks=weeks,
        most_weeks=weeks + rng.randint(1, 2) if longer else None,
        extra_week_price_ore=(
            rng.randint(50, 900) if longer and (not per_week or draft.chance(0.6)) else None
        ),
        first_start=draft.week(-2, 1) if pattern in {"every", "window"} else None,
        last_start=draft.week(1, 3) if pattern == "window" else None,
        start_every_weeks=rng.randint(2, 3) if pattern == "every" else None,
        start_weeks={
            "once": (draft.week(0, 2),),
            "listed": (draft.week(0, 1), draft.week(2, 3)),
        }.get(pattern, ()),
        fewest_participants=rng.randint(2, 3) if draft.chance(0.15, "cohort") else 1,
    )


def _capacity(draft: Draft) -> tuple[Capacity, ...]:
    rng = draft.rng
    rows = []
    for site in draft.fields["sites"]:
        if draft.chance(0.4, "capacity"):
            first = draft.week(0, 2)
            last = first + rng.randint(0, 2) if draft.chance(0.7) else None
            rows.append(
                Capacity(
                    site_id=site.id,
                    resource="places",
                    first_week=first,
                    last_week=last,
                    amount=rng.choice((0, 1, 1, 2, 2, 3)),
                )
            )
        middle = draft.week(1, 3)
        amounts = rng.choice(((60, 60), (90, 60), (60, 120), (90, 30)))
        rows += [
            Capacity(
                site_id=site.id,
                resource="support_minutes",
                last_week=middle,
                amount=amounts[0],
            ),
            Capacity(
                site_id=site.id,
                resource="support_minutes",
                first_week=middle + 1,
                amount=amounts[1],
            ),
        ]
    return tuple(rows)


def _uses(draft: Draft) -> tuple[Use, ...]:
    rows = []
    for offer in draft.fields["offers"]:
        if draft.chance(0.25, "capacity"):
            rows.append(Use(offer_id=offer.id, resource="support_minutes", amount=30))
        if draft.chance(0.08):
            rows.append(Use(offer_id=offer.id, resource="places", amount=draft.rng.choice((0, 2))))
    for person in draft.fields["people"]:
        if draft.chance(0.2, "capacity"):
            rows.append(Use(person_id=person.id, resource="support_minutes", amount=30))
        if draft.chance(0.05):
            rows.append(Use(person_id=person.id, resource="places", amount=1))
    return tuple(rows)


def _closures(draft: Draft) -> tuple[Closure, ...]:
    if not draft.chance(0.85, "closures"):
        return ()
    rows = []
    for _ in range(draft.rng.randint(1, 2)):
        first = draft.week(0, 4)
        site_id = None if draft.chance(0.4) else draft.rng.choice(draft.fields["sites"]).id
        rows.append(
            Closure(site_id=site_id, first_week=first, last_week=first + draft.rng.randint(0, 1))
        )
    return tuple(rows)


def _travel(draft: Draft) -> tuple[Travel, ...]:
    pairs = [("north", "south"), ("south", "north"), ("north", "north")]
    limited = any(one.most_travel_minutes is not None for one in draft.fields["people"])
    shares = (1, 1, 0.2) if limited else (0.9, 0.6, 0.2)
    return tuple(
        Travel(from_area=here, to_area=there, minutes=draft.rng.randint(5, 50))
        for (here, there), share in zip(pairs, shares, strict=True)
        if draft.chance(share)
    )


def _ratings(draft: Draft) -> tuple[Rating, ...]:
    as_of: Week = draft.fields["as_of"]
    return tuple(
        Rating(
            person_id=person.id,
            site_id=site.id,
            points=draft.rng.randint(0, 100),
            date=as_of + later,
        )
        for person in draft.fields["people"]
        for site in draft.fields["sites"]
        for later in (-5, -1, 2)
        if draft.chance(0.25)
    )


def _lines(draft: Draft) -> tuple[BudgetLine, ...]:
    programmes: tuple[Programme, ...] = draft.fields["programmes"]
    has_pot = draft.chance(0.45)
    pots = ("pot", "council") if has_pot and draft.chance(0.3) else ("pot",) if has_pot else ()
    above = dict(zip((None, *pots), (*pots, None), strict=False))
    return (
        *(
            BudgetLine(
                id=programme.budget_line_id,
                name=programme.budget_line_id,
                parent_id=above[None],
                reserve_ore=draft.rng.randint(1, 400) if draft.chance(0.2) else 0,
            )
            for programme in programmes
        ),
        *(BudgetLine(id=pot, name=pot, parent_id=above[pot]) for pot in pots),
    )


def _movements(draft: Draft) -> tuple[BudgetMovement, ...]:
    rng = draft.rng
    rows = []
    later = [year for year in (draft.years[-1] + 1,) if draft.chance(0.85)]
    first_year = [draft.years[0] - 1] if draft.chance(0.5) else []
    for line in draft.fields["budget_lines"]:
        tight = draft.chance(0.45, "budget")
        for year in (*first_year, *draft.years, *later):
            most = rng.randint(2_000, 5_000) if tight else rng.randint(4_000, 16_000)
            amount = most if line.id.startswith("line") else most * 3 // 2
            taken = rng.randint(1, 900) if draft.chance(0.3) else 0
            rows.append(BudgetMovement(budget_line_id=line.id, year=year, amount_ore=amount))
            if taken:
                rows.append(
                    BudgetMovement(
                        budget_line_id=line.id, year=year, amount_ore=-taken, kind="transfer"
                    )
                )
            if draft.chance(0.2):
                rows.append(
                    BudgetMovement(
                        budget_line_id=line.id, year=year, amount_ore=9_000, status="proposed"
                    )
                )
    return tuple(rows)


def _enrolments(draft: Draft) -> tuple[Enrolment, ...]:
    rows = []
    people: tuple[Person, ...] = draft.fields["people"]
    if not draft.chance(0.5, "enrolments") and draft.theme != "one-course":
        return ()
    problem = Problem(**{**draft.fields, "enrolments": ()})
    facts = Facts(problem)
    enrolled = [people[-1], people[-1]] if draft.chance(0.4, "enrolments") else [people[-1]]
    if draft.chance(0.3, "one-course"):
        enrolled.append(people[0])
    if draft.chance(0.1, "one-course"):
        enrolled.append(people[1])
    for number, person in enumerate(enrolled, 1):
        # An enrolment of the same person follows the one before it.
        start = draft.week(-3, 0) if number == 1 or person is not people[-1] else draft.week(3, 4)
        rows.append(
            _enrolment(draft, facts, f"enrolment-{number}", person, max(start, person.referral))
        )
    return tuple(rows)


def _enrolment(draft: Draft, facts: Facts, id_: str, person: Person, start: Week) -> Enrolment:
    rng = draft.rng
    as_of = facts.problem.as_of
    offer = rng.choice(facts.problem.offers)
    weeks = rng.randint(1, 4)
    needs_price = weeks > offer.weeks and offer.price_per == "course"
    needs_price = needs_price and offer.extra_week_price_ore is None
    fields: dict[str, Any] = {
        "id": id_,
        "person_id": person.id,
        "offer_id": offer.id,
        "start": start,
        "weeks": weeks,
        "price_ore": rng.randint(300, 2_000) if needs_price or draft.chance(0.3) else None,
    }
    if start > as_of:
        return Enrolment(**fields, status=rng.choice(("offered", "accepted")))
    if draft.chance(0.1):
        return Enrolment(**fields, status="no-show")
    running = Enrolment(**fields, status="started")
    end = course_of_enrolment(facts, running).end
    if draft.chance(0.15) and start <= end:
        last = min(end, start + rng.randint(0, 2), as_of)
        return Enrolment(**fields, status="dropped-out", last_week=last)
    return Enrolment(**fields, status="ended" if end < as_of else "started")


def _pins(draft: Draft, problem: Problem) -> tuple[Pin, ...]:
    rng = draft.rng
    if not draft.chance(0.3, "pins"):
        return ()
    facts = Facts(problem)
    options = {person: possible for person, possible in options_of(facts).items() if possible}
    pins = []
    for person_id in sorted(options):
        chosen = rng.choice(options[person_id])
        start = chosen.start if draft.chance(0.6) else None
        if draft.chance(0.35):
            pins.append(
                Pin(kind="fixed", person_id=person_id, offer_id=chosen.offer_id, start=start)
            )
        elif draft.chance(0.5):
            offer_id = chosen.offer_id if draft.chance(0.8) else None
            pins.append(Pin(kind="forbidden", person_id=person_id, offer_id=offer_id, start=start))
    return tuple(pins)
