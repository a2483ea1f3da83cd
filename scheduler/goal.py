"""What a plan is judged by, and in which order."""

from __future__ import annotations

from typing import Annotated, Literal, Self, get_args

from pydantic import Field, model_validator

from providers import Record
from scheduler.person import Minutes

GoalName = Literal["placed", "match", "wait", "cost"]
GOAL_NAMES: tuple[GoalName, ...] = get_args(GoalName)
SENSES: dict[GoalName, Literal["most", "least"]] = {
    "placed": "most",
    "match": "most",
    "wait": "least",
    "cost": "least",
}
"""Whether more or less of a goal is better."""

Points = Annotated[int, Field(ge=0, le=100)]
Weight = Annotated[int, Field(ge=-(10**6), le=10**6)]


class GoalWeight(Record):
    """A goal's weight in a blend; negative for a goal of which less is better."""

    goal: GoalName
    """The goal."""
    weight: Weight
    """Its weight; never 0."""

    @model_validator(mode="after")
    def _points_the_right_way(self) -> Self:
        right = self.weight > 0 if SENSES[self.goal] == "most" else self.weight < 0
        if not right:
            sign = "positive" if SENSES[self.goal] == "most" else "negative"
            message = f"the weight of {self.goal} must be {sign}, not {self.weight}"
            raise ValueError(message)
        return self


class Stage(Record):
    """One goal, or a blend of goals, with what later stages may give up of it.

    The value of a single goal is the goal's own; the value of a blend is the weighted sum, of
    which more is better. A later stage may lose at most the tolerance of the value achieved,
    rounded to the stricter side; at most one of the two tolerances is given.
    """

    blend: Annotated[tuple[GoalWeight, ...], Field(min_length=1, max_length=4)]
    """The goals of the stage; one entry of weight 1 (or -1) is a single goal."""
    tolerance: Annotated[int, Field(ge=0, le=10**15)] = 0
    """What later stages may lose, in the goal's unit."""
    tolerance_basis_points: Annotated[int, Field(ge=0, le=10_000)] = 0
    """What later stages may lose, in hundredths of a per cent of the value achieved."""
    gap_basis_points: Annotated[int, Field(ge=0, le=10_000)] = 0
    """The stage may stop once value and bound are this close, in hundredths of a per cent."""

    @model_validator(mode="after")
    def _is_clear(self) -> Self:
        goals = [part.goal for part in self.blend]
        if len(set(goals)) < len(goals):
            message = "a goal stands twice in one blend"
            raise ValueError(message)
        if self.tolerance and self.tolerance_basis_points:
            message = "give the tolerance as an amount or in per cent, not both"
            raise ValueError(message)
        return self

    @classmethod
    def single(
        cls,
        goal: GoalName,
        *,
        tolerance: int = 0,
        tolerance_basis_points: int = 0,
        gap_basis_points: int = 0,
    ) -> Stage:
        """A stage of one goal."""
        weight = 1 if SENSES[goal] == "most" else -1
        return cls(
            blend=(GoalWeight(goal=goal, weight=weight),),
            tolerance=tolerance,
            tolerance_basis_points=tolerance_basis_points,
            gap_basis_points=gap_basis_points,
        )

    @property
    def is_single(self) -> bool:
        """Whether the stage is one goal by itself, so that its value is the goal's own."""
        return len(self.blend) == 1 and abs(self.blend[0].weight) == 1

    @property
    def sense(self) -> Literal["most", "least"]:
        """Whether more or less of the stage's value is better."""
        return SENSES[self.blend[0].goal] if self.is_single else "most"

    @property
    def name(self) -> str:
        """``placed``, or ``1000·placed + match - 2·wait``."""
        if self.is_single:
            return self.blend[0].goal
        first, *rest = (
            f"{'-' if part.weight < 0 else '+'} "
            + (part.goal if abs(part.weight) == 1 else f"{abs(part.weight)}·{part.goal}")
            for part in self.blend
        )
        return " ".join([first.removeprefix("+ ").replace("- ", "-"), *rest])

    def floor(self, achieved: int) -> int:
        """The value that later stages must keep: at least it (or at most, for ``least``)."""
        loss = self.tolerance or abs(achieved) * self.tolerance_basis_points // 10_000
        return achieved - loss if self.sense == "most" else achieved + loss

    def value(self, goals: dict[GoalName, int]) -> int:
        """The stage's value from the four goals' values."""
        if self.is_single:
            return goals[self.blend[0].goal]
        return sum(part.weight * goals[part.goal] for part in self.blend)


DEFAULT_STAGES: tuple[Stage, ...] = tuple(Stage.single(goal) for goal in GOAL_NAMES)


class PriorityWeights(Record):
    """How much a person of each priority counts in ``placed`` and ``wait``."""

    first: Annotated[int, Field(ge=1, le=1000)] = 4
    """Weight of priority 1."""
    second: Annotated[int, Field(ge=1, le=1000)] = 2
    """Weight of priority 2."""
    third: Annotated[int, Field(ge=1, le=1000)] = 1
    """Weight of priority 3."""

    def of(self, priority: int) -> int:
        """The weight of a priority 1–3."""
        return (self.first, self.second, self.third)[priority - 1]


class MatchWeights(Record):
    """The most match points that each declared fact can give; together at most 100."""

    wishes: Points = 40
    """All wished task types found at the site (in proportion to how many are)."""
    known_staff: Points = 20
    """Staff who know the person."""
    travel: Points = 20
    """A short way: in full at 0 minutes, none at the person's most minutes."""
    rating: Points = 20
    """A caseworker's rating of 100."""
    travel_scale_minutes: Annotated[Minutes, Field(ge=1)] = 60
    """Minutes that give no points to a person without a limit of their own."""

    @model_validator(mode="after")
    def _sum_to_at_most_100(self) -> Self:
        total = self.wishes + self.known_staff + self.travel + self.rating
        if total > 100:  # noqa: PLR2004 - match points run to 100 by definition
            message = f"the match weights sum to {total}, more than 100"
            raise ValueError(message)
        return self


class Weights(Record):
    """The weights of priorities and of match facts."""

    priority: PriorityWeights = PriorityWeights()
    """Weights of the priorities."""
    match: MatchWeights = MatchWeights()
    """Weights of the match facts."""
