"""Texts for people, in Danish and English.

The English text is the key of its translation: catalogues are gettext files in
``scheduler/locale/<language>/*.po``, one per part of the program, read as one.
"""

from __future__ import annotations

import functools
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import Translations

from providers import Record, Week

Language = Literal["da", "en"]
LANGUAGES: tuple[Language, ...] = ("da", "en")
_LOCALES = [Path(__file__).parent / "locale"]


@dataclass(frozen=True, slots=True)
class Kr:
    """An amount of money to be shown in kroner, with øre only where there are any."""

    ore: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share of one to be shown in per cent, rounded up so that only nothing is 0 %."""

    share: float


@dataclass(frozen=True, slots=True)
class Date:
    """A week to be shown as the date of its Monday."""

    week: Week


class LocalText(Record):
    """One text in each language."""

    da: str
    """Danish."""
    en: str
    """English."""

    def in_language(self, language: Language) -> str:
        """The text in that language."""
        return self.da if language == "da" else self.en


class Message:
    """A text with named values, rendered in a language when somebody reads it.

    Parameters
    ----------
    template
        English, with ``{name}`` for each value; the key of its translation.
    values
        By name: text, whole numbers (shown with thousands separators), `Kr`, `Share`, `Date`,
        `Week`, `LocalText` and other messages (in that language), or tuples of these (joined by
        commas).
    """

    __slots__ = ("template", "values")

    def __init__(self, template: str, /, **values: object) -> None:
        self.template = template
        self.values = values

    def render(self, language: Language) -> str:
        """The text in `language`."""
        shown = {name: show(value, language) for name, value in self.values.items()}
        return translate(self.template, language).format(**shown)

    def local(self) -> LocalText:
        """The text in each language."""
        return LocalText(da=self.render("da"), en=self.render("en"))

    def __str__(self) -> str:
        return self.render("en")

    def __repr__(self) -> str:
        return f"Message({self.template!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Message)
            and self.template == other.template
            and self.values == other.values
        )

    def __hash__(self) -> int:
        return hash((self.template, str(self)))


def show(value: Any, language: Language) -> str:  # noqa: PLR0911 - one case a line
    """A value as people of that language read it."""
    match value:
        case Message():
            return value.render(language)
        case LocalText():
            return value.in_language(language)
        case Kr():
            return show_kr(value.ore, language)
        case Share():
            return show_share(value.share, language)
        case Date():
            return show_date(value.week, language)
        case bool() | str():
            return str(value)
        case int():
            return show_number(value, language)
        case tuple() | list():
            return ", ".join(show(part, language) for part in value)
        case _:
            return str(value)


@functools.lru_cache(maxsize=4096)
def show_number(value: float, language: Language, decimals: int = 0) -> str:
    """A number with the language's separators and exactly so many decimals."""
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    return format_decimal(value, format=pattern, locale=_babel_locale(language))


def show_kr(ore: int, language: Language) -> str:
    """``20 000,50 kr.`` or ``kr 20,000.50``; øre only where there are any."""
    number = show_number(ore / 100, language, decimals=2 if ore % 100 else 0)
    return f"{number} kr." if language == "da" else f"{number} kr"


def show_share(share: float, language: Language) -> str:
    """``0,35 %`` or ``0.35%``; two decimals, rounded up."""
    hundredths = math.ceil(round(share * 10_000, 6))
    number = show_number(hundredths / 100, language, decimals=2 if hundredths else 0)
    return f"{number} %" if language == "da" else f"{number}%"


def show_date(week: Week, language: Language) -> str:
    """The week's Monday: ``4. jul. 2016`` or ``4 Jul 2016``."""
    return format_date(week.monday, format="medium", locale=_babel_locale(language))


def translate(text: str, language: Language) -> str:
    """The translation of an English text; the text itself where there is none."""
    return text if language == "en" else str(_catalogue(language).gettext(text))


def add_locale(folder: Path) -> None:
    """Texts of another part of the program, ``<language>/*.po``, are translated too."""
    if folder not in _LOCALES:
        _LOCALES.append(folder)
        _catalogue.cache_clear()


def _babel_locale(language: Language) -> str:
    return "da_DK" if language == "da" else "en_GB"


@functools.cache
def _catalogue(language: Language) -> Translations:
    merged = Translations()
    for path in (path for folder in _LOCALES for path in sorted((folder / language).glob("*.po"))):
        compiled = io.BytesIO()
        with path.open("rb") as lines:
            write_mo(compiled, read_po(lines, locale=language))
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged
