"""Contradictions in problems that no file was read for."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from providers import Closure, Provider, Week
from scheduler.faults import Fault, did_you_mean, find_faults, is_cvr
from scheduler.language import Message
from scheduler.person import Enrolment
from scheduler.problem import CodeEntry, Problem
from scheduler.programme import Programme, Volume
from tests.small import offer, person, site, small_problem, week


def unchecked(**changes: Any) -> Problem:
    return Problem.model_construct(**{**dict(small_problem()), **changes})


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"stages": ()}, "plan.stages: “” – expected at least one goal"),
        (
            {"title": "110299-1234"},
            (
                "plan.title: “11••••-••••” – expected nothing that looks like a CPR number; use an "
                "id that says nothing of the person"
            ),
        ),
        (
            {"people": (person("p110299-1234"),)},
            (
                "people[0].id: “p11••••-••••” – expected nothing that looks like a CPR number; use "
                "an id that says nothing of the person"
            ),
        ),
        (
            {"people": (person("ada", wishes=("a", "1102991234")),)},
            (
                "people[0].wishes: “11••••••••” – expected nothing that looks like a CPR number; "
                "use an id that says nothing of the person"
            ),
        ),
        (
            {"people": (person("ada", target_groups=()),)},
            "people[0].target_groups: “” – expected at least one target group",
        ),
        (
            {
                "programmes": (
                    Programme(
                        id="own",
                        name="Own",
                        budget_line_id="line",
                        volumes=(Volume(year=2016, most=1), Volume(year=2016, most=2)),
                    ),
                )
            },
            "programmes[0].volumes: “2016” – expected each year once",
        ),
        (
            {"providers": (Provider(id="city", name="City", kind="municipal", cvr="x"),)},
            "providers[0].cvr: “x” – expected a CVR number whose check digit is right",
        ),
        (
            {"offers": (offer("course", weeks=20, most_weeks=18),)},
            "offers[0].most_weeks: “18” – expected not fewer than the weeks of the course, 20",
        ),
    ],
)
def test_a_contradiction(changes: dict[str, Any], told: str) -> None:
    (fault,) = find_faults(unchecked(**changes))
    assert str(fault) == told


def test_a_problem_does_not_come_to_be_and_does_not_echo_its_input() -> None:
    with pytest.raises(ValidationError) as raised:
        small_problem(people=(person("110299-1234"),))
    assert "11••••-••••" in str(raised.value)
    assert "110299-1234" not in str(raised.value)


def test_a_fault_is_told_to_people_who_have_no_files() -> None:
    fault = Fault("people", 3, "area", "1203851234", Message("an area"))
    assert str(fault.message) == "people no. 4, area: “12••••••••” – expected an area"
    in_plan = Fault("plan", None, "title", "x", Message("a title"))
    assert in_plan.message.render("da") == "plan, title: »x« – forventede a title"


@pytest.mark.parametrize(
    "changes",
    [
        {"codes": (CodeEntry(kind="resource", code="support", label_da="S", label_en="S"),)},
        {"offers": (offer("course", weeks=16, most_weeks=20, price_per="week"),)},
        {"offers": (offer("course", most_weeks=16),)},
        {
            "people": (person("ada", area="a", most_travel_minutes=5),),
            "sites": (site("cafe", area="a"),),
        },
        {"people": (person("ada", most_travel_minutes=5, seeks_place=False),)},
        {
            "people": (
                person("ada", earliest_start=week("2016-W29"), latest_start=week("2016-W29")),
            )
        },
    ],
)
def test_what_is_no_contradiction(changes: dict[str, Any]) -> None:
    assert find_faults(unchecked(**changes)) == ()


def enrolled(last_week: str, *closed: tuple[str, str]) -> tuple[str, ...]:
    problem = unchecked(
        closures=tuple(
            Closure(first_week=week(first), last_week=week(last)) for first, last in closed
        ),
        enrolments=(
            Enrolment(
                id="e",
                person_id="ada",
                offer_id="course",
                start=week("2016-W10"),
                weeks=10,
                status="dropped-out",
                last_week=week(last_week),
            ),
        ),
    )
    return tuple(fault.field for fault in find_faults(problem))


@pytest.mark.parametrize(
    ("closed", "end"),
    [
        ((), "2016-W19"),
        ((("2016-W05", "2016-W09"),), "2016-W19"),
        ((("2016-W09", "2016-W10"),), "2016-W20"),
        ((("2016-W12", "2016-W13"),), "2016-W21"),
        ((("2016-W19", "2016-W22"),), "2016-W23"),
        ((("2016-W20", "2016-W22"),), "2016-W19"),
        ((("2016-W12", "2016-W15"), ("2016-W13", "2016-W14")), "2016-W23"),
        ((("2016-W12", "2016-W13"), ("2016-W13", "2016-W14")), "2016-W22"),
        ((("2016-W19", "2016-W19"), ("2016-W20", "2016-W20")), "2016-W21"),
    ],
)
def test_closed_weeks_come_on_top_of_a_course(
    closed: tuple[tuple[str, str], ...], end: str
) -> None:
    assert enrolled(end, *closed) == ()
    assert enrolled(str(Week.parse(end) + 1), *closed) == ("last_week",)


def test_contradictions_are_told_in_order_of_table_and_row() -> None:
    problem = unchecked(
        offers=(offer("course"), offer("course", site_id="nowhere")),
        people=(person("ada", known_sites=("x",)), person("ada")),
    )
    assert [(fault.table, fault.row) for fault in find_faults(problem)] == [
        ("people", 0),
        ("people", 1),
        ("offers", 1),
        ("offers", 1),
    ]


@pytest.mark.parametrize(
    ("also_known", "count"),
    [
        (None, 3),
        ({"sites": {"x"}}, 2),
        ({"codes": {"autism"}, "sites": {"x"}}, 0),
        ({"codes": {"blind"}}, 3),
    ],
)
def test_what_could_not_be_read_is_not_missed(
    also_known: dict[str, set[str]] | None, count: int
) -> None:
    problem = unchecked(
        people=(person("ada", known_sites=("x",)), person("bo")),
        codes=(CodeEntry(kind="target-group", code="blind", label_da="B", label_en="B"),),
    )
    assert len(find_faults(problem, also_known)) == count


def test_money_and_plan_weeks_are_not_judged_by_what_could_not_be_read() -> None:
    problem = unchecked(budget_movements=(), last_start=week("2016-W20"))
    assert [fault.field for fault in find_faults(problem)] == ["last_start"]
    assert find_faults(problem, {"plan": {"last_start"}, "budget_movements": {"…"}}) == ()


@pytest.mark.parametrize(("text", "right"), [("64942212", True), ("64942213", False), ("1", False)])
def test_the_check_digit_of_a_cvr_number(text: str, right: bool) -> None:  # noqa: FBT001 - expected value
    assert is_cvr(text) == right


@pytest.mark.parametrize(
    ("value", "meant"), [("Cafe-Vst", "cafe-vest"), ("x", None), ("havn", "Havnen")]
)
def test_what_was_probably_meant(value: str, meant: str | None) -> None:
    assert did_you_mean(value, ["cafe-vest", "cafe-ost", "Havnen"]) == meant


def test_suggestions_end_after_a_hundred() -> None:
    people = tuple(person(f"p{number}", known_sites=(f"cafe{number}",)) for number in range(150))
    told = [str(fault.expected) for fault in find_faults(unchecked(people=people))]
    assert len(told) == 150
    assert sum("did you mean" in each for each in told) == 100
