"""The numbers that a leader looks for first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scheduler.language import Message
from scheduler.report.label import Label
from scheduler.report.table import Kind
from scheduler.report.views.goals import PROOF_LABELS
from scheduler.report.views.headline import Headline


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A number with what it is."""

    label: Message
    kind: Kind
    value: Any
    note: Label = ""


def key_figures(key: Headline) -> tuple[KeyFigure, ...]:
    """Of a plan, in the order they are read."""
    share = Message("{percent} % of those who seek a place", percent=round(key.placed_share * 100))
    return (
        KeyFigure(Message("Seek a place"), "count", key.people),
        KeyFigure(Message("Placed"), "count", key.placed, share),
        KeyFigure(Message("Waiting"), "count", key.waiting),
        KeyFigure(Message("New placements cost"), "kr", key.cost_ore),
        KeyFigure(Message("Left to plan with"), "kr", key.left_ore, Message("all lines and years")),
        KeyFigure(
            Message("Match, on average"), "decimal", key.match_average, Message("points of 100")
        ),
        KeyFigure(
            Message("Wait to start, median"),
            "count",
            key.wait_median,
            Message("weeks from referral"),
        ),
        KeyFigure(Message("Proof"), "text", PROOF_LABELS[key.proof], Message("the weakest goal's")),
    )
