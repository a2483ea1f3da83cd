"""Whatever a problem says, it reads back as written."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from providers import Provider, Week
from scheduler.cpr import looks_like_cpr
from scheduler.files import read_problem, write_problem
from scheduler.goal import GOAL_NAMES, SENSES, GoalWeight, Stage
from scheduler.problem import Problem
from scheduler.programme import BudgetLine, BudgetMovement, Programme, Volume
from tests.small import offer, person, site, small_problem

LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\ufffe\uffff")
NAMES = (
    st.text(LETTERS | st.sampled_from("'\"=+-@;,| \u00a0\u2028_x0041"), min_size=1, max_size=40)
    .map(str.strip)
    .filter(lambda text: text and not looks_like_cpr(text))
)
WEEKS = st.integers(Week.of(2000, 1).ordinal, Week.of(2099, 50).ordinal).map(Week)
ORE = st.integers(0, 10**12)
CODES = st.lists(
    st.from_regex(r"[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå_.\-]{0,7}", fullmatch=True),
    unique=True,
    max_size=3,
).map(tuple)


def signed(goal: str, weight: int) -> int:
    return weight if SENSES[goal] == "most" else -weight  # type: ignore[index]  # one of the goals


@st.composite
def stages(draw: st.DrawFn) -> Stage:
    goals = draw(st.lists(st.sampled_from(GOAL_NAMES), unique=True, min_size=1, max_size=4))
    weights = [draw(st.just(1) | st.integers(1, 10**6)) for _ in goals]
    amount = draw(st.sampled_from([0, 1, 150, 10**15]))
    return Stage(
        blend=tuple(
            GoalWeight(goal=goal, weight=signed(goal, weight))
            for goal, weight in zip(goals, weights, strict=True)
        ),
        tolerance=amount,
        tolerance_basis_points=0 if amount else draw(st.integers(0, 10_000)),
        gap_basis_points=draw(st.integers(0, 10_000)),
    )


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    last_eligible = draw(st.none() | WEEKS)
    return small_problem(
        title=draw(NAMES),
        stages=tuple(draw(st.lists(stages(), min_size=1, max_size=3))),
        programmes=(
            Programme(
                id="own",
                name=draw(NAMES),
                budget_line_id="line",
                statuses=draw(CODES),
                target_groups=draw(CODES),
                volumes=tuple(
                    Volume(year=year, most=draw(st.integers(0, 10**6)))
                    for year in draw(st.lists(st.integers(2000, 2099), unique=True, max_size=3))
                ),
            ),
        ),
        budget_lines=(
            BudgetLine(id="line", name=draw(NAMES), reserve_ore=draw(st.integers(0, 5))),
        ),
        budget_movements=(
            BudgetMovement(
                budget_line_id="line",
                year=2016,
                amount_ore=draw(st.integers(5, 10**12)),
                date=draw(st.none() | st.dates(dt.date(1900, 1, 1))),
            ),
        ),
        people=(
            person(
                "ada",
                wishes=draw(CODES),
                needs=draw(CODES),
                last_eligible_week=last_eligible,
                age=draw(st.none() | st.integers(15, 100)),
                seeks_place=draw(st.booleans()),
            ),
        ),
        providers=(Provider(id="city", name=draw(NAMES), kind="municipal"),),
        sites=(
            site(
                "cafe",
                name=draw(NAMES),
                places=draw(st.integers(0, 10**9)),
                most_starts_a_week=draw(st.none() | st.integers(0, 1000)),
            ),
        ),
        offers=(
            offer(
                "course",
                name=draw(st.none() | NAMES),
                price_ore=draw(ORE),
                start_weeks=tuple(draw(st.lists(WEEKS, unique=True, max_size=3))),
            ),
        ),
    )


@settings(deadline=None, max_examples=60)
@given(problems(), st.sampled_from(["p", "p.xlsx"]))
def test_a_problem_reads_back_as_written(problem: Problem, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write_problem(problem, Path(folder) / name)
        assert read_problem(Path(folder) / name) == problem


def test_a_problem_of_nothing_reads_back(tmp_path: Path) -> None:
    nothing = small_problem(
        programmes=(),
        budget_lines=(),
        budget_movements=(),
        people=(),
        providers=(),
        sites=(),
        offers=(),
    )
    for name in ("p", "p.xlsx"):
        write_problem(nothing, tmp_path / name)
        assert read_problem(tmp_path / name) == nothing
