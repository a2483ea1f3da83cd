"""Numbers as people write them, Danish or English; what could mean two things is asked about."""

from __future__ import annotations

import re
from decimal import Decimal

from scheduler.files.places import Refused, as_text
from scheduler.language import Message

_SPACE = r"[ \u00a0\u202f]"
_WHOLE = re.compile(rf"[-−+]?(?:[0-9]{{1,18}}|[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}}){{1,5}})")
_ONE_MARK = re.compile(r"([-−+]?)([0-9]{1,3})([.,])([0-9]{3})")
_GROUPED = (
    # 1.234,50 and 1.234.567 and 1.234.567,50; the same with the marks exchanged; spaces
    re.compile(r"[-−+]?[0-9]{1,3}(?:\.[0-9]{3}){1,4},[0-9]+|[-−+]?[0-9]{1,3}(?:\.[0-9]{3}){2,4}"),
    re.compile(r"[-−+]?[0-9]{1,3}(?:,[0-9]{3}){1,4}\.[0-9]+|[-−+]?[0-9]{1,3}(?:,[0-9]{3}){2,4}"),
    re.compile(rf"[-−+]?[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}}){{1,4}}(?:[.,][0-9]+)?"),
)
_BARE = re.compile(r"[-−+]?[0-9]{1,15}(?:[.,][0-9]+)?")
_LEADING_ZERO = re.compile(r"[-−+]?0[0-9]")
_LARGEST_EXPONENT = 15
_A_NUMBER = Message("a number such as 20000 or 20000,50")


def parse_whole(raw: object) -> int | None:
    """The whole number that stands there, if one does."""
    match raw:
        case bool():
            return None
        case int():
            return raw
        case float() | Decimal():
            number = _finite(raw)
            return int(number) if number is not None and number == number.to_integral() else None
        case str():
            text = raw.strip()
            return int(_digits(text)) if _WHOLE.fullmatch(text) else None
        case _:
            return None


def parse_hundredths(raw: object) -> int:
    """A number with at most two decimals, in hundredths: øre of kr.

    Raises
    ------
    Refused
        If it is no number, has more decimals, or could mean two things (``1.234``).
    """
    number = _number(raw)
    hundredths = number * 100
    if hundredths != hundredths.to_integral():
        raise Refused(Message("a number with at most two decimals"))
    return int(hundredths)


def _number(raw: object) -> Decimal:
    match raw:
        case bool():
            raise Refused(_A_NUMBER)
        case int() | float() | Decimal():
            number = _finite(raw)
            if number is None:
                raise Refused(_A_NUMBER)
            return number
        case str():
            return _number_of_text(raw.strip())
        case _:
            raise Refused(_A_NUMBER)


def _number_of_text(text: str) -> Decimal:
    found = _ONE_MARK.fullmatch(text)
    if found and not found[2].startswith("0"):
        sign, whole, _, rest = found.groups()
        raise Refused(
            Message(
                "a number that is clear: is {thousands} meant, or {decimals}?",
                thousands=f"{sign}{whole}{rest}",
                decimals=f"{sign}{whole},{rest}",
            )
        )
    if _LEADING_ZERO.match(text):
        raise Refused(_A_NUMBER)
    for pattern, decimal_mark in zip(_GROUPED, (",", ".", None), strict=True):
        if pattern.fullmatch(text):
            return Decimal(_digits(text, decimal_mark))
    if _BARE.fullmatch(text):
        return Decimal(_digits(text, None))
    raise Refused(_A_NUMBER)


def _digits(text: str, decimal_mark: str | None = None) -> str:
    """`text` as Python writes numbers; without a given mark, comma and point both are decimal."""
    text = re.sub(_SPACE, "", text).replace("−", "-")
    if decimal_mark is None:
        return text.replace(",", ".")
    thousands_mark = "." if decimal_mark == "," else ","
    return text.replace(thousands_mark, "").replace(",", ".")


def _finite(raw: float | Decimal) -> Decimal | None:
    """A typed number as Excel shows it: 15 digits, so that 0.1 + 0.2 is 0.3."""
    number = Decimal(as_text(raw))
    if not number.is_finite() or number.adjusted() > _LARGEST_EXPONENT:
        return None
    return number
