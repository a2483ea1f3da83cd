"""Organisations that deliver courses."""

from __future__ import annotations

from typing import Literal

from providers.record import DomainId, Name, Record


class Provider(Record):
    """An organisation that delivers courses at its sites."""

    id: DomainId
    """The provider's id."""
    name: Name
    """Its name."""
    kind: Literal["social-economy", "non-profit", "municipal"]
    """What it is; no rule depends on it."""
    cvr: str | None = None
    """Its Danish company number (CVR), eight digits, if any."""
