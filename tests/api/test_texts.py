"""Everything that the pages say has its Danish."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
CATALOGUES = [*ROOT.glob("scheduler/locale/da/*.po"), *ROOT.glob("api/locale/da/*.po")]
IN_TEMPLATE = re.compile(r'\bt\("((?:[^"\\]|\\.)*)"')


def known() -> dict[str, str]:
    entries: dict[str, str] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            entries |= {str(e.id): str(e.string) for e in read_po(file, locale="da") if e.string}
    return entries


def said() -> Iterator[str]:
    for path in (ROOT / "api").rglob("*.html"):
        yield from IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
    for path in (ROOT / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_message = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message"
            if is_message and node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def fields(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_every_text_has_its_danish() -> None:
    texts = {text for text in said() if re.search(r"[a-z]", re.sub(r"{\w+}", "", text))}
    assert len(texts) > 100
    assert texts - known().keys() == set()


def test_nothing_is_translated_that_nobody_says() -> None:
    with (ROOT / "api/locale/da/api.po").open("rb") as file:
        entries = {str(entry.id) for entry in read_po(file, locale="da") if entry.id}
    assert entries - set(said()) == set()


def test_the_danish_names_the_same_values() -> None:
    assert [text for text, danish in known().items() if fields(text) != fields(danish)] == []
