"""``ungeplan check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.check import CheckReport, Misstatement, check
from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, InputPath, JsonOption, LanguageOption
from scheduler.cli.voice import Voice, write_json
from scheduler.explain.names import Names
from scheduler.explain.wording import word_violation
from scheduler.files import read_problem
from scheduler.language import Message
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.report import read_plan
from scheduler.report.check_file import check_content

PlanPath = Annotated[
    Path,
    typer.Argument(metavar="PLAN", readable=False, help="A plan.json, or the folder it lies in."),
]


def check_command(
    path: InputPath,
    plan_path: PlanPath,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The plan is checked against the input, and what is wrong with it is said."""
    problem = read_problem(path)
    document = read_plan(plan_path)
    plan = Plan(placements=tuple(row.placement for row in document.placements))
    report = check(problem, plan, document)
    voice = Voice(language, as_json)
    if as_json:
        write_json(check_content(report))
    say_check(problem, report, len(plan.placements), voice)
    return ExitCode.DONE if report.is_sound else ExitCode.WRONG_INPUT


def say_check(problem: Problem, report: CheckReport, placements: int, voice: Voice) -> None:
    """What the check found is said."""
    names = Names(problem)
    if report.is_sound:
        voice.say(
            Message(
                "The plan keeps every rule, and what it states is right ({count} placements).",
                count=placements,
            )
        )
    else:
        voice.say(
            Message(
                "The plan breaks rules in {broken} places and states {wrong} things wrongly:",
                broken=len(report.broken),
                wrong=len(report.misstatements),
            )
        )
    for found in (*report.broken, *report.inherited):
        voice.say(Message("  • {what}", what=word_violation(found, names)))
    for wrong in report.misstatements:
        voice.say(Message("  • {what}", what=_word(wrong)))


def _word(wrong: Misstatement) -> Message:
    whose = () if wrong.person_id is None else (wrong.person_id,)
    return Message(
        "{place}: the plan states {stated}, and it is {right}",
        place=" ".join((*whose, wrong.field)),
        stated=wrong.stated,
        right=wrong.right,
    )
