"""``report.html``: one page for a planner and a leader, whole in itself."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from scheduler.language import Language, Message, show, translate
from scheduler.outcome import Provenance
from scheduler.report.disclosure import (
    SMALLEST_SHOWN,
    is_small,
    merge_neighbours,
    merge_small,
    protect,
)
from scheduler.report.key_figures import key_figures
from scheduler.report.notices import notices, sentence
from scheduler.report.pictures.heat_map import (
    heat_maps,
    names_beside,
    overview,
    overview_names,
)
from scheduler.report.pictures.money import money_picture
from scheduler.report.pictures.people import group_bars, reason_bars, waiting_columns
from scheduler.report.pictures.timeline import timeline_picture
from scheduler.report.table import NUMBER_KINDS, Table, page_cell
from scheduler.report.tables import (
    blocked_table,
    budget_table,
    counts_table,
    goals_table,
    reasons_table,
    ruled_out_table,
    start_table,
    timeline_table,
    waiting_table,
)
from scheduler.report.views.books import Books
from scheduler.report.views.goals import GoalRow, goal_rows
from scheduler.report.views.groups import (
    by_priority,
    by_target_group,
    by_weeks_waited,
    name_bands,
)
from scheduler.report.views.headline import Headline, headline
from scheduler.report.views.money import money_by_year
from scheduler.report.views.occupancy import ResourceUse, occupancy
from scheduler.report.views.reasons import (
    REASON_LABELS,
    REASON_MEANINGS,
    Blocked,
    RuledOutBy,
    blocked_by,
    reason_counts,
    ruled_out_by,
)
from scheduler.report.views.timeline import timeline

MOST_BLOCKED_ROWS = 15
"""How many obstacles the page lists, the most frequent first."""

Row = TypeVar("Row", RuledOutBy, Blocked)


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as texts."""

    caption: str
    headers: tuple[str, ...]
    is_number: tuple[bool, ...]
    """By column."""
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of one or more drawings, and its table."""

    caption: str
    drawings: tuple[Markup, ...]
    tables: tuple[PageTable, ...]
    is_wide: bool = False
    """It has a landscape page to itself on paper, and its tables are folded."""
    names: tuple[Markup, ...] = ()
    """What the rows of each drawing are, to lie over it where it is moved sideways."""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """Everything that ``report.html`` shows."""

    language: Language
    title: str
    subtitle: str
    stamp: str
    """Shown when the page has rows of people, else empty."""
    sentence: str
    """What was decided."""
    key_figures: tuple[tuple[str, str, str], ...]
    """Label, value and note of each."""
    notices: tuple[str, ...]
    """What a reader must know before trusting the numbers."""
    money: Figure
    occupancy: tuple[Figure, ...]
    timeline: Figure
    groups: tuple[Figure, ...]
    waiting_weeks: Figure | None
    goals: PageTable
    goal_meanings: tuple[tuple[str, str], ...]
    reasons: Figure | None
    reason_meanings: tuple[tuple[str, str], ...]
    ruled_out: PageTable | None
    blocked: PageTable | None
    disclosure: str
    """What was left out to protect people, else empty."""
    people: tuple[PageTable, ...]
    """Start list and waiting list, if asked for."""
    provenance: tuple[tuple[str, str], ...]


def report_html(books: Books, language: Language, *, with_persons: bool = False) -> str:
    """The page; with nobody on it unless `with_persons`."""
    page = report_page(books, language, with_persons=with_persons)
    shown = {field.name: getattr(page, field.name) for field in fields(page)}
    template = _environment().get_template("report.html")
    return template.render(t=functools.partial(translate, language=language), **shown) + "\n"


def report_page(books: Books, language: Language, *, with_persons: bool = False) -> ReportPage:
    """What the page shows, in a language.

    Small counts of people are shown together, unless the page lists people anyway.
    """
    document = books.document
    safe = not with_persons
    say = functools.partial(show, language=language)
    key = headline(books)
    return ReportPage(
        language=language,
        title=document.title,
        subtitle=subtitle(books, language),
        stamp="" if safe else say(Message("Confidential")),
        sentence=say(sentence(key)),
        key_figures=figures_of(key, language),
        notices=tuple(say(notice) for notice in notices(books)),
        money=money_figure(books, language),
        occupancy=occupancy_figures(books, language),
        timeline=timeline_figure(books, language),
        groups=group_figures(books, language, safe=safe),
        waiting_weeks=waiting_figure(books, language, safe=safe),
        goals=goals_in_order(books, language),
        goal_meanings=tuple(_goal_meaning(row, language) for row in goal_rows(document)),
        reasons=reasons_figure(books, language, safe=safe),
        reason_meanings=reason_meanings(books, language),
        ruled_out=ruled_out_facts(books, language, safe=safe),
        blocked=obstacles(books, language, safe=safe),
        disclosure=disclosure(language) if safe else "",
        people=_people(books, language) if with_persons else (),
        provenance=provenance_facts(document.provenance, language),
    )


def subtitle(books: Books, language: Language) -> str:
    """What the plan is about."""
    document = books.document
    return Message(
        "Starts from {first} to {last}. As known in {as_of}.",
        first=document.first_start,
        last=document.last_start,
        as_of=document.as_of,
    ).render(language)


def figures_of(key: Headline, language: Language) -> tuple[tuple[str, str, str], ...]:
    """Label, value and note of each number."""
    say = functools.partial(show, language=language)
    return tuple(
        (say(row.label), page_cell(row.kind, row.value, language), say(row.note))
        for row in key_figures(key)
    )


def goals_in_order(books: Books, language: Language) -> PageTable:
    """Each goal with value, bound and proof."""
    caption = Message("Goals in the order they were decided")
    return page_table(caption, goals_table(goal_rows(books.document)), language)


def money_figure(books: Books, language: Language) -> Figure:
    """Money by line and year."""
    rows = money_by_year(books)
    caption = Message("Money by budget line and year")
    return Figure(
        caption=caption.render(language),
        drawings=(markup(money_picture(rows, language)),),
        tables=(page_table(caption, budget_table(rows), language),),
    )


def occupancy_figures(books: Books, language: Language) -> tuple[Figure, ...]:
    """Use of each resource, places first."""
    return tuple(_occupancy(row, language) for row in occupancy(books))


def resources_in_use(books: Books, language: Language) -> tuple[tuple[str, str], ...]:
    """Code and label of each resource, places first."""
    return tuple((row.resource, show(row.label, language)) for row in occupancy(books))


def occupancy_figure(books: Books, language: Language, code: str) -> Figure:
    """Use of one resource; of places where no resource has that code."""
    rows = occupancy(books)
    return _occupancy(next((row for row in rows if row.resource == code), rows[0]), language)


def overview_figure(books: Books, language: Language) -> Figure:
    """How full each site is, in one picture without numbers."""
    places = occupancy(books)[0]
    caption = Message("How full the sites are, week by week")
    return Figure(
        caption=caption.render(language),
        drawings=(markup(overview(places, language)),),
        tables=(),
        is_wide=True,
        names=(markup(overview_names(places)),),
    )


def _occupancy(resource: ResourceUse, language: Language) -> Figure:
    caption = Message("Use by site and week: {resource}", resource=resource.label)
    return Figure(
        caption=caption.render(language),
        drawings=tuple(markup(drawing) for drawing in heat_maps(resource, language)),
        tables=(_occupancy_table(resource, caption, language),),
        is_wide=True,
        names=tuple(markup(drawing) for drawing in names_beside(resource, language)),
    )


def _occupancy_table(resource: ResourceUse, caption: Message, language: Language) -> PageTable:
    sites = tuple(site.site for site in resource.sites)
    closed = Message("closed").render(language)
    return PageTable(
        caption=caption.render(language),
        headers=(Message("Week").render(language), *sites),
        is_number=(False, *(True for _ in sites)),
        rows=tuple(
            (
                str(week),
                *(
                    f"{cell.used} / {closed if cell.closed else cell.amount}"
                    for cell in (site.weeks[index] for site in resource.sites)
                ),
            )
            for index, week in enumerate(resource.weeks)
        ),
    )


def timeline_figure(books: Books, language: Language) -> Figure:
    """Starts and waiting by week."""
    rows = timeline(books)
    caption = Message("Starts and waiting, week by week")
    return Figure(
        caption=caption.render(language),
        drawings=(markup(timeline_picture(books.problem, rows, language)),),
        tables=(page_table(caption, timeline_table(books.problem, rows), language),),
        is_wide=True,
    )


def group_figures(books: Books, language: Language, *, safe: bool) -> tuple[Figure, ...]:
    """Placed and waiting by what people are; small counts together where `safe`."""
    by_group = by_target_group(books.problem, books.document)
    by_urgency = by_priority(books.problem, books.document)
    if safe:
        by_group, by_urgency = protect(by_group), merge_neighbours(by_urgency)
    parts = (
        (
            "groups",
            Message("Placed and waiting by target group"),
            Message("Target group"),
            by_group,
        ),
        ("priority", Message("Placed and waiting by priority"), Message("Priority"), by_urgency),
    )
    return tuple(
        Figure(
            caption=caption.render(language),
            drawings=(markup(group_bars(name, caption, rows, language)),),
            tables=(page_table(caption, counts_table(what, rows), language),),
        )
        for name, caption, what, rows in parts
        if rows
    )


def waiting_figure(books: Books, language: Language, *, safe: bool) -> Figure | None:
    """How long people wait; small counts together where `safe`."""
    bands = by_weeks_waited(books.problem, books.document)
    rows = name_bands(merge_neighbours(bands) if safe else bands)
    caption = Message("Weeks from referral to start, or to the end of the plan")
    if not rows:
        return None
    return Figure(
        caption=caption.render(language),
        drawings=(markup(waiting_columns(rows, language)),),
        tables=(page_table(caption, counts_table(Message("Weeks"), rows), language),),
    )


def _goal_meaning(row: GoalRow, language: Language) -> tuple[str, str]:
    return show(row.label, language), show(row.meaning, language)


def reasons_figure(books: Books, language: Language, *, safe: bool) -> Figure | None:
    """Why people wait; small counts together where `safe`."""
    counts = reason_counts(books.document)
    rows = merge_small(counts) if safe else counts
    if not rows:
        return None
    caption = Message("Reasons")
    return Figure(
        caption=caption.render(language),
        drawings=(markup(reason_bars(rows, language)),),
        tables=(page_table(caption, reasons_table(rows), language),),
    )


def reason_meanings(books: Books, language: Language) -> tuple[tuple[str, str], ...]:
    """The reasons that somebody waits for, and what each says."""
    given = {row.reason for row in books.document.waiting}
    return tuple(
        (label.render(language), REASON_MEANINGS[code].render(language))
        for code, label in REASON_LABELS.items()
        if code in given
    )


def ruled_out_facts(books: Books, language: Language, *, safe: bool) -> PageTable | None:
    """Facts that rule offers out; those of few people left out where `safe`."""
    return _rows_table(
        Message("Facts that rule offers out, for people whom no offer fits"),
        ruled_out_table(_large_only(ruled_out_by(books.document), safe=safe)),
        language,
    )


def obstacles(books: Books, language: Language, *, safe: bool) -> PageTable | None:
    """What stands in the way most often; what concerns few people left out where `safe`."""
    rows = _large_only(blocked_by(books.problem, books.document), safe=safe)
    return _rows_table(
        Message("What stands in the way of people whom an offer fits"),
        blocked_table(rows[:MOST_BLOCKED_ROWS]),
        language,
    )


def _large_only(rows: Sequence[Row], *, safe: bool) -> tuple[Row, ...]:
    """The rows without those of so few people that they might be known.

    A person can be in several rows, and no row says how many were left out.
    """
    return tuple(row for row in rows if not (safe and is_small(row.people)))


def disclosure(language: Language) -> str:
    """What is left out to protect people."""
    return Message(
        "To protect people, counts of 1 to {most} are not shown: small groups are shown together, "
        "and reasons that concern so few are left out.",
        most=SMALLEST_SHOWN - 1,
    ).render(language)


def _people(books: Books, language: Language) -> tuple[PageTable, ...]:
    problem, document = books.problem, books.document
    return (
        page_table(
            Message("Start list"), start_table(problem, document).without_details(), language
        ),
        page_table(
            Message("Waiting list"), waiting_table(problem, document).without_details(), language
        ),
    )


def provenance_facts(provenance: Provenance, language: Language) -> tuple[tuple[str, str], ...]:
    """What made the plan."""
    versions = tuple(f"{name} {version}" for name, version in provenance.versions)
    rows: tuple[tuple[Message, object], ...] = (
        (Message("Input (SHA-256)"), provenance.input_sha256),
        (Message("Engine"), provenance.engine),
        (Message("Seed"), str(provenance.seed)),
        (Message("Threads"), provenance.threads),
        (Message("Versions"), versions),
        (Message("Started (UTC)"), provenance.started_at),
        (Message("Seconds"), round(provenance.seconds)),
    )
    return tuple((label.render(language), show(value, language)) for label, value in rows)


def _rows_table(caption: Message, table: Table[Row], language: Language) -> PageTable | None:
    return page_table(caption, table, language) if table.rows else None


def page_table(caption: Message, table: Table[Any], language: Language) -> PageTable:
    """The table as texts."""
    return PageTable(
        caption=caption.render(language),
        headers=table.headers(language),
        is_number=tuple(column.kind in NUMBER_KINDS for column in table.columns),
        rows=tuple(
            tuple(page_cell(column.kind, column.value(row), language) for column in table.columns)
            for row in table.rows
        ),
    )


def markup(drawing: object) -> Markup:
    """A drawing, which escapes its own texts, as a part of a page."""
    return Markup(drawing)  # noqa: S704 - ElementTree has escaped it


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("scheduler.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
