"""What the pages say, in Danish too."""

from __future__ import annotations

from pathlib import Path

from scheduler.language import add_locale

LOCALE = Path(__file__).parent / "locale"


def add_texts() -> None:
    """Messages of this part of the program have their Danish."""
    add_locale(LOCALE)
