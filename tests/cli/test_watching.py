from __future__ import annotations

import io

from rich.console import Console

from scheduler.cli.voice import Voice
from scheduler.cli.watching import Board, PlainLines, line, watching
from scheduler.language import LANGUAGES
from scheduler.progress import Progress


def solving(seconds: float, stage_index: int = 0, **values) -> Progress:
    names = ("placed", "cost")
    return Progress(
        phase="solve",
        seconds=seconds,
        stage_index=stage_index,
        stages=2,
        stage_name=names[stage_index],
        **values,
    )


def test_a_line_says_stage_value_bound_and_gap() -> None:
    said = line(solving(12.9, value=1000, bound=1005))
    assert said.render("en") == (
        "12 s  Planning: goal 1 of 2, People placed: value 1,000, bound 1,005, gap 0.50%"
    )
    assert said.render("da").startswith("12 s  Planlægger: hensyn 1 af 2")


def test_money_is_said_in_kroner_and_what_is_unknown_is_a_dash() -> None:
    assert "value 20 kr, bound –, gap –" in str(line(solving(1, 1, value=2000)))
    assert "value –, bound 5 kr, gap –" in str(line(solving(1, 1, bound=500)))


def test_phases_without_stages_are_said_alone() -> None:
    assert str(line(Progress(phase="compile", seconds=0.4))) == "0 s  Finding possible placements"


def test_what_is_tried_of_how_much_is_said_where_it_is_counted() -> None:
    searching = Progress(phase="conflict", seconds=31.4, tried=12, of=40)
    assert line(searching).render("en") == (
        "31 s  Looking for the smallest set of limits that conflict: 12 of 40 tried"
    )
    assert line(searching).render("da") == (
        "31 s  Leder efter de færrest mulige krav, der ikke kan opfyldes sammen: 12 af 40 prøvet"
    )
    board = Board("en")
    board(searching)
    assert "conflict: 12 of 40 tried …" in _print(board)


def test_plain_lines_come_when_the_work_moves_on_or_ten_seconds_have_passed(capsys) -> None:
    lines = PlainLines(Voice("en"))
    for progress in (
        Progress(phase="compile", seconds=0),
        solving(1, value=1),
        solving(2, value=2),
        solving(11.5, value=3),
        solving(11.9, value=4),
        solving(12, 1),
    ):
        lines(progress)
    told = capsys.readouterr().err.splitlines()
    assert [text.split()[0] for text in told] == ["0", "1", "11", "11", "12"]
    assert "value 3" in told[2]
    assert "value 4" in told[3], "the last word of a stage"
    assert told[4] == "12 s  Planning: goal 2 of 2, Cost"


def test_without_a_terminal_progress_is_plain_lines_on_standard_error(capsys) -> None:
    with watching(Voice("da")) as watch:
        watch(Progress(phase="check", seconds=3))
    heard = capsys.readouterr()
    assert heard.out == ""
    assert heard.err == "3 s  Kontrollerer planen mod alle regler\n"


def test_on_a_terminal_progress_is_a_live_table(monkeypatch, capsys) -> None:
    monkeypatch.setattr(
        "scheduler.cli.watching.Voice.side",
        property(lambda _: Console(stderr=True, force_terminal=True, width=100)),
    )
    with watching(Voice("en")) as watch:
        watch(solving(1, value=5, bound=6))
        assert isinstance(watch, Board)
    assert capsys.readouterr().err != ""


def test_the_board_shows_each_stage_with_its_latest_value() -> None:
    board = Board("en")
    for progress in (solving(1, value=3, bound=9), solving(2, value=8, bound=9), solving(4, 1)):
        board(progress)
    shown = _print(board)
    assert "People placed" in shown
    assert "8" in shown
    assert "12.50%" in shown
    assert "Planning …" in shown
    assert " 3 " not in shown


def test_the_board_is_calm_before_the_first_stage() -> None:
    for language in LANGUAGES:
        assert "0 s" in _print(Board(language))


def _print(board: Board) -> str:
    console = Console(width=100, file=io.StringIO())
    with console.capture() as captured:
        console.print(board.render())
    return captured.get()
