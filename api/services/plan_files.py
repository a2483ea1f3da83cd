"""How each file of a plan is made; lists follow what was decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from api.services.approvals import OVERRIDE_LABELS, Override
from api.services.plans import StoredPlan
from scheduler.language import Language, Message
from scheduler.report.bundle import bundle_files, bundle_zip
from scheduler.report.calendar import calendar_ics
from scheduler.report.page import report_html
from scheduler.report.table import Column, Table
from scheduler.report.tables import (
    budget_file_table,
    finance_table,
    provider_columns,
    stamped,
    start_table,
    waiting_table,
)
from scheduler.report.views.books import Books
from scheduler.report.views.money import money_by_year, months_one_by_one, payments_by_month
from scheduler.report.views.people import (
    ProviderStarts,
    Start,
    Waiting,
    start_list,
    starts_by_provider,
)
from scheduler.report.workbook import plan_workbook
from scheduler.report.workbook.book import finance_workbook, leader_workbook, table_workbook

_LEFT_OUT = frozenset({"no-place", "other-place"})
"""Overrides of people who do not start as the plan says."""


@dataclass(frozen=True, slots=True)
class Source:
    """All that files are made from."""

    plan: StoredPlan
    overrides: Mapping[str, Override]
    """Of the approval in force, by person."""
    plan_json: bytes
    """Only where a file needs it."""
    records: Mapping[str, object]
    """What else an auditor asks for."""

    @property
    def books(self) -> Books:
        """The plan's."""
        return self.plan.books


def starts_by_site(source: Source) -> Table[Start]:
    """The start list, without people who are decided on otherwise."""
    table = start_table(source.plan.problem, source.plan.document)
    return replace(table, rows=_kept(table.rows, source.overrides))


def those_waiting(source: Source) -> Table[Waiting]:
    """The waiting list, without people who get a place all the same."""
    table = waiting_table(source.plan.problem, source.plan.document)
    rows = tuple(row for row in table.rows if row.person_id not in source.overrides)
    return replace(table, rows=rows)


def providers_with_starts(
    plan: StoredPlan, overrides: Mapping[str, Override]
) -> tuple[ProviderStarts, ...]:
    """Each provider that somebody starts with, by name, and who that is."""
    found = starts_by_provider(plan.problem, plan.document)
    kept = (replace(each, starts=_kept(each.starts, overrides)) for each in found)
    return tuple(each for each in kept if each.starts)


def decided_otherwise(source: Source) -> Table[Override]:
    """Whoever gets something else than the plan says, and why."""
    starts = {row.person_id: row for row in start_list(source.plan.problem, source.plan.document)}

    def planned(row: Override) -> Message:
        start = starts.get(row.person_id)
        if start is None:
            return Message("Waits")
        return Message("{site} from {week}", site=start.site, week=start.start)

    columns: tuple[Column[Override], ...] = (
        Column(Message("Person"), "text", lambda row: row.person_id, 11),
        Column(Message("In the plan"), "text", planned, 34),
        Column(Message("What happens instead"), "text", lambda row: OVERRIDE_LABELS[row.what], 40),
        Column(Message("Reason for it"), "prose", lambda row: row.reason, 60),
    )
    return Table(columns, tuple(source.overrides[key] for key in sorted(source.overrides)))


def provider_file(
    plan: StoredPlan, provider: ProviderStarts, name: str, language: Language
) -> bytes:
    """A provider's own list or calendar: nobody else's people stand in it."""
    table = Table(provider_columns(), provider.starts)
    heading = Message("Starts at {provider}", provider=provider.provider)
    match name.rpartition(".")[2]:
        case "csv":
            return stamped(table).csv(language)
        case "ics":
            return calendar_ics(
                heading.render(language), provider.starts, plan.created_at, language
            )
        case _:
            return table_workbook(plan.books, heading, table, language)


def _kept(rows: tuple[Start, ...], overrides: Mapping[str, Override]) -> tuple[Start, ...]:
    return tuple(
        row
        for row in rows
        if row.person_id not in overrides or overrides[row.person_id].what not in _LEFT_OUT
    )


def _start_csv(source: Source, language: Language) -> bytes:
    return stamped(starts_by_site(source)).csv(language)


def _start_workbook(source: Source, language: Language) -> bytes:
    table = starts_by_site(source).without_details()
    return table_workbook(source.books, Message("Start list"), table, language)


def _waiting_csv(source: Source, language: Language) -> bytes:
    return stamped(those_waiting(source)).csv(language)


def _waiting_workbook(source: Source, language: Language) -> bytes:
    return table_workbook(source.books, Message("Waiting list"), those_waiting(source), language)


def _otherwise_csv(source: Source, language: Language) -> bytes:
    return stamped(decided_otherwise(source)).csv(language)


def _otherwise_workbook(source: Source, language: Language) -> bytes:
    heading = Message("Decided otherwise")
    return table_workbook(source.books, heading, decided_otherwise(source), language)


def _calendar(source: Source, language: Language) -> bytes:
    title = source.plan.document.title
    return calendar_ics(title, starts_by_site(source).rows, source.plan.created_at, language)


def _finance_csv(source: Source, language: Language) -> bytes:
    payments = payments_by_month(source.books)
    return finance_table(months_one_by_one(payments)).csv(language)


def _budget_csv(source: Source, language: Language) -> bytes:
    return budget_file_table(money_by_year(source.books)).csv(language)


def _bundle(source: Source, _language: Language) -> bytes:
    return bundle_zip(bundle_files(source.plan.problem, source.plan_json, source.records))


MAKERS: Mapping[str, Callable[[Source, Language], bytes]] = {
    "leader.xlsx": lambda source, language: leader_workbook(source.books, language),
    "report.html": lambda source, language: report_html(source.books, language).encode(),
    "finance.xlsx": lambda source, language: finance_workbook(source.books, language),
    "finance.csv": _finance_csv,
    "budget.csv": _budget_csv,
    "start-list.csv": _start_csv,
    "start-list.xlsx": _start_workbook,
    "waiting-list.csv": _waiting_csv,
    "waiting-list.xlsx": _waiting_workbook,
    "decided-otherwise.csv": _otherwise_csv,
    "decided-otherwise.xlsx": _otherwise_workbook,
    "starts.ics": _calendar,
    "plan.xlsx": lambda source, language: plan_workbook(source.books, language),
    "plan.json": lambda source, _language: source.plan_json,
    "report-with-persons.html": lambda source, language: report_html(
        source.books, language, with_persons=True
    ).encode(),
    "bundle.zip": _bundle,
}
"""What makes each file, by its name."""
