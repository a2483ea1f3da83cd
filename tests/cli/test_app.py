"""The command line as a person or a script uses it, in one process."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from small import offer, person, site, small_problem, week

from scheduler.cli.app import run
from scheduler.errors import EngineFailed
from scheduler.files import read_problem, write_problem
from scheduler.outcome import PlanDocument, Undecided
from scheduler.person import Pin
from scheduler.progress import Progress
from scheduler.report import RESULT_FILES, read_plan


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Path:
    """Two people, one café with two places, and money for both."""
    path = tmp_path_factory.mktemp("input") / "town"
    write_problem(small_problem(), path)
    return path


@pytest.fixture(scope="module")
def planned(town, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("planned") / "town"
    assert run(["solve", str(town), "--out", str(folder)]) == 0
    return folder


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)


class TestHelp:
    @pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
    def test_it_is_danish_and_lists_the_commands(self, arguments, capsys) -> None:
        assert run(arguments) == 0
        shown = capsys.readouterr().out
        assert "Planlægger forløb for unge" in shown
        for command in ("demo", "validate", "solve", "check", "generate", "template"):
            assert f"  {command} " in shown

    def test_every_command_has_an_example(self, capsys) -> None:
        for command in ("demo", "validate", "solve", "check", "generate", "template"):
            assert run([command, "--help"]) == 0
            assert f"Eksempel: ungeplan {command}" in capsys.readouterr().out

    def test_it_is_english_when_asked(self, capsys) -> None:
        assert run(["solve", "--help", "--language=en"]) == 0
        assert "Example: ungeplan solve" in capsys.readouterr().out


class TestWrongArguments:
    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["solve", "x", "--foo"], "There is no option --foo. See: ungeplan solve --help"),
            (["solve"], "PATH is missing. See: ungeplan solve --help"),
            (["generate"], "--out is missing. See: ungeplan generate --help"),
            (
                ["solve", "x", "--engine", "x"],
                "--engine: expected one of auto, cpsat, mip, greedy.",
            ),
            (["solve", "x", "--threads", "0"], "--threads: expected a whole number from 1 to 64."),
            (["solve", "x", "--seed", "one"], "--seed: expected a whole number from 0 to"),
            (
                ["solve", "x", "--time-limit", "0"],
                "--time-limit: expected a number from 0.1 to 1,000,000.",
            ),
            (
                ["solve", "x", "--time-limit", "inf"],
                "--time-limit: expected a number from 0.1 to 1,000,000.",
            ),
            (["solve", "x", "--gap", "much"], "--gap: 'much' is not a number of per cent"),
            (
                ["solev"],
                "There is no command solev; did you mean solve, serve? See: ungeplan --help",
            ),
            (["sovle"], "There is no command sovle; did you mean solve? See: ungeplan --help"),
            (["xyzzy"], "There is no command xyzzy. See: ungeplan --help"),
            (["validate", "a", "b"], "There is no place for b."),
            (["solve", "nowhere"], "nowhere"),
            (["check", "nowhere", "plan.json"], "nowhere"),
        ],
    )
    def test_one_line_says_what_is_wrong(self, arguments, says, capsys) -> None:
        assert run([*arguments, "--language", "en"]) == 2
        heard = capsys.readouterr()
        assert heard.out == ""
        assert says in heard.err
        assert "Traceback" not in heard.err

    def test_danish_is_the_default(self, capsys) -> None:
        assert run(["solve", "x", "--foo"]) == 2
        assert capsys.readouterr().err.startswith("Der findes ingen valgmulighed --foo. Se:")


class TestFaults:
    @pytest.fixture
    def faulty(self, town, tmp_path) -> Path:
        path = tmp_path / "faulty"
        path.mkdir()
        for file in town.iterdir():
            (path / file.name).write_bytes(file.read_bytes())
        people = (path / "people.csv").read_text("utf-8-sig").splitlines()
        people[1] = people[1].replace("2016-W20", "2016-W60")
        people[2] = people[2].replace("autism", "12 34;")
        (path / "people.csv").write_text("\n".join(people), encoding="utf-8")
        return path

    def test_all_are_listed_in_a_table(self, faulty, capsys) -> None:
        assert run(["validate", str(faulty), "--language", "en"]) == 2
        heard = capsys.readouterr()
        assert heard.out == ""
        assert "faults in the input:" in heard.err
        assert "2016-W60" in heard.err

    @pytest.fixture
    def pinned(self, tmp_path) -> Path:
        """A pin of a week in which nothing can start, and one for somebody else."""
        pins = (
            Pin(kind="fixed", person_id="bo", offer_id="course", start=week("2016-W28")),
            Pin(kind="fixed", person_id="ada", offer_id="course", start=week("2016-W40")),
        )
        path = tmp_path / "pinned"
        write_problem(small_problem(pins=pins), path)
        return path

    @pytest.mark.parametrize(
        ("language", "says"),
        [
            (
                "en",
                (
                    "pins.csv, row 3, column start: “2016-W40” – expected for ada: a fixed"
                    " placement that is possible; what stands in the way: the start in 2016-W40"
                    " is 10 weeks after the last start of the plan\n"
                ),
            ),
            (
                "da",
                (
                    "pins.csv, række 3, kolonne start: »2016-W40« – forventede for ada: en låst"
                    " plads, som er mulig; i vejen står: starten i 2016-W40 ligger 10 uger"
                    " efter planens sidste startuge\n"
                ),
            ),
        ],
    )
    def test_a_pin_that_cannot_be_kept_is_told_whole(self, language, says, pinned, capsys) -> None:
        assert run(["solve", str(pinned), "--language", language]) == 2
        assert capsys.readouterr().err == says

    def test_a_table_of_faults_says_whose_pin_it_is(self, pinned, capsys) -> None:
        with (pinned / "pins.csv").open("a", encoding="utf-8") as file:
            file.write("fixed;bo;course;2016-W41\n")
        assert run(["solve", str(pinned), "--json", "--language", "en"]) == 2
        faults = json.loads(capsys.readouterr().out)["faults"]
        assert len(faults) == 4
        assert [fault["value"] for fault in faults] == ["bo", "2016-W40", "bo", "2016-W41"]
        assert faults[3]["expected"]["en"].startswith("for bo: a fixed placement")

    def test_json_has_them_alone_on_standard_output(self, faulty, capsys) -> None:
        assert run(["solve", str(faulty), "--json"]) == 2
        said = json.loads(capsys.readouterr().out)
        assert said["schema_version"] == "ungeplan-faults/1"
        assert len(said["faults"]) >= 2
        week_fault = next(fault for fault in said["faults"] if fault.get("value") == "2016-W60")
        assert week_fault["file"] == "people.csv"
        assert week_fault["row"] == "2"
        assert week_fault["column"] == "referral"
        assert set(week_fault["expected"]) == set(week_fault["text"]) == {"da", "en"}


class TestValidate:
    def test_it_says_what_the_input_holds(self, town, capsys) -> None:
        assert run(["validate", str(town)]) == 0
        shown = capsys.readouterr().out
        assert (
            "Small: ingen fejl fundet. Der planlægges starter fra 2016-W27 til 2016-W30." in shown
        )
        assert "Unge" in shown

    def test_json_counts_the_rows(self, town, capsys) -> None:
        assert run(["validate", str(town), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert said["rows"]["people"] == 2
        assert said["rows"]["pins"] == 0


class TestSolve:
    def test_it_writes_every_result_and_says_where(self, planned) -> None:
        assert sorted(file.name for file in planned.iterdir()) == sorted(RESULT_FILES)

    def test_its_summary_is_for_a_planner(self, town, tmp_path, capsys) -> None:
        out = tmp_path / "out"
        assert run(["solve", str(town), "--out", str(out)]) == 0
        heard = capsys.readouterr()
        assert heard.out.startswith("Small: 2 af 2 unge får en plads; 0 venter.")
        assert f"Resultaterne ligger i {out}:" in heard.out
        assert "Planlægger" in heard.err

    def test_json_is_the_content_of_plan_json_and_nothing_else(
        self, town, tmp_path, capsys
    ) -> None:
        out = tmp_path / "out"
        assert run(["solve", str(town), "--json", "--out", str(out)]) == 0
        heard = capsys.readouterr()
        assert heard.out.encode() == (out / "plan.json").read_bytes()
        assert len(json.loads(heard.out)["placements"]) == 2
        assert "2 af 2 unge" in heard.err

    def test_json_alone_writes_no_files(self, town, tmp_path, capsys) -> None:
        assert run(["solve", str(town), "--json"]) == 0
        assert PlanDocument.model_validate_json(capsys.readouterr().out).title == "Small"
        assert list(tmp_path.iterdir()) == []

    def test_without_a_folder_results_lie_under_out_and_the_name(self, town, tmp_path) -> None:
        assert run(["solve", str(town)]) == 0
        assert (tmp_path / "out" / "town" / "plan.json").is_file()

    def test_options_reach_the_run(self, town, capsys) -> None:
        options = ["--engine", "greedy", "--gap", "1,5 %", "--seed", "7", "--threads", "1"]
        assert run(["solve", str(town), "--json", *options, "--time-limit", "30"]) == 0
        run_as = json.loads(capsys.readouterr().out)["provenance"]
        assert run_as["gap_basis_points"] == 150
        assert (run_as["seed"], run_as["threads"], run_as["time_limit_seconds"]) == (7, 1, 30)
        assert "greedy" in run_as["engine"]

    def test_the_model_can_be_written_for_other_solvers(self, town, tmp_path, capsys) -> None:
        model = tmp_path / "model.mps"
        assert run(["solve", str(town), "--write-model", str(model), "--json"]) == 0
        assert "ROWS" in model.read_text(encoding="utf-8")
        assert str(model) in capsys.readouterr().err

    def test_people_are_in_the_report_only_when_asked(self, planned, town, tmp_path) -> None:
        out = tmp_path / "out"
        assert run(["solve", str(town), "--out", str(out), "--with-persons"]) == 0
        assert ">ada<" in (out / "report.html").read_text(encoding="utf-8")
        assert ">ada<" not in (planned / "report.html").read_text(encoding="utf-8")

    def test_others_files_are_never_replaced(self, town, tmp_path, capsys) -> None:
        out = tmp_path / "mine"
        out.mkdir()
        (out / "thesis.txt").write_text("years of work", encoding="utf-8")
        assert run(["solve", str(town), "--out", str(out), "--language", "en"]) == 2
        said = capsys.readouterr().err
        assert "thesis.txt" in said
        assert "Planning" not in said, "it is told before the work, not after"
        assert (out / "thesis.txt").read_text(encoding="utf-8") == "years of work"

    def test_a_folder_that_cannot_be_made_is_named(self, town, tmp_path, capsys) -> None:
        (tmp_path / "file").touch()
        assert run(["solve", str(town), "--out", str(tmp_path / "file" / "out")]) == 2
        assert "file" in capsys.readouterr().err


class TestNoPlan:
    @pytest.fixture
    def crowded(self, tmp_path) -> Path:
        """Two people must both start in the same week at a café with one place."""
        pins = tuple(
            Pin(kind="fixed", person_id=who, offer_id="course", start=week("2016-W27"))
            for who in ("ada", "bo")
        )
        problem = small_problem(sites=(site("cafe", places=1),), pins=pins)
        write_problem(problem, tmp_path / "crowded")
        return tmp_path / "crowded"

    def test_the_exit_code_is_3_and_the_conflict_is_shown(self, crowded, tmp_path, capsys) -> None:
        assert run(["solve", str(crowded), "--language", "en"]) == 3
        shown = capsys.readouterr().out
        assert "it is proven that no plan exists" in shown
        assert "places: " in shown
        assert not (tmp_path / "out").exists()

    def test_json_has_conflict_and_relaxations(self, crowded, capsys) -> None:
        assert run(["solve", str(crowded), "--json"]) == 3
        said = json.loads(capsys.readouterr().out)
        assert said["schema_version"] == "ungeplan-no-plan/1"
        assert said["conflict"]
        assert {one["unit"] for one in said["relaxations"]} == {"places", "courses", "ore"}
        assert said["conflict_is_smallest"]
        assert said["provenance"]["repeatable"]

    def test_ctrl_c_keeps_what_is_known_of_the_conflict(self, crowded, monkeypatch, capsys) -> None:
        def press(_board: object, progress: Progress) -> None:
            if progress.phase == "conflict" and progress.of:
                os.kill(os.getpid(), signal.SIGINT)

        monkeypatch.setattr("scheduler.cli.watching.PlainLines.__call__", press)
        monkeypatch.setattr("scheduler.cli.interrupt.end_at_once", lambda: None)
        assert run(["solve", str(crowded), "--json", "--language", "en"]) == 3
        heard = capsys.readouterr()
        said = json.loads(heard.out)
        assert not said["conflict_is_smallest"]
        assert not said["provenance"]["repeatable"]
        assert said["relaxations"] == []
        assert "Stopping: what was found so far is checked and kept." in heard.err
        assert "it is proven that no plan exists" in heard.err
        assert "Traceback" not in heard.err


class TestUndecided:
    def test_the_exit_code_is_4(self, town, monkeypatch, planned, capsys) -> None:
        provenance = read_plan(planned).provenance
        outcome = Undecided(title="Small", provenance=provenance)
        monkeypatch.setattr("scheduler.solve.solve", lambda *_: outcome)
        assert run(["solve", str(town), "--json"]) == 4
        heard = capsys.readouterr()
        assert json.loads(heard.out)["schema_version"] == "ungeplan-undecided/1"
        assert "--time-limit" in heard.err


class TestDemo:
    def test_it_solves_its_example_and_says_where(self, monkeypatch, tmp_path, capsys) -> None:
        monkeypatch.setattr("scheduler.cli.demo.EXAMPLE", "staircase")
        assert run(["demo"]) == 0
        heard = capsys.readouterr()
        assert "opdigtede" in heard.err
        assert "Resultaterne ligger i out/staircase:" in heard.out
        assert (tmp_path / "out" / "staircase" / "report.html").is_file()

    def test_a_missing_example_is_named(self, monkeypatch, capsys) -> None:
        monkeypatch.setattr("scheduler.cli.demo.EXAMPLE", "atlantis")
        assert run(["demo", "--language", "en"]) == 2
        assert capsys.readouterr().err.endswith("The example atlantis is not installed.\n")


class TestProgram:
    def test_it_can_be_started_as_a_module(self) -> None:
        started = subprocess.run(
            [sys.executable, "-m", "scheduler.cli", "solve"],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).parents[2],
        )
        assert started.returncode == 2
        assert started.stderr == "PATH mangler. Se: ungeplan solve --help\n"


class TestCheck:
    def test_a_sound_plan(self, town, planned, capsys) -> None:
        assert run(["check", str(town), str(planned), "--language", "en"]) == 0
        assert "keeps every rule" in capsys.readouterr().out

    def test_a_broken_plan_is_said_and_exits_with_2(self, planned, tmp_path, capsys) -> None:
        smaller = tmp_path / "smaller"
        write_problem(small_problem(sites=(site("cafe", places=1),)), smaller)
        assert run(["check", str(smaller), str(planned / "plan.json"), "--language", "en"]) == 2
        shown = capsys.readouterr().out
        assert "The plan breaks rules in 1 places" in shown
        assert "Site cafe" in shown

    def test_json_names_rule_and_amounts(self, planned, tmp_path, capsys) -> None:
        dearer = tmp_path / "dearer"
        write_problem(small_problem(offers=(offer("course", price_ore=1_250_001),)), dearer)
        assert run(["check", str(dearer), str(planned), "--json"]) == 2
        said = json.loads(capsys.readouterr().out)
        assert not said["sound"]
        assert {found["rule"] for found in said["violations"]} == {"budget", "price"}
        assert any(found["field"] == "goals.cost" for found in said["misstatements"])

    def test_what_the_file_states_wrongly_is_said(self, town, planned, tmp_path, capsys) -> None:
        plan = json.loads((planned / "plan.json").read_text(encoding="utf-8"))
        plan["placements"][0]["wait_weeks"] += 1
        (tmp_path / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        assert run(["check", str(town), str(tmp_path), "--language", "en"]) == 2
        assert "ada wait_weeks: the plan states" in capsys.readouterr().out

    def test_something_else_than_a_plan_is_refused(self, town, tmp_path, capsys) -> None:
        (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
        assert run(["check", str(town), str(tmp_path / "plan.json")]) == 2
        assert "plan.json" in capsys.readouterr().err

    def test_a_plan_for_another_town_is_refused(self, planned, tmp_path, capsys) -> None:
        other = tmp_path / "other"
        write_problem(small_problem(people=(person("cleo"),)), other)
        assert run(["check", str(other), str(planned), "--language", "en"]) == 2
        assert "ada" in capsys.readouterr().err


class TestGenerate:
    def test_a_city_can_be_read_back(self, tmp_path, capsys) -> None:
        size = ["--people", "12", "--sites", "6", "--weeks", "10", "--seed", "3"]
        assert run(["generate", *size, "--out", str(tmp_path / "city")]) == 0
        assert "12 opdigtede unge, 6 forløbssteder" in capsys.readouterr().out
        assert len(read_problem(tmp_path / "city").people) == 12

    def test_json_says_what_was_made(self, tmp_path, capsys) -> None:
        city = tmp_path / "city.xlsx"
        size = ["--people", "5", "--sites", "4", "--weeks", "5"]
        assert run(["generate", *size, "--out", str(city), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["path"], said["people"], said["sites"]) == (str(city), 5, 4)
        assert said["group_intakes"] == 0

    @pytest.mark.parametrize(("asked", "made"), [(2, 2), (500, 3)])
    def test_group_intakes_are_made_up_to_the_bought_sites(
        self, asked, made, tmp_path, capsys
    ) -> None:
        size = ["--people", "5", "--sites", "4", "--weeks", "5", "--group-intakes", str(asked)]
        city = tmp_path / "city"
        assert run(["generate", *size, "--out", str(city)]) == 0
        assert f"Indsatstilbud med holdstart: {made}." in capsys.readouterr().out
        offers = read_problem(city).offers
        assert sum(offer.fewest_participants == 3 for offer in offers) == made

    @pytest.mark.parametrize("name", ["mine", "mine.xlsx"])
    def test_what_is_there_is_never_lost(self, name, tmp_path, capsys) -> None:
        mine = tmp_path / name
        write_problem(small_problem(), mine)
        size = ["--people", "5", "--sites", "4", "--weeks", "5"]
        assert run(["generate", *size, "--out", str(mine), "--language", "en"]) == 2
        assert str(mine) in capsys.readouterr().err
        assert read_problem(mine) == small_problem()


class TestTemplate:
    @pytest.mark.parametrize("language", ["da", "en"])
    @pytest.mark.parametrize("name", ["new", "new.xlsx"])
    def test_only_what_must_be_filled_in_is_missing(self, name, language, tmp_path, capsys) -> None:
        path = tmp_path / name
        assert run(["template", str(path), "--language", language]) == 0
        assert str(path) in capsys.readouterr().out
        assert run(["validate", str(path), "--json"]) == 2
        faults = json.loads(capsys.readouterr().out)["faults"]
        assert [fault["text"]["en"].rpartition("the setting ")[2] for fault in faults] == [
            "title is missing",
            "as_of is missing",
            "first_start is missing",
            "last_start is missing",
        ]


class TestBreakdown:
    @pytest.fixture
    def broken(self, monkeypatch) -> None:
        def solve(*_: object) -> None:
            raise EngineFailed("the solver is gone")

        monkeypatch.setattr("scheduler.solve.solve", solve)

    @pytest.mark.usefixtures("broken")
    def test_one_line_says_where_the_details_are(self, town, capsys) -> None:
        assert run(["solve", str(town), "--language", "en"]) == 1
        said = capsys.readouterr().err.splitlines()[-1]
        assert said.startswith("Ungeplan failed, and nothing was written: EngineFailed: the solver")
        details = Path(said.partition("The details are in ")[2].rstrip("."))
        assert "run_interruptible" in details.read_text(encoding="utf-8")
        details.unlink()

    def test_an_unforeseen_error_tells_nothing_of_a_person(self, monkeypatch, town, capsys) -> None:
        secret = "quiet room"

        def solve(*_: object) -> None:
            raise KeyError(secret)

        monkeypatch.setattr("scheduler.solve.solve", solve)
        assert run(["solve", str(town), "--language", "en"]) == 1
        said = capsys.readouterr().err.splitlines()[-1]
        details = Path(said.partition("The details are in ")[2].rstrip("."))
        assert "KeyError" in said
        assert secret not in said + details.read_text(encoding="utf-8")
        details.unlink()

    @pytest.mark.usefixtures("broken")
    def test_debug_shows_the_details(self, town, capsys) -> None:
        assert run(["solve", str(town), "--debug"]) == 1
        assert "Traceback" in capsys.readouterr().err

    def test_ctrl_c_outside_a_run_is_no_breakdown(self, monkeypatch, town, capsys) -> None:
        def read(_path: Path) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("scheduler.cli.validate.read_problem", read)
        assert run(["validate", str(town), "--language", "en"]) == 130
        assert capsys.readouterr().err == "Stopped. Nothing was written.\n"
