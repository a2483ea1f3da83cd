"""Tables on a terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from scheduler.language import Language, Message, show


def table(
    heads: Sequence[Message],
    rows: Iterable[Sequence[object]],
    language: Language,
    *,
    title: Message | None = None,
    numbers: Collection[int] = (),
) -> Table:
    """Rows of values under heads, all as `show` says them; the columns `numbers` stand right."""
    made = Table(
        title=None if title is None else Text(title.render(language), style="bold"),
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for index, head in enumerate(heads):
        made.add_column(
            Text(head.render(language)),
            justify="right" if index in numbers else "left",
            no_wrap=index in numbers,
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(Text(show(cell, language)) for cell in row))
    return made
