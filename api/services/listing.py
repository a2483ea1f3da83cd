"""Rows of a table that somebody searches, filters, sorts and pages through."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from api.errors import WrongInput
from api.faults import fault_of
from scheduler.language import Language, Message, show
from scheduler.report.label import Label
from scheduler.report.table import Kind, page_cell

Row = TypeVar("Row")
_AFTER_Z = str.maketrans({"æ": "{", "ø": "|", "å": "}", "é": "e", "ü": "y"})
_TEXT_KINDS: frozenset[Kind] = frozenset({"text", "clause", "prose"})


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """A column that rows can be sorted by; texts in it are searched."""

    name: str
    """In addresses."""
    header: Message
    kind: Kind
    value: Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class Filter(Generic[Row]):
    """Something that rows are chosen by."""

    name: str
    """In addresses."""
    label: Message
    codes: Callable[[Row], Collection[str]]
    """What a row is found under."""
    label_of: Callable[[str], Label]


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for."""

    search: str = ""
    """Every word of it must stand in the row."""
    sort: str = ""
    """A column's name, after ``-`` the last first; empty: as the table is."""
    filters: Mapping[str, str] = field(default_factory=dict)
    most: int = 50
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """The rows of one page."""

    rows: tuple[Row, ...]
    count: int
    """How many rows there are on all pages."""


class Sheet(Generic[Row]):
    """A table made ready to be searched in one language.

    Parameters
    ----------
    columns
        What is shown.
    filters
        What rows can be chosen by.
    rows
        The rows, in the order in which they are shown at first.
    language
        Of whoever looks: texts are sorted as they read them.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        filters: Sequence[Filter[Row]],
        rows: Sequence[Row],
        language: Language,
    ) -> None:
        self.columns = tuple(columns)
        self.filters = tuple(filters)
        self.rows = tuple(rows)
        self.language = language
        self._ranks: dict[str, list[Any]] = {}
        self._texts = [self._searched(row) for row in self.rows]
        self._codes = {
            each.name: [frozenset(each.codes(row)) for row in self.rows] for each in self.filters
        }

    def find(self, query: Query) -> Found[Row]:
        """The rows that fit.

        Raises
        ------
        WrongInput
            If there is no such column to sort by.
        """
        indices = self._filtered(query)
        if query.sort:
            ranks = self._ranks_of(query.sort.removeprefix("-"))
            known = [index for index in indices if ranks[index] is not None]
            unknown = [index for index in indices if ranks[index] is None]
            known.sort(key=ranks.__getitem__, reverse=query.sort.startswith("-"))
            indices = known + unknown
        page = indices[query.offset : query.offset + query.most]
        return Found(tuple(self.rows[index] for index in page), len(indices))

    def cells(self, row: Row) -> tuple[str, ...]:
        """A row as texts."""
        return tuple(
            page_cell(column.kind, column.value(row), self.language) or "–"
            for column in self.columns
        )

    @functools.cached_property
    def choices(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """By filter: the codes that occur and their labels, by label."""
        return {each.name: self._choices(each) for each in self.filters}

    def _choices(self, each: Filter[Row]) -> tuple[tuple[str, str], ...]:
        codes = frozenset[str]().union(*self._codes[each.name])
        labelled = [(code, show(each.label_of(code), self.language)) for code in codes]
        return tuple(sorted(labelled, key=lambda one: (sort_key(one[1]), one[0])))

    def _filtered(self, query: Query) -> list[int]:
        words = query.search.casefold().split()
        wanted = [
            (self._codes[name], code)
            for name, code in query.filters.items()
            if code and name in self._codes
        ]
        return [
            index
            for index, text in enumerate(self._texts)
            if all(word in text for word in words)
            and all(code in codes[index] for codes, code in wanted)
        ]

    def _ranks_of(self, name: str) -> list[Any]:
        if name not in self._ranks:
            column = next((each for each in self.columns if each.name == name), None)
            if column is None:
                known = tuple(each.name for each in self.columns)
                raise WrongInput(
                    [fault_of(Message("Sort by one of {known}.", known=known), "sort")]
                )
            self._ranks[name] = [self._rank(column, row) for row in self.rows]
        return self._ranks[name]

    def _rank(self, column: Column[Row], row: Row) -> Any:
        value = column.value(row)
        if value is None or column.kind not in _TEXT_KINDS:
            return value
        return sort_key(show(value, self.language)) or None

    def _searched(self, row: Row) -> str:
        values = [each.value(row) for each in self.columns if each.kind in _TEXT_KINDS]
        shown = (show(value, self.language) for value in values if value is not None)
        return "\n".join(shown).casefold()


def sort_key(text: str) -> str:
    """By which texts stand as in a Danish dictionary: æ, ø and å come last."""
    return text.casefold().translate(_AFTER_Z)
