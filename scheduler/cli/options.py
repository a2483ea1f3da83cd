"""Options that several commands have, each said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

InputPath = Annotated[
    Path,
    typer.Argument(
        metavar="PATH",
        readable=False,  # what cannot be read is said by whoever reads it
        help="A folder with plan.toml and CSV files, or a workbook.",
    ),
]
LanguageOption = Annotated[
    Literal["da", "en"], typer.Option("--language", help="The language of everything for people.")
]
JsonOption = Annotated[
    bool,
    typer.Option("--json", help="Print the result alone on standard output, as JSON."),
]
DebugOption = Annotated[
    bool, typer.Option("--debug", help="Show the details if the program itself fails.")
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FOLDER",
        help="Where to write the results. Without it: out/ and the input's name, and with --json"
        " nothing is written.",
    ),
]
EngineOption = Annotated[
    Literal["auto", "cpsat", "mip", "greedy"],
    typer.Option(
        "--engine",
        help="Who solves: auto chooses; cpsat and mip prove; greedy plans as by hand and proves"
        " nothing.",
    ),
]
GapOption = Annotated[
    str | None,
    typer.Option(
        "--gap",
        metavar="PER CENT",
        help="Stop each goal once it is proven this close to the best, such as 1 or 0.5 %."
        " Without it: as the plan file says.",
    ),
]
TimeLimitOption = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        min=0.1,
        max=1_000_000,
        help="Stop after so long with the best plan so far.",
    ),
]
ThreadsOption = Annotated[
    int, typer.Option("--threads", min=1, max=64, help="How many processor cores to use.")
]
SeedOption = Annotated[
    int,
    typer.Option(
        "--seed",
        min=0,
        max=2**31 - 1,
        help="The same seed gives the same result.",
    ),
]
WithPersonsOption = Annotated[
    bool,
    typer.Option(
        "--with-persons",
        help="Put rows of single people, by pseudonym, into report.html as well.",
    ),
]
WriteModelOption = Annotated[
    Path | None,
    typer.Option(
        "--write-model",
        metavar="FILE.mps",
        help="Write the first goal's model, with names, for other solvers; then solve.",
    ),
]
