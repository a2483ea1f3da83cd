"""Documents as they lie in the database: JSON, compressed."""

from __future__ import annotations

import zlib


def pack(text: str | bytes) -> bytes:
    """The text, compressed; the same text always gives the same bytes."""
    return zlib.compress(text.encode() if isinstance(text, str) else text, level=6)


def unpack(content: bytes) -> bytes:
    """What was packed."""
    return zlib.decompress(content)
