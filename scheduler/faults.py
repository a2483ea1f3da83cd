"""Contradictions between records of a problem: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scheduler.language import Message
    from scheduler.problem import Problem


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in one record.

    `table` is a field of `Problem` (or ``plan`` for the fields that are not tables), `row` the
    index in that tuple (none for ``plan``), `field` the field's name.
    """

    table: str
    row: int | None
    field: str
    value: str
    expected: Message

    def __str__(self) -> str:
        place = self.table if self.row is None else f"{self.table}[{self.row}]"
        return f"{place}.{self.field}: {self.value!r}: {self.expected}"


def find_faults(
    problem: Problem, also_known: Mapping[str, Collection[str]] | None = None
) -> tuple[Fault, ...]:
    """Every contradiction between the records of `problem`, in order of table and row.

    Parameters
    ----------
    problem
        It need not have been validated as a whole; its records must have been one by one.
    also_known
        By table: ids of records that could not be read; references to them are no faults.
    """
    return ()
