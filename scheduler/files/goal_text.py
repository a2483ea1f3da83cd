"""Goals, blends and tolerances as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from scheduler.files.columns import GOAL_ALIASES, plain
from scheduler.files.csv_text import kr_text
from scheduler.files.numbers import parse_hundredths, parse_whole
from scheduler.files.places import Refused, as_text, printable
from scheduler.goal import GOAL_NAMES, SENSES, GoalName, GoalWeight, Stage
from scheduler.language import Message

_LARGEST_WEIGHT = 10**6
_LARGEST_TOLERANCE = 10**15
_ALL_POINTS = 10_000
_TERM = re.compile(r"([+\-−])\s*(?:([0-9]{1,7})\s*[·*]?\s*)?([^\W\d]+(?:\s+[^\W\d]+)*)")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """An amount in the goal's unit, in øre, or a share in hundredths of a per cent."""

    amount: int = 0
    ore: int = 0
    basis_points: int = 0
    shown: str = field(default="", compare=False)
    """As written."""


def parse_blend(raw: object) -> tuple[GoalWeight, ...]:
    """``placed``, or ``1000 placed + match - 2 wait``, or a TOML table of weights.

    Raises
    ------
    Refused
        If a goal is unknown or stands twice, or a weight points the wrong way.
    """
    if isinstance(raw, Mapping):
        terms = [(str(name), weight) for name, weight in raw.items()]
    elif isinstance(raw, str):
        terms = _terms(raw.strip())
    else:
        raise Refused(Message("a goal or a blend of goals"))
    if not terms:
        raise Refused(Message("at least one goal"))
    weights = tuple(_goal_weight(name, weight) for name, weight in terms)
    if len({part.goal for part in weights}) < len(weights):
        raise Refused(Message("each goal once"))
    return weights


def _terms(text: str) -> list[tuple[str, object]]:
    goal = _goal(text)
    if goal is not None:
        return [(goal, 1 if SENSES[goal] == "most" else -1)]
    signed = text if text.startswith(("+", "-", "−")) else f"+{text}"
    terms: list[tuple[str, object]] = []
    at = 0
    while at < len(signed):
        found = _TERM.match(signed, at)
        if found is None:
            raise Refused(_unknown_goal(text))
        sign = 1 if found[1] == "+" else -1
        terms.append((found[3], sign * int(found[2] or 1)))
        at = re.compile(r"\s*").match(signed, found.end()).end()  # type: ignore[union-attr]  # matches anywhere
    return terms


def _goal_weight(name: str, weight: object) -> GoalWeight:
    goal = _goal(name)
    if goal is None:
        raise Refused(_unknown_goal(name))
    number = parse_whole(weight)
    if number is None or not -_LARGEST_WEIGHT <= number <= _LARGEST_WEIGHT:
        raise Refused(
            Message(
                "for {goal} a whole weight from {least} to {most}",
                goal=goal,
                least=-_LARGEST_WEIGHT,
                most=_LARGEST_WEIGHT,
            )
        )
    if SENSES[goal] == "most" and number <= 0:
        raise Refused(Message("for {goal}, of which more is better, a positive weight", goal=goal))
    if SENSES[goal] == "least" and number >= 0:
        raise Refused(Message("for {goal}, of which less is better, a negative weight", goal=goal))
    return GoalWeight(goal=goal, weight=number)


def _goal(name: str) -> GoalName | None:
    given = plain(name)
    for goal in GOAL_NAMES:
        if given in {goal, *(plain(alias) for alias in GOAL_ALIASES[goal])}:
            return goal
    return None


def _unknown_goal(name: str) -> Message:
    return Message(
        "goals among {goals}, not {name}",
        name=printable(name),
        goals=GOAL_NAMES,
    )


def parse_tolerance(raw: object) -> Tolerance:
    """``0``, ``3``, ``1 %`` or ``500 kr``.

    Raises
    ------
    Refused
        If it is none of these.
    """
    text = as_text(raw).strip() if isinstance(raw, str | int | float | Decimal) else ""
    plain_text = text.casefold().removesuffix(".")
    if plain_text.endswith("%"):
        share = parse_hundredths(text[:-1].strip())
        if not 0 <= share <= _ALL_POINTS:
            raise Refused(Message("a percentage from 0 % to 100 %"))
        return Tolerance(basis_points=share, shown=text)
    if plain_text.endswith("kr"):
        ore = parse_hundredths(plain_text[:-2].strip())
        if not 0 <= ore <= _LARGEST_TOLERANCE:
            raise Refused(_no_tolerance())
        return Tolerance(ore=ore, shown=text)
    amount = parse_whole(text)
    if isinstance(raw, bool) or amount is None or not 0 <= amount <= _LARGEST_TOLERANCE:
        raise Refused(_no_tolerance())
    return Tolerance(amount=amount, shown=text)


def _no_tolerance() -> Message:
    return Message("a tolerance such as 0, 3, 1 % or 500 kr")


def make_stage(blend: tuple[GoalWeight, ...], tolerance: Tolerance, gap_basis_points: int) -> Stage:
    """The stage that a row describes.

    Raises
    ------
    Refused
        If a tolerance of ``cost`` is not in kr, or of anything else is.
    """
    bare = Stage(blend=blend)
    is_cost = bare.is_single and blend[0].goal == "cost"
    if is_cost and tolerance.amount:
        raise Refused(Message("a tolerance of cost in kr or per cent: 500 kr, or 1 %"))
    if tolerance.ore and not is_cost:
        raise Refused(Message("a tolerance in kr only for cost alone"))
    return Stage(
        blend=blend,
        tolerance=tolerance.amount + tolerance.ore,
        tolerance_basis_points=tolerance.basis_points,
        gap_basis_points=gap_basis_points,
    )


def blend_text(stage: Stage) -> str:
    """The goal or blend as `parse_blend` reads it."""
    return stage.name.replace("·", " ")


def tolerance_text(stage: Stage) -> str:
    """The tolerance as `parse_tolerance` reads it."""
    if stage.tolerance_basis_points:
        return percent_text(stage.tolerance_basis_points)
    if stage.is_single and stage.blend[0].goal == "cost" and stage.tolerance:
        return f"{kr_text(stage.tolerance)} kr"
    return str(stage.tolerance)


def percent_text(basis_points: int) -> str:
    """Hundredths of a per cent: ``1 %``, ``0,5 %``."""
    return f"{kr_text(basis_points)} %"
