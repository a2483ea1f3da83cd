"""The settings of a plan, read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.files.cells import is_blank, parse_cell
from scheduler.files.columns import PLAN, columns_by_name, plain
from scheduler.files.inputs import Input, Setting
from scheduler.files.names import unknown_name
from scheduler.files.places import Faults, Refused, Source
from scheduler.goal import MatchWeights, PriorityWeights, Weights
from scheduler.language import Message

_ALL_POINTS = 100
_PARTS: Mapping[str, type[PriorityWeights | MatchWeights]] = {
    "priority": PriorityWeights,
    "match": MatchWeights,
}


@dataclass(slots=True)
class SettingsRead:
    """The fields of `Problem` that are settings, and where they stand."""

    source: Source
    values: dict[str, Any] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    """Fields that are missing or wrong."""
    found: dict[str, Setting] = field(default_factory=dict)
    """By field."""

    def place(self, name: str) -> tuple[int | None, str | None]:
        """Row and column of a field."""
        setting = self.found.get(name)
        return (None, None) if setting is None else _place(setting)


def read_settings(given: Input, faults: Faults) -> SettingsRead:
    """The settings; what is wrong with them is added to `faults`."""
    read = SettingsRead(given.settings_source)
    required = {column.field for column in PLAN.columns if column.required}
    if given.settings is None:
        read.unread = required
        return read
    values: dict[str, object] = {}
    for setting in given.settings:
        _read_setting(setting, read, values, faults)
    for column in PLAN.columns:
        if not column.required:
            continue
        if values.get(column.name) is not None:
            read.values[column.field] = values[column.name]
        elif column.field not in read.unread:
            read.unread.add(column.field)
            what = Message("the setting {name} is missing", name=column.name)
            faults.add(read.source.at(*read.place(column.field), what), (0, 0, 0))
    _read_weights(read, values, faults)
    return read


def _place(setting: Setting) -> tuple[int | None, str]:
    return setting.row, setting.name if setting.row is None else "value"


def _read_setting(
    setting: Setting, read: SettingsRead, values: dict[str, object], faults: Faults
) -> None:
    column = columns_by_name(PLAN).get(plain(setting.name))
    place = _place(setting)
    order = (0, setting.row or 0, 0)
    if column is None:
        expected = unknown_name(setting.name, PLAN, Message("the name of a setting"))
        faults.add(read.source.at_value(*place, setting.name, expected), order)
        return
    if column.name in values:
        expected = Message("each setting once")
        faults.add(read.source.at_value(*place, setting.name, expected), order)
        return
    read.found[column.field] = setting
    values[column.name] = None
    try:
        if not is_blank(setting.value):
            values[column.name] = parse_cell(setting.value, column)
    except Refused as refused:
        read.unread.add(column.field)
        faults.add(read.source.at_value(*place, setting.value, refused.what), order)


def _read_weights(read: SettingsRead, values: Mapping[str, object], faults: Faults) -> None:
    weights = {
        part: {
            column.field: values[column.name]
            for column in PLAN.columns
            if column.name.startswith(f"weights.{part}.") and values.get(column.name) is not None
        }
        for part in _PARTS
    }
    total = _match_points(weights["match"])
    if total > _ALL_POINTS:
        what = Message(
            "the match weights sum to {total}, those not given included; the most is 100",
            total=total,
        )
        faults.add(read.source.at(None, None, what), (0, 0, 0))
        return
    made = {part: record.model_validate(weights[part]) for part, record in _PARTS.items()}
    read.values["weights"] = Weights.model_validate(made)


def _match_points(given: Mapping[str, object]) -> int:
    usual = MatchWeights()
    names = ("wishes", "known_staff", "travel", "rating")
    return sum(int(str(given.get(name, getattr(usual, name)))) for name in names)
