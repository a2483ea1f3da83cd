"""The tables and columns of the input, from the columns themselves."""

from __future__ import annotations

from docs.pages.markdown import code, plain, table
from scheduler.files.columns import CHOICE_ALIASES, TABLES, Column, Table


def page() -> str:
    """Every table with its columns, Danish names and limits."""
    sections = "\n".join(_section(each) for each in TABLES)
    return f"""# Tables of the input

An input is a folder, or one Excel workbook with a sheet for each table. Names of tables, columns
and choices may be written in Danish; upper and lower case, spaces, `_` and `-` make no
difference.

{table(("table", "in Danish", "where", "needed", "a row is"), [_overview(each) for each in TABLES])}
{sections}"""


def _overview(each: Table) -> tuple[str, ...]:
    where = code("plan.toml") if each.in_plan else code(f"{each.name}.csv")
    return (
        f"[{each.name}](#{each.name})",
        ", ".join(each.aliases),
        where,
        "yes" if each.required else "",
        plain(each.description),
    )


def _section(each: Table) -> str:
    rows = [
        (
            code(column.name),
            ", ".join(column.aliases),
            _kind(column),
            "yes" if column.required else "",
            plain(column.description),
        )
        for column in each.columns
    ]
    return f"## {each.name}\n\n{table(('column', 'in Danish', 'holds', 'needed', 'meaning'), rows)}"


def _kind(column: Column) -> str:
    if column.choices:
        return " or ".join(_choice(choice) for choice in column.choices)
    unit = f" ({column.unit})" if column.unit and column.unit != column.kind else ""
    return f"{column.kind}{unit}{_limits(column)}"


def _choice(choice: str) -> str:
    danish = CHOICE_ALIASES.get(choice, ())
    return code(choice) + (f" ({', '.join(danish)})" if danish else "")


def _limits(column: Column) -> str:
    if column.least is None or column.most is None:
        return ""
    return f", {column.least}–{column.most}"
