"""A page for each rule, from its modules in the model and in the checker."""

from __future__ import annotations

import ast
from pathlib import Path

from docs.pages.markdown import code, plain, table
from scheduler.explain.wording import WORDINGS
from scheduler.violation import FACTS, RULE_NAMES

_SCHEDULER = Path(__file__).parents[2] / "scheduler"


def pages() -> dict[str, str]:
    """The page of each rule, and the list of all."""
    made = {f"reference/rules/{name}.md": _page(name) for name in RULE_NAMES}
    return {**made, "reference/rules/README.md": _index()}


def _index() -> str:
    rows = [
        (f"[{name}]({name}.md)", plain(_docstring("check", name).partition("\n")[0]))
        for name in RULE_NAMES
    ]
    return f"""# Rules

What no plan may break. Each rule has one name, used in the model (`scheduler/rules/`), in the
checker (`scheduler/check/`), in every message and here. The exact meaning of all of them stands in
[The problem, to the last detail](../../explanation/problem.md).

{table(("rule", "says"), rows)}"""


def _page(name: str) -> str:
    return f"""# {name}

{plain(_docstring("check", name).partition(chr(10))[0])}

## As the checker reads it

{_paragraphs(_docstring("check", name))}
## In the model

{_paragraphs(_docstring("rules", name))}
## What can be wrong

{table(("fact", "said of a plan"), _facts(name))}"""


def _source(part: str, name: str) -> ast.Module:
    path = _SCHEDULER / part / f"{name.replace('-', '_')}.py"
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstring(part: str, name: str) -> str:
    return ast.get_docstring(_source(part, name)) or ""


def _paragraphs(docstring: str) -> str:
    """All but the first line, each ``Word:`` that opens a paragraph in bold."""
    made = []
    for paragraph in docstring.split("\n\n")[1:]:
        head, colon, rest = plain(paragraph).partition(": ")
        opens = colon and head in {"Rule", "Why", "Checked by"}
        made.append(f"**{head}**: {rest}" if opens else plain(paragraph))
    return "\n\n".join(made) + "\n"


def _facts(name: str) -> list[tuple[str, str]]:
    """The facts that the rule's module in the checker names."""
    named = {
        node.value for node in ast.walk(_source("check", name)) if isinstance(node, ast.Constant)
    }
    return [(code(fact), WORDINGS[fact].sentence) for fact in FACTS if fact in named]
