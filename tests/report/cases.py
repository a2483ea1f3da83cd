"""A plan small enough to work every number of every view out by hand.

Ada starts a course of 4 weeks at Café A in 2016-W51; week 52, the year's last, is closed, so it
runs in 2016-W51, 2017-W01, W02 and W03, and costs 1 000 kr a week. Bo waits: no offer fits. Cy
waits: the café is full. Dan has a running course of 4 weeks from 2016-W49, and seeks nothing.
"""

from __future__ import annotations

from typing import Any

from providers import Closure, Offer, Provider, Site, Week
from scheduler.check.checker import Checker
from scheduler.check.courses import course_of
from scheduler.goal import Stage
from scheduler.language import LocalText
from scheduler.outcome import (
    Blocker,
    DecidedPlacement,
    MatchPoints,
    PlanDocument,
    Provenance,
    RuledOut,
    StageReport,
    WaitingPerson,
)
from scheduler.person import Enrolment, Person, Use
from scheduler.plan import Placement, Plan
from scheduler.problem import CodeEntry, Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme
from scheduler.violation import Violation


def week(text: str) -> Week:
    return Week.parse(text)


def person(id_: str, **changes: Any) -> Person:
    fields: dict[str, Any] = {
        "id": id_,
        "target_groups": ("autism",),
        "status": "activity-ready",
        "referral": week("2016-W45"),
    }
    return Person(**{**fields, **changes})


def small_case(**changes: Any) -> Problem:
    fields: dict[str, Any] = {
        "title": "Small",
        "as_of": week("2016-W50"),
        "first_start": week("2016-W50"),
        "last_start": week("2017-W01"),
        "programmes": (
            Programme(id="own", name="Own", budget_line_id="line", least_weeks=4),
            Programme(id="rare", name="Rare", budget_line_id="line", least_weeks=4),
        ),
        "budget_lines": (
            BudgetLine(id="line", name="Line", parent_id="pot", reserve_ore=50_000),
            BudgetLine(id="pot", name="Pot"),
        ),
        "budget_movements": tuple(
            BudgetMovement(budget_line_id=line, year=year, amount_ore=ore)
            for line, ore in (("line", 1_000_000), ("pot", 1_500_000))
            for year in (2016, 2017)
        ),
        "people": (
            person("ada", priority=1, needs=("quiet",)),
            person("bo", target_groups=("autism", "vision"), priority=3),
            person("cy", referral=week("2016-W51")),
            person("dan", seeks_place=False, referral=week("2016-W40")),
        ),
        "providers": (
            Provider(id="city", name="The city", kind="municipal"),
            Provider(id="other", name="Another", kind="non-profit"),
        ),
        "sites": (
            Site(id="a", name="Café A", provider_id="city", places=1, equipment=("quiet",)),
            Site(id="b", name="Workshop B", provider_id="other", places=2),
        ),
        "offers": (
            Offer(id="ao", site_id="a", programme_id="own", price_ore=400_000, weeks=4),
            Offer(id="bo", site_id="b", programme_id="own", price_ore=400_000, weeks=4),
        ),
        "closures": (Closure(first_week=week("2016-W52"), last_week=week("2016-W52")),),
        "uses": (Use(person_id="dan", resource="support_minutes", amount=30),),
        "enrolments": (
            Enrolment(
                id="e",
                person_id="dan",
                offer_id="bo",
                start=week("2016-W49"),
                weeks=4,
                status="started",
            ),
        ),
        "codes": (
            CodeEntry(kind="target-group", code="autism", label_da="autisme", label_en="autism"),
            CodeEntry(kind="target-group", code="vision", label_da="synet", label_en="sight"),
            CodeEntry(kind="need", code="quiet", label_da="ro", label_en="quiet"),
        ),
    }
    return Problem(**{**fields, **changes})


def small_document(problem: Problem, **changes: Any) -> PlanDocument:
    """Ada placed at Café A, Bo and Cy waiting."""
    placement = Placement(person_id="ada", offer_id="ao", start=week("2016-W51"), weeks=4)
    checker = Checker(problem, Plan(placements=(placement,)))
    course, goals = course_of(checker.facts, placement), checker.goals()
    fields: dict[str, Any] = {
        "title": problem.title,
        "as_of": problem.as_of,
        "first_start": problem.first_start,
        "last_start": problem.last_start,
        "proof": "within-gap",
        "goals": goals,
        "stages": (
            StageReport(
                name="placed",
                stage=Stage.single("placed"),
                sense="most",
                value_when_decided=goals.placed,
                value=goals.placed,
                bound=goals.placed,
                floor=goals.placed,
                under_floors_of=(),
                proof="optimal",
                seconds=0.5,
            ),
            StageReport(
                name="cost",
                stage=Stage.single("cost"),
                sense="least",
                value_when_decided=400_000,
                value=400_000,
                bound=None,
                floor=400_000,
                under_floors_of=("placed",),
                proof="unproven",
                seconds=0.5,
            ),
        ),
        "people": 3,
        "options": 7,
        "placements": (
            DecidedPlacement(
                person_id="ada",
                offer_id="ao",
                site_id="a",
                provider_id="city",
                programme_id="own",
                start=course.start,
                end=course.end,
                weeks=4,
                wait_weeks=6,
                match=MatchPoints(wishes=40, known_staff=0, travel=0, rating=0, total=40),
                cost_ore=course.cost_ore,
                costs=course.costs,
            ),
        ),
        "waiting": (_bo(), _cy()),
        "provenance": Provenance(
            input_sha256="a" * 64,
            engine="hand",
            seed=0,
            threads=1,
            gap_basis_points=None,
            time_limit_seconds=None,
            repeatable=True,
            versions=(("ungeplan", "0.1.0"),),
            started_at="2016-12-12T08:00:00Z",
            seconds=1.0,
        ),
    }
    return PlanDocument(**{**fields, **changes})


def _bo() -> WaitingPerson:
    unfit = Violation(
        rule="eligibility", fact="travel", person_ids=("bo",), offer_id="ao", site_id="a"
    )
    return WaitingPerson(
        person_id="bo",
        reason="no-option",
        options=0,
        ruled_out=(
            RuledOut(offer_id="ao", violations=(unfit,)),
            RuledOut(offer_id="bo", violations=(unfit,)),
        ),
        planner=LocalText(da="=Ingen tilbud passer til bo.", en="=No offer fits bo."),
        citizen=LocalText(da="Der er ikke et forløb.", en="There is no course."),
    )


def _cy() -> WaitingPerson:
    full = Violation(
        rule="capacity",
        fact="resource-exceeded",
        person_ids=("cy",),
        offer_id="ao",
        site_id="a",
        resource="places",
        first_week=week("2017-W01"),
        last_week=week("2017-W03"),
        limit=1,
        value=2,
    )
    return WaitingPerson(
        person_id="cy",
        reason="crowded-out",
        options=2,
        blockers=(
            Blocker(
                rule="capacity",
                options=2,
                example=full,
                text=LocalText(da="2 starter", en="2 starts"),
            ),
        ),
        planner=LocalText(da="Café A er fuld.", en="Café A is full."),
        citizen=LocalText(da="Pladserne er optaget.", en="The places are taken."),
    )
