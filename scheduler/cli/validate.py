"""``ungeplan validate``."""

from __future__ import annotations

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, InputPath, JsonOption, LanguageOption
from scheduler.cli.tables import table
from scheduler.cli.voice import Voice, write_json
from scheduler.files import read_problem
from scheduler.language import Message
from scheduler.problem import Problem


def validate_command(
    path: InputPath,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """The input is read, and what it holds is said."""
    problem = read_problem(path)
    voice = Voice(language, as_json)
    counts = _count(problem)
    if as_json:
        write_json(
            {
                "schema_version": "ungeplan-validation/1",
                "title": problem.title,
                "rows": {name: count for name, (_, count) in counts.items()},
            }
        )
    voice.say(
        Message(
            "{title}: no faults found. Starts are planned from {first} to {last}.",
            title=problem.title,
            first=problem.first_start,
            last=problem.last_start,
        )
    )
    heads = (Message("Table"), Message("Rows"))
    voice.show(table(heads, counts.values(), language, numbers={1}))
    return ExitCode.DONE


def _count(problem: Problem) -> dict[str, tuple[Message, int]]:
    return {
        "people": (Message("Young people"), len(problem.people)),
        "enrolments": (Message("Enrolments"), len(problem.enrolments)),
        "providers": (Message("Providers"), len(problem.providers)),
        "sites": (Message("Sites"), len(problem.sites)),
        "offers": (Message("Offers"), len(problem.offers)),
        "contracts": (Message("Contracts"), len(problem.contracts)),
        "programmes": (Message("Programmes"), len(problem.programmes)),
        "budget_lines": (Message("Budget lines"), len(problem.budget_lines)),
        "pins": (Message("Pins"), len(problem.pins)),
    }
