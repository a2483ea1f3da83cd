"""The same problem in every form it may come in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from providers import Capacity, Closure, Contract, Provider
from scheduler.files import canonical_sha256, read_problem, write_problem
from scheduler.goal import GoalWeight, MatchWeights, PriorityWeights, Stage, Weights
from scheduler.person import Enrolment, Pin, Rating, Travel, Use
from scheduler.problem import CodeEntry, Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme, Volume
from tests.files.folder import Folder
from tests.small import offer, person, site, small_problem, week


def full_problem() -> Problem:
    """A synthetic problem in which every field of every table says something."""
    return small_problem(
        title='Så små; med "anførsel", æøå',
        last_start=week("2017-W10"),
        stages=(
            Stage(
                blend=(GoalWeight(goal="placed", weight=1000), GoalWeight(goal="wait", weight=-2)),
                tolerance_basis_points=50,
            ),
            Stage.single("cost", tolerance=123_45, gap_basis_points=100),
            Stage.single("match", tolerance=7),
        ),
        weights=Weights(priority=PriorityWeights(first=9), match=MatchWeights(wishes=35)),
        programmes=(
            Programme(
                id="own",
                name="Egne forløb",
                budget_line_id="line",
                charged="at-start",
                least_weeks=13,
                target_groups=("autism", "blind"),
                statuses=(),
                least_age=18,
                most_age=29,
                first_start=week("2016-W27"),
                last_start=week("2017-W20"),
                volumes=(Volume(year=2016, most=60), Volume(year=2017, most=0)),
            ),
        ),
        budget_lines=(
            BudgetLine(id="line", name="Linje", parent_id="pot", reserve_ore=10_050),
            BudgetLine(id="pot", name="Pulje"),
        ),
        budget_movements=(
            BudgetMovement(budget_line_id="line", year=2016, amount_ore=750_000_00),
            BudgetMovement(budget_line_id="line", year=2017, amount_ore=750_000_00),
            BudgetMovement(budget_line_id="pot", year=2016, amount_ore=750_000_00),
            BudgetMovement(
                budget_line_id="pot",
                year=2017,
                amount_ore=750_000_01,
                date=dt.date(2016, 12, 1),
            ),
            BudgetMovement(
                budget_line_id="pot",
                year=2017,
                amount_ore=-1_000_01,
                kind="transfer",
                status="proposed",
            ),
        ),
        people=(
            person(
                "ada",
                age=20,
                last_eligible_week=week("2020-W53"),
                earliest_start=week("2016-W28"),
                latest_start=week("2016-W50"),
                weeks_needed=18,
                priority=1,
                priority_basis="ventetid",
                needs=("step-free", "quiet-room"),
                wishes=("kitchen",),
                known_sites=("cafe",),
                excluded_sites=("firm-1",),
                excluded_providers=("firm",),
                area="nord",
                most_travel_minutes=45,
            ),
            person("bo", seeks_place=False),
        ),
        providers=(
            Provider(id="city", name="=Kommunen", kind="municipal", cvr="64942212"),
            Provider(id="firm", name="Værkstedet", kind="social-economy"),
        ),
        sites=(
            site(
                "cafe",
                area="syd",
                target_groups=("autism",),
                task_types=("kitchen", "stock"),
                equipment=("step-free",),
                most_starts_a_week=0,
                opens=week("2016-W01"),
                closes=week("2018-W52"),
            ),
            site("firm-1", provider_id="firm"),
        ),
        offers=(
            offer(
                "course",
                name="Køkken",
                most_weeks=20,
                extra_week_price_ore=781_25,
                first_start=week("2016-W27"),
                last_start=week("2017-W01"),
                start_every_weeks=4,
                fewest_participants=3,
            ),
            offer(
                "bought",
                site_id="firm-1",
                contract_id="deal",
                price_ore=1_250_50,
                price_per="week",
                weeks=15,
                start_weeks=(week("2016-W40"), week("2016-W32")),
            ),
        ),
        contracts=(
            Contract(
                id="deal",
                provider_id="firm",
                name="Aftale",
                first_week=week("2016-W01"),
                last_week=week("2017-W52"),
                least_courses=2,
                most_courses=5,
                most_ore=100_000_00,
                least_applies="always",
                take_or_pay=True,
                shortfall_course_ore=5_000_00,
                shortfall_budget_line_id="line",
            ),
        ),
        capacity=(
            Capacity(site_id="cafe", resource="support", last_week=week("2018-W01"), amount=600),
            Capacity(site_id="cafe", resource="places", first_week=week("2017-W01"), amount=3),
        ),
        uses=(
            Use(offer_id="course", resource="support", amount=60),
            Use(person_id="ada", resource="support", amount=30),
        ),
        closures=(
            Closure(first_week=week("2016-W52"), last_week=week("2016-W52"), reason="jul"),
            Closure(site_id="cafe", first_week=week("2016-W29"), last_week=week("2016-W30")),
        ),
        travel=(Travel(from_area="nord", to_area="syd", minutes=25),),
        ratings=(Rating(person_id="ada", site_id="cafe", points=80, date=week("2016-W20")),),
        enrolments=(
            Enrolment(
                id="e1",
                person_id="bo",
                offer_id="course",
                start=week("2016-W20"),
                weeks=16,
                status="dropped-out",
                last_week=week("2016-W24"),
                price_ore=9_999_99,
            ),
        ),
        pins=(Pin(kind="forbidden", person_id="ada", offer_id="bought", reason="ønske"),),
        codes=(
            CodeEntry(
                kind="need",
                code="step-free",
                label_da="Trinfrit",
                label_en="Step-free",
                valid_to=week("2020-W01"),
            ),
            CodeEntry(
                kind="need",
                code="quiet-room",
                label_da="Ro",
                label_en="Quiet",
                valid_from=week("2015-W01"),
            ),
        ),
    )


@pytest.fixture(scope="module")
def problem() -> Problem:
    return full_problem()


def test_every_field_of_the_full_problem_says_something(problem: Problem) -> None:
    for name in type(problem).model_fields:
        rows = getattr(problem, name)
        if isinstance(rows, tuple):
            for field, info in type(rows[0]).model_fields.items():
                said = any(getattr(row, field) != info.default for row in rows)
                assert said or (name, field) in {("contracts", "least_ore"), ("pins", "start")}


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ";"), ("utf-8", ","), ("cp1252", ";"), ("utf-16", "\t")],
)
def test_a_folder_reads_back(
    problem: Problem, encoding: str, delimiter: str, tmp_path: Path
) -> None:
    write_problem(problem, tmp_path / "p", encoding=encoding, delimiter=delimiter)
    assert read_problem(tmp_path / "p") == problem


def test_a_workbook_reads_back(problem: Problem, tmp_path: Path) -> None:
    write_problem(problem, tmp_path / "p.xlsx")
    assert read_problem(tmp_path / "p.xlsx") == problem


def test_a_workbook_is_the_same_bytes_each_time(problem: Problem, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_problem(problem, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_another_program_reads_the_workbook_as_written(problem: Problem, tmp_path: Path) -> None:
    write_problem(problem, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    assert book["providers"]["B2"].value == "=Kommunen"
    assert book["providers"]["B2"].data_type == "s"
    assert [cell.value for cell in book["offers"][2]][3:6] == ["own", None, 12500]


def test_a_workbook_that_another_program_saved_reads_back(problem: Problem, tmp_path: Path) -> None:
    write_problem(problem, tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(tmp_path / "p.xlsx")
    book["providers"]["B2"].data_type = "s"
    book.save(tmp_path / "q.xlsx")
    assert read_problem(tmp_path / "q.xlsx") == problem


def test_texts_that_start_formulas_are_harmless_in_csv(problem: Problem, tmp_path: Path) -> None:
    write_problem(problem, tmp_path / "p")
    assert "city;'=Kommunen;municipal" in (tmp_path / "p" / "providers.csv").read_text("utf-8")


def test_a_problem_is_written_over_one_but_not_over_other_files(
    problem: Problem, tmp_path: Path
) -> None:
    write_problem(problem, tmp_path / "p")
    write_problem(small_problem(), tmp_path / "p")
    assert read_problem(tmp_path / "p") == small_problem()


DANISH = {
    "unge": """\
        Ung;Målgruppe;Status;Henvist;Alder;Søger plads;Prioritet;Behov for uger
        ada;autism;activity-ready;18-05-2016;20;ja;1;18
        bo;autism;activity-ready;2016-05-16;;nej;;""",
    "leverandører": """\
        Leverandør;Navn;Type
        city;The city;Kommunal""",
    "forløbssteder": """\
        Forløbssted;Navn;Leverandør;Pladser
        cafe;Site cafe;city;2""",
    "indsatstilbud": """\
        Tilbud;Sted;Indsats;Pris;Pris pr.;Uger
        course;cafe;own;12.500,00;forløb;18""",
    "bevillingsændringer": """\
        Bevilling;År;Beløb;Status;Dato
        line;2016;25 000,00;besluttet;10-12-2015""",
}


def test_headers_names_and_values_may_be_danish(tmp_path: Path) -> None:
    folder = Folder()
    folder.files = {"plan.toml": folder.files["plan.toml"]}
    for name, text in DANISH.items():
        folder.table(name, text)
    problem = read_problem(folder.write(tmp_path))
    ada, bo = problem.people
    assert (ada.age, ada.weeks_needed, ada.referral, ada.seeks_place) == (
        20,
        18,
        week("2016-W20"),
        True,
    )
    assert (bo.age, bo.priority, bo.referral, bo.seeks_place) == (None, 2, week("2016-W20"), False)
    assert problem.providers[0].kind == "municipal"
    assert problem.offers[0].price_ore == 12_500_00
    assert problem.budget_movements[0].amount_ore == 25_000_00


def test_rows_that_are_empty_and_columns_at_the_end_do_not_matter(tmp_path: Path) -> None:
    folder = Folder()
    text = folder.files["people.csv"].decode().replace("\r\n", ";;\r\n")
    folder.files["people.csv"] = f"{text};;;;;\r\n\r\n;;;;;;\r\n".encode()
    assert read_problem(folder.write(tmp_path)).people == small_problem().people


def test_letters_may_be_put_together_from_parts(tmp_path: Path) -> None:
    folder = Folder()
    folder.cell("people", 2, "id", "a\u030ase")
    assert read_problem(folder.write(tmp_path)).people[0].id == "åse"


def test_a_gap_of_nothing_needs_no_sign(tmp_path: Path) -> None:
    folder = Folder()
    folder.plan('goal = "placed"', 'goal = "placed"\ngap = 0')
    assert read_problem(folder.write(tmp_path)).stages[0].gap_basis_points == 0


def test_no_goals_mean_the_usual_ones(tmp_path: Path) -> None:
    folder = Folder()
    folder.plan('[[stages]]\ngoal = "placed"\n', "")
    assert [stage.name for stage in read_problem(folder.write(tmp_path)).stages] == [
        "placed",
        "match",
        "wait",
        "cost",
    ]


def test_hidden_files_and_those_of_other_kinds_are_no_tables(tmp_path: Path) -> None:
    folder = Folder()
    folder.files |= {".poeple.csv": b"", "README.md": b"", "~lock.odt": b""}
    assert read_problem(folder.write(tmp_path)).title == "Small"


def test_the_canonical_form_does_not_depend_on_order(problem: Problem) -> None:
    fields = dict(problem)
    for name, rows in fields.items():
        if isinstance(rows, tuple) and name != "stages":
            fields[name] = rows[::-1]
    other = Problem(**fields)
    assert other != problem
    assert canonical_sha256(other) == canonical_sha256(problem)


def test_the_canonical_form_depends_on_what_is_said(problem: Problem) -> None:
    changed = [
        small_problem(),
        small_problem(title="Other"),
        small_problem(people=(person("ada"), person("bo", priority=1))),
        small_problem(stages=(Stage.single("match"), Stage.single("placed"))),
        small_problem(stages=(Stage.single("placed"), Stage.single("match"))),
        problem,
    ]
    assert len({canonical_sha256(each) for each in changed}) == len(changed)


def test_the_canonical_form_is_stable() -> None:
    known = "e76614e84e405fe4c0561ad5c1b8c5c7f16487e5f65d4f8967b9e174da5841de"
    assert canonical_sha256(small_problem()) == known
