"""Budget lines in a circle or without money, and volumes that stand twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from scheduler.faults.check import Check
from scheduler.faults.fault import Fault, as_shown
from scheduler.faults.known import Known
from scheduler.language import Kr, Message

if TYPE_CHECKING:
    from scheduler.problem import Problem


def _parents(problem: Problem, _: Known) -> Iterator[Fault]:
    parent_of = {line.id: line.parent_id for line in problem.budget_lines}
    for row, line in enumerate(problem.budget_lines):
        if line.parent_id is not None and line.id in _ancestors(line.id, parent_of)[1:]:
            expected = Message("a parent whose own parents do not lead back here")
            yield Fault("budget_lines", row, "parent_id", line.parent_id, expected)


def _ancestors(line_id: str, parent_of: Mapping[str, str | None]) -> list[str]:
    """The line, its parent, that one's parent …; a line that comes again ends the list."""
    chain = [line_id]
    parent = parent_of.get(line_id)
    while parent is not None:
        chain.append(parent)
        if parent in chain[:-1]:
            break
        parent = parent_of.get(parent)
    return chain


def _amounts(problem: Problem, known: Known) -> Iterator[Fault]:
    if not known.all_read("budget_movements"):
        return
    amounts: dict[tuple[str, int], int] = defaultdict(int)
    for movement in problem.budget_movements:
        if movement.status == "decided":
            amounts[movement.budget_line_id, movement.year] += movement.amount_ore
    years = [] if known.also.get("plan") else _start_years(problem)
    needed = _paying_lines(problem)
    for row, line in enumerate(problem.budget_lines):
        if line.id in needed:
            for year in years:
                if (line.id, year) not in amounts:
                    expected = Message(
                        "a decided amount for {year}, in which courses may start", year=str(year)
                    )
                    yield Fault("budget_lines", row, "id", line.id, expected)
        for (line_id, year), amount in amounts.items():
            if line_id == line.id and amount < line.reserve_ore:
                expected = Message(
                    "a reserve within the amount decided for {year}, {amount}",
                    year=str(year),
                    amount=Kr(amount),
                )
                yield Fault(
                    "budget_lines", row, "reserve_ore", as_shown(line.reserve_ore, "_ore"), expected
                )


def _start_years(problem: Problem) -> list[int]:
    if problem.last_start < problem.first_start:
        return []
    return list(range(problem.first_start.year, problem.last_start.year + 1))


def _paying_lines(problem: Problem) -> set[str]:
    parent_of = {line.id: line.parent_id for line in problem.budget_lines}
    return {
        line_id
        for programme in problem.programmes
        for line_id in _ancestors(programme.budget_line_id, parent_of)
    }


def _volumes(problem: Problem, _: Known) -> Iterator[Fault]:
    for row, programme in enumerate(problem.programmes):
        years = Counter(volume.year for volume in programme.volumes)
        for year, count in years.items():
            if count > 1:
                expected = Message("each year once")
                yield Fault("programmes", row, "volumes", str(year), expected)


CHECKS: tuple[Check, ...] = (_parents, _amounts, _volumes)
