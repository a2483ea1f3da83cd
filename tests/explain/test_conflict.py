"""Conflicts and relaxations of problems without any plan, on hand-made and random problems."""

import functools
import itertools
from collections.abc import Collection

import numpy as np
import pytest

from providers import Capacity, Contract
from scheduler.engines import Answer, make_engine
from scheduler.errors import EngineFailed
from scheduler.explain.conflict import Explained, explain_conflict
from scheduler.explain.demands import DEMANDS, merge_key
from scheduler.explain.loosened import Loosened, find_plan
from scheduler.explain.relaxation import UNITS, relax
from scheduler.explain.smallest import smallest_conflict
from scheduler.explain.unpruned import LIMITS, Unpruned
from scheduler.language import LocalText
from scheduler.person import Pin, Use
from scheduler.problem import Problem
from scheduler.programme import BudgetMovement, Programme, Volume
from scheduler.rules.rows import Demand
from tests.enumeration import enumerate_plans
from tests.random_problems import random_problem
from tests.small import offer, person, site, small_problem, week
from tests.spec.case import enrolment


def _engine():
    return make_engine("auto")


def _fix(who: str, start: str | None = None) -> Pin:
    return Pin(
        kind="fixed",
        person_id=who,
        offer_id="course",
        start=None if start is None else week(start),
    )


def _frame(**changes: object) -> Contract:
    fields = {
        "id": "frame",
        "provider_id": "city",
        "first_week": week("2016-W27"),
        "last_week": week("2017-W52"),
    }
    return Contract(**{**fields, **changes})


def _money(ore: int) -> tuple[BudgetMovement, ...]:
    return (BudgetMovement(budget_line_id="line", year=2016, amount_ore=ore),)


def _explain(problem: Problem) -> tuple[list[str], dict[str, tuple[int | None, list[str]]]]:
    known = explain_conflict(problem)
    assert known.is_smallest
    gives = {one.unit: (one.amount, [part.en for part in one.parts]) for one in known.relaxations}
    assert list(gives) == list(UNITS)
    return [item.what.en for item in known.conflict], gives


def test_two_fixed_people_and_one_place():
    problem = small_problem(
        sites=(site("cafe", name="Café Vest", places=1),),
        pins=(_fix("ada", "2016-W27"), _fix("bo", "2016-W30")),
    )
    conflict, gives = _explain(problem)

    assert len(conflict) == 3
    assert conflict[0].startswith("places at Café Vest in 2016-W")
    assert conflict[0].endswith(": 1 left")
    assert conflict[1:] == [
        "the fixed placement of ada at Café Vest in 2016-W27",
        "the fixed placement of bo at Café Vest in 2016-W30",
    ]
    assert gives == {
        "places": (13, ["places at Café Vest in 2016-W30–W42: 1 more"]),
        "courses": (None, []),
        "ore": (None, []),
    }


def test_a_fixed_person_whom_the_money_left_cannot_pay():
    problem = small_problem(offers=(offer("course", price_ore=3_000_000),), pins=(_fix("ada"),))
    conflict, gives = _explain(problem)

    assert conflict == [
        "budget line Line 2016: 25,000 kr left",
        "the fixed placement of ada at Site cafe",
    ]
    assert gives == {
        "places": (None, []),
        "courses": (None, []),
        "ore": (500_000, ["budget line Line 2016: 5,000 kr more"]),
    }


def test_two_fixed_people_who_cannot_start_in_one_week():
    problem = small_problem(
        sites=(site("cafe", name="Café Vest", most_starts_a_week=1),),
        pins=(_fix("ada", "2016-W28"), _fix("bo", "2016-W28")),
    )
    conflict, gives = _explain(problem)

    assert conflict == [
        "starts at Café Vest in 2016-W28: 1 course left",
        "the fixed placement of ada at Café Vest in 2016-W28",
        "the fixed placement of bo at Café Vest in 2016-W28",
    ]
    assert gives == {
        "places": (None, []),
        "courses": (1, ["starts at Café Vest in 2016-W28: 1 course more"]),
        "ore": (None, []),
    }


def test_a_start_that_enrolments_leave_no_room_for():
    problem = small_problem(
        people=(person("ada"), person("bo", seeks_place=False)),
        sites=(site("cafe", name="Café Vest", most_starts_a_week=1),),
        enrolments=(enrolment(person_id="bo", start=week("2016-W28"), status="accepted"),),
        pins=(_fix("ada", "2016-W28"),),
    )
    conflict, gives = _explain(problem)

    assert conflict == [
        "starts at Café Vest in 2016-W28: 0 courses left",
        "the fixed placement of ada at Café Vest in 2016-W28",
    ]
    assert gives["courses"] == (1, ["starts at Café Vest in 2016-W28: 1 course more"])


def test_counting_against_money():
    problem = small_problem(
        people=tuple(person(f"p{number}") for number in range(8)),
        sites=(site("cafe", places=99),),
        offers=(offer("course", contract_id="frame", price_ore=1_000_000),),
        contracts=(_frame(least_courses=6, least_applies="always"),),
        budget_movements=_money(5_900_000),
    )
    conflict, gives = _explain(problem)

    assert conflict == [
        "budget line Line 2016: 59,000 kr left",
        "the least of contract frame: 6 courses",
    ]
    assert gives == {
        "places": (None, []),
        "courses": (1, ["the least of contract frame: 1 course less"]),
        "ore": (100_000, ["budget line Line 2016: 1,000 kr more"]),
    }


def test_a_least_that_too_few_people_can_reach_stands_alone():
    problem = small_problem(
        offers=(offer("course", contract_id="frame"),),
        contracts=(_frame(least_courses=3, least_applies="always"),),
        budget_movements=_money(99_000_000),
        sites=(site("cafe", places=9),),
    )
    conflict, gives = _explain(problem)

    assert conflict == ["the least of contract frame: 3 courses"]
    assert gives["courses"] == (1, ["the least of contract frame: 1 course less"])


def test_a_least_without_any_option_stands_alone():
    problem = small_problem(
        people=(person("ada", target_groups=("blind",)),),
        sites=(site("cafe", target_groups=("autism",)),),
        offers=(offer("course", contract_id="frame"),),
        contracts=(_frame(least_ore=100_050, least_applies="always"),),
    )
    conflict, gives = _explain(problem)

    assert conflict == ["the least of contract frame: 1,000.50 kr"]
    assert gives["ore"] == (100_050, ["the least of contract frame: 1,000.50 kr less"])


def test_a_group_that_is_too_small():
    problem = small_problem(
        offers=(offer("course", name="Group", fewest_participants=3),), pins=(_fix("ada"),)
    )
    conflict, gives = _explain(problem)

    assert conflict[1] == "the fixed placement of ada at Group"
    assert conflict[0] == "groups of at least 3 at Group in 2016-W27–W30"
    assert gives["courses"][0] == 1
    assert gives["courses"][1][0].startswith("the group at Group in 2016-W")
    assert gives["courses"][1][0].endswith(": 1 fewer participants")


def test_volume_and_the_most_of_a_contract_and_take_or_pay():
    own = Programme(
        id="own", name="Own courses", budget_line_id="line", volumes=(Volume(year=2016, most=1),)
    )
    two_fixed = (_fix("ada"), _fix("bo"))
    by_volume, volume_gives = _explain(small_problem(programmes=(own,), pins=two_fixed))
    framed = (offer("course", contract_id="frame"),)
    by_most, most_gives = _explain(
        small_problem(offers=framed, contracts=(_frame(most_courses=1),), pins=two_fixed)
    )
    unpaid, unpaid_gives = _explain(
        small_problem(
            offers=framed,
            contracts=(
                _frame(
                    least_courses=9,
                    least_applies="always",
                    take_or_pay=True,
                    shortfall_course_ore=1_000_000,
                    shortfall_budget_line_id="line",
                    last_week=week("2016-W52"),
                ),
            ),
        )
    )

    assert by_volume[0] == "Own courses in 2016: 1 course left"
    assert volume_gives["courses"] == (1, ["Own courses in 2016: 1 course more"])
    assert by_most[0] == "the most of contract frame: 1 course left"
    assert most_gives["courses"] == (1, ["the most of contract frame: 1 course more"])
    assert unpaid == [
        "budget line Line 2016: 25,000 kr left",
        "the least of contract frame: 9 courses",
    ]
    assert unpaid_gives["courses"] == (None, [])
    assert unpaid_gives["ore"] == (6_500_000, ["budget line Line 2016: 65,000 kr more"])


def test_a_conflict_is_told_in_danish_too():
    problem = small_problem(
        offers=(offer("course", price_ore=3_000_000),), pins=(_fix("ada", "2016-W28"),)
    )
    known = explain_conflict(problem, _engine)

    assert [item.rule for item in known.conflict] == ["budget", "pins"]
    assert [item.what for item in known.conflict] == [
        LocalText(
            en="budget line Line 2016: 25,000 kr left",
            da="bevillingen Line 2016: 25.000 kr. tilbage",
        ),
        LocalText(
            en="the fixed placement of ada at Site cafe in 2016-W28",
            da="den låste plads til ada hos Site cafe i 2016-W28",
        ),
    ]
    assert known.relaxations[2].parts[0].da == "bevillingen Line 2016: 5.000 kr. mere"


def test_where_there_is_a_plan_nothing_conflicts_and_nothing_has_to_give():
    conflict, gives = _explain(small_problem())

    assert conflict == []
    assert gives == {"places": (0, []), "courses": (0, []), "ore": (0, [])}


_TWO_AT_ONCE = small_problem(
    sites=(site("cafe", places=1),), pins=(_fix("ada", "2016-W27"), _fix("bo", "2016-W27"))
)


def test_an_engine_that_decides_nothing_is_refused():
    class Unsure:
        def solve(self, *_):
            return Answer("unknown")

    with pytest.raises(EngineFailed, match="did not decide"):
        smallest_conflict(Unpruned.of(_TWO_AT_ONCE), Unsure)


def test_an_engine_that_calls_a_conflict_what_is_none_is_refused():
    class Fickle:
        """Calls everything a conflict, but the last question it is asked."""

        calls = 0

        def solve(self, formulation, task, tell):
            Fickle.calls += 1
            if Fickle.calls > lies:
                return _engine().solve(formulation, task, tell)
            return Answer("infeasible", bound=-1)

    unpruned = Unpruned.of(_TWO_AT_ONCE)
    lies = 10**6
    smallest_conflict(unpruned, Fickle)
    lies, Fickle.calls = Fickle.calls - 1, 0
    with pytest.raises(EngineFailed, match="found a plan for demands"):
        smallest_conflict(unpruned, Fickle)


def test_plans_that_were_found_answer_for_other_demands_without_an_engine():
    asked = []

    class Counting:
        def solve(self, formulation, task, tell):
            asked.append([demand for group in formulation.groups for demand in group.demands])
            return _engine().solve(formulation, task, tell)

    many = small_problem(
        people=tuple(person(f"p{number}") for number in range(8)),
        sites=(site("cafe", places=7),),
        pins=tuple(_fix(f"p{number}", "2016-W27") for number in range(8)),
        budget_movements=_money(99_000_000),
    )
    conflict = smallest_conflict(Unpruned.of(many), Counting)

    assert len(conflict) == 9
    demands = {row.demand for rows in conflict for row in rows}
    assert demands <= set(asked[-1]), "the conflict in full is the last question"


def test_the_search_tells_how_far_it_is_and_a_conflict_that_gets_smaller():
    told: list[Explained] = []
    known = explain_conflict(_TWO_AT_ONCE, _engine, told.append)

    count = len(Unpruned.of(_TWO_AT_ONCE).by_demand())
    places = [(one.phase, one.tried, one.of) for one in told]
    assert places[0] == ("conflict", 0, count)
    assert ("conflict", count, count) in places
    assert places[-5:] == [("weeks", 0, 1), *(("relax", tried, 3) for tried in range(4))]
    tried = [one.tried for one in told if one.phase == "conflict"]
    assert tried == sorted(tried)
    sizes = [len(one.conflict) for one in told if one.phase == "conflict"]
    said = list(itertools.dropwhile(lambda size: not size, sizes))
    assert len(said) < len(sizes), "nothing is said while nothing is left out"
    assert said == sorted(said, reverse=True)
    assert [one.is_smallest for one in told].index(True) == len(told) - 4
    assert told[-1] == known


def test_an_amount_that_is_not_proven_the_least_is_told_as_enough():
    class Hasty:
        def solve(self, formulation, task, tell):
            answer = _engine().solve(formulation, task, tell)
            return Answer("feasible", None if task.seconds else answer.chosen, answer.bound)

    problem = small_problem(offers=(offer("course", price_ore=3_000_000),), pins=(_fix("ada"),))
    places, courses, money = (relax(Unpruned.of(problem), unit, Hasty) for unit in UNITS)

    assert (places.amount, courses.amount) == (None, None)
    assert money.amount >= 500_000
    assert not money.is_least
    assert money.parts


# -- random problems ------------------------------------------------------------------------------

_WANTED = 20
_PLENTY = 999


@functools.cache
def _impossible() -> tuple[tuple[Problem, Unpruned], ...]:
    """Random problems without any plan."""
    drawn = (random_problem(seed) for seed in itertools.count())
    without = (one for one in drawn if not _has_plan(one))
    return tuple((one, Unpruned.of(one)) for one in itertools.islice(without, _WANTED))


def _with_only(problem: Problem, kept: Collection[Demand]) -> Problem:
    """The problem in which everything but these demands gives as much as anybody could want."""
    has = {
        (
            one.rule,
            one.side,
            one.unit,
            one.site_id,
            one.resource,
            one.offer_id,
            one.programme_id,
            one.contract_id,
            one.budget_line_id,
            one.year,
            one.person_id,
        )
        for one in kept
    }

    def keeps(
        rule,
        side,
        unit,
        *,
        at=(None, None),
        of=None,
        under=(None, None),
        pays=(None, None),
        who=None,
    ):
        programme, contract = under
        line, year = pays
        site_id, resource = at
        key = (rule, side, unit, site_id, resource, of, programme, contract, line, year, who)
        return key in has

    years = range(2012, 2024)
    resources = {"places", *(use.resource for use in problem.uses)}
    free = [
        (one.id, resource)
        for one in problem.sites
        for resource in sorted(resources)
        if not keeps("capacity", "most", "places", at=(one.id, resource))
    ]
    return problem.model_copy(
        update={
            "pins": tuple(
                pin
                for pin in problem.pins
                if pin.kind == "forbidden"
                or any(
                    (one.person_id, one.offer_id, one.week)
                    == (pin.person_id, pin.offer_id, pin.start and pin.start.ordinal)
                    for one in kept
                    if one.rule == "pins"
                )
            ),
            "capacity": (
                *(row for row in problem.capacity if (row.site_id, row.resource) not in free),
                *(Capacity(site_id=at, resource=of, amount=_PLENTY) for at, of in free),
            ),
            "budget_movements": (
                *problem.budget_movements,
                *(
                    BudgetMovement(budget_line_id=line.id, year=year, amount_ore=10**9)
                    for line in problem.budget_lines
                    for year in years
                    if not keeps("budget", "most", "ore", pays=(line.id, year))
                ),
            ),
            "programmes": tuple(
                one.model_copy(
                    update={
                        "volumes": tuple(
                            volume
                            for volume in one.volumes
                            if keeps(
                                "volume",
                                "most",
                                "courses",
                                under=(one.id, None),
                                pays=(None, volume.year),
                            )
                        )
                    }
                )
                for one in problem.programmes
            ),
            "sites": tuple(
                one
                if keeps("intake", "most", "courses", at=(one.id, None))
                else one.model_copy(update={"most_starts_a_week": None})
                for one in problem.sites
            ),
            "offers": tuple(
                one
                if any(demand.rule == "cohort" and demand.offer_id == one.id for demand in kept)
                else one.model_copy(update={"fewest_participants": 1})
                for one in problem.offers
            ),
            "contracts": tuple(_contract(one, keeps) for one in problem.contracts),
        }
    )


def _contract(one: Contract, keeps) -> Contract:
    def kept(side: str, unit: str) -> bool:
        return keeps("contract", side, unit, under=(None, one.id))

    keeps_least = kept("least", "courses") or kept("least", "ore")
    return one.model_copy(
        update={
            "most_courses": one.most_courses if kept("most", "courses") else None,
            "most_ore": one.most_ore if kept("most", "ore") else None,
            "least_courses": one.least_courses if kept("least", "courses") else 0,
            "least_ore": one.least_ore if kept("least", "ore") else 0,
            "take_or_pay": one.take_or_pay and keeps_least,
        }
    )


def _has_plan(problem: Problem) -> bool:
    return next(enumerate_plans(problem), None) is not None


@pytest.mark.no_cover
def test_conflicts_of_random_problems_hold_by_enumeration_and_none_can_be_left_out():
    rules = set()
    for problem, unpruned in _impossible():
        conflict = smallest_conflict(unpruned, _engine)
        demands = [merge_key(rows[0].demand) for rows in conflict]
        assert demands
        assert not _has_plan(_with_only(problem, demands))
        for left_out in demands:
            rest = [one for one in demands if one != left_out]
            assert _has_plan(_with_only(problem, rest)), (problem.title, left_out)
        rules |= {one.rule for one in demands}
    assert {"pins", "contract", "capacity", "budget"} <= rules


@pytest.mark.no_cover
def test_relaxations_of_random_problems_are_the_least_by_enumeration():
    helped = 0
    for problem, unpruned in _impossible():
        every = [merge_key(rows[0].demand) for rows in unpruned.by_demand().values()]
        conflict = [row for rows in smallest_conflict(unpruned, _engine) for row in rows]
        for unit in UNITS:
            one = relax(unpruned, unit, _engine)
            assert relax(unpruned, unit, _engine, conflict) == one
            assert one.is_least
            others = [
                demand for demand in every if demand.unit != one.unit or _is_paid(problem, demand)
            ]
            assert (one.amount is not None) == _has_plan(_with_only(problem, others))
            if one.amount is not None:
                assert one.parts
                least = _least_by_enumeration(unpruned, one.unit)
                assert least in {None, one.amount}
                helped += least is not None
    assert helped >= 10


def _is_paid(problem: Problem, demand: Demand) -> bool:
    contract = next((one for one in problem.contracts if one.id == demand.contract_id), None)
    return contract is not None and contract.take_or_pay and demand.side == "least"


def _least_by_enumeration(unpruned: Unpruned, unit: str) -> int | None:
    """The least over every choice of an option or none for each person; none: too many."""
    instance = unpruned.instance
    choices = [[None, *instance.options_of(k)] for k in range(len(instance.supply.people))]
    if np.prod([len(one) for one in choices]) > 600:
        return None
    every = [row for rows in unpruned.by_demand().values() for row in rows]
    loosened = Loosened(
        instance,
        unpruned.with_only(every),
        lambda group, row: group.rule != "one-course" and group.demands[row].side != "link",
    )
    found = []
    for chosen in itertools.product(*choices):
        options = np.array(sorted(one for one in chosen if one is not None), dtype=np.int64)
        gives = loosened.what_gives(options)
        problem = instance.supply.problem
        if all(demand.unit == unit and not _is_paid(problem, demand) for demand, _ in gives):
            found.append(sum(amount for _, amount in gives))
    return min(found, default=None)


def test_every_demand_of_the_model_is_worded_and_every_wording_is_of_a_demand():
    seen = {
        f"{merged.rule}/{merged.side}"
        for seed in range(60)
        for merged in Unpruned.of(random_problem(seed)).by_demand()
    }

    assert seen == {key.removesuffix("/week") for key in DEMANDS}
    assert set(LIMITS) == {"capacity", "intake", "budget", "volume", "contract"}


def test_slack_is_bounded_by_what_placing_everybody_would_exceed():
    problem = small_problem(uses=(Use(offer_id="course", resource="places", amount=2),))
    unpruned = Unpruned.of(problem)
    every = [row for rows in unpruned.by_demand().values() for row in rows]
    loosened = Loosened(
        unpruned.instance, unpruned.with_only(every), lambda group, _: group.rule == "capacity"
    )

    assert set(loosened.most[loosened.option_count :].tolist()) == {2}
    assert find_plan(unpruned.instance, unpruned.with_only(every), _engine) is not None
