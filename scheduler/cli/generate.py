"""``ungeplan generate``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.exit_code import ExitCode
from scheduler.cli.options import DebugOption, JsonOption, LanguageOption
from scheduler.cli.voice import Voice, write_json
from scheduler.files import write_problem
from scheduler.files.atomic import refuse_existing
from scheduler.language import Message


def generate_command(
    out: Annotated[
        Path,
        typer.Option(
            "--out",
            metavar="FOLDER|FILE.xlsx",
            help="Where to write the city: a new file, or a new or empty folder.",
        ),
    ],
    people: Annotated[
        int, typer.Option("--people", min=1, max=1_000_000, help="How many young people.")
    ] = 300,
    sites: Annotated[
        int,
        typer.Option("--sites", min=1, max=5_000, help="How many sites; a quarter are municipal."),
    ] = 20,
    weeks: Annotated[
        int, typer.Option("--weeks", min=1, max=260, help="Weeks in which a course may start.")
    ] = 52,
    seed: Annotated[
        int, typer.Option("--seed", min=0, max=2**63 - 1, help="The same seed gives the same city.")
    ] = 1,
    group_intakes: Annotated[
        int,
        typer.Option(
            "--group-intakes",
            min=0,
            max=5_000,
            help="How many bought sites take people in groups: a start every fourth week, three at"
            " least. At most the bought sites there are.",
        ),
    ] = 0,
    as_json: JsonOption = False,
    language: LanguageOption = "da",
    debug: DebugOption = False,
) -> ExitCode:
    """A synthetic city is written as an input."""
    from scheduler.generate import CityShape, generate_city  # noqa: PLC0415 - numpy takes time

    shape = CityShape(
        people=people, sites=sites, weeks=weeks, seed=seed, group_intakes=group_intakes
    )
    refuse_existing(out)
    problem = generate_city(shape)
    groups = sum(offer.fewest_participants > 1 for offer in problem.offers)
    write_problem(problem, out)
    if as_json:
        write_json(
            {
                "schema_version": "ungeplan-city/1",
                "path": str(out),
                "people": len(problem.people),
                "sites": len(problem.sites),
                "offers": len(problem.offers),
                "group_intakes": groups,
            }
        )
    voice = Voice(language, as_json)
    voice.say(
        Message(
            "{people} made-up young people, {sites} sites and {offers} offers lie in {path}.",
            people=len(problem.people),
            sites=len(problem.sites),
            offers=len(problem.offers),
            path=str(out),
        )
    )
    if group_intakes:
        voice.say(Message("Offers with group intake: {count}.", count=groups))
    return ExitCode.DONE
