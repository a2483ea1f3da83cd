from __future__ import annotations

import pytest
from small import person, site, small_problem, week
from spec.case import place

from scheduler.check import Facts, match_points, score
from scheduler.goal import MatchWeights, PriorityWeights, Weights
from scheduler.outcome import GoalValues, MatchPoints
from scheduler.person import Rating, Travel
from scheduler.plan import Plan
from scheduler.problem import Problem


def _match(problem: Problem, person_id: str = "ada") -> MatchPoints:
    return match_points(Facts(problem), person_id, "cafe")


def _problem(person_changes: dict, site_changes: dict, **changes: object) -> Problem:
    return small_problem(
        people=(person("ada", **person_changes),),
        sites=(site("cafe", **site_changes),),
        **changes,
    )


@pytest.mark.parametrize(
    ("wishes", "points"),
    [
        ((), 40),
        (("kitchen",), 40),
        (("it",), 0),
        (("it", "kitchen"), 20),
        (("it", "kitchen", "stock"), 26),
        (("it", "kitchen", "garden"), 13),
    ],
)
def test_wishes_count_in_proportion_rounded_down(wishes: tuple[str, ...], points: int) -> None:
    problem = _problem({"wishes": wishes}, {"task_types": ("kitchen", "stock")})
    assert _match(problem).wishes == points


def test_staff_who_know_the_person() -> None:
    assert _match(_problem({"known_sites": ("cafe",)}, {})).known_staff == 20
    assert _match(_problem({}, {})).known_staff == 0


@pytest.mark.parametrize(
    ("most", "minutes", "points"),
    [
        (None, 0, 20),
        (None, 20, 13),
        (None, 60, 0),
        (None, 90, 0),
        (40, 10, 15),
        (40, 40, 0),
        (0, 0, 20),
        (0, 1, 0),
        (40, None, 0),
    ],
)
def test_a_short_way(most: int | None, minutes: int | None, points: int) -> None:
    travel = () if minutes is None else (Travel(from_area="a", to_area="b", minutes=minutes),)
    area = None if minutes is None else "b"
    problem = _problem({"area": "a", "most_travel_minutes": most}, {"area": area}, travel=travel)
    assert _match(problem).travel == points


def test_within_one_area_the_way_is_short_unless_the_table_says_otherwise() -> None:
    assert _match(_problem({"area": "a"}, {"area": "a"})).travel == 20
    travel = (Travel(from_area="a", to_area="a", minutes=30),)
    assert _match(_problem({"area": "a"}, {"area": "a"}, travel=travel)).travel == 10
    assert _match(_problem({}, {"area": "a"})).travel == 0


def test_travel_the_other_way_is_not_taken_to_hold() -> None:
    travel = (Travel(from_area="b", to_area="a", minutes=0),)
    assert _match(_problem({"area": "a"}, {"area": "b"}, travel=travel)).travel == 0


def test_the_latest_rating_not_after_the_as_of_week_counts() -> None:
    dated = [("2016-W26", 77), ("2016-W20", 100), ("2016-W27", 0)]
    ratings = tuple(
        Rating(person_id="ada", site_id="cafe", points=points, date=week(date))
        for date, points in dated
    )
    assert _match(small_problem(ratings=ratings)).rating == 15
    assert _match(small_problem(ratings=ratings), "bo").rating == 0
    assert _match(small_problem(ratings=ratings[2:])).rating == 0


def test_the_parts_sum_to_the_total() -> None:
    weights = Weights(match=MatchWeights(wishes=31, known_staff=17, travel=29, rating=23))
    problem = _problem({"known_sites": ("cafe",)}, {}, weights=weights)
    assert _match(problem) == MatchPoints(wishes=31, known_staff=17, travel=0, rating=0, total=48)


def _goals(problem: Problem, *placements: object) -> GoalValues:
    return score(problem, Plan(placements=placements))


def test_the_goals_of_a_plan() -> None:
    problem = small_problem(
        people=(
            person("ada", priority=1),
            person("bo", referral=week("2016-W25"), priority=3),
            person("cy", seeks_place=False),
        )
    )
    assert _goals(problem) == GoalValues(placed=0, match=0, wait=4 * 11 + 6, cost=0)
    assert _goals(problem, place("ada", "2016-W28")) == GoalValues(
        placed=4, match=40, wait=4 * 8 + 6, cost=1_250_000
    )
    assert _goals(problem, place("ada"), place("bo")) == GoalValues(
        placed=5, match=80, wait=4 * 7 + 2, cost=2_500_000
    )


def test_priority_weights_are_data() -> None:
    weights = Weights(priority=PriorityWeights(first=9, second=5, third=2))
    problem = small_problem(weights=weights, people=(person("ada", priority=2),))
    assert _goals(problem, place("ada")).placed == 5
