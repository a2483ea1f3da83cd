"""``plan.toml``: settings, goals, programmes and budget lines."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from scheduler.cpr import looks_like_cpr
from scheduler.files.limits import MOST_PLAN_BYTES
from scheduler.files.places import Refused, printable
from scheduler.language import Message

_MOST_LINE = 20_000
_MOST_POINTS = 200
"""In one line: tomllib takes time that grows with the square of a dotted key."""
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")


def parse_toml(content: bytes) -> dict[str, object]:
    """The tables of a TOML file.

    Raises
    ------
    Refused
        If it is no TOML, or holds what looks like a CPR number in a comment.
    """
    if len(content) > MOST_PLAN_BYTES:
        raise Refused(Message("is larger than {most} bytes", most=MOST_PLAN_BYTES))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Refused(Message("line {line} is not UTF-8", line=str(line))) from None
    _refuse_lines(text)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Refused(_toml_fault(str(error))) from None
    except (ValueError, ArithmeticError):
        raise Refused(Message("holds a number that is too long")) from None
    except RecursionError:
        raise Refused(Message("nests tables or lists too deeply")) from None


def _refuse_lines(text: str) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _MOST_LINE or line.count(".") > _MOST_POINTS:
            raise Refused(Message("line {line} is too long", line=str(number)))
        _, _, comment = line.partition("#")
        if looks_like_cpr(comment):
            raise Refused(
                Message(
                    "line {line} has a comment in which something looks like a CPR number",
                    line=str(number),
                )
            )


def _toml_fault(error: str) -> Message:
    found = _PLACE.search(error)
    reason = printable(_PLACE.sub("", error))
    if found and found[1]:
        return Message("line {line} is not TOML: {reason}", line=found[1], reason=reason)
    return Message("the end is not TOML: {reason}", reason=reason)


def flatten(tables: Mapping[str, object], start: str = "") -> Iterator[tuple[str, object]]:
    """Each key with its value; keys of inner tables after the outer key and a point."""
    for key, value in tables.items():
        if isinstance(value, dict) and value:
            yield from flatten(value, f"{start}{key}.")
        else:
            yield f"{start}{key}", value


TomlValue = str | int | Sequence[str] | Mapping[str, int]
"""What is written; whole numbers, texts, lists of texts and tables of whole numbers."""


def toml_text(
    settings: Mapping[str, TomlValue], records: Mapping[str, Sequence[Mapping[str, TomlValue]]]
) -> str:
    """A TOML file: dotted `settings` as tables, then each list of `records` as ``[[name]]``."""
    blocks = [_block("", [(key, settings[key]) for key in settings if "." not in key])]
    parts = dict.fromkeys(key.rpartition(".")[0] for key in settings if "." in key)
    for part in parts:
        pairs = [
            (key.rpartition(".")[2], value)
            for key, value in settings.items()
            if key.rpartition(".")[0] == part
        ]
        blocks.append(_block(f"[{part}]", pairs))
    for name, rows in records.items():
        blocks.extend(_block(f"[[{name}]]", list(row.items())) for row in rows)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _block(heading: str, pairs: Sequence[tuple[str, TomlValue]]) -> str:
    lines = [f"{_key(key)} = {_value(value)}" for key, value in pairs]
    return "\n".join([heading, *lines] if heading else lines)


def _value(value: TomlValue) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            inner = ", ".join(f"{_key(key)} = {_value(part)}" for key, part in value.items())
            return f"{{ {inner} }}"
        case _:
            return f"[{', '.join(_value(part) for part in value)}]"


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else json.dumps(key, ensure_ascii=False)
