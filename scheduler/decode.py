"""From a solved run to the record that leaves the core."""

from __future__ import annotations

import importlib.metadata
import platform

import numpy as np
from numpy.typing import NDArray

from scheduler.check import Course, Facts, Verified, course_of, match_points, verify
from scheduler.errors import EngineFailed, PlanBreaksRules
from scheduler.files import canonical_sha256
from scheduler.formulation import Formulation
from scheduler.instance import Instance
from scheduler.outcome import (
    DecidedPlacement,
    ExcludedByMissingBudget,
    PlanDocument,
    Proof,
    Provenance,
    StageReport,
    WaitingPerson,
)
from scheduler.plan import Placement
from scheduler.problem import Problem
from scheduler.stages import StageResult, StagesResult

Ints = NDArray[np.int64]
_PACKAGES = ("ungeplan", "ortools", "highspy", "numpy", "scipy", "pydantic")
_WEAKEST_FIRST: tuple[Proof, ...] = ("unproven", "within-gap", "optimal")


def verify_chosen(formulation: Formulation, chosen: Ints, facts: Facts) -> Verified:
    """The plan, checked, and worth exactly what the model says.

    Raises
    ------
    EngineFailed
        If it breaks a rule, or the checker scores it differently from the model.
    """
    instance = formulation.instance
    try:
        verified = verify(instance.supply.problem, instance.plan(chosen), facts=facts)
    except PlanBreaksRules as error:
        raise EngineFailed(f"the plan failed its check:\n{error}") from error
    solution = formulation.complete(chosen)
    for goal, objective in formulation.goals.items():
        claimed, scored = objective.value(solution), verified.goals.of(goal)
        if claimed != scored:
            raise EngineFailed(f"the model says {goal} is {claimed}, the checker says {scored}")
    return verified


def decode(
    instance: Instance,
    result: StagesResult,
    verified: Verified,
    waiting: tuple[WaitingPerson, ...],
    provenance: Provenance,
    facts: Facts,
) -> PlanDocument:
    """The content of ``plan.json``."""
    problem = instance.supply.problem
    proofs = {stage.proof for stage in result.stages}
    return PlanDocument(
        title=problem.title,
        as_of=problem.as_of,
        first_start=problem.first_start,
        last_start=problem.last_start,
        proof=next(proof for proof in _WEAKEST_FIRST if proof in proofs),
        goals=verified.goals,
        stages=_report_stages(result.stages, verified),
        people=len(instance.supply.people),
        options=instance.options.count,
        placements=tuple(decide(facts, one) for one in verified.plan.placements),
        waiting=waiting,
        inherited=verified.inherited,
        excluded_by_missing_budget=tuple(
            ExcludedByMissingBudget(
                budget_line_id=instance.supply.lines[line],
                year=instance.supply.first_year + year,
                options=options,
                people=people,
            )
            for line, year, options, people in instance.missing_money
        ),
        provenance=provenance,
    )


def _report_stages(stages: tuple[StageResult, ...], verified: Verified) -> tuple[StageReport, ...]:
    names = [stage.stage.name for stage in stages]
    return tuple(
        StageReport(
            name=names[index],
            stage=stage.stage,
            sense=stage.stage.sense,
            value_when_decided=stage.value,
            value=stage.stage.value(verified.goals.as_dict()),
            bound=stage.bound,
            floor=stage.floor,
            under_floors_of=tuple(names[:index]),
            proof=stage.proof,
            seconds=round(stage.seconds, 3),
        )
        for index, stage in enumerate(stages)
    )


def decide(facts: Facts, placement: Placement) -> DecidedPlacement:
    """A placement with what it costs and why it fits, as the checker reckons."""
    course: Course = course_of(facts, placement)
    person, site = facts.people[placement.person_id], facts.sites[course.site_id]
    return DecidedPlacement(
        person_id=placement.person_id,
        offer_id=placement.offer_id,
        site_id=course.site_id,
        provider_id=site.provider_id,
        programme_id=course.programme_id,
        start=placement.start,
        end=course.end,
        weeks=placement.weeks,
        wait_weeks=placement.start - person.referral,
        match=match_points(facts, person.id, site.id),
        cost_ore=course.cost_ore,
        costs=course.costs,
    )


def provenance_of(
    problem: Problem,
    *,
    engine: str,
    seed: int,
    threads: int,
    gap_basis_points: int | None,
    time_limit_seconds: float | None,
    repeatable: bool,
    started_at: str,
    seconds: float,
) -> Provenance:
    """What makes a run repeatable."""
    versions = [(name, importlib.metadata.version(name)) for name in _PACKAGES]
    return Provenance(
        input_sha256=canonical_sha256(problem),
        engine=engine,
        seed=seed,
        threads=threads,
        gap_basis_points=gap_basis_points,
        time_limit_seconds=time_limit_seconds,
        repeatable=repeatable,
        versions=(*versions, ("python", platform.python_version())),
        started_at=started_at,
        seconds=round(seconds, 3),
    )
