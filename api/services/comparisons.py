"""Plans side by side, as buyers see them: numbers of people, never persons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.errors import WrongInput
from api.faults import fault_of
from api.services.plans import StoredPlan, plan_by_id
from api.services.problems import ProblemVersion, version_by_id
from api.services.scenarios import changes_since_base, parts_of_people
from scheduler.language import Message
from scheduler.person import Person
from scheduler.report.comparison_tables import ComparisonNames
from scheduler.report.disclosure import is_small
from scheduler.report.views.comparison import MOST_PLANS, Comparison, compare

LETTERS = "ABCDE"


@dataclass(frozen=True, slots=True)
class ComparedPlan:
    """One of the plans."""

    letter: str
    """Stands for it in tables."""
    plan_id: int
    run_id: int
    problem_id: int
    title: str
    changes: tuple[Message, ...]
    """What is otherwise than in the problem that its problem was made from."""


@dataclass(frozen=True, slots=True)
class ComparedPlans:
    """Plans with what is shown of them side by side."""

    plans: tuple[ComparedPlan, ...]
    comparison: Comparison
    names: ComparisonNames

    @property
    def letters(self) -> tuple[str, ...]:
        """What the plans are called in tables."""
        return tuple(plan.letter for plan in self.plans)


def compare_stored_plans(session: Session, plan_ids: Sequence[int]) -> ComparedPlans:
    """The plans side by side, each once, in the order given.

    Raises
    ------
    NotFound
        If one of them is not there.
    WrongInput
        If there are none or too many, or few people are in one of them and not in another: their
        differences would tell what these people are.
    """
    ids = tuple(dict.fromkeys(plan_ids))
    if not 1 <= len(ids) <= MOST_PLANS:
        text = Message("Choose one to {most} plans to see side by side.", most=MOST_PLANS)
        raise WrongInput([fault_of(text, "plan")])
    plans = [plan_by_id(session, plan_id) for plan_id in ids]
    _demand_same_people(plans)
    versions = [version_by_id(session, plan.problem_version_id) for plan in plans]
    return ComparedPlans(
        plans=tuple(
            _compared(session, letter, plan, version)
            for letter, plan, version in zip(LETTERS, plans, versions, strict=False)
        ),
        comparison=compare(
            [plan.books for plan in plans], [parts_of_people(session, each) for each in versions]
        ),
        names=ComparisonNames([plan.problem for plan in plans]),
    )


def _demand_same_people(plans: Sequence[StoredPlan]) -> None:
    """Nobody is otherwise in one of them than in another, and few are never in one of them only."""
    everybody: dict[str, Person] = {}
    seeking: dict[str, set[int]] = {}
    for number, plan in enumerate(plans):
        for person in plan.problem.people:
            alike = person.model_copy(update={"seeks_place": True})
            if everybody.setdefault(person.id, alike) != alike:
                raise _different_people()
            if person.seeks_place:
                seeking.setdefault(person.id, set()).add(number)
    if any(is_small(count) for count in Counter(map(frozenset, seeking.values())).values()):
        raise _different_people()


def _different_people() -> WrongInput:
    text = Message("Only plans for the same people, or for many of the same, can be compared.")
    return WrongInput([fault_of(text, "plan")])


def _compared(
    session: Session, letter: str, plan: StoredPlan, version: ProblemVersion
) -> ComparedPlan:
    return ComparedPlan(
        letter=letter,
        plan_id=plan.id,
        run_id=plan.run_id,
        problem_id=plan.problem_id,
        title=plan.problem.title,
        changes=changes_since_base(session, version),
    )
