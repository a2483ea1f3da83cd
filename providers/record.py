"""What all records have in common, and the kinds of text and number they are made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Record(BaseModel):
    """A frozen, strict and complete record: unknown fields and loose types are refused."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,
    )


DomainId = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå_.\-]{0,63}$")
]
"""An id: a letter or digit, then up to 63 letters, digits, ``_``, ``.`` or ``-``."""

Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå_.\-]{0,63}$")]
"""A code of a code list, such as ``autism``; written like an id."""

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f\ufffe\uffff]*$",
    ),
]
"""A name or label for people to read: one line, up to 200 characters."""

WeekCount = Annotated[int, Field(ge=1, le=520)]
"""A number of weeks, 1–520."""

Amount = Annotated[int, Field(ge=0, le=10**9)]
"""An amount of a resource: places or cases as a count, support hours as minutes."""
