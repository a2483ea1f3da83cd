"""Names of sheets, as Excel allows them."""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_CHARACTERS = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_RESERVED = {"history"}


def sheet_names(wanted: Iterable[str]) -> tuple[str, ...]:
    """A name for each one wanted: at most 31 characters, none forbidden, no two alike.

    Excel takes names that differ only in case for the same, and keeps ``History`` for itself.
    """
    taken = set(_RESERVED)
    names = []
    for each in wanted:
        clean = _FORBIDDEN.sub("-", each).strip().strip("'").strip() or "-"
        name, count = clean[:MOST_CHARACTERS].rstrip(" '"), 1
        while name.casefold() in taken:
            count += 1
            suffix = f" ({count})"
            name = clean[: MOST_CHARACTERS - len(suffix)].rstrip() + suffix
        taken.add(name.casefold())
        names.append(name)
    return tuple(names)
