"""Writes a stored run into README.md, with pictures: ``python -m benchmarks.show``.

Without a file it is the newest run; ``--check`` says whether the page shows what it names.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import get_args

from benchmarks.picture import LABELS, picture
from benchmarks.records import PhaseName, Results, WayRun, read_results
from benchmarks.summary import LADDERS, Growth, WaySummary, growth, summarise
from scheduler.report.svg import Drawing

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PAGE = HERE / "README.md"
_SHOWN = re.compile(r"<!-- results: (?P<name>\S+) -->\n.*?<!-- end of results -->", re.DOTALL)
_PHASES: tuple[PhaseName, ...] = get_args(PhaseName)


def newest() -> Path | None:
    """The stored run that started last."""
    stored = sorted(RESULTS.glob("*.json"), key=lambda path: read_results(path).started_at)
    return stored[-1] if stored else None


def shown() -> Path:
    """The stored run that the page names."""
    found = _SHOWN.search(PAGE.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError(f"{PAGE.name} has no place for results")
    return RESULTS / found["name"]


def render(path: Path) -> dict[Path, str]:
    """The page and the pictures that show a stored run."""
    results = read_results(path)
    summaries = summarise(results)
    block = "\n".join(
        [
            f"<!-- results: {path.name} -->",
            *_heading(results, path),
            "",
            *_way_table(summaries),
            "",
            *(line for city in LADDERS for line in _growth(city, growth(results, city))),
            "",
            *_phase_table(results),
            "<!-- end of results -->",
        ]
    )
    page = _SHOWN.sub(lambda _: block, PAGE.read_text(encoding="utf-8"))
    drawings = {
        RESULTS / f"size-{city}.svg": _standing_alone(picture(summaries, city)) for city in LADDERS
    }
    return {PAGE: page} | drawings


def _standing_alone(drawing: Drawing) -> str:
    head = '<svg xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" '
    return str(drawing).replace("<svg ", head, 1) + "\n"


def _heading(results: Results, path: Path) -> Iterator[str]:
    machine = results.machine
    loads = sorted(run.load_before for run in results.runs)
    yield f"Run of {results.started_at[:10]} ([{path.name}](results/{path.name})), "
    yield f"commit `{results.commit}`: {machine.processor}, {machine.cores} cores, "
    yield f"{machine.memory_gib} GiB, {machine.system}, Python {machine.python}; "
    yield ", ".join(f"{name} {version}" for name, version in machine.versions) + "."
    yield f"Load before each instance: {loads[0]:.1f} to {loads[-1]:.1f}."
    if results.note:
        yield ""
        yield results.note


def _way_table(summaries: Sequence[WaySummary]) -> Iterator[str]:
    yield (
        "| instance | options | way | seconds | ended | gap, worst of seeds "
        "| first goal to the same gap | memory, MiB (own + solver) | plan checked |"
    )
    yield "| --- | ---: | --- | ---: | --- | --- | --- | ---: | --- |"
    ours: dict[str, WaySummary] = {s.instance: s for s in summaries if s.way == "ungeplan"}
    for one in summaries:
        own = max(run.own_mib for run in one.runs)
        solver = max(run.children_mib for run in one.runs)
        cells = [
            one.instance,
            _spaced(one.options),
            LABELS[one.way],
            _spread(one.seconds),
            _ended(one),
            _gaps(one),
            _common(one, ours.get(one.instance)),
            f"{own} + {solver}" if solver else str(own) if own else "–",
            _checked(one.runs),
        ]
        yield "| " + " | ".join(cells) + " |"


def _ended(one: WaySummary) -> str:
    endings = {run.ended for run in one.runs}
    if endings == {"finished"}:
        return "by itself"
    limits = [run.limit_seconds or 0.0 for run in one.runs if run.ended == "time"]
    faults = "; ".join(sorted({run.fault for run in one.runs if run.fault}))
    words = {
        "time": f"**not finished** in {_limits(limits)} s",
        "memory": "**not finished**: memory",
        "failed": f"**failed** ({faults})" if faults else "**failed**",
    }
    said = "; ".join(words[ending] for ending in sorted(endings - {"finished"}))
    return said if not one.finished else f"{said} ({one.finished} of {len(one.runs)} did)"


def _limits(seconds: Sequence[float]) -> str:
    least, most = min(seconds, default=0.0), max(seconds, default=0.0)
    return f"{most:g}" if least == most else f"{least:g} to {most:g}"


def _gaps(one: WaySummary) -> str:
    if one.way == "relaxation":
        bounds = [f"{goal.name} {_spaced(goal.bound or 0)}" for goal in one.runs[0].goals]
        return "bound " + ", ".join(bounds) if bounds else "–"
    shares = [f"{name} {'?' if gap is None else _percent(gap)}" for name, gap in one.gaps]
    if one.way == "greedy":
        shares = [f"{share} (to our bound)" for share in shares[:1]]
    return ", ".join(shares) or "no plan"


def _common(one: WaySummary, ours: WaySummary | None) -> str:
    if ours is None or ours.common_gap is None or one.way in {"relaxation", "command-line"}:
        return "–"
    at = f"{ours.common_gap / 100:g} %"
    unit, seconds = ours.common_median, one.common_median
    if seconds is None:
        return f"{at}: never"
    times = "" if one is ours or not unit else f" ({seconds / unit:.1f} ×)"
    return f"{at}: {_short(seconds)} s{times}"


def _checked(runs: Sequence[WayRun]) -> str:
    planned = [run for run in runs if run.placed is not None]
    if not planned:
        return "no plan"
    return "yes" if all(run.is_checked for run in planned) else "**no**"


def _growth(city: str, found: Growth | None) -> Iterator[str]:
    if found is None:
        yield f"- {city} cities: how time grows with size needs a run of two sizes."
        return
    yield (
        f"- {city} cities: time to a gap of {found.gap / 100:g} % on the blend grows as options^"
        f"{found.exponent:.2f} (least squares over {len(found.points)} runs, both in logarithms)."
    )


def _phase_table(results: Results) -> Iterator[str]:
    yield "Seconds by phase (median of seeds; a phase's best round):"
    yield ""
    yield "| instance | " + " | ".join(_PHASES) + " |"
    yield "| --- |" + " ---: |" * len(_PHASES)
    for instance in dict.fromkeys(run.instance for run in results.runs):
        runs = [run for run in results.runs if run.instance == instance]
        cells = []
        for name in _PHASES:
            times = [p.seconds for run in runs for p in run.phases if p.phase == name]
            cells.append(_short(median(times)) if times else "–")
        yield f"| {instance} | " + " | ".join(cells) + " |"


def _spread(seconds: Sequence[float]) -> str:
    if len(seconds) == 1:
        return _short(seconds[0])
    return f"{_short(median(seconds))} ({_short(min(seconds))}–{_short(max(seconds))})"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.2g}"  # noqa: PLR2004 - three digits


def _percent(share: float) -> str:
    return f"{_short(100 * share)} %"


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def main(arguments: Sequence[str] | None = None) -> int:
    """The page and the pictures show the run; with ``--check``, 1 if they do not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.show", description=__doc__)
    parser.add_argument("results", type=Path, nargs="?")
    parser.add_argument("--check", action="store_true", help="write nothing")
    asked = parser.parse_args(arguments)
    path = asked.results or (shown() if asked.check else newest())
    if path is None or not path.is_file():
        parser.error("there is no such stored run")
    files = render(path)
    if asked.check:
        return 0 if all(text == file.read_text("utf-8") for file, text in files.items()) else 1
    for file, text in files.items():
        file.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{PAGE.name} shows {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
