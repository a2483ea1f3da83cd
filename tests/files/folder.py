"""A small good folder, to be spoiled by each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

PLAN = """\
title = "Small"
as_of = "2016-W26"
first_start = "2016-W27"
last_start = "2016-W30"

[[stages]]
goal = "placed"

[[programmes]]
id = "own"
name = "Own courses"
budget_line = "line"

[[budget_lines]]
id = "line"
name = "Line"
"""

TABLES = {
    "budget_movements": """\
        budget_line;year;amount
        line;2016;25000""",
    "people": """\
        id;target_groups;status;referral
        ada;autism;activity-ready;2016-W20
        bo;autism;activity-ready;2016-W20""",
    "providers": """\
        id;name;kind
        city;The city;municipal""",
    "sites": """\
        id;name;provider;places
        cafe;Site cafe;city;2""",
    "offers": """\
        id;site;programme;price
        course;cafe;own;12500""",
}


class Folder:
    """The texts of the files of a folder."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"plan.toml": PLAN.encode()}
        for name, text in TABLES.items():
            self.table(name, text)

    def table(self, name: str, text: str) -> None:
        lines = [line.strip() for line in text.splitlines()]
        self.files[f"{name}.csv"] = "\r\n".join([*lines, ""]).encode()

    def cell(self, name: str, row: int, column: str, value: str) -> None:
        """Row as Excel counts it; a column that is not there is added."""
        rows = [line.split(";") for line in self.files[f"{name}.csv"].decode().splitlines()]
        if column not in rows[0]:
            for number, cells in enumerate(rows):
                cells.append("" if number else column)
        rows[row - 1][rows[0].index(column)] = value
        self.table(name, "\n".join(";".join(cells) for cells in rows))

    def plan(self, old: str, new: str) -> None:
        text = self.files["plan.toml"].decode()
        assert old in text
        self.files["plan.toml"] = text.replace(old, new, 1).encode()

    def write(self, path: Path) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (path / name).write_bytes(content)
        return path


Change = Callable[[Folder], None]


def cell(name: str, row: int, column: str, value: str) -> Change:
    return lambda folder: folder.cell(name, row, column, value)


def plan(old: str, new: str) -> Change:
    return lambda folder: folder.plan(old, new)


def table(name: str, text: str) -> Change:
    return lambda folder: folder.table(name, text)


def file(name: str, content: bytes) -> Change:
    return lambda folder: folder.files.update({name: content})


def without(name: str) -> Change:
    return lambda folder: folder.files.pop(name) and None


def both(*changes: Change) -> Change:
    def change(folder: Folder) -> None:
        for each in changes:
            each(folder)

    return change
