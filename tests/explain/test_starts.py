"""What is said of an offer's starts against trying every week."""

from __future__ import annotations

from collections import Counter

import pytest

from scheduler.check import Checker, Facts
from scheduler.explain import starts
from scheduler.explain.starts import OfferStarts, placement_at, start_weeks, try_starts
from tests.random_problems import random_problem

PROBLEMS = 200
pytestmark = pytest.mark.no_cover
"""Other tests run the same lines; measured for coverage, these take twice as long."""


def slowly(checker: Checker, person_id: str, offer_id: str) -> OfferStarts:
    tried = [
        (placement, checker.breaks_alone(placement))
        for week in start_weeks(checker.facts.problem)
        for placement in [placement_at(checker, person_id, offer_id, week)]
    ]
    possible = tuple(placement for placement, broken in tried if not broken)
    return OfferStarts(
        possible, () if possible else starts._rule_out([broken for _, broken in tried])
    )


def test_it_is_the_same_as_trying_every_week() -> None:
    seen = Counter[str]()
    for seed in range(PROBLEMS):
        facts = Facts(random_problem(seed))
        checker = Checker(facts.problem, facts=facts)
        for person_id in facts.people:
            for offer_id in facts.offers:
                expected = slowly(checker, person_id, offer_id)
                assert try_starts(checker, person_id, offer_id) == expected, (seed, person_id)
                seen["possible"] += bool(expected.possible)
                seen.update(found.fact for found in expected.ruled_out)
    assert seen["possible"] > PROBLEMS
    often = {"travel", "age", "target-group-site", "too-long", "resource-exceeded"}
    assert min(seen[fact] for fact in often) >= 20, seen


def test_what_stands_in_the_way_whenever_the_start_is_does_so_in_each_week() -> None:
    seen = Counter[str]()
    for seed in range(PROBLEMS):
        facts = Facts(random_problem(seed))
        checker = Checker(facts.problem, facts=facts)
        for person_id in facts.people:
            for offer_id in facts.offers:
                broken = [
                    checker.breaks_alone(placement_at(checker, person_id, offer_id, week))
                    for week in start_weeks(facts.problem)
                ]
                always = [{found.fact for found in each} & starts._WHENEVER for each in broken]
                assert all(found == always[0] for found in always)
                seen.update(always[0])
    assert len(seen) >= 8, seen
