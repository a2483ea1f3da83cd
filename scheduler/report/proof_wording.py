"""How good each goal of a plan is, in a sentence that needs no mathematics."""

from __future__ import annotations

from scheduler.language import Message, Share
from scheduler.report.views.goals import GoalRow


def word_proof(row: GoalRow) -> tuple[Message, ...]:
    """What is known about a goal, and what later goals have taken of it."""
    if not row.was_given_up:
        return (_word_bound(row),)
    given = Message(
        "{value} was reached first; the rest was given up for the goals after it, as far as was "
        "allowed.",
        value=row.value_when_decided,
    )
    return (given, _word_bound(row))


def _word_bound(row: GoalRow) -> Message:
    is_best = row.proof == "optimal" or row.value == row.bound
    if is_best and not row.under_floors_of:
        return Message("Proven: no plan does better than {bound}.", bound=row.bound)
    if is_best:
        return Message(
            "Proven: no plan that keeps what the goals before it achieved does better than "
            "{bound}.",
            bound=row.bound,
        )
    if row.gap is None:
        return Message("Not proven: it is not known how much better a plan could do.")
    values = {"gap": Share(row.gap), "bound": row.bound}
    if row.proof == "within-gap":
        return Message(
            "At most {gap} from the best possible, {bound}: as close as was asked for.", **values
        )
    return Message(
        "Not proven best. No plan does better than {bound}, which is {gap} away.", **values
    )
