"""From one plan to another, on a case small enough to work out by hand."""

from __future__ import annotations

from scheduler.check import Checker, Facts, decided_placement
from scheduler.outcome import WaitingPerson
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.programme import BudgetMovement
from scheduler.report.views.books import Books
from scheduler.report.views.difference import difference
from tests.report.cases import person, small_case, small_document, week


def books(problem: Problem, *placed: tuple[str, str, str]) -> Books:
    """A plan of courses of 4 weeks; everybody else waits."""
    placements = tuple(
        Placement(person_id=who, offer_id=where, start=week(when), weeks=4)
        for who, where, when in placed
    )
    facts = Facts(problem)
    waiting = small_document(problem).waiting[0]
    at_work = {who for who, _, _ in placed}
    document = small_document(
        problem,
        goals=Checker(problem, Plan(placements=placements)).goals(),
        placements=tuple(decided_placement(facts, one) for one in placements),
        waiting=tuple(
            WaitingPerson.model_validate(waiting.model_copy(update={"person_id": one.id}))
            for one in problem.people
            if one.seeks_place and one.id not in at_work
        ),
    )
    return Books(problem, document)


def test_who_gained_lost_and_moved():
    problem = small_case()
    before = books(problem, ("ada", "ao", "2016-W51"), ("bo", "bo", "2016-W50"))
    after = books(problem, ("ada", "ao", "2017-W01"), ("cy", "bo", "2016-W51"))
    found = difference(before, after)
    assert [(each.person_id, each.kind) for each in found.people] == [
        ("cy", "gained"),
        ("bo", "lost"),
        ("ada", "moved"),
    ]
    cy, bo, ada = found.people
    assert (cy.before, cy.after.offer, cy.after.start) == (None, "Workshop B", week("2016-W51"))
    assert (bo.after, bo.why_waiting.en) == (None, "=No offer fits bo.")
    assert (ada.before.start, ada.after.start) == (week("2016-W51"), week("2017-W01"))
    assert found.of_kind("moved") == (ada,)
    assert (found.unchanged, found.placed_before, found.placed_after) == (0, 2, 2)


def test_a_plan_does_not_differ_from_itself():
    plan = books(small_case(), ("ada", "ao", "2016-W51"))
    found = difference(plan, plan)
    assert (found.people, found.unchanged) == ((), 1)
    assert not any(line.is_change for line in found.money)
    assert [goal.is_better for goal in found.goals] == [None] * 4


def test_goals_stand_side_by_side_and_say_which_is_better():
    problem = small_case()
    before = books(problem, ("ada", "ao", "2016-W51"))
    after = books(problem, ("ada", "ao", "2016-W50"), ("bo", "bo", "2016-W50"))
    goals = {goal.goal: goal for goal in difference(before, after).goals}
    # Ada counts 4 and Bo 1; Ada starts a week earlier, and Bo no longer waits until 2017-W02.
    assert (goals["placed"].before, goals["placed"].after) == (4, 5)
    assert goals["placed"].is_better is True
    assert (goals["wait"].change, goals["wait"].is_better) == (-4 - 4, True)
    assert (goals["cost"].change, goals["cost"].is_better) == (400_000, False)
    assert str(goals["cost"].shown(400_000)) == "4,000 kr"


def test_money_is_compared_by_line_and_year():
    problem = small_case()
    richer = small_case(
        budget_movements=(
            *problem.budget_movements,
            BudgetMovement(budget_line_id="line", year=2018, amount_ore=70_000),
            BudgetMovement(budget_line_id="line", year=2016, amount_ore=100_000),
        )
    )
    before = books(problem, ("ada", "ao", "2016-W51"))
    found = difference(before, books(richer))
    lines = {(line.line_id, line.year): line for line in found.money}
    assert lines["line", 2016].decided_before_ore == 1_000_000
    assert lines["line", 2016].decided_after_ore == 1_100_000
    # A week of Ada's course is paid in 2016, three in 2017.
    assert (lines["line", 2016].planned_before_ore, lines["line", 2016].planned_after_ore) == (
        100_000,
        0,
    )
    assert lines["pot", 2017].left_after_ore - lines["pot", 2017].left_before_ore == 300_000
    assert (lines["line", 2018].decided_before_ore, lines["line", 2018].depth) == (0, 1)
    assert lines["line", 2018].is_change
    back = difference(books(richer), before)
    assert [(line.line_id, line.year) for line in back.money][-1] == ("line", 2018)


def test_somebody_whom_one_problem_does_not_know_is_marked():
    problem = small_case()
    more = small_case(people=(*problem.people, person("eve")))
    without, with_eve = books(problem), books(more, ("eve", "bo", "2016-W50"))
    (gained,) = difference(without, with_eve).people
    assert (gained.kind, gained.only_in) == ("gained", "after")
    (lost,) = difference(with_eve, without).people
    assert (lost.kind, lost.only_in, lost.why_waiting) == ("lost", "before", None)
