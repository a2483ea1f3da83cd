"""What came of a run, in words and tables that a planner understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Group, RenderableType
from rich.text import Text

from scheduler.check import Facts
from scheduler.cli.tables import table
from scheduler.explain.names import Names
from scheduler.language import Kr, Language, Message, Share
from scheduler.outcome import NoPlan, PlanDocument, Proof, Relaxation, Undecided
from scheduler.problem import Problem
from scheduler.report.views.books import Books
from scheduler.report.views.goals import PROOF_LABELS, GoalRow, goal_rows
from scheduler.report.views.money import LineYear, money_by_year
from scheduler.report.views.reasons import (
    Blocked,
    RuledOutBy,
    blocked_by,
    reason_counts,
    ruled_out_by,
)

Row = TypeVar("Row")
_MOST_OBSTACLES = 5
CERTAINTY: dict[Proof, Message] = {
    "optimal": Message("How sure: proven. No plan is better, judged by the goals in their order."),
    "within-gap": Message(
        "How sure: proven within the gap asked for. No plan is better by more than the table says."
    ),
    "unproven": Message(
        "How sure: not proven. The plan keeps every rule, but a better one may exist; the table"
        " says how much better at most."
    ),
}
STOPPED = Message("The clock or a person stopped the run: another run may differ.")
UNITS: dict[str, Message] = {
    "places": Message("places"),
    "courses": Message("courses"),
    "ore": Message("money"),
}


def summarise_plan(
    problem: Problem, document: PlanDocument, folder: Path | None, language: Language
) -> RenderableType:
    """How many are placed and wait, the money, the reasons, the proof, and where the files lie."""
    said = _Sayer(language)
    parts: list[RenderableType] = [
        said(
            Message(
                "{title}: {placed} of {people} young people get a place; {waiting} wait.",
                title=document.title,
                placed=len(document.placements),
                people=document.people,
                waiting=len(document.waiting),
            )
        ),
        Text(),
        _programmes(problem, document, language),
        _money(problem, document, language),
    ]
    if document.waiting:
        parts += [_reasons(document, language), _obstacles(problem, document, language)]
    parts += [_goals(document, language), said(CERTAINTY[document.proof])]
    if not document.provenance.repeatable:
        parts.append(said(STOPPED))
    parts += [said(remark) for remark in _remarks(problem, document)]
    if folder is not None:
        parts += [Text(), said(Message("The results lie in {folder}:", folder=str(folder)))]
        parts += [Text(f"  {file.name}") for file in sorted(folder.iterdir())]
    return Group(*parts)


def summarise_no_plan(outcome: NoPlan, language: Language) -> RenderableType:
    """The conflict, and the least that would have to give."""
    said = _Sayer(language)
    parts: list[RenderableType] = [said(_no_plan(outcome))]
    parts += [Text(f"  • {item.what.in_language(language)}") for item in outcome.conflict]
    parts.append(Text())
    if outcome.relaxations:
        parts.append(said(Message("The least that would have to give, one kind at a time:")))
    else:
        parts.append(
            said(
                Message(
                    "The search for the least that would have to give was stopped before it found"
                    " any."
                )
            )
        )
    for relaxation in outcome.relaxations:
        parts.append(said(_relaxed(relaxation)))
        parts += [Text(f"    • {part.in_language(language)}") for part in relaxation.parts]
    if not outcome.provenance.repeatable:
        parts += [Text(), said(STOPPED)]
    return Group(*parts)


def _no_plan(outcome: NoPlan) -> Message:
    if outcome.conflict_is_smallest:
        return Message(
            "{title}: it is proven that no plan exists. These demands cannot all hold, and"
            " without any one of them the others can:",
            title=outcome.title,
        )
    if outcome.conflict:
        return Message(
            "{title}: it is proven that no plan exists. These demands cannot all hold; the search"
            " was stopped, and fewer of them may be enough:",
            title=outcome.title,
        )
    return Message(
        "{title}: it is proven that no plan exists. The search for the demands that cannot all"
        " hold was stopped before it could leave any out.",
        title=outcome.title,
    )


def summarise_undecided(outcome: Undecided, language: Language) -> RenderableType:
    """That nothing is known, and what to do."""
    return _Sayer(language)(
        Message(
            "{title}: no plan was found in the time given, and it is not proven that none exists."
            " Give more time (--time-limit) or try another engine (--engine).",
            title=outcome.title,
        )
    )


class _Sayer:
    def __init__(self, language: Language) -> None:
        self._language: Language = language

    def __call__(self, message: Message) -> Text:
        return Text(message.render(self._language))


def _programmes(problem: Problem, document: PlanDocument, language: Language) -> RenderableType:
    placed = Counter(row.programme_id for row in document.placements)
    enrolled = Counter(course.programme_id for course in Facts(problem).enrolled)
    rows = [
        (programme.name, placed[programme.id], enrolled[programme.id])
        for programme in problem.programmes
    ]
    heads = (Message("Programme"), Message("Get a place"), Message("Enrolled before"))
    return table(heads, rows, language, numbers={1, 2})


def _money(problem: Problem, document: PlanDocument, language: Language) -> RenderableType:
    rows = money_by_year(Books(problem, document))
    columns: list[tuple[Message, Callable[[LineYear], object]]] = [
        (Message("Budget line"), lambda row: "  " * row.depth + row.line),
        (Message("Year"), lambda row: str(row.year)),
        (Message("Decided"), lambda row: Kr(row.decided_ore)),
        (Message("Reserve"), lambda row: Kr(row.reserve_ore)),
        (Message("Committed"), lambda row: Kr(row.committed_ore)),
        (Message("Planned"), lambda row: Kr(row.planned_ore)),
        (Message("Left"), lambda row: Kr(row.left_ore)),
    ]
    if not any(row.reserve_ore for row in rows):
        del columns[3]
    return _columns(columns, rows, language)


def _reasons(document: PlanDocument, language: Language) -> RenderableType:
    rows = [(*each.groups, *each.counts) for each in reason_counts(document)]
    heads = (Message("Why people wait"), Message("People"))
    return table(heads, rows, language, numbers={1})


def _obstacles(problem: Problem, document: PlanDocument, language: Language) -> RenderableType:
    found: tuple[Blocked | RuledOutBy, ...] = (
        *blocked_by(problem, document),
        *ruled_out_by(document),
    )
    most = sorted(found, key=lambda row: -row.people)[:_MOST_OBSTACLES]
    heads = (Message("What stands in the way most often"), Message("People"))
    return table(heads, [(row.text, row.people) for row in most], language, numbers={1})


def _goals(document: PlanDocument, language: Language) -> RenderableType:
    rows = goal_rows(document)
    columns: list[tuple[Message, Callable[[GoalRow], object]]] = [
        (Message("Goal"), lambda row: row.label),
        (Message("Proof"), lambda row: PROOF_LABELS[row.proof]),
        (Message("Value"), lambda row: row.value),
        (Message("When decided"), lambda row: row.value_when_decided),
        (Message("Bound"), lambda row: row.bound),
        (Message("Gap"), lambda row: "–" if row.gap is None else Share(row.gap)),
    ]
    if all(row.value == row.value_when_decided for row in rows):
        del columns[3]
    return _columns(columns, rows, language, texts=2)


def _columns(
    columns: Sequence[tuple[Message, Callable[[Row], object]]],
    rows: Iterable[Row],
    language: Language,
    texts: int = 1,
) -> RenderableType:
    """A table of `rows`; all but the first `texts` columns hold numbers."""
    heads = [head for head, _ in columns]
    cells = [[value(row) for _, value in columns] for row in rows]
    return table(heads, cells, language, numbers=range(texts, len(columns)))


def _remarks(problem: Problem, document: PlanDocument) -> Iterator[Message]:
    if document.inherited:
        yield Message(
            "Limits that the enrolments alone exceed: {count}. The plan adds nothing there.",
            count=len(document.inherited),
        )
    for missing in document.excluded_by_missing_budget:
        yield Message(
            "Budget line {line} has no decided money in {year}: {options} possible placements of"
            " {people} people are left out.",
            line=Names(problem).line(missing.budget_line_id),
            year=str(missing.year),
            options=missing.options,
            people=missing.people,
        )


def _relaxed(relaxation: Relaxation) -> Message:
    unit = UNITS[relaxation.unit]
    if relaxation.amount is None:
        return Message("  {unit}: no amount of it alone would help", unit=unit)
    amount: object = relaxation.amount
    if relaxation.unit == "ore":
        amount = Kr(relaxation.amount)
    if not relaxation.is_least:
        amount = Message("{amount} is enough; less may be", amount=amount)
    return Message("  {unit}: {amount}", unit=unit, amount=amount)
