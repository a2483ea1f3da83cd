"""Where the examples lie."""

from __future__ import annotations

from pathlib import Path

from scheduler.errors import InputError
from scheduler.language import Message

_PACKAGE = Path(__file__).parents[1]


def example_path(name: str) -> Path:
    """The folder of an example: in the source tree, or inside the installed package.

    Raises
    ------
    InputError
        If there is no such example.
    """
    places = (_PACKAGE.parent / "examples" / name, _PACKAGE / "examples" / name)
    for place in places:
        if place.is_dir():
            return place
    raise InputError([Message("The example {name} is not installed.", name=name)])
