"""Progress of a run: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.live import Live
from rich.table import Table
from rich.text import Text

from scheduler.cli.voice import Voice
from scheduler.language import Kr, Language, Message, Share, show
from scheduler.progress import Phase, Progress, Watch
from scheduler.report.views.goals import stage_label

PHASES: dict[Phase, Message] = {
    "compile": Message("Finding possible placements"),
    "solve": Message("Planning"),
    "check": Message("Checking the plan against every rule"),
    "explain": Message("Finding out why people wait"),
    "conflict": Message("Looking for the smallest set of limits that conflict"),
    "weeks": Message("Looking for the weeks in which they conflict"),
    "relax": Message("Looking for the least that would have to give"),
}
_PLAIN_EVERY_SECONDS = 10.0


@contextmanager
def watching(voice: Voice) -> Iterator[Watch]:
    """A function to be told about progress, shown until the block ends."""
    console = voice.side
    if not console.is_terminal:
        yield PlainLines(voice)
        return
    board = Board(voice.language)
    with Live(console=console, get_renderable=board.render, transient=True):
        yield board


@dataclass
class PlainLines:
    """Says a line when the work moves on, and now and then while it does not.

    A stage's last word is said before the next one begins.
    """

    voice: Voice
    _said: Progress | None = None
    _heard: Progress | None = None

    def __call__(self, progress: Progress) -> None:
        """Takes note of where the run is."""
        heard, self._heard = self._heard, progress
        moved_on = heard is None or _place(heard) != _place(progress)
        if moved_on and heard is not None and heard.value is not None:
            self._say(heard)
        if moved_on or self._is_quiet_for_long(progress):
            self._say(progress)

    def _is_quiet_for_long(self, progress: Progress) -> bool:
        return (
            self._said is not None and progress.seconds - self._said.seconds >= _PLAIN_EVERY_SECONDS
        )

    def _say(self, progress: Progress) -> None:
        if progress is not self._said:
            self._said = progress
            self.voice.warn(line(progress))


@dataclass
class Board:
    """The stages so far, each with the latest value and bound."""

    language: Language
    _doing: Message = PHASES["compile"]
    _seconds: float = 0.0
    _stages: dict[int, Progress] = field(default_factory=dict)

    def __call__(self, progress: Progress) -> None:
        """Takes note of where the run is."""
        self._doing, self._seconds = _doing(progress), progress.seconds
        if progress.stages:
            self._stages = {**self._stages, progress.stage_index: progress}

    def render(self) -> Table:
        """What is known now."""
        table = Table.grid(padding=(0, 2))
        for column in range(5):
            table.add_column(justify="left" if column == 0 else "right", no_wrap=True)
        if self._stages:
            table.add_row(*(Text(self._said(head), style="dim") for head in _HEADS))
        for _, progress in sorted(self._stages.items()):
            cells = _cells(progress)
            table.add_row(*(Text(show(cell, self.language)) for cell in cells))
        doing = self._said(self._doing)
        seconds = self._said(Message("{seconds} s", seconds=int(self._seconds)))
        table.add_row(Text(f"{doing} …", style="bold"), "", "", "", Text(seconds))
        return table

    def _said(self, message: Message) -> str:
        return message.render(self.language)


_HEADS = (
    Message("Goal"),
    Message("Value"),
    Message("Bound"),
    Message("Gap"),
    Message("Time"),
)


def line(progress: Progress) -> Message:
    """One line about where a run is."""
    seconds = int(progress.seconds)
    phase = _doing(progress)
    if not progress.stages or progress.phase != "solve":
        return Message("{seconds} s  {phase}", seconds=seconds, phase=phase)
    goal, value, bound, gap, _ = _cells(progress)
    stage = Message(
        "{phase}: goal {number} of {count}, {goal}",
        phase=phase,
        number=progress.stage_index + 1,
        count=progress.stages,
        goal=goal,
    )
    if progress.value is None and progress.bound is None:
        return Message("{seconds} s  {phase}", seconds=seconds, phase=stage)
    return Message(
        "{seconds} s  {stage}: value {value}, bound {bound}, gap {gap}",
        seconds=seconds,
        stage=stage,
        value=value,
        bound=bound,
        gap=gap,
    )


def _doing(progress: Progress) -> Message:
    """The phase, and how much of it has been tried where that is counted."""
    phase = PHASES[progress.phase]
    if not progress.of:
        return phase
    return Message(
        "{phase}: {tried} of {count} tried", phase=phase, tried=progress.tried, count=progress.of
    )


def _cells(progress: Progress) -> tuple[object, ...]:
    return (
        stage_label(progress.stage_name),
        _in_unit(progress.value, progress.stage_name),
        _in_unit(progress.bound, progress.stage_name),
        _gap(progress),
        Message("{seconds} s", seconds=int(progress.seconds)),
    )


def _in_unit(value: int | None, stage_name: str) -> object:
    if value is None:
        return "–"
    return Kr(value) if stage_name == "cost" else Message("{amount}", amount=value)


def _gap(progress: Progress) -> object:
    if progress.value is None or progress.bound is None:
        return "–"
    return Share(abs(progress.bound - progress.value) / max(1, abs(progress.value)))


def _place(progress: Progress) -> tuple[Phase, int]:
    return progress.phase, progress.stage_index
