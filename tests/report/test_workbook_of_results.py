from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from providers import Provider
from scheduler.report.tables import waiting_table
from scheduler.report.views.books import Books
from scheduler.report.views.money import money_by_year, payments_by_month
from scheduler.report.views.occupancy import occupancy
from scheduler.report.views.people import start_list, starts_by_provider
from scheduler.report.workbook import plan_workbook
from scheduler.report.workbook.names import sheet_names
from tests.report.cases import small_case, small_document
from tests.report.city import make_city


@pytest.fixture(scope="module")
def city() -> Books:
    return Books(*make_city(sites=4, weeks=30, people=60))


@pytest.fixture(scope="module")
def sheets(city: Books) -> dict[str, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(city, "da")))
    return {sheet.title: sheet for sheet in book.worksheets}


def rows_of(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """Below the headers in row 4."""
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=5)]


def column(sheet: Worksheet, header: str) -> list[Any]:
    headers = [cell.value for cell in sheet[4]]
    return [row[headers.index(header)] for row in rows_of(sheet)]


def test_there_is_a_sheet_for_each_reader(sheets: dict[str, Worksheet]) -> None:
    assert list(sheets) == [
        "Lederside",
        "Startliste",
        "Venteliste",
        "Økonomi pr. måned",
        "Økonomi pr. år",
        "Belægning, pladser",
        "Leverandør 01",
        "Leverandør 02",
        "Leverandør 03",
        "Socialforvaltningen",
    ]


def test_the_start_list_equals_the_view(city: Books, sheets: dict[str, Worksheet]) -> None:
    starts = start_list(city.problem, city.document)
    sheet = sheets["Startliste"]
    assert column(sheet, "Ung") == [row.person_id for row in starts]
    assert column(sheet, "Startuge") == [str(row.start) for row in starts]
    assert [day.date() for day in column(sheet, "Første dag")] == [
        row.start.monday for row in starts
    ]
    assert [round(kr * 100) for kr in column(sheet, "Udgift, kr.")] == [
        row.cost_ore for row in starts
    ]


def test_the_waiting_list_has_the_reason_sentences(
    city: Books, sheets: dict[str, Worksheet]
) -> None:
    waiting = waiting_table(city.problem, city.document).rows
    assert column(sheets["Venteliste"], "Til planlæggeren") == [row.planner.da for row in waiting]


def test_a_provider_sees_its_own_people_only(city: Books, sheets: dict[str, Worksheet]) -> None:
    everybody = {person.id for person in city.problem.people}
    providers = starts_by_provider(city.problem, city.document)
    assert sum(bool(row.starts) for row in providers) >= 2
    for provider in providers:
        texts = {str(cell.value) for row in sheets[provider.provider].iter_rows() for cell in row}
        assert texts & everybody == {row.person_id for row in provider.starts}
        if not provider.starts:
            assert "Ingen i denne plan." in texts


def test_finance_equals_the_view(city: Books, sheets: dict[str, Worksheet]) -> None:
    payments = payments_by_month(city)
    sheet = sheets["Økonomi pr. måned"]
    assert [cell.value.date() for cell in sheet[4][2:-1]] == list(payments.months)
    rows = rows_of(sheet)
    details = [row for row in rows if row[1] != "I alt"]
    assert [tuple(round(kr * 100) for kr in row[2:-1]) for row in details] == [
        line.ore for line in payments.lines
    ]
    totals = [row for row in rows if row[1] == "I alt"]
    assert len(totals) == 3
    for index, total in enumerate(totals):
        both = [line.ore for line in payments.lines[2 * index : 2 * index + 2]]
        wanted = [sum(month) for month in zip(*both, strict=True)]
        assert [round(kr * 100) for kr in total[2:]] == [*wanted, sum(wanted)]


def test_finance_by_year_equals_the_view(city: Books, sheets: dict[str, Worksheet]) -> None:
    left = [round(kr * 100) for kr in column(sheets["Økonomi pr. år"], "Restbudget, kr.")]
    assert left == [row.left_ore for row in money_by_year(city)]


def test_occupancy_has_numbers_and_colours(city: Books, sheets: dict[str, Worksheet]) -> None:
    (places,) = occupancy(city)
    sheet = sheets["Belægning, pladser"]
    rows = rows_of(sheet)
    for site, row in zip(places.sites, rows, strict=False):
        assert row == (site.site, *(week.used for week in site.weeks))
    assert rows[len(places.sites)] == ("Alle forløbssteder", *places.used())
    amounts = rows[len(places.sites) + 3 :]
    assert amounts[0][1:] == tuple(
        "luk" if week.closed else week.amount for week in places.sites[0].weeks
    )
    (formatted,) = sheet.conditional_formatting
    assert [rule.formula[0] for rule in formatted.rules] == [
        "ISTEXT(B12)",
        "AND(B5>0,B5>=B12)",
        "AND(B5>0,B5/B12>=0.75)",
        "AND(B5>0,B5/B12>=0.5)",
        "AND(B5>0,B5/B12>=0.25)",
        "AND(B5>0,B5>0)",
    ]
    assert sheet["B11"].value == sheet["B4"].value == "2016-W27"


def test_the_leader_sees_goals_money_and_charts(sheets: dict[str, Worksheet]) -> None:
    sheet = sheets["Lederside"]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert {"Bevist bedst", "Ikke bevist", "Hensyn og bevis", "Målgruppe"} <= texts
    assert any(text.startswith("Planen giver ") for text in texts)
    assert len(sheet._charts) == 2


def test_every_sheet_is_ready_to_use_and_to_print(sheets: dict[str, Worksheet]) -> None:
    for name, sheet in sheets.items():
        assert sheet["A2"].value == "Fortroligt"
        assert sheet.oddHeader.right.text == "&BFortroligt"
        assert sheet.oddFooter.center.text == "Fortroligt"
        assert sheet.page_setup.paperSize == 9
        if name == "Lederside":
            continue
        assert sheet.freeze_panes is not None
        assert sheet.page_setup.orientation == "landscape"
        if not name.startswith("Belægning"):
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_title_rows == "$4:$4"
            assert sheet.auto_filter.ref.startswith("A4:")
            assert sheet.column_dimensions["A"].width > 10


def test_the_file_says_what_it_is(city: Books) -> None:
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(city, "en")))
    assert book.properties.title == city.document.title
    assert book.properties.creator == "Ungeplan"
    assert book.properties.category == "Confidential"
    assert book.properties.created.isoformat() == "2016-06-27T08:00:00"
    assert book.sheetnames[:3] == ["Leader's page", "Start list", "Waiting list"]


def test_the_same_plan_gives_the_same_bytes(city: Books) -> None:
    assert plan_workbook(city, "da") == plan_workbook(city, "da")


def test_a_start_that_is_no_date_is_no_failure() -> None:
    problem = small_case()
    document = small_document(problem)
    vague = document.provenance.model_copy(update={"started_at": "yesterday"})
    books = Books(problem, document.model_copy(update={"provenance": vague}))
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(books, "en")))
    assert book.properties.created.year == 2000


def test_text_never_becomes_a_formula_or_a_link() -> None:
    providers = (
        Provider(id="city", name='=HYPERLINK("http://example.org")', kind="municipal"),
        Provider(id="other", name="http://example.org", kind="non-profit"),
    )
    problem = small_case(providers=providers, title="=1+1 & co")
    content = plan_workbook(Books(problem, small_document(problem)), "en")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/sheet"):
                xml = archive.read(name).decode()
                assert "<f>" not in xml
                assert "<hyperlink" not in xml
        assert "=No offer fits bo." in archive.read("xl/sharedStrings.xml").decode()


def test_a_city_without_people_has_a_workbook() -> None:
    problem = small_case(people=(), enrolments=(), uses=())
    empty = small_document(small_case()).model_copy(
        update={"people": 0, "placements": (), "waiting": ()}
    )
    book = openpyxl.load_workbook(io.BytesIO(plan_workbook(Books(problem, empty), "en")))
    assert book["Start list"]["A5"].value == "No rows in this plan."


def test_a_resource_with_a_name_that_excel_refuses_gets_another() -> None:
    assert sheet_names(["Use of a/b: [x]*?\\", "'quoted'", "", "History"]) == (
        "Use of a-b- -x----",
        "quoted",
        "-",
        "History (2)",
    )


def test_sheet_names_are_short_and_differ_in_more_than_case() -> None:
    long = "Den Socialøkonomiske Virksomhed i Valby"
    names = sheet_names([long, long, "Café", "CAFÉ", long])
    assert names == (
        "Den Socialøkonomiske Virksomhed",
        "Den Socialøkonomiske Virkso (2)",
        "Café",
        "CAFÉ (2)",
        "Den Socialøkonomiske Virkso (3)",
    )
    assert max(map(len, names)) == 31
