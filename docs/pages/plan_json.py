"""``plan.json``, from the records it is written from."""

from __future__ import annotations

import json
from typing import Any

from docs.pages.markdown import code, plain, table
from scheduler.outcome import NoPlan, PlanDocument, Undecided


def schema() -> str:
    """The JSON schema of ``plan.json``."""
    return json.dumps(_schema(PlanDocument), indent=2, ensure_ascii=False) + "\n"


def page() -> str:
    """Every record of the three outcomes with its fields."""
    records: dict[str, dict[str, Any]] = {}
    for outcome in (PlanDocument, NoPlan, Undecided):
        found = _schema(outcome)
        records[outcome.__name__] = found
        records |= found.get("$defs", {})
    sections = "\n".join(
        _section(name, record) for name, record in records.items() if "properties" in record
    )
    return f"""# plan.json

`plan.json` is one [PlanDocument](#plandocument); its JSON schema is
[plan.schema.json](plan.schema.json). `ungeplan solve --json` prints the same, or a
[NoPlan](#noplan) (exit code 3) or an [Undecided](#undecided) (exit code 4). `schema_version` says
which; it changes when a field changes its meaning. Money is whole øre, weeks are ISO weeks such as
`2016-W27`.

{sections}"""


def _schema(record: Any) -> dict[str, Any]:
    schema: dict[str, Any] = record.model_json_schema(mode="serialization")
    return schema


def _section(name: str, record: dict[str, Any]) -> str:
    rows = [
        (code(field), _type(part), plain(part.get("description", "")))
        for field, part in record["properties"].items()
    ]
    about = plain(record.get("description", "").split("\n\n", maxsplit=1)[0])
    return f"## {name}\n\n{about}\n\n{table(('field', 'holds', 'meaning'), rows)}"


def _type(part: dict[str, Any]) -> str:
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "const" in part:
        return code(json.dumps(part["const"]))
    if "enum" in part:
        return ", ".join(code(str(value)) for value in part["enum"])
    if "anyOf" in part:
        return " or ".join(_type(each) for each in part["anyOf"])
    if part.get("type") == "array":
        return f"list of {_type(part['items'])}" if "items" in part else "list"
    is_week = part.get("pattern", "").startswith(r"^\d{4}-W")
    return "week" if is_week else str(part.get("type", "any"))
