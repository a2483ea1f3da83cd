"""Everything said to people has its Danish."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scheduler.cli.app import make_app

SOURCE = Path(__file__).parents[2] / "scheduler"
CATALOGUES = sorted((SOURCE / "locale" / "da").glob("*.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="da")


def messages_in(source: str) -> Iterator[str]:
    """The literal texts given to `Message` and `translate`."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"Message", "translate"}
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield node.args[0].value


def known() -> set[str]:
    return {str(entry.id) for path in CATALOGUES for entry in read(path) if entry.string}


def is_only_placeholders(text: str) -> bool:
    return not any(letter.isalpha() for letter in re.sub(r"{\w+}", "", text))


@pytest.mark.parametrize(
    "path",
    sorted(SOURCE.rglob("*.py")),
    ids=lambda path: path.relative_to(SOURCE).as_posix(),
)
def test_every_message_has_its_danish(path: Path) -> None:
    texts = set(messages_in(path.read_text(encoding="utf-8")))
    assert {text for text in texts - known() if not is_only_placeholders(text)} == set()


def test_the_help_has_its_danish() -> None:
    group = typer.main.get_command(make_app())
    commands = (group, *group.commands.values())
    texts = {command.help for command in commands}
    texts |= {option.help for command in commands for option in command.params}
    assert len(texts) > 25
    assert texts - known() == set()


def test_a_text_has_one_danish_whichever_part_says_it() -> None:
    said: defaultdict[str, set[str]] = defaultdict(set)
    for path in CATALOGUES:
        for entry in read(path):
            if entry.id:
                said[str(entry.id)].add(str(entry.string))
    assert {text: danish for text, danish in said.items() if len(danish) > 1} == {}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_the_danish_names_the_same_values(path: Path) -> None:
    for entry in read(path):
        assert fields(str(entry.string)) == fields(str(entry.id)), entry.id


def fields(text: str) -> set[str]:
    return {part.partition("}")[0] for part in text.split("{")[1:]}
