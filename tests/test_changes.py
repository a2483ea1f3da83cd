"""Each change on a small problem: what it does, what it refuses, and how it is taken back."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers import Capacity
from scheduler.changes import (
    Change,
    FixPlacement,
    ForbidPlacement,
    RemovePin,
    SetBudget,
    SetCapacity,
    apply_change,
    describe_change,
    movement_kinds,
    take_back,
)
from scheduler.check import Facts
from scheduler.errors import ChangeRefused
from scheduler.files import canonical_sha256
from scheduler.person import Pin
from scheduler.problem import CodeEntry, Problem
from tests.small import small_problem, week

FIX = FixPlacement(person_id="ada", offer_id="course", start=week("2016-W28"), reason="agreed")
FORBID = ForbidPlacement(person_id="bo", offer_id="course")
CAPACITY = SetCapacity(
    site_id="cafe", first_week=week("2016-W30"), last_week=week("2016-W40"), amount=5
)
BUDGET = SetBudget(budget_line_id="line", year=2016, amount_ore=3_000_000)
REMOVE = RemovePin(pin_kind="fixed", person_id="ada", offer_id="course", start=week("2016-W28"))


def refused(problem: Problem, change: Change) -> list[tuple[str, str]]:
    with pytest.raises(ChangeRefused) as caught:
        apply_change(problem, change)
    return [(field, str(message)) for field, message in caught.value.faults]


def test_a_fixed_placement_replaces_the_persons_earlier_one():
    first = apply_change(small_problem(), FIX)
    again = apply_change(first, FIX.model_copy(update={"start": None, "reason": None}))
    assert first.pins == (
        Pin(
            kind="fixed",
            person_id="ada",
            offer_id="course",
            start=week("2016-W28"),
            reason="agreed",
        ),
    )
    assert again.pins == (Pin(kind="fixed", person_id="ada", offer_id="course"),)


def test_a_pin_is_removed():
    assert apply_change(apply_change(small_problem(), FIX), REMOVE).pins == ()
    assert refused(small_problem(), REMOVE) == [("person_id", "There is no such pin.")]


def test_the_problem_given_stays_as_it_is():
    problem = small_problem()
    before = problem.model_dump_json()
    for change in (FIX, FORBID, CAPACITY, BUDGET):
        apply_change(problem, change)
    assert problem.model_dump_json() == before


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        (FIX.model_copy(update={"person_id": "eve"}), "person_id", "the id of a person"),
        (FIX.model_copy(update={"offer_id": "curse"}), "offer_id", "did you mean “course”?"),
        (FIX.model_copy(update={"start": week("2016-W50")}), "start", "what stands in the way"),
        (FORBID.model_copy(update={"person_id": "eve"}), "person_id", "the id of a person"),
        (CAPACITY.model_copy(update={"site_id": "shop"}), "site_id", "the id of a site"),
        (
            CAPACITY.model_copy(update={"last_week": week("2016-W29")}),
            "last_week",
            "lies before the first",
        ),
        (BUDGET.model_copy(update={"budget_line_id": "x"}), "budget_line_id", "a budget line"),
        (BUDGET.model_copy(update={"amount_ore": 2_500_000}), "amount_ore", "so already"),
    ],
)
def test_what_is_wrong_is_said_of_its_field(change: Change, field: str, text: str):
    ((where, said),) = refused(small_problem(), change)
    assert where == field
    assert text in said


def test_the_same_pin_twice_is_refused():
    problem = apply_change(small_problem(), FORBID)
    assert refused(problem, FORBID) == [("offer_id", "That is so already.")]


def test_what_is_forbidden_cannot_be_fixed():
    problem = apply_change(small_problem(), ForbidPlacement(person_id="ada"))
    ((field, said),) = refused(problem, FIX)
    assert field == "offer_id"
    assert "no forbidden pin" in said


def test_a_kind_of_movement_must_be_on_the_problems_list():
    codes = (CodeEntry(kind="movement-kind", code="original", label_da="O", label_en="O"),)
    problem = small_problem(codes=codes)
    assert movement_kinds(problem) == ("original",)
    assert [field for field, _ in refused(problem, BUDGET)] == ["movement_kind"]
    changed = apply_change(problem, BUDGET.model_copy(update={"movement_kind": "original"}))
    assert Facts(changed).decided("line", 2016) == 3_000_000


def test_money_is_moved_by_the_difference():
    changed = apply_change(small_problem(), BUDGET)
    movement = changed.budget_movements[-1]
    assert (movement.amount_ore, movement.kind, movement.status) == (
        500_000,
        "supplementary",
        "decided",
    )


WEEKS = st.none() | st.integers(0, 11).map(lambda later: week("2016-W27") + later)


@given(st.lists(st.tuples(WEEKS, WEEKS, st.integers(0, 9)), max_size=5))
def test_the_last_word_on_a_week_counts(said: list[tuple]):
    problem = small_problem()
    expected = dict.fromkeys(range(-2, 14), 2)
    for number, (one, other, units) in enumerate(said):
        amount = 10 * number + units  # so that nothing is said twice
        is_backwards = one is not None and other is not None and other < one
        first, last = (other, one) if is_backwards else (one, other)
        change = SetCapacity(site_id="cafe", first_week=first, last_week=last, amount=amount)
        problem = apply_change(problem, change)
        for later in expected:
            at = week("2016-W27") + later
            if (first is None or first <= at) and (last is None or at <= last):
                expected[later] = amount
    facts = Facts(Problem.model_validate_json(problem.model_dump_json()))
    for later, amount in expected.items():
        assert facts.amount("cafe", "places", week("2016-W27") + later) == amount


def test_other_sites_and_resources_are_left_alone():
    other = Capacity(site_id="cafe", resource="support_minutes", amount=60)
    changed = apply_change(small_problem(capacity=(other,)), CAPACITY)
    assert other in changed.capacity


@pytest.mark.parametrize(
    ("first", "second"), list(itertools.permutations((FIX, FORBID, CAPACITY, BUDGET), 2))
)
def test_a_change_is_taken_back_and_a_later_one_kept(first: Change, second: Change):
    problem = small_problem()
    after = apply_change(problem, first)
    now = apply_change(after, second)
    assert canonical_sha256(take_back(problem, after, now)) == canonical_sha256(
        apply_change(problem, second)
    )
    assert canonical_sha256(take_back(problem, after, after)) == canonical_sha256(problem)


def test_what_was_changed_again_is_not_taken_back():
    problem = small_problem()
    after = apply_change(problem, FIX)
    now = apply_change(after, FIX.model_copy(update={"start": None}))
    with pytest.raises(ChangeRefused, match="changed the same again"):
        take_back(problem, after, now)
    renamed = problem.model_copy(update={"title": "Other"})
    with pytest.raises(ChangeRefused, match="changed the same again"):
        take_back(problem, renamed, problem)
    assert take_back(problem, renamed, renamed) == problem


def test_what_a_later_change_relies_on_is_not_taken_back():
    fixed = apply_change(small_problem(), FIX)
    open_again = apply_change(fixed, REMOVE)
    forbidden = apply_change(open_again, ForbidPlacement(person_id="ada"))
    with pytest.raises(ChangeRefused, match="Later changes rely on it"):
        take_back(fixed, open_again, forbidden)


@pytest.mark.parametrize(
    ("change", "english", "danish"),
    [
        (FIX, "ada gets a place at Site cafe (2016-W28): agreed", "ada får plads hos"),
        (FORBID, "bo gets no place at Site cafe (any week)", "bo får ikke plads hos"),
        (ForbidPlacement(person_id="bo"), "bo gets no place at any offer (any week)", "alle"),
        (REMOVE, "ada: what was fixed at Site cafe is open again (2016-W28)", "åben igen"),
        (
            RemovePin(pin_kind="forbidden", person_id="bo"),
            "bo: what was ruled out at any offer is open again (any week)",
            "ophævet",
        ),
        (CAPACITY, "Site cafe has 5 places (2016-W30–W40)", "har 5 pladser"),
        (SetCapacity(site_id="cafe", amount=1), "Site cafe has 1 place (all weeks)", "alle uger"),
        (
            SetCapacity(site_id="cafe", first_week=week("2016-W30"), amount=1),
            "Site cafe has 1 place (from 2016-W30)",
            "fra 2016-W30",
        ),
        (
            SetCapacity(site_id="cafe", last_week=week("2016-W30"), amount=1),
            "Site cafe has 1 place (until 2016-W30)",
            "til og med 2016-W30",
        ),
        (BUDGET, "Budget line Line has kr 30,000 in 2016", "Bevillingen Line har"),
    ],
)
def test_a_change_is_told_with_names(change: Change, english: str, danish: str):
    said = describe_change(change, small_problem())
    assert said.render("en").replace("30,000 kr", "kr 30,000") == english
    assert danish in said.render("da")
