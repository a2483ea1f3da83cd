from __future__ import annotations

import pytest
from small import offer, person, small_problem, week
from spec.case import enrolment

from scheduler.check import pin_faults
from scheduler.person import Pin
from scheduler.problem import Problem

_IN_THE_WAY = "a fixed placement that is possible; what stands in the way: "


def _fixed(person_id: str = "ada", offer_id: str = "course", start: str | None = None) -> Pin:
    at = None if start is None else week(start)
    return Pin(kind="fixed", person_id=person_id, offer_id=offer_id, start=at)


def _forbidden(offer_id: str | None = None, start: str | None = None) -> Pin:
    at = None if start is None else week(start)
    return Pin(kind="forbidden", person_id="ada", offer_id=offer_id, start=at)


def _told(problem: Problem) -> list[tuple[int | None, str, str, str]]:
    faults = pin_faults(problem)
    assert all(fault.table == "pins" for fault in faults)
    return [(fault.row, fault.field, fault.value, str(fault.expected)) for fault in faults]


@pytest.mark.parametrize(
    "pins",
    [
        (),
        (_forbidden(),),
        (_fixed(),),
        (_fixed(start="2016-W30"), _forbidden("course", "2016-W29")),
        (_fixed(), _forbidden("course", "2016-W29")),
        (_fixed(), _forbidden("other")),
        (_fixed("ada"), _fixed("bo")),
    ],
)
def test_pins_that_can_be_met(pins: tuple[Pin, ...]) -> None:
    assert pin_faults(small_problem(offers=(offer("course"), offer("other")), pins=pins)) == ()


def test_two_fixed_pins_of_one_person_are_each_a_fault() -> None:
    expected = "one fixed placement a person, not 2"
    assert _told(small_problem(pins=(_fixed(start="2016-W27"), _fixed(start="2016-W28")))) == [
        (0, "person_id", "ada", expected),
        (1, "person_id", "ada", expected),
    ]


@pytest.mark.parametrize(
    "forbidden",
    [
        _forbidden(),
        _forbidden("course"),
        _forbidden("course", "2016-W28"),
        _forbidden(None, "2016-W28"),
    ],
)
def test_a_fixed_pin_that_a_forbidden_one_fits_is_a_fault(forbidden: Pin) -> None:
    assert _told(small_problem(pins=(_fixed(start="2016-W28"), forbidden))) == [
        (
            0,
            "kind",
            "fixed",
            "a fixed placement that no forbidden pin of the same person rules out",
        )
    ]


def test_a_pinned_week_in_which_no_course_may_start_is_a_fault() -> None:
    assert _told(small_problem(pins=(_forbidden("course"), _fixed("bo", start="2016-W31")))) == [
        (
            1,
            "start",
            "2016-W31",
            f"{_IN_THE_WAY}the start in 2016-W31 is 1 week after the last start of the plan",
        )
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"people": (person("ada", status="education-ready"),)},
        {"people": (person("ada", weeks_needed=17),)},
        {"people": (person("ada", seeks_place=False),)},
        {"people": (person("ada", latest_start=week("2016-W26")),)},
        {"enrolments": (enrolment(start=week("2016-W15"), weeks=16),)},
    ],
)
def test_a_pin_that_no_week_can_meet_is_a_fault_of_its_offer(changes: dict) -> None:
    ((row, field, value, expected),) = _told(small_problem(pins=(_fixed(),), **changes))
    assert (row, field, value) == (0, "offer_id", "course")
    assert expected.startswith(_IN_THE_WAY)


def test_a_pin_that_only_breaks_a_limit_is_no_fault_of_the_input() -> None:
    problem = small_problem(enrolments=(enrolment(price_ore=2_000_000),), pins=(_fixed("bo"),))
    assert pin_faults(problem) == ()


def test_the_fault_is_told_in_danish_too() -> None:
    (fault,) = pin_faults(small_problem(pins=(_fixed(start="2016-W31"),)))
    assert fault.expected.render("da").startswith("en låst plads, som er mulig; i vejen står: ")
