"""A made-up city with a hand-made plan, of any size: realistic to look at, and synthetic."""

from __future__ import annotations

import random
from collections import Counter

from providers import Capacity, Closure, Offer, Provider, Site, Week
from scheduler.check.checker import Checker
from scheduler.check.courses import Course, course_of
from scheduler.check.goals import match_points
from scheduler.explain.names import Names
from scheduler.explain.wording import word_clause
from scheduler.goal import Stage
from scheduler.language import LocalText, Message
from scheduler.outcome import (
    Blocker,
    DecidedPlacement,
    GoalValues,
    PlanDocument,
    Provenance,
    RuledOut,
    StageReport,
    WaitingPerson,
)
from scheduler.person import Enrolment, Person, Travel
from scheduler.plan import Placement
from scheduler.problem import CodeEntry, Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme
from scheduler.violation import Violation

GROUPS = {
    "cognitive": ("kognitive vanskeligheder", "cognitive impairment", 120),
    "intellectual": ("udviklingshæmning", "intellectual disability", 80),
    "autism": ("autisme", "autism", 90),
    "vision": ("blinde og svagsynede", "blind or partially sighted", 4),
    "brain-injury": ("erhvervet hjerneskade", "brain injury", 26),
}
PLACES = (
    "Café Vest",
    "Blågård Køkken",
    "Værkstedet på Amager",
    "Nørrebro Cykler",
    "Valby Trykkeri",
    "Sundby Systue",
    "Grøndal Gartneri",
    "Østerbro It-værksted",
    "Lager og Logistik Syd",
    "Brønshøj Bageri",
    "Vanløse Genbrug",
    "Kongens Enghave Medborgerhus",
)
FIRST = Week.of(2016, 27)


def make_city(
    *, sites: int = 4, weeks: int = 30, people: int = 60, seed: int = 1
) -> tuple[Problem, PlanDocument]:
    """A problem of that size, and a plan that breaks no rule."""
    problem = _problem(random.Random(seed), sites, weeks, people)
    return problem, plan_greedily(problem)


def plan_greedily(problem: Problem) -> PlanDocument:
    """Everybody in order of priority and referral at the first start that breaks nothing."""
    checker = Checker(problem)
    placements: list[Course] = []
    waiting: list[WaitingPerson] = []
    seekers = [person for person in problem.people if person.seeks_place]
    for person in sorted(seekers, key=lambda row: (row.priority, row.referral, row.id)):
        course = _first_start(problem, checker, person)
        if isinstance(course, Course):
            placements.append(course)
        else:
            waiting.append(course)
    return _document(problem, checker, placements, waiting)


def _first_start(problem: Problem, checker: Checker, person: Person) -> Course | WaitingPerson:
    options: Counter[str] = Counter()
    examples: dict[str, Violation] = {}
    ruled_out: list[RuledOut] = []
    first = max(person.referral, problem.first_start)
    for offer in problem.offers:
        alone: tuple[Violation, ...] = ()
        possible = False
        for later in range(0, problem.last_start - first + 1, 2):
            placement = Placement(
                person_id=person.id, offer_id=offer.id, start=first + later, weeks=offer.weeks
            )
            found = checker.breaks(placement)
            if not found:
                checker.add(placement)
                return course_of(checker.facts, placement)
            alone = checker.breaks_alone(placement)
            if alone and alone[0].rule == "eligibility":
                break
            if not alone:
                possible = True
                for violation in found:
                    options[violation.rule] += 1
                    examples.setdefault(violation.rule, violation)
        if alone and not possible:
            ruled_out.append(RuledOut(offer_id=offer.id, violations=alone))
    return _waiting(problem, person, options, examples, ruled_out)


def _waiting(
    problem: Problem,
    person: Person,
    options: Counter[str],
    examples: dict[str, Violation],
    ruled_out: list[RuledOut],
) -> WaitingPerson:
    names = Names(problem)
    clauses = {rule: word_clause(example, names) for rule, example in examples.items()}
    blockers = tuple(
        Blocker(
            rule=examples[rule].rule,
            options=count,
            example=examples[rule],
            text=Message("{clause}", clause=clauses[rule]).local(),
        )
        for rule, count in options.most_common()
    )
    said = ", ".join(str(clause) for clause in clauses.values()) or "ingen tilbud passer"
    return WaitingPerson(
        person_id=person.id,
        reason="crowded-out" if blockers else "no-option",
        options=sum(options.values()),
        ruled_out=() if blockers else tuple(ruled_out),
        blockers=blockers,
        planner=LocalText(da=f"{person.id} venter: {said}.", en=f"{person.id} waits: {said}."),
        citizen=LocalText(da="Du står på venteliste.", en="You are on the waiting list."),
    )


def _document(
    problem: Problem, checker: Checker, courses: list[Course], waiting: list[WaitingPerson]
) -> PlanDocument:
    goals = checker.goals()
    referrals = {person.id: person.referral for person in problem.people}
    placements = tuple(
        DecidedPlacement(
            person_id=course.person_id,
            offer_id=course.offer_id,
            site_id=course.site_id,
            provider_id=course.provider_id,
            programme_id=course.programme_id,
            start=course.start,
            end=course.end,
            weeks=course.weeks,
            wait_weeks=course.start - referrals[course.person_id],
            match=match_points(checker.facts, course.person_id, course.site_id),
            cost_ore=course.cost_ore,
            costs=course.costs,
        )
        for course in sorted(courses, key=lambda row: row.person_id)
    )
    return PlanDocument(
        title=problem.title,
        as_of=problem.as_of,
        first_start=problem.first_start,
        last_start=problem.last_start,
        proof="unproven",
        goals=goals,
        stages=_stages(goals),
        people=sum(person.seeks_place for person in problem.people),
        options=41_250,
        placements=placements,
        waiting=tuple(sorted(waiting, key=lambda row: row.person_id)),
        inherited=tuple(row for row in Checker(problem).violations() if row.inherited),
        provenance=Provenance(
            input_sha256="0" * 64,
            engine="hand",
            seed=0,
            threads=1,
            gap_basis_points=None,
            time_limit_seconds=None,
            repeatable=True,
            versions=(("ungeplan", "0.1.0"),),
            started_at="2016-06-27T08:00:00Z",
            seconds=1.5,
        ),
    )


def _stages(goals: GoalValues) -> tuple[StageReport, ...]:
    made: list[StageReport] = []
    proofs = ("optimal", "optimal", "within-gap", "unproven")
    for proof, (name, value) in zip(proofs, goals.as_dict().items(), strict=True):
        stage = Stage.single(name)
        slack = 0 if proof == "optimal" else value // 150
        made.append(
            StageReport(
                name=stage.name,
                stage=stage,
                sense=stage.sense,
                value_when_decided=value,
                value=value,
                bound=None if name == "cost" else value - slack,
                floor=value,
                under_floors_of=tuple(row.name for row in made),
                proof=proof,  # type: ignore[arg-type]  # zip loses the literals
                seconds=1.0,
            )
        )
    return tuple(made)


def _problem(rng: random.Random, sites: int, weeks: int, people: int) -> Problem:
    own = max(1, sites // 4)
    made_sites = tuple(_site(rng, index, municipal=index < own) for index in range(sites))
    years = range(FIRST.year, (FIRST + (weeks - 1)).year + 1)
    return Problem(
        title="Forløb 2016–2017 (syntetisk)",
        as_of=FIRST,
        first_start=FIRST,
        last_start=FIRST + (weeks - 1),
        programmes=(
            Programme(id="bought", name="Købte forløb", budget_line_id="bought"),
            Programme(
                id="own",
                name="Kommunens egne forløb",
                budget_line_id="own",
                target_groups=("intellectual", "autism"),
            ),
        ),
        budget_lines=(
            BudgetLine(id="pot", name="Ungepuljen"),
            BudgetLine(id="bought", name="Købte forløb", parent_id="pot", reserve_ore=5_000_000),
            BudgetLine(id="own", name="Egne caféer og værksteder"),
        ),
        budget_movements=tuple(
            BudgetMovement(budget_line_id=line, year=year, amount_ore=kr * 100 * people // 320)
            for line, kr in (("pot", 10_000_000), ("bought", 2_500_000), ("own", 750_000))
            for year in years
        ),
        people=tuple(_person(rng, index, weeks) for index in range(people)),
        providers=tuple(
            Provider(
                id=f"L{index:02d}",
                name="Socialforvaltningen" if index < own else f"Leverandør {index:02d}",
                kind="municipal" if index < own else "social-economy",
            )
            for index in range(sites)
        ),
        sites=made_sites,
        offers=tuple(
            Offer(
                id=f"T{index:02d}",
                site_id=site.id,
                programme_id="own" if index < own else "bought",
                price_ore=1_250_000 if index < own else rng.randrange(1_800_000, 2_200_000, 5_000),
            )
            for index, site in enumerate(made_sites)
        ),
        capacity=(
            Capacity(
                site_id=made_sites[-1].id,
                resource="places",
                first_week=FIRST + 10,
                last_week=FIRST + 18,
                amount=0,
            ),
        ),
        closures=(
            Closure(first_week=Week.of(2016, 52), last_week=Week.of(2016, 52), reason="jul"),
            Closure(first_week=Week.of(2016, 29), last_week=Week.of(2016, 30), reason="sommer"),
            Closure(first_week=Week.of(2017, 29), last_week=Week.of(2017, 30), reason="sommer"),
        ),
        travel=tuple(
            Travel(from_area=here, to_area=there, minutes=10 + 9 * abs(ord(here) - ord(there)))
            for here in "ABCD"
            for there in "ABCD"
        ),
        enrolments=tuple(
            Enrolment(
                id=f"E{index:03d}",
                person_id=f"P{index:03d}",
                offer_id=f"T{index % sites:02d}",
                start=FIRST + (-10 + index % 8),
                weeks=16,
                status="started",
            )
            for index in range(people // 12)
        ),
        codes=(
            *(
                CodeEntry(kind="target-group", code=code, label_da=da, label_en=en)
                for code, (da, en, _) in GROUPS.items()
            ),
            CodeEntry(kind="need", code="quiet", label_da="stillerum", label_en="quiet room"),
        ),
    )


def _site(rng: random.Random, index: int, *, municipal: bool) -> Site:
    name = PLACES[index % len(PLACES)] + (" 2" if index >= len(PLACES) else "")
    return Site(
        id=f"S{index:02d}",
        name=name,
        provider_id=f"L{index:02d}",
        area="ABCD"[index % 4],
        places=rng.choice((3, 4, 6, 8, 12)),
        task_types=("kitchen", "it") if municipal else ("stock",),
        equipment=("quiet",) if rng.random() < 0.5 else (),
    )


def _person(rng: random.Random, index: int, weeks: int) -> Person:
    codes, weights = list(GROUPS), [row[2] for row in GROUPS.values()]
    return Person(
        id=f"P{index:03d}",
        seeks_place=index % 20 != 0,
        target_groups=(rng.choices(codes, weights)[0],),
        status="activity-ready",
        age=rng.randrange(18, 30),
        referral=FIRST + rng.randrange(-8, max(2, weeks - 8)),
        priority=rng.choices((1, 2, 3), (2, 5, 3))[0],
        needs=("quiet",) if rng.random() < 0.2 else (),
        wishes=("kitchen",) if rng.random() < 0.5 else (),
        area=rng.choice("ABCD"),
        most_travel_minutes=rng.choice((None, 30, 20)),
    )
