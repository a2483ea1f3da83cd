"""What was decided in one sentence, and what to know before trusting the numbers."""

from __future__ import annotations

from scheduler.explain.names import Names
from scheduler.explain.wording import word_clause
from scheduler.language import Kr, Message
from scheduler.report.views.books import Books
from scheduler.report.views.headline import Headline

_STOPPED = Message(
    "The run was stopped before it was done: the plan keeps every rule, but the same run may give "
    "another plan next time."
)


def sentence(key: Headline) -> Message:
    """What was decided."""
    return Message(
        "The plan gives {placed} of {people} young people a place at {sites} sites and costs "
        "{cost}. {waiting} wait.",
        placed=key.placed,
        people=key.people,
        sites=key.sites_used,
        cost=Kr(key.cost_ore),
        waiting=key.waiting,
    )


def notices(books: Books) -> tuple[Message, ...]:
    """What a reader must know before trusting the numbers; nobody is named."""
    names = Names(books.problem)
    inherited = tuple(
        Message("The enrolments alone break a limit: {clause}.", clause=word_clause(row, names))
        for row in books.document.inherited
    )
    excluded = tuple(
        Message(
            "Budget line {line} has no decided money in {year}. That excludes {options} possible "
            "placements.",
            line=names.line(row.budget_line_id),
            year=str(row.year),
            options=row.options,
        )
        for row in books.document.excluded_by_missing_budget
    )
    stopped = () if books.document.provenance.repeatable else (_STOPPED,)
    return (*stopped, *inherited, *excluded)
