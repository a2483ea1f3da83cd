# ruff: noqa: E501 - a sentence to compare stands on one line
"""Every fact in words, exactly, in both languages."""

import ast
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import scheduler.explain
from providers import Contract, Provider
from scheduler.explain.citizen import CAUSES
from scheduler.explain.names import Names
from scheduler.explain.wording import WORDINGS, find_wording, word_clause, word_violation
from scheduler.language import translate
from scheduler.problem import CodeEntry
from scheduler.programme import BudgetLine, Programme
from scheduler.violation import FACTS, Fact, RuleName, Violation
from tests.small import offer, site, small_problem, week

NAMES = Names(
    small_problem(
        providers=(Provider(id="city", name="Byens Caféer", kind="municipal"),),
        sites=(site("cafe", name="Café Vest"),),
        programmes=(Programme(id="bought", name="Købte forløb", budget_line_id="line"),),
        budget_lines=(BudgetLine(id="line", name="Køb"),),
        offers=(
            offer("offer", name="Køkkenholdet", programme_id="bought", contract_id="frame"),
            offer("nameless", programme_id="bought"),
        ),
        contracts=(
            Contract(
                id="frame",
                provider_id="city",
                name="Ramme 1",
                first_week=week("2016-W27"),
                last_week=week("2017-W52"),
            ),
        ),
        codes=(
            CodeEntry(
                kind="need",
                code="step-free",
                label_da="niveaufri adgang",
                label_en="step-free access",
            ),
            CodeEntry(
                kind="resource",
                code="support_minutes",
                label_da="Støtteminutter",
                label_en="Support minutes",
            ),
        ),
    )
)


def _course(rule: RuleName, fact: Fact, **details: Any) -> Violation:
    fields = {
        "person_ids": ("p1",),
        "offer_id": "offer",
        "first_week": week("2016-W51"),
        "last_week": week("2017-W14"),
        **details,
    }
    return Violation(rule=rule, fact=fact, **fields)


CASES = (
    (
        Violation(
            rule="one-course",
            fact="two-placements",
            person_ids=("p1",),
            first_week=week("2016-W27"),
            last_week=week("2016-W50"),
            limit=1,
            value=2,
        ),
        "p1 has 2 placements; the most is 1.",
        "p1 har 2 tildelte pladser; der må højst være 1.",
        "the person already has a placement",
        "den unge har allerede en tildelt plads",
    ),
    (
        Violation(
            rule="one-course",
            fact="overlaps-enrolment",
            person_ids=("p1",),
            offer_id="offer",
            first_week=week("2016-W40"),
            last_week=week("2016-W44"),
            limit=0,
            value=5,
        ),
        "The course of p1 at Køkkenholdet overlaps an enrolment in 2016-W40–W44.",
        "Forløbet for p1 hos Køkkenholdet overlapper en indskrivning i 2016-W40–W44.",
        "it overlaps the person's enrolment in 2016-W40–W44",
        "det overlapper den unges indskrivning i 2016-W40–W44",
    ),
    (
        _course("one-course", "seeks-no-place"),
        "p1 is placed at Køkkenholdet without seeking a place.",
        "p1 har fået plads hos Køkkenholdet uden at søge en plads.",
        "the person does not seek a place",
        "den unge søger ikke en plads",
    ),
    (
        _course("eligibility", "target-group-programme", codes=("autism",)),
        "p1 is in none of the target groups that Købte forløb takes.",
        "p1 hører ikke til nogen af målgrupperne for Købte forløb.",
        "Købte forløb does not take the person's target group",
        "Købte forløb er ikke for den unges målgruppe",
    ),
    (
        _course("eligibility", "target-group-site", codes=("autism",)),
        "p1 is in none of the target groups that Café Vest takes.",
        "p1 hører ikke til nogen af målgrupperne for Café Vest.",
        "Café Vest does not take the person's target group",
        "Café Vest er ikke for den unges målgruppe",
    ),
    (
        _course("eligibility", "status", codes=("education-ready",)),
        "p1 has the status education-ready, which Købte forløb does not take.",
        "p1 har status education-ready, og Købte forløb er ikke for unge med den status.",
        "Købte forløb does not take the status education-ready",
        "Købte forløb er ikke for unge med status education-ready",
    ),
    (
        _course("eligibility", "age", limit=18, value=17),
        "p1 is 17 years old; Købte forløb takes nobody under 18.",
        "p1 er 17 år, og Købte forløb er ikke for unge under 18.",
        "17 years is under 18, the least age of Købte forløb",
        "17 år er under 18, den laveste alder for Købte forløb",
    ),
    (
        _course("eligibility", "age", limit=29, value=30),
        "p1 is 30 years old; Købte forløb takes nobody over 29.",
        "p1 er 30 år, og Købte forløb er ikke for unge over 29.",
        "30 years is over 29, the highest age of Købte forløb",
        "30 år er over 29, den højeste alder for Købte forløb",
    ),
    (
        _course("eligibility", "age", limit=29),
        "The age of p1 is not known, and Købte forløb has age limits.",
        "Alderen på p1 kendes ikke, og Købte forløb har aldersgrænser.",
        "the age is not known, and Købte forløb has age limits",
        "alderen kendes ikke, og Købte forløb har aldersgrænser",
    ),
    (
        _course("eligibility", "last-eligible-week", limit=0, value=3),
        "p1 would start at Køkkenholdet in 2016-W51, 3 weeks after the last eligible week.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 3 uger efter den sidste uge, hvor den unge kan få et forløb.",
        "the start in 2016-W51 is 3 weeks after the last eligible week",
        "starten i 2016-W51 ligger 3 uger efter den sidste uge, hvor den unge kan få et forløb",
    ),
    (
        _course("eligibility", "needs", codes=("step-free", "quiet-room")),
        "p1 needs step-free access, quiet-room, which Café Vest does not have.",
        "p1 har brug for niveaufri adgang, quiet-room, som Café Vest ikke har.",
        "needs step-free access, quiet-room, which the site does not have",
        "har brug for niveaufri adgang, quiet-room, som forløbsstedet ikke har",
    ),
    (
        _course("eligibility", "excluded-site"),
        "p1 is placed at Café Vest, which is ruled out for them.",
        "p1 har fået plads hos Café Vest, som er udelukket for den unge.",
        "Café Vest is ruled out for the person",
        "Café Vest er udelukket for den unge",
    ),
    (
        _course("eligibility", "excluded-provider"),
        "p1 is placed with Byens Caféer, which is ruled out for them.",
        "p1 har fået plads hos leverandøren Byens Caféer, som er udelukket for den unge.",
        "Byens Caféer is ruled out for the person",
        "leverandøren Byens Caféer er udelukket for den unge",
    ),
    (
        _course("eligibility", "travel", limit=30, value=45),
        "p1 would travel 45 minutes to Café Vest; the most is 30.",
        "p1 ville have 45 minutters rejsetid til Café Vest; der må højst være 30.",
        "the travel takes 45 minutes, and the most is 30",
        "rejsetiden er 45 minutter, og den må højst være 30",
    ),
    (
        _course("eligibility", "travel", limit=30),
        "The travel of p1 to Café Vest is not known; the most is 30 minutes.",
        "Rejsetiden for p1 til Café Vest kendes ikke; den må højst være 30 minutter.",
        "the travel is not known, and the most is 30 minutes",
        "rejsetiden kendes ikke, og den må højst være 30 minutter",
    ),
    (
        _course("window", "before-referral", limit=0, value=-1),
        "p1 would start at Køkkenholdet in 2016-W51, 1 week before the referral.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 1 uge før henvisningen.",
        "the start in 2016-W51 is 1 week before the referral",
        "starten i 2016-W51 ligger 1 uge før henvisningen",
    ),
    (
        _course("window", "person-window", limit=0, value=-2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks before the person's first start.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger før den unges første mulige startuge.",
        "the start in 2016-W51 is 2 weeks before the person's first start",
        "starten i 2016-W51 ligger 2 uger før den unges første mulige startuge",
    ),
    (
        _course("window", "person-window", limit=0, value=2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks after the person's last start.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger efter den unges sidste mulige startuge.",
        "the start in 2016-W51 is 2 weeks after the person's last start",
        "starten i 2016-W51 ligger 2 uger efter den unges sidste mulige startuge",
    ),
    (
        _course("window", "plan-window", limit=0, value=-2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks before the first start of the plan.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger før planens første startuge.",
        "the start in 2016-W51 is 2 weeks before the first start of the plan",
        "starten i 2016-W51 ligger 2 uger før planens første startuge",
    ),
    (
        _course("window", "plan-window", limit=0, value=2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks after the last start of the plan.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger efter planens sidste startuge.",
        "the start in 2016-W51 is 2 weeks after the last start of the plan",
        "starten i 2016-W51 ligger 2 uger efter planens sidste startuge",
    ),
    (
        _course("window", "programme-window", limit=0, value=-2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks before the first start of Købte forløb.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger før den første startuge for Købte forløb.",
        "the start in 2016-W51 is 2 weeks before the first start of Købte forløb",
        "starten i 2016-W51 ligger 2 uger før den første startuge for Købte forløb",
    ),
    (
        _course("window", "programme-window", limit=0, value=2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks after the last start of Købte forløb.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger efter den sidste startuge for Købte forløb.",
        "the start in 2016-W51 is 2 weeks after the last start of Købte forløb",
        "starten i 2016-W51 ligger 2 uger efter den sidste startuge for Købte forløb",
    ),
    (
        _course("window", "offer-window", limit=0, value=-2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks before the first start of the offer.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger før indsatstilbuddets første startuge.",
        "the start in 2016-W51 is 2 weeks before the first start of the offer",
        "starten i 2016-W51 ligger 2 uger før indsatstilbuddets første startuge",
    ),
    (
        _course("window", "offer-window", limit=0, value=2),
        "p1 would start at Køkkenholdet in 2016-W51, 2 weeks after the last start of the offer.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, 2 uger efter indsatstilbuddets sidste startuge.",
        "the start in 2016-W51 is 2 weeks after the last start of the offer",
        "starten i 2016-W51 ligger 2 uger efter indsatstilbuddets sidste startuge",
    ),
    (
        _course("window", "start-pattern"),
        "p1 would start at Køkkenholdet in 2016-W51, in which the offer has no start.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, hvor indsatstilbuddet ikke har start.",
        "the offer has no start in 2016-W51",
        "indsatstilbuddet har ikke start i 2016-W51",
    ),
    (
        _course("window", "closed-start"),
        "p1 would start at Køkkenholdet in 2016-W51, in which the site is closed.",
        "p1 ville starte hos Køkkenholdet i 2016-W51, hvor forløbsstedet holder lukket.",
        "the site is closed in the start week 2016-W51",
        "forløbsstedet holder lukket i startugen 2016-W51",
    ),
    (
        _course("window", "site-not-open", limit=0, value=-2),
        "p1 would begin at Køkkenholdet 2 weeks before the site opens, in 2016-W51–2017-W14.",
        "p1 ville begynde hos Køkkenholdet 2 uger før forløbsstedet åbner, i 2016-W51–2017-W14.",
        "the course in 2016-W51–2017-W14 would begin 2 weeks before the site opens",
        "forløbet i 2016-W51–2017-W14 ville begynde 2 uger før forløbsstedet åbner",
    ),
    (
        _course("window", "site-not-open", limit=0, value=1),
        "p1 would end at Køkkenholdet 1 week after the site closes, in 2016-W51–2017-W14.",
        "p1 ville slutte hos Køkkenholdet 1 uge efter forløbsstedet lukker, i 2016-W51–2017-W14.",
        "the course in 2016-W51–2017-W14 would end 1 week after the site closes",
        "forløbet i 2016-W51–2017-W14 ville slutte 1 uge efter forløbsstedet lukker",
    ),
    (
        _course("window", "contract-period", contract_id="frame", limit=0, value=-2),
        "p1 would begin at Køkkenholdet 2 weeks before contract Ramme 1 begins, in 2016-W51–2017-W14.",
        "p1 ville begynde hos Køkkenholdet 2 uger før kontrakten Ramme 1 begynder, i 2016-W51–2017-W14.",
        "the course in 2016-W51–2017-W14 would begin 2 weeks before contract Ramme 1 begins",
        "forløbet i 2016-W51–2017-W14 ville begynde 2 uger før kontrakten Ramme 1 begynder",
    ),
    (
        _course("window", "contract-period", contract_id="frame", limit=0, value=1),
        "p1 would end at Køkkenholdet 1 week after contract Ramme 1 ends, in 2016-W51–2017-W14.",
        "p1 ville slutte hos Køkkenholdet 1 uge efter kontrakten Ramme 1 slutter, i 2016-W51–2017-W14.",
        "the course in 2016-W51–2017-W14 would end 1 week after contract Ramme 1 ends",
        "forløbet i 2016-W51–2017-W14 ville slutte 1 uge efter kontrakten Ramme 1 slutter",
    ),
    (
        _course("length", "too-short", limit=16, value=1),
        "p1 would get 1 week at Køkkenholdet; the least is 16 weeks.",
        "p1 ville få 1 uge hos Køkkenholdet; der skal være mindst 16 uger.",
        "1 week is too little; the least is 16 weeks",
        "1 uge er for lidt; der skal være mindst 16 uger",
    ),
    (
        _course("length", "too-long", limit=16, value=20),
        "p1 must have 20 weeks at Køkkenholdet, which can give 16 weeks at most.",
        "p1 skal have 20 uger hos Køkkenholdet, som højst kan give 16 uger.",
        "20 weeks must be given, and 16 weeks is the most",
        "der skal gives 20 uger, og der kan højst gives 16 uger",
    ),
    (
        _course("length", "not-the-length", limit=16, value=17),
        "p1 would get 17 weeks at Køkkenholdet; the right length is 16 weeks.",
        "p1 ville få 17 uger hos Køkkenholdet; den rigtige længde er 16 uger.",
        "17 weeks is not the right length, which is 16 weeks",
        "17 uger er ikke den rigtige længde, som er 16 uger",
    ),
    (
        Violation(
            rule="capacity",
            fact="resource-exceeded",
            person_ids=("p1", "p2", "p3", "p4", "p5", "p6", "p7"),
            site_id="cafe",
            resource="places",
            first_week=week("2016-W40"),
            last_week=week("2016-W44"),
            limit=6,
            value=7,
        ),
        "Café Vest can give 6 places in 2016-W40–W44, and 7 places would be used. Placed: p1, p2, p3, p4, p5 and 2 more.",
        "Café Vest kan give 6 pladser i 2016-W40–W44, og der ville blive brugt 7 pladser. Tildelt plads: p1, p2, p3, p4, p5 og 2 flere.",
        "no place at Café Vest in 2016-W40–W44",
        "ingen ledig plads hos Café Vest i 2016-W40–W44",
    ),
    (
        Violation(
            rule="capacity",
            fact="resource-exceeded",
            person_ids=("p1",),
            site_id="cafe",
            resource="support_minutes",
            first_week=week("2016-W40"),
            last_week=week("2016-W40"),
            limit=600,
            value=1660,
        ),
        "Café Vest can give 600 support minutes in 2016-W40, and 1,660 would be used. Placed: p1.",
        "Café Vest kan give 600 støtteminutter i 2016-W40, og der ville blive brugt 1.660. Tildelt plads: p1.",
        "1,060 support minutes too few at Café Vest in 2016-W40",
        "der mangler 1.060 støtteminutter hos Café Vest i 2016-W40",
    ),
    (
        Violation(
            rule="cohort",
            fact="group-too-small",
            person_ids=("p1",),
            offer_id="offer",
            first_week=week("2016-W40"),
            last_week=week("2016-W40"),
            limit=4,
            value=1,
        ),
        "The group at Køkkenholdet in 2016-W40 has 1 of at least 4 participants: p1.",
        "Holdet hos Køkkenholdet i 2016-W40 har 1 af mindst 4 deltagere: p1.",
        "the group at Køkkenholdet in 2016-W40 would have 1 of at least 4 participants",
        "holdet hos Køkkenholdet i 2016-W40 ville få 1 af mindst 4 deltagere",
    ),
    (
        Violation(
            rule="budget",
            fact="line-exceeded",
            person_ids=("p1",),
            budget_line_id="line",
            year=2016,
            limit=250000000,
            value=250420000,
        ),
        "Budget line Køb can pay 2,500,000 kr in 2016, and 2,504,200 kr would be paid: 4,200 kr too much.",
        "Bevillingen Køb kan betale 2.500.000 kr. i 2016, og der ville blive betalt 2.504.200 kr., altså 4.200 kr. for meget.",
        "budget line Køb 2016 is 4,200 kr short",
        "bevillingen Køb 2016 mangler 4.200 kr.",
    ),
    (
        Violation(
            rule="intake",
            fact="too-many-starts",
            person_ids=("p1", "p2"),
            site_id="cafe",
            first_week=week("2016-W28"),
            last_week=week("2016-W28"),
            limit=1,
            value=2,
        ),
        "Café Vest can start 1 course in 2016-W28, and 2 courses would start. Placed: p1, p2.",
        "Café Vest kan starte 1 forløb i 2016-W28, og der ville blive startet 2 forløb. Tildelt plads: p1, p2.",
        "no start left at Café Vest in 2016-W28",
        "ingen ledig start hos Café Vest i 2016-W28",
    ),
    (
        Violation(
            rule="volume",
            fact="too-many-courses",
            person_ids=("p1",),
            programme_id="bought",
            year=2016,
            limit=125,
            value=126,
        ),
        "Købte forløb can start 125 courses in 2016, and 126 courses would start.",
        "Købte forløb kan starte 125 forløb i 2016, og der ville blive startet 126 forløb.",
        "Købte forløb can start no more than 125 courses in 2016",
        "Købte forløb kan ikke starte mere end 125 forløb i 2016",
    ),
    (
        Violation(
            rule="contract",
            fact="most-courses",
            person_ids=("p1",),
            contract_id="frame",
            limit=1,
            value=2,
        ),
        "Contract Ramme 1 can give 1 course, and 2 courses would be used.",
        "Kontrakten Ramme 1 kan give 1 forløb, og der ville blive brugt 2 forløb.",
        "contract Ramme 1 can give no more than 1 course",
        "kontrakten Ramme 1 kan ikke give mere end 1 forløb",
    ),
    (
        Violation(
            rule="contract",
            fact="most-money",
            person_ids=("p1",),
            contract_id="frame",
            limit=1000000,
            value=1000050,
        ),
        "Contract Ramme 1 has a ceiling of 10,000 kr, and 10,000.50 kr would be called off: 0.50 kr too much.",
        "Kontrakten Ramme 1 har et loft på 10.000 kr., og der ville blive trukket 10.000,50 kr., altså 0,50 kr. for meget.",
        "the ceiling of contract Ramme 1 is 0.50 kr short",
        "loftet i kontrakten Ramme 1 mangler 0,50 kr.",
    ),
    (
        Violation(rule="contract", fact="least-courses", contract_id="frame", limit=5, value=1),
        "Contract Ramme 1 asks for 5 courses at least, and 1 course would be used.",
        "Kontrakten Ramme 1 kræver mindst 5 forløb, og der ville blive brugt 1 forløb.",
        "contract Ramme 1 would give 1 course, and asks for 5 courses at least",
        "kontrakten Ramme 1 ville give 1 forløb og kræver mindst 5 forløb",
    ),
    (
        Violation(
            rule="contract", fact="least-money", contract_id="frame", limit=1000000, value=400000
        ),
        "Contract Ramme 1 asks for 10,000 kr at least, and 4,000 kr would be called off: 6,000 kr too little.",
        "Kontrakten Ramme 1 kræver mindst 10.000 kr., og der ville blive trukket 4.000 kr., altså 6.000 kr. for lidt.",
        "contract Ramme 1 would be 6,000 kr below its least",
        "kontrakten Ramme 1 ville ligge 6.000 kr. under sit mindste",
    ),
    (
        _course("price", "cost-differs", year=2016, limit=2000000, value=2100000),
        "The plan file says 21,000 kr in 2016 for p1 at Køkkenholdet instead of 20,000 kr.",
        "Planfilen siger 21.000 kr. i 2016 for p1 hos Køkkenholdet i stedet for 20.000 kr.",
        "the cost in 2016 is 20,000 kr, not 21,000 kr",
        "udgiften i 2016 er 20.000 kr. og ikke 21.000 kr.",
    ),
    (
        _course("price", "cost-differs", limit=2000000, value=2100000),
        "The plan file says 21,000 kr in all for p1 at Køkkenholdet instead of 20,000 kr.",
        "Planfilen siger 21.000 kr. i alt for p1 hos Køkkenholdet i stedet for 20.000 kr.",
        "the cost in all is 20,000 kr, not 21,000 kr",
        "udgiften i alt er 20.000 kr. og ikke 21.000 kr.",
    ),
    (
        Violation(rule="pins", fact="fixed-missing", person_ids=("p1",), offer_id="offer"),
        "p1 has no placement at Køkkenholdet, though a pin fixes it.",
        "p1 har ikke fået plads hos Køkkenholdet, selv om planlæggeren har låst det.",
        "the fixed pin at Køkkenholdet would not be met",
        "den låste plads hos Køkkenholdet ville ikke blive opfyldt",
    ),
    (
        _course("pins", "forbidden"),
        "p1 is placed at Køkkenholdet, though a pin forbids it.",
        "p1 har fået plads hos Køkkenholdet, selv om planlæggeren har spærret for det.",
        "a pin forbids it",
        "planlæggeren har spærret for det",
    ),
)
"""A violation; as a sentence in English and Danish; as a clause in English and Danish."""


@pytest.mark.parametrize(
    ("violation", "sentence_en", "sentence_da", "clause_en", "clause_da"),
    CASES,
    ids=lambda value: value.fact if isinstance(value, Violation) else "",
)
def test_a_violation_is_worded_exactly(violation, sentence_en, sentence_da, clause_en, clause_da):
    sentence, clause = word_violation(violation, NAMES), word_clause(violation, NAMES)

    assert (sentence.render("en"), sentence.render("da")) == (sentence_en, sentence_da)
    assert (clause.render("en"), clause.render("da")) == (clause_en, clause_da)


def test_every_fact_is_worded_and_every_wording_has_a_case():
    assert set(get_args(Fact)) == set(FACTS) == {key.split("/")[0] for key in WORDINGS}
    assert set(CAUSES) == set(FACTS)
    used = [find_wording(violation) for violation, *_ in CASES]
    assert [key for key, wording in WORDINGS.items() if wording not in used] == []


def test_every_text_is_translated_with_the_same_values():
    texts = {
        text
        for wording in WORDINGS.values()
        for text in (wording.sentence, wording.clause, wording.brief)
    }
    texts |= {text for cause in CAUSES.values() for text in (cause.why, cause.opens)}
    texts |= _messages_in_the_code()
    assert len(texts) > 150
    for text in sorted(texts):
        danish = translate(text, "da")
        assert (
            danish != text or re.sub(r"\{\w+\}|\W", "", text) == "" or text == "1 start: {clause}"
        ), text
        assert set(re.findall(r"\{\w+\}", danish)) == set(re.findall(r"\{\w+\}", text)), text


def _messages_in_the_code() -> set[str]:
    found = set()
    for path in Path(str(scheduler.explain.__file__)).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                first = node.args[0]
                options = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
                found |= {str(one.value) for one in options if isinstance(one, ast.Constant)}
    return found


def test_without_a_problem_ids_stand_for_names():
    violation = Violation(
        rule="budget",
        fact="line-exceeded",
        budget_line_id="line",
        year=2016,
        limit=100,
        value=300,
    )

    assert (
        str(violation)
        == "Budget line line can pay 1 kr in 2016, and 3 kr would be paid: 2 kr too much."
    )


def test_what_a_violation_leaves_out_is_shown_as_unknown():
    violation = Violation(rule="capacity", fact="resource-exceeded", last_week=week("2016-W40"))
    nothing = Violation(rule="capacity", fact="resource-exceeded")

    assert str(word_violation(violation)) == (
        "? can give ? ? in 2016-W40, and ? would be used. Placed: nobody."
    )
    assert str(word_clause(nothing)) == "? ? too few at ? in ?"


def test_what_is_inherited_is_said_to_be():
    violation = Violation(
        rule="volume",
        fact="too-many-courses",
        programme_id="bought",
        year=2016,
        limit=1,
        value=2,
        inherited=True,
    )
    message = word_violation(violation, NAMES)

    assert message.render("en") == (
        "Inherited from the enrolments: Købte forløb can start 1 course in 2016, "
        "and 2 courses would start."
    )
    assert message.render("da") == (
        "Arvet fra indskrivningerne: Købte forløb kan starte 1 forløb i 2016, "
        "og der ville blive startet 2 forløb."
    )


def test_an_offer_without_a_name_has_its_site_s():
    assert NAMES.offer("nameless") == "Café Vest"
    assert NAMES.offer("unknown") == "unknown"
    assert NAMES.contract("unknown") == "unknown"


def test_a_resource_in_capitals_keeps_them_within_a_sentence():
    named = Names(
        small_problem(
            codes=(
                CodeEntry(kind="resource", code="it", label_da="IT-pladser", label_en="IT seats"),
            )
        )
    )

    assert named.resource("it").en == "IT seats"
    assert named.resource("places").render("da") == "pladser"
