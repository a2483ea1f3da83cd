"""What a problem says, whatever form it was read from."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scheduler.problem import Problem

_VERSION = "ungeplan-input/1"
_IN_ORDER = frozenset({"stages"})
"""Lists whose order means something."""


def canonical_sha256(problem: Problem) -> str:
    """SHA-256 of the problem with its rows and lists in a fixed order, as 64 hex digits.

    What is as it would be if nothing were said is left out: a new optional field changes nothing.
    """
    content = {
        name: value if name in _IN_ORDER else _sorted(value)
        for name, value in problem.model_dump(mode="json", exclude_defaults=True).items()
    }
    return hashlib.sha256(_json([_VERSION, content]).encode()).hexdigest()


def _sorted(value: Any) -> Any:
    match value:
        case dict():
            return {name: _sorted(part) for name, part in value.items()}
        case list():
            return sorted((_sorted(part) for part in value), key=_json)
        case _:
            return value


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
