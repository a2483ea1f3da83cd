"""What a run answers: a checked plan with its proof and reasons, or why there is none."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from providers import DomainId, Name, Record, Week, WeekCount
from scheduler.goal import GoalName, Stage
from scheduler.language import LocalText
from scheduler.plan import Placement
from scheduler.programme import Year
from scheduler.violation import RuleName, Violation

Proof = Literal["optimal", "within-gap", "unproven"]
"""How good a value is known to be: nothing better exists; nothing better than the gap asked for
exists; or only the bound is known."""


class GoalValues(Record):
    """The value of each goal."""

    placed: int
    """People placed, weighted by priority."""
    match: int
    """Sum of match points."""
    wait: int
    """Weeks from referral to start, weighted by priority."""
    cost: int
    """Øre paid for new placements and shortfalls."""

    def of(self, goal: GoalName) -> int:
        """The value of one goal."""
        return int(getattr(self, goal))

    def as_dict(self) -> dict[GoalName, int]:
        """By name."""
        return {"placed": self.placed, "match": self.match, "wait": self.wait, "cost": self.cost}


class MatchPoints(Record):
    """Where a placement's match points come from; they sum to `total`."""

    wishes: int
    known_staff: int
    travel: int
    rating: int
    total: int


class YearCost(Record):
    """What is paid in a year."""

    year: Year
    ore: int


class StageReport(Record):
    """What one stage achieved and how well that is proven."""

    name: str
    """The goal, or the blend."""
    stage: Stage
    """As asked."""
    sense: Literal["most", "least"]
    """Whether more or less is better."""
    value_when_decided: int
    """The value when the stage ended."""
    value: int
    """The value in the final plan."""
    bound: int | None
    """No plan that keeps the earlier floors does better than this; none: nothing is known."""
    floor: int
    """What later stages had to keep."""
    under_floors_of: tuple[str, ...]
    """The earlier stages whose floors the bound holds under."""
    proof: Proof
    """How well `value_when_decided` is proven."""
    seconds: float
    """Wall-clock time of the stage."""

    @property
    def gap(self) -> float | None:
        """Distance of value and bound when decided, as a share of the value (at least 1)."""
        if self.bound is None:
            return None
        distance = abs(self.bound - self.value_when_decided)
        return distance / max(1, abs(self.value_when_decided))


class DecidedPlacement(Record):
    """A placement with what it costs and why it fits."""

    person_id: DomainId
    offer_id: DomainId
    site_id: DomainId
    provider_id: DomainId
    programme_id: DomainId
    start: Week
    """First week."""
    end: Week
    """Last week, closed weeks included."""
    weeks: WeekCount
    """Active weeks."""
    wait_weeks: int
    """Weeks from referral to start."""
    match: MatchPoints
    cost_ore: int
    """What it costs in all."""
    costs: tuple[YearCost, ...]
    """What it costs in each year, years in order, zeros left out."""

    @property
    def placement(self) -> Placement:
        """The bare placement."""
        return Placement(
            person_id=self.person_id, offer_id=self.offer_id, start=self.start, weeks=self.weeks
        )


ReasonCode = Literal["no-option", "crowded-out", "could-be-added", "pinned-out"]


class RuledOut(Record):
    """An offer that a person cannot have, and every fact that rules it out."""

    offer_id: DomainId
    violations: Annotated[tuple[Violation, ...], Field(min_length=1)]


class Blocker(Record):
    """Something that possible placements of a waiting person would break."""

    rule: RuleName
    options: Annotated[int, Field(ge=1)]
    """How many of the person's possible placements would break it."""
    example: Violation
    """What the one that comes closest would break."""
    text: LocalText
    """Said in words: ``31 starts: budget line bought 2016 is 4 200 kr short``."""


class WaitingPerson(Record):
    """A person who is not placed, with the verified reason."""

    person_id: DomainId
    reason: ReasonCode
    options: Annotated[int, Field(ge=0)]
    """Possible placements: those that break no rule by themselves."""
    ruled_out: tuple[RuledOut, ...] = ()
    """For ``no-option`` and ``pinned-out``: every offer, in order of id."""
    blockers: tuple[Blocker, ...] = ()
    """For ``crowded-out``: what stands in the way, the most frequent first."""
    could_be: tuple[Placement, ...] = ()
    """For ``could-be-added``: placements that would break nothing (at most five)."""
    planner: LocalText
    """For the planner."""
    citizen: LocalText
    """For the young person: no other person, no internal word, a way forward."""


class Provenance(Record):
    """What makes a run repeatable, and whether it was."""

    input_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """Of the canonical input."""
    engine: Name
    seed: int
    threads: int
    gap_basis_points: int | None
    """The gap asked for instead of the stages' own, if any."""
    time_limit_seconds: float | None
    repeatable: bool
    """False where a clock or a person stopped the run."""
    versions: tuple[tuple[str, str], ...]
    """Names and versions of this program, the solvers and Python, by name."""
    started_at: str
    """UTC, ISO 8601."""
    seconds: float
    """Wall-clock time from compiling to explaining."""


class ExcludedByMissingBudget(Record):
    """What a year without decided money excludes."""

    budget_line_id: DomainId
    year: Year
    options: int
    """Possible placements that would need money from it."""
    people: int
    """People with such a placement."""


class PlanDocument(Record):
    """The content of ``plan.json``."""

    schema_version: Literal["ungeplan-plan/1"] = "ungeplan-plan/1"
    confidentiality: Literal["Fortroligt"] = "Fortroligt"
    """The stamp of files with rows of people."""
    title: Name
    as_of: Week
    first_start: Week
    last_start: Week
    proof: Proof
    """The weakest of the stages' proofs."""
    goals: GoalValues
    stages: tuple[StageReport, ...]
    people: int
    """People who seek a place."""
    options: int
    """Possible placements."""
    placements: tuple[DecidedPlacement, ...]
    """In order of person id."""
    waiting: tuple[WaitingPerson, ...]
    """In order of person id."""
    inherited: tuple[Violation, ...] = ()
    """Limits that the enrolments alone break."""
    excluded_by_missing_budget: tuple[ExcludedByMissingBudget, ...] = ()
    provenance: Provenance


class ConflictItem(Record):
    """One demand in a conflict."""

    rule: RuleName
    what: LocalText
    """The demand in words."""


class Relaxation(Record):
    """The least that would have to give for a plan to exist, if only this kind may give."""

    unit: Literal["places", "courses", "ore"]
    """Places mean units of any resource by week."""
    amount: int | None
    """How much in all; none: this kind alone cannot help."""
    is_least: bool = True
    """False where the clock stopped the search: so much is enough, but less may be."""
    parts: tuple[LocalText, ...] = ()
    """Where."""


class NoPlan(Record):
    """Proof that no plan exists (exit code 3)."""

    schema_version: Literal["ungeplan-no-plan/1"] = "ungeplan-no-plan/1"
    title: Name
    conflict: tuple[ConflictItem, ...]
    """A smallest set of demands that cannot all hold: without any one of them, the others can."""
    conflict_is_smallest: bool = True
    """False where a person stopped the search: the demands cannot all hold, but fewer may be
    enough. With no demands at all, the search had left out none when it was stopped."""
    relaxations: tuple[Relaxation, ...]
    """In the order places, courses, øre; kinds that a person's stop left unknown are missing."""
    provenance: Provenance


class Undecided(Record):
    """No plan was found in the time given, and none was proven impossible (exit code 4)."""

    schema_version: Literal["ungeplan-undecided/1"] = "ungeplan-undecided/1"
    title: Name
    provenance: Provenance


Outcome = PlanDocument | NoPlan | Undecided
"""What `scheduler.solve.solve` answers; an engine that breaks down raises `EngineFailed`."""
