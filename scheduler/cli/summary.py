"""What came of a run, in words and tables that a planner understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Group, RenderableType
from rich.text import Text

from scheduler.check import Facts
from scheduler.cli.tables import table
from scheduler.language import Kr, Language, Message, Share
from scheduler.outcome import NoPlan, PlanDocument, Proof, Relaxation, Undecided
from scheduler.problem import Problem
from scheduler.report.views.books import Books
from scheduler.report.views.goals import PROOF_LABELS, goal_rows
from scheduler.report.views.money import money_by_year
from scheduler.report.views.reasons import reason_counts

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
        parts.append(_reasons(document, language))
    parts += [_goals(document, language), said(CERTAINTY[document.proof])]
    if not document.provenance.repeatable:
        parts.append(
            said(Message("The clock or a person stopped the run: another run may differ."))
        )
    parts += [said(remark) for remark in _remarks(document)]
    if folder is not None:
        parts += [Text(), said(Message("The results lie in {folder}:", folder=str(folder)))]
        parts += [Text(f"  {file.name}") for file in sorted(folder.iterdir())]
    return Group(*parts)


def summarise_no_plan(outcome: NoPlan, language: Language) -> RenderableType:
    """The conflict, and the least that would have to give."""
    said = _Sayer(language)
    parts: list[RenderableType] = [
        said(
            Message(
                "{title}: it is proven that no plan exists. These demands cannot all hold, and"
                " without any one of them the others can:",
                title=outcome.title,
            )
        )
    ]
    parts += [Text(f"  • {item.what.in_language(language)}") for item in outcome.conflict]
    parts += [Text(), said(Message("The least that would have to give, one kind at a time:"))]
    for relaxation in outcome.relaxations:
        parts.append(said(_relaxed(relaxation)))
        parts += [Text(f"    • {part.in_language(language)}") for part in relaxation.parts]
    return Group(*parts)


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
    rows = [
        (
            "  " * row.depth + row.line,
            str(row.year),
            *(
                Kr(ore)
                for ore in (
                    row.decided_ore,
                    row.reserve_ore,
                    row.committed_ore,
                    row.planned_ore,
                    row.left_ore,
                )
            ),
        )
        for row in money_by_year(Books(problem, document))
    ]
    heads = (
        Message("Budget line"),
        Message("Year"),
        Message("Decided"),
        Message("Reserve"),
        Message("Committed"),
        Message("Planned"),
        Message("Left"),
    )
    return table(heads, rows, language, numbers=range(1, 7))


def _reasons(document: PlanDocument, language: Language) -> RenderableType:
    rows = [(*counts.labels, *counts.counts) for counts in reason_counts(document)]
    heads = (Message("Why people wait"), Message("People"))
    return table(heads, rows, language, numbers={1})


def _goals(document: PlanDocument, language: Language) -> RenderableType:
    rows = [
        (
            row.label,
            row.value,
            row.value_when_decided,
            row.bound,
            "–" if row.gap is None else Share(row.gap),
            PROOF_LABELS[row.proof],
        )
        for row in goal_rows(document)
    ]
    heads = (
        Message("Goal"),
        Message("Value"),
        Message("When decided"),
        Message("Bound"),
        Message("Gap"),
        Message("Proof"),
    )
    return table(heads, rows, language, numbers=range(1, 5))


def _remarks(document: PlanDocument) -> Iterator[Message]:
    if document.inherited:
        yield Message(
            "{count} limits are exceeded by the enrolments alone; the plan adds nothing there.",
            count=len(document.inherited),
        )
    for missing in document.excluded_by_missing_budget:
        yield Message(
            "Budget line {line} has no decided money in {year}: {options} possible placements of"
            " {people} people are left out.",
            line=missing.budget_line_id,
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
    return Message("  {unit}: {amount}", unit=unit, amount=amount)
