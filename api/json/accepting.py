"""Tables as JSON, CSV or a workbook, as the request's ``Accept`` says (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from fastapi import Depends, Query
from starlette.requests import Request

from api.errors import NoSuchFormat
from api.table_files import CSV, MEDIA, XLSX, Form
from scheduler.language import Message

FileLanguage = Annotated[
    Literal["da", "en"], Query(description="Of the words in a CSV file or workbook.")
]
_QUALITY = re.compile(r"(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\Z")
TABLE_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The table; by `Accept` as JSON, as CSV that Danish Excel opens, or as a"
        " workbook.",
        "content": {
            CSV: {"schema": {"type": "string"}},
            XLSX: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


def wanted_form(request: Request) -> Form:
    """The form that the caller likes best of those there are; JSON where they do not say.

    Raises
    ------
    NoSuchFormat
        If the caller accepts none of them.
    """
    accept = ",".join(request.headers.getlist("accept")).strip()
    if not accept:
        return "json"
    ranges = [_read(part) for part in accept.split(",") if part.strip()]
    liked = {form: _liking(media, ranges) for form, media in MEDIA.items()}
    best = max(liked, key=lambda form: liked[form])
    if not liked[best]:
        known = tuple(MEDIA.values())
        raise NoSuchFormat(Message("It can be had as {known}.", known=known))
    return best


def _read(part: str) -> tuple[str, float]:
    """A media range and how much it is liked; what cannot be read is not liked at all."""
    name, *parameters = (each.strip() for each in part.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().casefold() == "q":
            return name.casefold(), float(value) if _QUALITY.match(value) else 0.0
    return name.casefold(), 1.0


def _liking(media: str, ranges: list[tuple[str, float]]) -> float:
    """What the most exact range that fits says of it."""
    kind = media.partition("/")[0]
    for exact in (media, f"{kind}/*", "*/*"):
        found = [quality for name, quality in ranges if name == exact]
        if found:
            return max(found)
    return 0.0


WantedForm = Annotated[Form, Depends(wanted_form)]
