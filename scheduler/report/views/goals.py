"""What the plan is judged by: each stage with value, bound and proof."""

from __future__ import annotations

from dataclasses import dataclass

from scheduler.goal import GoalName
from scheduler.language import Kr, Message
from scheduler.outcome import PlanDocument, Proof, StageReport
from scheduler.report.label import Label

GOAL_LABELS: dict[str, Message] = {
    "placed": Message("People placed"),
    "match": Message("Match"),
    "wait": Message("Waiting time"),
    "cost": Message("Cost"),
}
GOAL_MEANINGS: dict[str, Message] = {
    "placed": Message("People placed, weighted by priority. More is better."),
    "match": Message("Match points of all placements. More is better."),
    "wait": Message("Weeks from referral to start, weighted by priority. Fewer is better."),
    "cost": Message("What new placements cost. Less is better."),
}
PROOF_LABELS: dict[Proof, Message] = {
    "optimal": Message("Proven best"),
    "within-gap": Message("Proven within the gap asked for"),
    "unproven": Message("Not proven"),
}


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A stage in the order it was decided."""

    label: Label
    meaning: Label
    value: Label
    """In the final plan."""
    value_when_decided: Label
    was_given_up: bool
    """Whether the final plan is worse by it than when it was decided."""
    bound: Label
    """Nothing better is possible under the floors before it; ``–`` where nothing is known."""
    gap: float | None
    """Distance of value and bound when decided, as a share."""
    floor: Label
    """What later stages had to keep."""
    under_floors_of: tuple[Label, ...]
    """Earlier stages whose floors the bound holds under."""
    proof: Proof


def goal_rows(document: PlanDocument) -> tuple[GoalRow, ...]:
    """Every stage, in order."""
    return tuple(_row(report) for report in document.stages)


def stage_label(name: str) -> Label:
    """What a stage is called: its goal's name, or the blend as written."""
    return GOAL_LABELS.get(name, name)


def _row(report: StageReport) -> GoalRow:
    goal = report.stage.blend[0].goal if report.stage.is_single else None
    return GoalRow(
        label=stage_label(report.name),
        meaning=GOAL_MEANINGS[goal] if goal else Message("A weighted sum. More is better."),
        value=_in_unit(report.value, goal),
        value_when_decided=_in_unit(report.value_when_decided, goal),
        was_given_up=(
            report.value < report.value_when_decided
            if report.sense == "most"
            else report.value > report.value_when_decided
        ),
        bound="–" if report.bound is None else _in_unit(report.bound, goal),
        gap=report.gap,
        floor=_in_unit(report.floor, goal),
        under_floors_of=tuple(stage_label(name) for name in report.under_floors_of),
        proof=report.proof,
    )


def _in_unit(value: int, goal: GoalName | None) -> Message:
    if goal == "cost":
        return Message("{amount}", amount=Kr(value))
    return Message("{amount}", amount=value)
