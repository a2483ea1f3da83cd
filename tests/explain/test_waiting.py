"""Each reason for waiting on a small problem, with its exact sentences."""

# ruff: noqa: E501 - a sentence to compare stands on one line

import itertools
import re

import pytest

from providers import Capacity, Closure, Contract
from scheduler.check import Facts, verify
from scheduler.explain.citizen import CAUSES, tell_causes, tell_could_be_added, tell_pinned_out
from scheduler.explain.waiting import explain_waiting, why_not
from scheduler.language import LocalText
from scheduler.outcome import WaitingPerson
from scheduler.person import Pin, Use
from scheduler.plan import Placement, Plan
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme, Volume
from tests.random_problems import options_of, starts_of
from tests.small import offer, person, site, small_problem, week

CAFE_OF_ONE = (site("cafe", name="Café Vest", places=1),)
ONLY_ADA = (person("ada"),)


def _plan(*placed: tuple[str, str, str]) -> Plan:
    return Plan(
        placements=tuple(
            Placement(person_id=who, offer_id=where, start=week(when), weeks=16)
            for who, where, when in placed
        )
    )


def _explain(problem: Problem, *placed: tuple[str, str, str], **how: bool) -> WaitingPerson:
    """The only person who waits beside these placements, each of 16 weeks."""
    told = {"proven": True, "tolerance_spent": False, **how}
    verified = verify(problem, _plan(*placed))
    (waiting,) = explain_waiting(problem, verified, starts_of(options_of(Facts(problem))), **told)
    return waiting


def test_no_place_left_is_named_with_the_start_that_is_closest():
    waiting = _explain(small_problem(sites=CAFE_OF_ONE), ("ada", "course", "2016-W28"))

    assert (waiting.person_id, waiting.reason, waiting.options) == ("bo", "crowded-out", 4)
    (blocker,) = waiting.blockers
    assert (blocker.rule, blocker.options) == ("capacity", 4)
    assert (blocker.example.first_week, blocker.example.value) == (week("2016-W30"), 2)
    assert blocker.text == LocalText(
        en="4 starts: no place at Café Vest in 2016-W30–W43 at best",
        da="4 starter: ingen ledig plads hos Café Vest i 2016-W30–W43 i bedste fald",
    )
    assert waiting.planner == LocalText(
        en="4 possible starts, and none fits beside the other placements. "
        "4 starts: no place at Café Vest in 2016-W30–W43 at best.",
        da="4 mulige starter, og ingen passer sammen med de andre tildelte pladser. "
        "4 starter: ingen ledig plads hos Café Vest i 2016-W30–W43 i bedste fald",
    )


def test_missing_money_is_named_in_kroner():
    problem = small_problem(
        offers=(offer("course", price_ore=1_500_000),), last_start=week("2016-W27")
    )
    waiting = _explain(problem, ("ada", "course", "2016-W27"))

    assert waiting.planner.en == (
        "1 possible start, which does not fit beside the other placements. "
        "1 start: budget line Line 2016 is 5,000 kr short."
    )
    assert waiting.planner.da == (
        "1 mulig start, som ikke passer sammen med de andre tildelte pladser. "
        "1 start: bevillingen Line 2016 mangler 5.000 kr."
    )


def test_what_most_starts_would_break_comes_first_and_the_rest_is_counted():
    early = Programme(
        id="own",
        name="Own courses",
        budget_line_id="line",
        volumes=(Volume(year=2016, most=1),),
    )
    movement = BudgetMovement(budget_line_id="line", year=2016, amount_ore=1_500_000)
    problem = small_problem(
        programmes=(early,),
        budget_lines=(
            BudgetLine(id="line", name="Line", parent_id="pot"),
            BudgetLine(id="pot", name="Pot"),
        ),
        budget_movements=(movement, movement.model_copy(update={"budget_line_id": "pot"})),
        contracts=(
            Contract(
                id="frame",
                provider_id="city",
                first_week=week("2016-W27"),
                last_week=week("2016-W52"),
                most_courses=1,
                most_ore=1_500_000,
            ),
        ),
        offers=(offer("course", contract_id="frame"),),
        sites=(site("cafe", places=2), site("shop")),
        capacity=(
            Capacity(site_id="cafe", resource="places", first_week=week("2016-W30"), amount=1),
        ),
        last_start=week("2016-W28"),
    )
    waiting = _explain(problem, ("ada", "course", "2016-W27"))

    assert [blocker.options for blocker in waiting.blockers] == [2] * 6
    assert waiting.planner.en == (
        "2 possible starts, and none fits beside the other placements. "
        "2 starts: budget line Line 2016 is 10,000 kr short; "
        "2 starts: budget line Pot 2016 is 10,000 kr short; "
        "2 starts: no place at Site cafe in 2016-W30–W42; "
        "2 starts: contract frame can give no more than 1 course; and 2 more."
    )


def test_several_gaps_of_one_start_count_once_and_the_worst_is_told():
    problem = small_problem(
        sites=(site("cafe", places=9),),
        capacity=(
            Capacity(site_id="cafe", resource="desk", last_week=week("2016-W30"), amount=2),
            Capacity(
                site_id="cafe",
                resource="desk",
                first_week=week("2016-W31"),
                last_week=week("2016-W35"),
                amount=9,
            ),
            Capacity(site_id="cafe", resource="desk", first_week=week("2016-W36"), amount=3),
        ),
        uses=(Use(offer_id="course", resource="desk", amount=2),),
        last_start=week("2016-W27"),
    )
    waiting = _explain(problem, ("ada", "course", "2016-W27"))

    (blocker,) = waiting.blockers
    assert blocker.options == 1
    assert blocker.text.en == "1 start: 2 desk too few at Site cafe in 2016-W27–W30"


def test_facts_of_every_offer_are_told_to_somebody_without_any_option():
    problem = small_problem(
        people=(person("ada", needs=("step-free", "quiet-room"), latest_start=week("2016-W28")),),
        sites=(site("cafe", equipment=("step-free",)), site("shop", target_groups=("blind",))),
        offers=(
            offer("a-shop", site_id="shop"),
            offer("b-cafe"),
            offer("c-cafe", name="Bakery", weeks=20),
        ),
    )
    waiting = _explain(problem)

    assert (waiting.reason, waiting.options, waiting.blockers) == ("no-option", 0, ())
    assert [
        (one.offer_id, [violation.fact for violation in one.violations])
        for one in waiting.ruled_out
    ] == [
        ("a-shop", ["target-group-site", "needs"]),
        ("b-cafe", ["needs"]),
        ("c-cafe", ["needs"]),
    ]
    assert waiting.planner == LocalText(
        en="No offer is possible. 3 offers: the site lacks what the person needs; "
        "1 offer: the site does not take the target group. "
        "Closest is Site cafe: needs quiet-room, which the site does not have.",
        da="Intet indsatstilbud er muligt. 3 tilbud: forløbsstedet mangler noget, den unge har brug for; "
        "1 tilbud: forløbsstedet er ikke for målgruppen. "
        "Tættest på er Site cafe: har brug for quiet-room, som forløbsstedet ikke har",
    )


def test_where_each_start_week_fails_for_another_fact_the_closest_is_told():
    problem = small_problem(
        people=(person("ada", latest_start=week("2016-W28")),),
        offers=(offer("course", first_start=week("2016-W28")),),
        closures=(Closure(first_week=week("2016-W28"), last_week=week("2016-W28")),),
    )
    waiting = _explain(problem)

    (one,) = waiting.ruled_out
    assert [violation.fact for violation in one.violations] == ["offer-window"]
    assert one.violations[0].first_week == week("2016-W27")
    assert waiting.planner.en == (
        "No offer is possible. 1 offer: outside the offer's start weeks. Closest is Site cafe: "
        "the start in 2016-W27 is 1 week before the first start of the offer."
    )


def test_without_any_offer_that_is_said():
    waiting = _explain(small_problem(people=ONLY_ADA, offers=()))

    assert (waiting.reason, waiting.ruled_out) == ("no-option", ())
    assert waiting.planner == LocalText(en="There are no offers.", da="Der er ingen indsatstilbud.")
    assert "Right now we do not have any courses." in waiting.citizen.en


def test_where_only_a_pin_forbids_the_reason_is_the_pin():
    problem = small_problem(
        people=ONLY_ADA,
        sites=(site("cafe"), site("shop", target_groups=("blind",))),
        offers=(offer("course"), offer("sales", site_id="shop")),
        pins=(Pin(kind="forbidden", person_id="ada"),),
    )
    waiting = _explain(problem)

    assert (waiting.reason, waiting.options) == ("pinned-out", 0)
    assert [one.offer_id for one in waiting.ruled_out] == ["course", "sales"]
    assert waiting.planner == LocalText(
        en="Only forbidden pins stand in the way of Site cafe.",
        da="Kun planlæggerens egne spærringer står i vejen for Site cafe.",
    )
    assert waiting.citizen == tell_pinned_out().local()


def test_a_pin_is_the_reason_where_another_start_fails_for_one_fact_too():
    problem = small_problem(
        people=(person("ada", earliest_start=week("2016-W30")),),
        pins=(Pin(kind="forbidden", person_id="ada", start=week("2016-W30")),),
    )

    assert _explain(problem).reason == "pinned-out"


@pytest.mark.parametrize(
    ("how", "english", "danish"),
    [
        (
            {"proven": False, "tolerance_spent": True},
            "The plan is not proven to be the best: a longer run may add the person.",
            "Det er ikke bevist, at planen er den bedste: en længere beregning kan måske få den unge med.",
        ),
        (
            {"tolerance_spent": True},
            "A later goal spent the tolerance of an earlier one.",
            "Et senere hensyn har brugt af et tidligere hensyns tolerance.",
        ),
        (
            {},
            "The goals, in the planner's order, put something else first.",
            "Hensynene sætter noget andet først i den rækkefølge, planlæggeren har valgt.",
        ),
    ],
)
def test_who_could_be_added_is_told_why_the_plan_does_not(how, english, danish):
    waiting = _explain(small_problem(people=ONLY_ADA), **how)

    assert (waiting.reason, waiting.options) == ("could-be-added", 4)
    assert [str(one.start) for one in waiting.could_be] == [
        "2016-W27",
        "2016-W28",
        "2016-W29",
        "2016-W30",
    ]
    assert waiting.planner == LocalText(
        en=f"4 possible starts would break nothing, such as Site cafe in 2016-W27. {english}",
        da=f"4 mulige starter ville ikke bryde noget, f.eks. Site cafe i 2016-W27. {danish}",
    )
    assert waiting.citizen == tell_could_be_added().local()


def test_the_only_start_that_could_be_added_is_named():
    waiting = _explain(small_problem(people=ONLY_ADA, last_start=week("2016-W27")), proven=False)

    assert waiting.planner.en.startswith(
        "1 possible start would break nothing: Site cafe in 2016-W27."
    )


def test_people_without_given_options_are_looked_at_start_by_start():
    problem = small_problem(sites=CAFE_OF_ONE)
    verified = verify(problem, _plan(("ada", "course", "2016-W28")))
    given = options_of(Facts(problem))

    assert explain_waiting(
        problem, verified, starts_of({}), proven=True, tolerance_spent=False
    ) == explain_waiting(problem, verified, starts_of(given), proven=True, tolerance_spent=False)


def test_people_who_seek_no_place_do_not_wait():
    problem = small_problem(people=(person("ada"), person("bo", seeks_place=False)))

    assert _explain(problem).person_id == "ada"


def test_why_not_tells_what_another_placement_would_break():
    problem = small_problem(sites=CAFE_OF_ONE)
    plan = _plan(("ada", "course", "2016-W28"))

    named = why_not(problem, plan, "bo", "course", week("2016-W27"))
    placed = why_not(problem, plan, "ada", "course")

    assert [violation.fact for violation in named.violations] == ["resource-exceeded"]
    assert named.text.render("en") == (
        "bo at Site cafe in 2016-W27 is not possible: no place at Café Vest in 2016-W28–W42."
    ).replace("Site cafe", "Café Vest")
    assert named.text.render("da") == (
        "bo hos Café Vest i 2016-W27 er ikke muligt: ingen ledig plads hos Café Vest i 2016-W28–W42"
    )
    assert placed.placement.start == week("2016-W27")
    assert placed.violations == ()
    assert placed.text.render("en") == "ada at Café Vest in 2016-W27 would break nothing."


def _citizen_texts() -> list[LocalText]:
    pairs = itertools.combinations(sorted(CAUSES), 2)
    return [
        tell_causes([]).local(),
        tell_pinned_out().local(),
        tell_could_be_added().local(),
        *(tell_causes(pair).local() for pair in pairs),
    ]


def test_the_young_person_is_told_plainly_that_waiting_is_no_refusal():
    texts = _citizen_texts()
    assert len(texts) > 500
    for text in texts:
        assert text.da.startswith("Du står på venteliste til et forløb. Det er ikke et afslag.")
        assert text.en.startswith("You are on the waiting list for a course. It is not a refusal.")
        assert "Det er altid et menneske på jobcentret, der bestemmer." in text.da
        assert _lix(text.da) < 30
        internal = r"bevilling|budget|indsats|kontrakt|kapacitet|option|regel|optimal|beregning|garant|lover"
        assert not re.search(internal, text.da.lower())


def _lix(text: str) -> float:
    """Words a sentence, and the share in per cent of words of more than six letters."""
    words = re.findall(r"\w+", text)
    sentences = len(re.findall(r"[.!?:]", text))
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


def test_the_young_person_is_told_the_two_most_frequent_causes():
    text = tell_causes(
        ["needs", "line-exceeded", "needs", "group-too-small", "group-too-small", "needs"]
    ).local()

    assert text.da == (
        "Du står på venteliste til et forløb. Det er ikke et afslag. "
        "Lige nu har vi ikke et sted med det, du har brug for. "
        "Det hold, der passer til dig, kan ikke starte endnu. "
        "Der kan komme en mulighed, når vi finder et sted, der har det. "
        "Der kan komme en mulighed, når holdet kan starte. "
        "Vi ser på listen igen, når vi laver en ny plan. "
        "Det er altid et menneske på jobcentret, der bestemmer. Computeren kommer kun med forslag. "
        "Tal med din sagsbehandler, hvis noget ændrer sig for dig."
    )
