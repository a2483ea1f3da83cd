"""What is said of a goal that later goals made better, or worse, than it was when decided."""

from __future__ import annotations

from dataclasses import replace

from scheduler.language import Message
from scheduler.report.proof_wording import word_proof
from scheduler.report.views.goals import GoalRow


def _amount(value: int) -> Message:
    return Message("{amount}", amount=value)


ROW = GoalRow(
    label="placed",
    meaning="",
    value=_amount(149),
    value_when_decided=_amount(149),
    was_given_up=False,
    bound=_amount(150),
    gap=0.0067,
    floor=_amount(148),
    under_floors_of=(),
    proof="within-gap",
)


def _said(row: GoalRow) -> list[str]:
    return [message.render("en") for message in word_proof(row)]


def test_nothing_is_given_up_where_a_later_goal_made_it_better() -> None:
    assert _said(replace(ROW, value=_amount(150))) == ["Proven: no plan does better than 150."]


def test_what_was_given_up_is_said_first() -> None:
    said = _said(replace(ROW, value=_amount(148), was_given_up=True))
    assert said[0].startswith("149 was reached first; the rest was given up")
    assert said[1].startswith("At most 0.67% from the best possible, 150")
