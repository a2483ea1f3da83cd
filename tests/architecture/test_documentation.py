"""What is there is documented, and what is documented is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from scheduler.cli.app import COMMANDS, make_app
from scheduler.cli.exit_code import ExitCode
from scheduler.files.columns import TABLES
from scheduler.solve import Settings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("examples/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_generated_pages_are_up_to_date() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout) == (0, ""), "run: make docs"


def test_every_command_option_and_example_is_documented() -> None:
    page = read("docs/reference/command-line.md")
    commands = typer.main.get_command(make_app()).commands
    assert set(commands) == {command.name for command in COMMANDS}
    for command in COMMANDS:
        section = page.partition(f"\n## ungeplan {command.name}\n")[2].partition("\n## ")[0]
        assert command.help in section
        assert f"$ {command.example}\n" in section
        for parameter in commands[command.name].params:
            name = parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar
            assert f"`{name}`" in section.replace("\\|", "|"), (command.name, name)


def test_every_setting_of_a_run_is_an_option_of_solve() -> None:
    options = {
        parameter.name for parameter in typer.main.get_command(make_app()).commands["solve"].params
    }
    renamed = {"gap_basis_points": "gap", "time_limit_seconds": "time_limit"}
    assert {renamed.get(name, name) for name in Settings.model_fields} <= options


def test_every_exit_code_is_explained_on_the_front_page_and_in_the_reference() -> None:
    front, page = read("README.md"), read("docs/reference/command-line.md")
    for code in ExitCode:
        assert f"| {int(code)} |" in page
        assert f"| {int(code)} |" in front


def test_every_table_and_column_is_documented() -> None:
    page = read("docs/reference/tables.md")
    for table in TABLES:
        section = page.partition(f"\n## {table.name}\n")[2].partition("\n## ")[0]
        for column in table.columns:
            assert f"| `{column.name}` |" in section, (table.name, column.name)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        assert found.exists(), target
        if anchor and found.suffix == ".md":
            assert anchor in anchors(found), target


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_page_is_linked_from_the_index() -> None:
    seen: set[Path] = set()
    to_read = [ROOT / "README.md"]
    while to_read:
        page = to_read.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            path = (page.parent / target.partition("#")[0]).resolve()
            if path.is_file():
                to_read.append(path)
    assert [page.relative_to(ROOT).as_posix() for page in PAGES if page not in seen] == []
