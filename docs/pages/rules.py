"""A page for each rule, from its modules in the model and in the checker."""

from __future__ import annotations

import ast
import functools
import importlib
import sys
from pathlib import Path
from typing import Any

from docs.pages.markdown import code, plain, table
from scheduler.explain.wording import WORDINGS
from scheduler.violation import FACTS, RULE_NAMES

_ROOT = Path(__file__).parents[2]
_SMALL = "../../../tests/small.py"


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

{table(("fact", "said of a plan"), _facts(name))}
## Cases

Each case starts from [the smallest whole problem]({_SMALL}): two people, ada and bo; one café with
two places; one course of 16 weeks at 12 500 kr, paid by week; starts in 2016-W27 to W30; 25 000 kr
for 2016. Only what differs is shown. All cases are run as tests, through the checker and through
the model.

{"".join(_case(case) for case in _spec_cases()[name])}"""


def _source(part: str, name: str) -> ast.Module:
    path = _ROOT / "scheduler" / part / f"{name.replace('-', '_')}.py"
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


@functools.cache
def _spec_cases() -> dict[str, Any]:
    """The cases that the tests run; they are no part of the package."""
    sys.path.insert(0, str(_ROOT / "tests"))
    try:
        cases: dict[str, Any] = importlib.import_module("spec").SPEC_CASES
    finally:
        sys.path.pop(0)
    return cases


def _case(case: Any) -> str:
    given = [tuple(code(cell) for cell in row) for row in case.given()]
    planned = [tuple(code(cell) for cell in row) for row in case.planned()]
    parts = [f"### {case.title}"]
    if given:
        parts.append(table(("table", "record", "field", "given"), given).rstrip())
    if planned:
        parts.append(table(("person", "offer", "start", "weeks"), planned).rstrip())
    if case.stated is not None:
        stated = ", ".join(f"{ore} øre in {year}" for year, ore in case.stated)
        parts.append(f"The plan file states a cost of {stated}.")
    parts.append(_verdict(case))
    return "\n\n".join(parts) + "\n\n"


def _verdict(case: Any) -> str:
    broken = ", ".join(code(fact) for _, fact in case.expected)
    inherited = ", ".join(code(fact) for _, fact in case.inherited)
    says = f"Broken: {broken}." if broken else "Legal."
    return says + (f" Inherited: {inherited}." if inherited else "")
