from __future__ import annotations

import runpy
from collections import Counter
from pathlib import Path

import pytest

from providers import Week
from scheduler.check import check
from scheduler.files import read_problem
from scheduler.generate import copenhagen_2016, staircase
from scheduler.generate.examples import EXAMPLES, write_examples
from scheduler.instance import compile_problem
from scheduler.plan import Plan

FOLDER = Path(__file__).parents[2] / "examples"


def texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "README.md"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_folder_holds_what_the_script_makes(name: str, tmp_path: Path):
    write_examples(tmp_path)
    assert texts(FOLDER / name) == texts(tmp_path / name)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_folder_reads_back_as_the_script_made_it(name: str):
    assert read_problem(FOLDER / name) == EXAMPLES[name]()


def test_each_folder_is_an_example_and_explains_itself():
    folders = {path.name for path in FOLDER.iterdir() if path.is_dir()}
    assert folders == set(EXAMPLES)
    for name in folders:
        readme = (FOLDER / name / "README.md").read_text(encoding="utf-8")
        assert "**synthetic**" in readme


def test_writing_again_removes_stale_tables_and_keeps_the_readme(tmp_path: Path):
    folder = tmp_path / "staircase"
    folder.mkdir()
    (folder / "README.md").write_text("mine", encoding="utf-8")
    (folder / "tiers.csv").write_text("old", encoding="utf-8")
    write_examples(tmp_path)
    assert (folder / "README.md").read_text(encoding="utf-8") == "mine"
    assert not (folder / "tiers.csv").exists()


def test_the_command_writes_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sys.argv", ["generate", str(tmp_path)])
    runpy.run_module("scheduler.generate", run_name="__main__")
    assert texts(tmp_path / "staircase") == texts(FOLDER / "staircase")


def test_the_bought_price_of_the_staircase_stands_once():
    text = (FOLDER / "staircase" / "offers.csv").read_text(encoding="utf-8-sig")
    assert text.count("20000") == 1
    assert text.count("12500") == 1


def test_nothing_but_money_binds_in_the_staircase():
    problem = staircase()
    assert all(site.places >= len(problem.people) for site in problem.sites)
    assert not any(programme.volumes for programme in problem.programmes)
    limits = (problem.contracts, problem.closures, problem.capacity, problem.pins)
    assert limits == ((), (), (), ())
    amounts = {m.budget_line_id: m.amount_ore for m in problem.budget_movements}
    prices = {offer.programme_id: offer.price_ore for offer in problem.offers}
    assert divmod(amounts["bought"], prices["bought"]) == (125, 0)
    assert divmod(amounts["own"], prices["own"]) == (60, 0)


def test_the_staircase_has_people_enough_for_every_course():
    people = staircase().people
    for_own = [p for p in people if {"autism", "intellectual-disability"} & set(p.target_groups)]
    assert len(for_own) >= 60
    assert len(people) >= 125 + 60


def test_copenhagen_has_the_stated_frame():
    problem = copenhagen_2016()
    assert (problem.as_of, problem.first_start, problem.last_start) == (
        Week.of(2016, 26),
        Week.of(2016, 27),
        Week.of(2017, 52),
    )
    decided = {
        (m.budget_line_id, m.year): m.amount_ore // 100
        for m in problem.budget_movements
        if m.status == "decided"
    }
    for year in (2016, 2017):
        assert decided["bought", year] == 2_500_000
        assert decided["own", year] == 750_000
        assert decided["pot", year] == 10_000_000
    kinds = Counter(provider.kind for provider in problem.providers)
    assert kinds["municipal"] == 1
    assert kinds["social-economy"] + kinds["non-profit"] == 12
    own = {provider.id for provider in problem.providers if provider.kind == "municipal"}
    assert Counter(site.provider_id in own for site in problem.sites) == {False: 18, True: 6}
    assert {o.price_ore // 100 for o in problem.offers if o.programme_id == "own"} == {12_500}
    bought = [
        offer.price_ore // 100 * (16 if offer.price_per == "week" else 1)
        for offer in problem.offers
        if offer.programme_id == "bought"
    ]
    assert 19_500 <= sum(bought) / len(bought) <= 21_500
    assert len({person.area for person in problem.people}) == 10


def test_copenhagen_has_enrolments_of_every_kind():
    statuses = Counter(e.status for e in copenhagen_2016().enrolments)
    assert statuses.keys() == {
        "offered",
        "accepted",
        "started",
        "ended",
        "dropped-out",
        "no-show",
    }
    assert statuses.total() == 24


def test_two_small_sites_of_copenhagen_start_one_person_a_week():
    problem = copenhagen_2016()
    limited = [site for site in problem.sites if site.most_starts_a_week is not None]
    assert len(limited) == 2
    assert {(site.most_starts_a_week, site.places) for site in limited} == {(1, 2)}
    assert "intake" not in {found.rule for found in check(problem, Plan()).inherited}


def test_people_of_copenhagen_are_marked_synthetic():
    problem = copenhagen_2016()
    assert 310 <= len(problem.people) <= 330
    assert all(person.id.startswith("syn-") for person in problem.people)
    assert all(site.name.endswith("(syntetisk)") for site in problem.sites)
    assert "syntetisk" in problem.title


def test_travel_is_the_same_there_and_back():
    minutes = {(t.from_area, t.to_area): t.minutes for t in copenhagen_2016().travel}
    assert len(minutes) == 100
    assert all(minutes[b, a] == taken for (a, b), taken in minutes.items())


def test_copenhagen_is_large_enough_and_leaves_a_few_without_any_option():
    instance = compile_problem(copenhagen_2016())
    counts = [len(instance.options_of(index)) for index in range(len(instance.supply.people))]
    assert sum(counts) >= 40_000
    assert 5 <= counts.count(0) <= 12
