"""Every text of the report that must have a translation, found in its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

import scheduler.report

FOLDER = Path(scheduler.report.__file__).parent


def texts_used() -> set[str]:
    """Templates of all messages in Python, and of all ``t(…)`` on pages."""
    sources = FOLDER.rglob("*.py")
    pages = (FOLDER / "templates").glob("*.html")
    return {
        *(text for source in sources for text in _in_python(source)),
        *(text for page in pages for text in _in_page(page)),
    }


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if node.func.id in {"Message", "translate"} and isinstance(first, ast.Constant):
                yield str(first.value)


def _in_page(path: Path) -> Iterator[str]:
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "t":
            first = call.args[0]
            assert isinstance(first, nodes.Const)
            yield str(first.value)
