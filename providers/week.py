"""ISO weeks: the calendar that everything is planned in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_PATTERN = re.compile(r"(\d{4})-W(\d{2})")
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


@dataclass(frozen=True, order=True, slots=True)
class Week:
    """An ISO week, such as ``2016-W26``; it belongs to its ISO year, also as a fiscal year.

    ``week + 3`` is three weeks later, ``later - earlier`` a number of weeks. Source: ISO 8601.
    """

    ordinal: int
    """Weeks since the week that holds 1 January of year 1."""

    @classmethod
    def of(cls, year: int, number: int) -> Week:
        """The week `number` (1–53) of the ISO year `year`; ValueError where there is none."""
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            message = f"{year} is outside {_FIRST_YEAR}–{_LAST_YEAR}"
            raise ValueError(message)
        return cls.holding(date.fromisocalendar(year, number, 1))

    @classmethod
    def holding(cls, day: date) -> Week:
        """The week that `day` falls in."""
        return cls((day.toordinal() - 1) // 7)

    @classmethod
    def parse(cls, text: str) -> Week:
        """The week written as ``2016-W26``; ValueError for anything else."""
        found = _PATTERN.fullmatch(text)
        if found is None:
            message = f"{text!r} is not a week such as 2016-W26"
            raise ValueError(message)
        return cls.of(int(found[1]), int(found[2]))

    @property
    def monday(self) -> date:
        """The first day of the week."""
        return date.fromordinal(self.ordinal * 7 + 1)

    @property
    def year(self) -> int:
        """The ISO year, which is the fiscal year the week is paid in."""
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        """The number of the week in its ISO year, 1–53."""
        return self.monday.isocalendar().week

    def __add__(self, weeks: int) -> Week:
        return Week(self.ordinal + weeks)

    def __sub__(self, other: Week) -> int:
        return self.ordinal - other.ordinal

    def __str__(self) -> str:
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    def __repr__(self) -> str:
        return f"Week({self})"

    @classmethod
    def __get_pydantic_core_schema__(cls, _: Any, __: GetCoreSchemaHandler) -> CoreSchema:
        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(strict=True)
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, __: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^\d{4}-W\d{2}$", "examples": ["2016-W26"]}
