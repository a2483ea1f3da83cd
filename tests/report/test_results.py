from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from scheduler.errors import WriteRefused
from scheduler.files.csv_text import as_it_was
from scheduler.outcome import PlanDocument
from scheduler.problem import Problem
from scheduler.report import RESULT_FILES, read_plan, write_results
from scheduler.report.views.books import Books
from scheduler.report.views.money import money_by_year
from scheduler.report.views.occupancy import occupancy
from scheduler.report.views.people import start_list, waiting_list
from tests.report.cases import small_case, small_document
from tests.report.city import make_city


@pytest.fixture(scope="module")
def city() -> tuple[Problem, PlanDocument]:
    return make_city(sites=4, weeks=30, people=60)


def rows_of(path: Path) -> list[dict[str, str]]:
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    text = content.decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def ore(text: str) -> int:
    kr, _, rest = text.partition(",")
    return int(kr) * 100 + (int(rest.ljust(2, "0")) if rest else 0) * (-1 if kr[0] == "-" else 1)


def test_the_folder_holds_every_file(city: tuple[Problem, PlanDocument], tmp_path: Path) -> None:
    written = write_results(*city, tmp_path / "out")
    assert [path.name for path in written] == list(RESULT_FILES)
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(["out", *RESULT_FILES])
    assert all(path.stat().st_size > 0 for path in written)
    assert read_plan(tmp_path / "out") == city[1]


def test_the_same_plan_gives_the_same_bytes(
    city: tuple[Problem, PlanDocument], tmp_path: Path
) -> None:
    first = [path.read_bytes() for path in write_results(*city, tmp_path / "one")]
    second = [path.read_bytes() for path in write_results(*city, tmp_path / "two")]
    assert first == second


def test_an_earlier_result_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    problem = small_case()
    write_results(problem, small_document(problem), tmp_path, language="en")
    write_results(problem, small_document(problem), tmp_path)
    assert 'lang="da"' in (tmp_path / "report.html").read_text(encoding="utf-8")
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(WriteRefused, match=r"mine\.txt"):
        write_results(problem, small_document(problem), tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_placements_equal_the_start_list(
    city: tuple[Problem, PlanDocument], tmp_path: Path
) -> None:
    write_results(*city, tmp_path)
    rows = rows_of(tmp_path / "placements.csv")
    assert [
        (row["Ung"], row["Startuge"], row["Sidste uge"], int(row["Uger"]), ore(row["Udgift, kr."]))
        for row in rows
    ] == [
        (row.person_id, str(row.start), str(row.end), row.weeks, row.cost_ore)
        for row in start_list(*city)
    ]
    assert [ore(row["Udgift 2016, kr."]) + ore(row["Udgift 2017, kr."]) for row in rows] == [
        row.cost_ore for row in start_list(*city)
    ]
    assert rows[0]["Første dag"] == start_list(*city)[0].start.monday.isoformat()


def test_waiting_equals_the_waiting_list(
    city: tuple[Problem, PlanDocument], tmp_path: Path
) -> None:
    write_results(*city, tmp_path)
    assert [
        (
            row["Ung"],
            row["Prioritet"],
            row["Henvist i uge"],
            row["Mulige pladser"],
            row["Til den unge"],
        )
        for row in rows_of(tmp_path / "waiting.csv")
    ] == [
        (row.person_id, str(row.priority), str(row.referral), str(row.options), row.citizen.da)
        for row in waiting_list(*city)
    ]


def test_occupancy_equals_the_view(city: tuple[Problem, PlanDocument], tmp_path: Path) -> None:
    write_results(*city, tmp_path, language="en")
    assert [
        (row["Site id"], row["Week"], row["In use"], row["In all"], row["Closed"])
        for row in rows_of(tmp_path / "occupancy.csv")
    ] == [
        (row.site_id, str(row.week), str(row.used), str(row.amount), "closed" if row.closed else "")
        for resource in occupancy(Books(*city))
        for site in resource.sites
        for row in site.weeks
    ]


def test_budget_equals_the_view(city: tuple[Problem, PlanDocument], tmp_path: Path) -> None:
    write_results(*city, tmp_path)
    assert [
        (
            row["Bevilling-id"],
            row["År"],
            ore(row["Besluttet, kr."]),
            ore(row["Disponeret, kr."]),
            ore(row["Planlagt, kr."]),
            ore(row["Restbudget, kr."]),
        )
        for row in rows_of(tmp_path / "budget.csv")
    ] == [
        (
            row.line_id,
            str(row.year),
            row.decided_ore,
            row.committed_ore,
            row.planned_ore,
            row.left_ore,
        )
        for row in money_by_year(Books(*city))
    ]


@pytest.mark.parametrize(
    ("language", "column", "stamp"),
    [
        ("da", "Fortrolighed", "Fortroligt"),
        ("en", "Confidentiality", "Confidential"),
    ],
)
def test_every_row_of_a_person_is_stamped(
    city: tuple[Problem, PlanDocument], tmp_path: Path, language, column: str, stamp: str
) -> None:
    write_results(*city, tmp_path, language=language)
    for name in ("placements.csv", "waiting.csv"):
        rows = rows_of(tmp_path / name)
        assert rows
        assert {row[column] for row in rows} == {stamp}
    for name in ("occupancy.csv", "budget.csv"):
        assert column not in rows_of(tmp_path / name)[0]


def test_text_that_looks_like_a_formula_is_harmless(tmp_path: Path) -> None:
    problem = small_case()
    write_results(problem, small_document(problem), tmp_path)
    said = [row["Til planlæggeren"] for row in rows_of(tmp_path / "waiting.csv")]
    assert said == ["Café A er fuld.", "'=Ingen tilbud passer til bo."]
    assert as_it_was(said[1]) == "=Ingen tilbud passer til bo."
